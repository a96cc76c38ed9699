//! History that is listed before it is opened.

use shared::area::Areas;
use shared::codes::CodeLists;
use shared::doc::RecordDoc;
use shared::guard::{Checked, Limits};
use shared::log::EntryKind;
use shared::projection::{Summary, project};
use shared::record::Kind;
use shared::wire::{FeedEntry, FeedEvent};

use super::holes::tamper;
use super::rig::{AHMED, Device, PATEL, code, id, text};
use super::server::Server;

/// A word that only what the server reads of the record has.
const SAID: &str = "Onlyserverside";

/// A tablet that had lost sight of a record of PC Patel, and the record's history with what the
/// server reads of it.
fn away() -> (Server, Device, String, Vec<FeedEntry>) {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let record = patel.submitted();
    patel.core().add_to_record(&record, "More of it.").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    let history = server.state().feed.clone().into_iter();
    let mut history: Vec<_> = history
        .filter_map(|(_, item)| match item.event {
            FeedEvent::Accepted(entry) => Some(entry),
            _ => None,
        })
        .collect();
    server.feed(id(&record), FeedEvent::Leaves);
    ahmed.sync(&server);
    assert_eq!(code(ahmed.core().record(&record)), "not_found");
    let changes = history.iter().filter(|it| it.kind == EntryKind::Change);
    let changes = changes.map(|it| Checked::parse(it.payload.clone(), &Limits::default()).unwrap());
    let doc = RecordDoc::from_changes(Kind::StopSearch, changes).unwrap();
    let mut read = project(&doc.content(), CodeLists::builtin(), None::<&Areas>);
    read.search_text.push_str(&format!("\n{SAID}"));
    let mut last = history.iter_mut().rev();
    let last = last.find(|it| it.kind == EntryKind::Change).unwrap();
    last.projection = Some(serde_json::to_string(&Summary::from(read)).unwrap());
    (server, ahmed, record, history)
}

fn finds(device: &Device, words: &str) -> usize {
    device.core().search(words).unwrap().records.len()
}

#[test]
fn history_is_listed_and_found_at_once_and_opened_when_somebody_reads_it() {
    let (server, ahmed, record, history) = away();
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    let core = ahmed.core();
    assert_eq!((finds(&ahmed, "soho"), finds(&ahmed, SAID)), (1, 1));
    assert_eq!(core.queue().unwrap().rows.len(), 1);
    assert_eq!(core.unopened().unwrap(), 0);
    let facts = core.facts(id(&record)).unwrap().unwrap();
    assert_eq!(facts.review, "submitted");
    let view = ahmed.record(&record);
    assert_eq!(view.fields["object"], text("controlled_drugs"));
    assert_eq!((view.addenda.len(), view.version), (1, 2));
    // From here on the document says what is found.
    assert_eq!((finds(&ahmed, "soho"), finds(&ahmed, SAID)), (1, 0));
    assert!(!core.open_some().unwrap());
}

#[test]
fn what_nobody_reads_is_opened_when_there_is_nothing_else_to_do() {
    let (server, ahmed, record, history) = away();
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    assert_eq!(finds(&ahmed, SAID), 1);
    assert!(!ahmed.core().open_some().unwrap());
    assert_eq!((finds(&ahmed, "soho"), finds(&ahmed, SAID)), (1, 0));
}

#[test]
fn a_change_that_comes_after_is_let_in_with_what_waits() {
    let (server, ahmed, record, mut history) = away();
    let at = history.iter().rposition(|it| it.kind == EntryKind::Change);
    let mut added = history.remove(at.unwrap());
    // The server reads of the record what it says without the addition.
    let read = added.projection.take();
    let begun = history.iter_mut().find(|it| it.kind == EntryKind::Change);
    begun.unwrap().projection = read;
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    assert_eq!(finds(&ahmed, SAID), 1);
    server.feed(id(&record), FeedEvent::Accepted(added));
    ahmed.sync(&server);
    assert_eq!(finds(&ahmed, SAID), 0);
    assert_eq!(ahmed.record(&record).addenda.len(), 1);
}

#[test]
fn history_that_lacks_something_or_does_not_read_is_opened_as_it_comes() {
    let (server, ahmed, record, mut history) = away();
    // Its first change is not in it.
    let at = history.iter().position(|it| it.kind == EntryKind::Change);
    let first = history.remove(at.unwrap());
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    assert_eq!(finds(&ahmed, SAID), 0);
    assert_eq!(ahmed.core().unopened().unwrap(), 1);
    server.feed(id(&record), FeedEvent::Accepted(first));
    ahmed.sync(&server);
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
    assert_eq!(ahmed.record(&record).addenda.len(), 1);
}

#[test]
fn what_cannot_be_opened_is_not_tried_for_ever() {
    let (server, ahmed, record, history) = away();
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    // It is in the document, and said not to be.
    ahmed.record(&record);
    tamper(&ahmed, "UPDATE entry SET opened = 3 WHERE kind = 0");
    assert!(!ahmed.core().open_some().unwrap());
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
    // Its first change is lost.
    tamper(
        &ahmed,
        "UPDATE entry SET opened = 3 WHERE kind = 0; DELETE FROM document;
         DELETE FROM entry WHERE id = (SELECT min(id) FROM entry WHERE kind = 0)",
    );
    assert!(!ahmed.core().open_some().unwrap());
    assert_eq!(ahmed.core().unopened().unwrap(), 1);
}
