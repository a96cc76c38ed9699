//! What was begun below a record and not signed: kept until it is, over a lock and a crash.

use super::rig::*;
use super::server::Server;
use crate::view::{EntryInput, FieldMap, ReviewInput};

fn outcome(code: &str) -> FieldMap {
    patch(&[("outcome", text(code)), ("name", None)])
}

/// The forms with something begun.
fn forms(device: &Device, id: &str) -> Vec<String> {
    device.record(id).begun.into_keys().collect()
}

#[test]
fn what_was_typed_and_not_signed_is_there_after_a_kill_and_sends_nothing() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device.submitted();
    device.sync(&server);
    let edit = outcome("arrest");
    device.core().begun_set(&id, "edit", edit.clone()).unwrap();
    let words = patch(&[("words", text("He came back"))]);
    device.core().begun_set(&id, "add", words.clone()).unwrap();
    assert_eq!(device.core().outbox().unwrap().entries, 0);
    device.reopen();
    let view = device.record(&id);
    assert_eq!(view.begun["edit"], edit);
    assert_eq!(view.begun["add"], words);
    assert!(!view.fields.contains_key("outcome") && view.version == 1);
    let todo = device.core().home().unwrap().todo;
    let lines = todo.iter().map(|it| (it.code.as_str(), &it.record_id));
    assert_eq!(lines.collect::<Vec<_>>(), [("begun", &id)]);
    // Nothing typed any more: nothing is begun.
    let nothing = FieldMap::new();
    device.core().begun_set(&id, "add", nothing).unwrap();
    assert_eq!(forms(&device, &id), ["edit"]);
}

#[test]
fn a_signature_takes_what_was_begun_on_its_form_and_nothing_else() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let words = || patch(&[("words", text("Something"))]);
    for form in ["edit", "add", "choose", "withdraw"] {
        patel.core().begun_set(&id, form, words()).unwrap();
    }
    patel.core().edit(&id, outcome("arrest")).unwrap();
    assert_eq!(forms(&patel, &id), ["add", "choose", "withdraw"]);
    let refused = EntryInput {
        record_id: id.clone(),
        ..EntryInput::default()
    };
    assert_eq!(code(patel.core().add_entry(&refused)), "bad_input");
    assert_eq!(forms(&patel, &id), ["add", "choose", "withdraw"]);
    patel.core().add_to_record(&id, "More of it").unwrap();
    assert_eq!(forms(&patel, &id), ["choose", "withdraw"]);
    patel.core().withdraw(&id, "Stands twice").unwrap();
    assert_eq!(forms(&patel, &id), ["choose"]);

    ahmed.core().begun_set(&id, "return", words()).unwrap();
    let decision = ReviewInput {
        fields: Vec::new(),
        again: false,
        record_id: id.clone(),
        verdict: "return".into(),
        heads: ahmed.record(&id).heads,
        reasons: vec!["grounds".into()],
        text: None,
        video_viewed: None,
    };
    ahmed.core().review(&decision).unwrap();
    assert!(forms(&ahmed, &id).is_empty());
}

#[test]
fn what_is_no_form_or_has_no_bound_is_not_kept() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    let set = |form: &str, fields| code(device.core().begun_set(&id, form, fields));
    let words = |words: &str| patch(&[("words", text(words))]);
    assert_eq!(set("other", words("x")), "bad_input");
    assert_eq!(set("add", words(&"x".repeat(256 * 1024 + 1))), "bad_input");
    assert_eq!(set("add", patch(&[(&"k".repeat(65), None)])), "bad_input");
    let many = (0..129).map(|n| (n.to_string(), None)).collect();
    assert_eq!(set("add", many), "bad_input");
    let nowhere = "00".repeat(16);
    let unknown = device.core().begun_set(&nowhere, "add", words("x"));
    assert_eq!(code(unknown), "not_found");
    assert!(forms(&device, &id).is_empty());
}
