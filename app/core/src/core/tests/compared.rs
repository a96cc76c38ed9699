//! Versions: who made each, and what differs between two.

use super::rig::*;
use super::server::Server;
use crate::view::ReviewInput;

#[test]
fn each_version_says_who_made_it_and_two_are_compared_field_by_field() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let input = ReviewInput {
        record_id: id.clone(),
        verdict: "return".to_owned(),
        heads: ahmed.record(&id).heads,
        reasons: vec!["grounds".into()],
        fields: vec!["grounds".into()],
        again: false,
        text: Some("Say more.".to_owned()),
        video_viewed: None,
    };
    ahmed.core().review(&input).unwrap();
    ahmed.sync(&server);
    patel.sync(&server);
    let fields = patch(&[("object", text("offensive_weapons")), ("name", None)]);
    patel.core().edit(&id, fields).unwrap();
    patel.core().add_to_record(&id, "More.").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    let difference = ahmed.core().compare(&id, 1, 3).unwrap();
    let keys: Vec<_> = difference
        .fields
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    assert_eq!(keys, ["name", "object"]);
    let object = &difference.fields[1];
    assert_eq!(object.before, text("controlled_drugs"));
    assert_eq!(object.before_label.as_deref(), Some("Controlled drugs"));
    assert_eq!(object.after, text("offensive_weapons"));
    assert_eq!(difference.fields[0].after, None);
    assert_eq!(difference.addenda, ["More."]);
    assert_eq!(difference.after.by.as_deref(), Some("PC 4417 Patel"));
    // The reviewer is told what they had seen last.
    let panel = ahmed.record(&id).review.unwrap();
    let since = panel.since.unwrap();
    assert_eq!(since.verdict.as_deref(), Some("return"));
    assert_eq!(since.by.as_deref(), Some("Sgt 2093 Ahmed"));
    assert_eq!(since.fields, difference.fields);
    assert_eq!(since.addenda, ["More."]);
    let first = ahmed.core().version(&id, 1).unwrap();
    assert!(first.made.accepted && !first.made.here);
    assert_eq!(first.labels["object"], "Controlled drugs");
    assert!(first.addenda.is_empty());
    assert_eq!(code(ahmed.core().compare(&id, 1, 4)), "not_found");
    assert_eq!(code(ahmed.core().compare(&id, 0, 1)), "not_found");
}

#[test]
fn a_reviewer_who_has_not_decided_sees_what_changed_since_they_last_looked() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let since = || ahmed.record(&id).review.unwrap().since;
    assert!(since().is_none(), "read for the first time");
    assert!(since().is_none(), "and again");
    patel
        .core()
        .edit(&id, patch(&[("place_text", text("Soho Road"))]))
        .unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    for _ in 0..2 {
        let since = since().unwrap();
        assert_eq!((since.verdict, since.by), (None, None));
        assert_eq!(since.fields.len(), 1);
        assert_eq!(since.fields[0].after, text("Soho Road"));
    }
}

#[test]
fn the_difference_is_there_although_an_earlier_change_came_later() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let other = Device::numbered(PATEL, 9, &server);
    let id = patel.submitted();
    patel.sync(&server);
    for device in [&ahmed, &other] {
        device.sync(&server);
    }
    let change = |device: &Device, key, value| {
        device
            .core()
            .edit(&id, patch(&[(key, text(value))]))
            .unwrap();
    };
    change(&other, "description", "Red cap.");
    change(&patel, "place_text", "Soho Road");
    patel.sync(&server);
    ahmed.sync(&server);
    let input = ReviewInput {
        record_id: id.clone(),
        verdict: "approve".to_owned(),
        heads: ahmed.record(&id).heads,
        reasons: Vec::new(),
        fields: Vec::new(),
        again: false,
        text: None,
        video_viewed: None,
    };
    ahmed.core().review(&input).unwrap();
    ahmed.sync(&server);
    other.sync(&server);
    // Whoever gets all of it at once reads the same.
    let second = Device::numbered(AHMED, 8, &server);
    for device in [&ahmed, &second] {
        device.sync(&server);
        let since = device.record(&id).review.unwrap().since.unwrap();
        assert_eq!(since.verdict.as_deref(), Some("approve"));
        let keys: Vec<_> = since.fields.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(keys, ["description"]);
    }
}
