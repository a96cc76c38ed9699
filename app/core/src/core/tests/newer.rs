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
