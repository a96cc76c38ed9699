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
    assert_eq!(panel.last_version, Some(1));
    let first = ahmed.core().version(&id, 1).unwrap();
    assert!(first.made.accepted && !first.made.here);
    assert_eq!(first.labels["object"], "Controlled drugs");
    assert!(first.addenda.is_empty());
    assert_eq!(code(ahmed.core().compare(&id, 1, 4)), "not_found");
    assert_eq!(code(ahmed.core().compare(&id, 0, 1)), "not_found");
}
