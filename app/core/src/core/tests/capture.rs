//! Drafts, submission, additions.

use std::sync::atomic::Ordering;

use super::rig::*;
use super::server::Server;
use crate::core::{CoreError, Fix};
use crate::view::FieldValue;
use shared::record::{Reference, field};

#[test]
fn a_new_search_knows_what_the_device_knows_and_nothing_about_the_person() {
    let device = Device::new(PATEL, &Server::new());
    let fix = Fix {
        lat_e7: 524_961_000,
        lon_e7: -19_352_000,
        accuracy_m: 8,
        age_ms: 0,
    };
    let draft = device
        .core()
        .draft_new("stop_search", None, Some(fix))
        .unwrap();
    assert!(Reference::parse(&draft.reference).is_ok());
    let keys: Vec<_> = draft.fields.keys().map(String::as_str).collect();
    let expected = [
        "encounter",
        "place_accuracy_m",
        "place_fix_at",
        "place_lat_e7",
        "place_lon_e7",
        "place_source",
        "recorded_by",
        "recorded_by_label",
        "searched_at",
        "searched_by",
        "searched_by_label",
        "started_at",
        "station",
        "subject",
    ];
    assert_eq!(keys, expected);
    assert_eq!(draft.fields["subject"], text("person"));
    assert_eq!(draft.fields["searched_at"], Some(FieldValue::Int(NOON)));
}

#[test]
fn a_patch_merges_and_a_null_or_blank_clears() {
    let device = Device::new(PATEL, &Server::new());
    let id = device
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    let core = device.core();
    core.draft_set(
        &id,
        patch(&[("place_text", text("A")), ("grounds", text("B"))]),
        Some("why"),
    )
    .unwrap();
    let view = core
        .draft_set(
            &id,
            patch(&[("place_text", None), ("grounds", text(" ")), ("age", None)]),
            None,
        )
        .unwrap();
    assert!(!view.fields.contains_key("place_text") && !view.fields.contains_key("grounds"));
    assert_eq!(view.page.as_deref(), Some("why"));
}

#[test]
fn unknown_fields_wrong_types_and_the_reference_are_refused_and_nothing_of_the_patch_stays() {
    let device = Device::new(PATEL, &Server::new());
    let id = device
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    for bad in [
        ("nonsense", text("x")),
        ("age", text("x")),
        ("reference", text("BB20")),
    ] {
        let fields = patch(&[("place_text", text("A")), bad.clone()]);
        let error = device.core().draft_set(&id, fields, None).unwrap_err();
        assert_eq!((error.code(), error.field()), ("bad_input", Some(bad.0)));
    }
    assert!(
        !device
            .core()
            .draft(&id)
            .unwrap()
            .fields
            .contains_key("place_text")
    );
}

#[test]
fn same_again_copies_place_object_and_power_and_nothing_else() {
    let device = Device::new(PATEL, &Server::new());
    let first = device.submitted();
    let again = device
        .core()
        .draft_new("stop_search", Some(&first), None)
        .unwrap();
    for key in ["place_text", "object", "power"] {
        assert!(again.fields.contains_key(key), "{key}");
    }
    for key in ["grounds", "name", "self_ethnicity"] {
        assert!(!again.fields.contains_key(key), "{key}");
    }
    assert_ne!(again.reference, device.record(&first).reference);
}

#[test]
fn a_draft_with_problems_is_not_submitted_and_stays() {
    let device = Device::new(PATEL, &Server::new());
    let id = device
        .core()
        .draft_new("stop_search", None, None)
        .unwrap()
        .id;
    let Err(CoreError::Problems(problems)) = device.core().draft_submit(&id) else {
        panic!("submitted");
    };
    assert!(
        problems
            .iter()
            .any(|it| it.field == "grounds" && it.code == "missing")
    );
    assert!(device.core().draft(&id).is_ok());
    assert!(!device.core().push_is_due().unwrap());
}

#[test]
fn submitting_writes_two_entries_in_one_commit_and_the_draft_goes() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    let receipt = device.core().draft_submit(&id).unwrap().unwrap();
    assert_eq!(receipt.officer, "PC 4417 Patel");
    assert_eq!(receipt.power, "Misuse of Drugs Act 1971, section 23");
    assert!(receipt.qr.len() > 20 && receipt.qr.iter().all(|row| row.len() == receipt.qr.len()));
    let push = device.core().exchange_request().unwrap().push.unwrap();
    assert_eq!(push.entries.len(), 2);
    assert_eq!(code(device.core().draft(&id)), "not_found");
    // A second touch answers the same and writes nothing.
    assert_eq!(device.core().draft_submit(&id).unwrap().unwrap(), receipt);
    assert_eq!(
        device
            .core()
            .exchange_request()
            .unwrap()
            .push
            .unwrap()
            .entries
            .len(),
        2
    );
    let view = device.record(&id);
    assert_eq!(view.reference, receipt.reference);
    assert_eq!(view.version, 1);
    assert!(view.can_add && view.own && !view.logged && view.review.is_none());
    let codes: Vec<_> = view
        .timeline
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(codes, ["written", "submitted"]);
}

#[test]
fn a_receipt_of_a_protected_officer_shows_the_number_alone() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    let protect = patch(&[(field::IDENTITY_PROTECTED, Some(FieldValue::Bool(true)))]);
    device.core().draft_set(&id, protect, None).unwrap();
    assert_eq!(
        device.core().draft_submit(&id).unwrap().unwrap().officer,
        "4417"
    );
    device.core().receipt_given(&id, "qr").unwrap();
    assert_eq!(
        code(device.core().receipt_given(&id, "pigeon")),
        "bad_input"
    );
}

#[test]
fn a_note_is_submitted_without_a_receipt_and_is_headed_by_its_first_words() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.core().draft_new("note", None, None).unwrap().id;
    let words = text("Broken window at the library.\nNobody seen.");
    device
        .core()
        .draft_set(&id, patch(&[("text", words)]), None)
        .unwrap();
    assert!(device.core().draft_submit(&id).unwrap().is_none());
    assert_eq!(
        device.record(&id).row.title,
        "Broken window at the library."
    );
    assert_eq!(code(device.core().receipt(&id)), "not_found");
}

#[test]
fn a_discarded_draft_leaves_an_audit_entry_and_can_be_restored() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.draft();
    assert_eq!(code(device.core().draft_discard(&id, "bored")), "bad_input");
    device.core().draft_discard(&id, "search_not_made").unwrap();
    assert!(device.core().home().unwrap().drafts.is_empty());
    assert_eq!(code(device.core().draft_submit(&id)), "not_found");
    assert_eq!(device.core().outbox().unwrap().entries, 1);
    assert_eq!(device.core().status().unwrap().waiting_records, 0);
    assert!(
        device
            .core()
            .draft_restore(&id)
            .unwrap()
            .fields
            .contains_key("grounds")
    );
    assert_eq!(device.core().home().unwrap().drafts[0].required.done, 7);
}

#[test]
fn every_save_after_submission_is_one_change_and_every_version_stays() {
    let device = Device::new(PATEL, &Server::new());
    let id = device.submitted();
    device
        .core()
        .add_to_record(&id, "The bag held tobacco.")
        .unwrap();
    device.clock.pass(60_000);
    let fix = patch(&[("place_text", text("Soho Road, by the bank"))]);
    let view = device.core().edit(&id, fix).unwrap();
    assert_eq!(view.version, 3);
    assert_eq!(view.addenda[0].text, "The bag held tobacco.");
    let codes: Vec<_> = view
        .timeline
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(codes, ["written", "submitted", "added", "changed"]);
    let version = |n| device.core().version(&id, n).unwrap().fields["place_text"].clone();
    assert_eq!(version(1), text("Soho Road, by the post office"));
    assert_eq!(version(3), text("Soho Road, by the bank"));
    assert_eq!(code(device.core().version(&id, 4)), "not_found");
    assert_eq!(code(device.core().add_to_record(&id, "  ")), "bad_input");
}

#[test]
fn actors_are_fresh_for_each_record_and_each_start() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let (one, two) = (device.submitted(), device.submitted());
    device.core().add_to_record(&one, "first").unwrap();
    device.reopen();
    device.core().add_to_record(&one, "second").unwrap();
    let actors = |id: &str| {
        let state = device.core().lock();
        let doc = crate::core::project::load(
            state.store.read(),
            super::rig::id(id),
            shared::record::Kind::StopSearch,
        );
        doc.unwrap()
            .changes()
            .iter()
            .map(|change| change.actor)
            .collect::<Vec<_>>()
    };
    let first = actors(&one);
    assert_eq!(first[0], first[1]);
    assert_ne!(first[1], first[2]);
    assert_ne!(first[0], actors(&two)[0]);
}

#[test]
fn a_withdrawn_record_takes_no_more_and_loses_nothing() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    assert_eq!(code(device.core().withdraw(&id, " ")), "bad_input");
    let view = device.core().withdraw(&id, "Stands twice").unwrap();
    assert!(!view.can_add && !view.can_withdraw);
    assert_eq!(code(device.core().add_to_record(&id, "more")), "withdrawn");
    device.sync(&server);
    assert_eq!(device.review_code(&id).as_deref(), Some("withdrawn"));
    let line = device
        .record(&id)
        .timeline
        .into_iter()
        .find(|it| it.code == "withdrawn");
    assert_eq!(line.unwrap().text.as_deref(), Some("Stands twice"));
}

#[test]
fn a_draft_that_was_begun_by_a_wrong_clock_asks_for_nothing_that_nobody_can_answer() {
    let device = Device::new(PATEL, &Server::new());
    let year = 365 * 24 * 3_600_000;
    let ahead = |ms| device.clock.wall.fetch_add(ms, Ordering::Relaxed);
    ahead(year);
    let id = device.draft();
    ahead(-year);
    let view = device.core().draft(&id).unwrap();
    let asked: Vec<_> = view.problems.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(asked, ["searched_at"]);
    let at = patch(&[("searched_at", Some(FieldValue::Int(NOON)))]);
    device.core().draft_set(&id, at, None).unwrap();
    device.core().draft_submit(&id).unwrap();
}
