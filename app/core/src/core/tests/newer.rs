//! What a newer app wrote: it is kept, listed by what the server reads of it, and asks for a
//! newer app. Everything else goes on.

use shared::codes::CodeLists;
use shared::doc::Content;
use shared::log::EntryKind;
use shared::projection::project;
use shared::record::{Kind, field};
use shared::wire::FeedEvent;

use super::rig::*;
use super::server::Server;
use crate::view::ReviewInput;

/// Makes entries of this kind about a record those of a newer app, on their way to others.
fn make_newer(server: &Server, record: &str, wanted: EntryKind) {
    let mut content = Content::empty(Kind::StopSearch);
    content.fields.set(field::OBJECT, "firearms");
    content.fields.set(field::PLACE_TEXT, "Oxhill Road");
    content.fields.set(field::SEARCHED_AT, NOON);
    let projection = project(&content, CodeLists::builtin(), None);
    let json = serde_json::to_string(&projection).unwrap();
    for (_, item) in &mut server.state().feed {
        if let FeedEvent::Accepted(entry) = &mut item.event
            && item.record == id(record)
            && entry.kind == wanted
        {
            (entry.schema, entry.projection) = (Some(2), Some(json.clone()));
        }
    }
}

fn approval(device: &Device, record: &str) -> ReviewInput {
    ReviewInput {
        fields: Vec::new(),
        again: false,
        record_id: record.to_owned(),
        verdict: "approve".to_owned(),
        heads: device.record(record).heads,
        reasons: Vec::new(),
        text: None,
        video_viewed: None,
    }
}

#[test]
fn a_record_of_a_newer_schema_is_listed_and_asks_for_a_newer_app() {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let (newer, other) = (patel.submitted(), patel.submitted());
    patel.sync(&server);
    make_newer(&server, &newer, EntryKind::Change);
    ahmed.sync(&server);
    for _ in 0..2 {
        assert_eq!(ahmed.delivery(&newer), "newer");
        let view = ahmed.record(&newer);
        assert_eq!(view.row.shown, "delivery");
        assert_eq!(view.fields["place_text"], text("Oxhill Road"));
        assert_eq!(view.officer, "PC 4417 Patel");
        assert_eq!(ahmed.core().queue().unwrap().rows.len(), 2);
        let panel = view.review.unwrap();
        assert!(!panel.can_approve && !panel.can_return);
        assert_eq!(panel.refused.as_deref(), Some("needs_newer_app"));
        let found = ahmed.core().search("oxhill").unwrap().records;
        assert_eq!(found.len(), 1);
        ahmed.reopen();
    }
    let decision = approval(&ahmed, &newer);
    assert!(ahmed.core().review(&decision).is_err());
    // The other one is nobody's worse for it.
    let decision = approval(&ahmed, &other);
    ahmed.core().review(&decision).unwrap();
    ahmed.sync(&server);
    patel.sync(&server);
    assert_eq!(patel.review_code(&other).as_deref(), Some("approved"));
}

#[test]
fn an_act_of_a_newer_app_leaves_the_officers_own_words_readable() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let record = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let decision = approval(&ahmed, &record);
    ahmed.core().review(&decision).unwrap();
    ahmed.sync(&server);
    make_newer(&server, &record, EntryKind::Review);
    let before = patel.record(&record);
    patel.sync(&server);
    assert_eq!(patel.delivery(&record), "newer");
    let after = patel.record(&record);
    assert_eq!(
        (after.fields, after.row.title),
        (before.fields, before.row.title)
    );
    patel.core().add_to_record(&record, "More.").unwrap();
    patel.sync(&server);
    assert_eq!(patel.record(&record).addenda.len(), 1);
}

#[test]
fn an_updated_app_opens_what_it_had_kept() {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let record = patel.submitted();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    make_newer(&server, &record, EntryKind::Submission);
    ahmed.sync(&server);
    assert_eq!(ahmed.delivery(&record), "newer");
    assert_eq!(ahmed.core().unopened().unwrap(), 2);
    ahmed.update(2);
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
    assert_eq!(ahmed.delivery(&record), "received");
    let (here, there) = (ahmed.record(&record), patel.record(&record));
    assert_eq!((here.fields, here.heads), (there.fields, there.heads));
    let decision = approval(&ahmed, &record);
    ahmed.core().review(&decision).unwrap();
}

#[test]
fn an_app_that_is_updated_and_still_too_old_goes_on_waiting() {
    let server = Server::new();
    let (patel, mut ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let record = patel.submitted();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    for (_, item) in &mut server.state().feed {
        if let FeedEvent::Accepted(entry) = &mut item.event {
            entry.schema = entry.schema.map(|_| 3);
        }
    }
    ahmed.sync(&server);
    for (schema, code) in [(2, "newer"), (3, "received")] {
        ahmed.update(schema);
        assert_eq!(ahmed.delivery(&record), code, "{schema}");
    }
}

#[test]
fn a_later_change_of_a_newer_app_does_not_say_whose_record_it_is() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let record = patel.submitted();
    patel.core().add_to_record(&record, "More.").unwrap();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    let history = server.history(id(&record));
    let last = |it: &&shared::wire::FeedEntry| it.kind == EntryKind::Change;
    let last = history.iter().rfind(last).cloned().unwrap();
    server.state().feed.clear();
    server.feed(id(&record), FeedEvent::Accepted(last));
    ahmed.sync(&server);
    assert!(ahmed.core().record(&record).is_err());
    server.feed(id(&record), FeedEvent::Enters(history, Vec::new()));
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&record).officer, "PC 4417 Patel");
    assert_eq!(ahmed.delivery(&record), "newer");
}

#[test]
fn what_cannot_be_read_whole_is_added_to_and_not_corrected() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    let mut other = Device::numbered(PATEL, 9, &server);
    let record = patel.submitted();
    patel.sync(&server);
    other.sync(&server);
    patel.core().add_to_record(&record, "Later.").unwrap();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    other.sync(&server);
    assert_eq!(other.delivery(&record), "newer");
    let place = || patch(&[("place_text", text("Oxhill Road"))]);
    let refused = other.core().edit(&record, place());
    assert!(matches!(refused, Err(crate::core::CoreError::NewerApp)));
    other.core().add_to_record(&record, "More.").unwrap();
    other.update(2);
    other.core().edit(&record, place()).unwrap();
    assert_eq!(other.record(&record).addenda.len(), 2);
}

#[test]
fn nobody_begins_a_record_anew_whose_beginning_they_cannot_read() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    let mut other = Device::numbered(PATEL, 9, &server);
    let record = patel.submitted();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    other.sync(&server);
    assert!(!other.record(&record).can_add);
    let refused = other.core().add_to_record(&record, "More.");
    assert_eq!(code(refused), "newer_app");
    other.update(2);
    assert!(other.record(&record).can_add);
    other.core().add_to_record(&record, "More.").unwrap();
}

#[test]
fn a_draft_of_an_older_app_is_submitted_by_the_updated_one() {
    let server = Server::new();
    let mut patel = Device::new(PATEL, &server);
    let draft = patel.draft();
    patel.update(2);
    let fields = patel.core().draft(&draft).unwrap().fields;
    assert_eq!(fields["object"], search_fields()["object"].clone());
    // Once the newer app has written in it, an older one leaves it alone.
    let place = patch(&[("place_text", text("Oxhill Road"))]);
    patel.core().draft_set(&draft, place, None).unwrap();
    patel.update(1);
    assert_eq!(code(patel.core().draft(&draft)), "newer_app");
    patel.update(2);
    patel.core().draft_submit(&draft).unwrap();
    patel.sync(&server);
    assert_eq!(patel.delivery(&draft), "received");
}

#[test]
fn a_change_of_ones_own_is_shown_as_the_server_reads_it() {
    let server = Server::new();
    let patel = Device::new(PATEL, &server);
    let other = Device::numbered(PATEL, 9, &server);
    let record = patel.submitted();
    patel.sync(&server);
    other.sync(&server);
    // Before anything newer was heard of.
    let place = patch(&[("place_text", text("Nineveh Road"))]);
    other.core().edit(&record, place).unwrap();
    patel.core().add_to_record(&record, "More.").unwrap();
    patel.sync(&server);
    make_newer(&server, &record, EntryKind::Change);
    other.sync(&server);
    assert_eq!(
        other.record(&record).fields["place_text"],
        text("Oxhill Road")
    );
    let history = server.history(id(&record));
    let own = history
        .into_iter()
        .find(|it| it.id.log == other.core().log());
    let mut own = own.unwrap();
    let mut content = Content::empty(Kind::StopSearch);
    content.fields.set(field::PLACE_TEXT, "Nineveh Road");
    let read = project(&content, CodeLists::builtin(), None);
    own.projection = Some(serde_json::to_string(&read).unwrap());
    server.feed(id(&record), FeedEvent::Accepted(own));
    other.sync(&server);
    assert_eq!(
        other.record(&record).fields["place_text"],
        text("Nineveh Road")
    );
    assert_eq!(other.delivery(&record), "newer");
}
