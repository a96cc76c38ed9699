//! Others' records: consultation, conflicts between one officer's devices, eviction.

use shared::log::EntryKind;
use shared::settings::Settings;
use shared::statement::Statement;

use super::rig::*;
use super::server::Server;

#[test]
fn reading_anothers_record_is_logged_once_an_hour_and_ones_own_never() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let logged = || ahmed.core().outbox().unwrap().entries;
    assert!(ahmed.record(&id).logged);
    ahmed.core().version(&id, 1).unwrap();
    ahmed.record(&id);
    assert_eq!(logged(), 1);
    ahmed.clock.pass(3_600_000);
    ahmed.record(&id);
    assert_eq!(logged(), 2);
    // It is for the audit: no words of anybody wait.
    assert_eq!(ahmed.core().status().unwrap().waiting_records, 0);
    patel.record(&id);
    assert_eq!(patel.core().outbox().unwrap().entries, 0);
    assert_eq!(code(ahmed.core().add_to_record(&id, "x")), "not_author");
    assert_eq!(code(ahmed.core().withdraw(&id, "x")), "not_author");
}

#[test]
fn a_force_that_asks_for_reasons_is_told_one_before_anothers_record_is_shown() {
    let server = Server::new();
    server.settings(&Settings {
        reason_to_read: true,
        ..Settings::default()
    });
    let (patel, okoro) = (Device::new(PATEL, &server), Device::new(OKORO, &server));
    let id = patel.submitted();
    for device in [&patel, &okoro] {
        device.sync(&server);
    }
    assert_eq!(code(okoro.core().record(&id)), "reason_needed");
    assert_eq!(code(okoro.core().version(&id, 1)), "reason_needed");
    assert_eq!(code(okoro.core().compare(&id, 1, 1)), "reason_needed");
    assert_eq!(code(okoro.core().record_because(&id, "  ")), "bad_input");
    let long = "x".repeat(10_001);
    assert_eq!(code(okoro.core().record_because(&id, &long)), "bad_input");
    assert_eq!(okoro.core().outbox().unwrap().entries, 0);
    okoro.core().record_because(&id, " A complaint ").unwrap();
    // For an hour it stands; then it is asked for anew.
    okoro.record(&id);
    okoro.core().version(&id, 1).unwrap();
    assert_eq!(said(&okoro), [Some("A complaint".to_owned())]);
    okoro.clock.pass(3_600_000);
    assert_eq!(code(okoro.core().record(&id)), "reason_needed");
    // One's own is nobody's business, and a record that waits for one's review gives the reason.
    patel.record(&id);
    let ahmed = Device::new(AHMED, &server);
    ahmed.sync(&server);
    ahmed.record(&id);
    assert_eq!(said(&ahmed), [Some("review".to_owned())]);
}

/// The reasons of the consultations in this device's log.
fn said(device: &Device) -> Vec<Option<String>> {
    let state = device.core().lock();
    let conn = state.store.read();
    let mut kept = conn
        .prepare("SELECT payload FROM entry WHERE own = 1 AND kind = ?1 ORDER BY seq")
        .unwrap();
    let kind = EntryKind::Consultation;
    let payloads = kept.query_map((kind.code(),), |row| row.get::<_, Vec<u8>>(0));
    let read = |payload: Vec<u8>| match Statement::from_bytes(kind, &payload) {
        Ok(Statement::Consultation(it)) => it.reason,
        _ => panic!("not a consultation"),
    };
    payloads.unwrap().map(|it| read(it.unwrap())).collect()
}

#[test]
fn values_written_apart_are_both_kept_until_somebody_picks() {
    let server = Server::new();
    let (phone, tablet) = (
        Device::new(PATEL, &server),
        Device::numbered(PATEL, 9, &server),
    );
    let id = phone.submitted();
    phone.sync(&server);
    tablet.sync(&server);
    assert!(tablet.record(&id).own);
    let place = |value| patch(&[("place_text", text(value))]);
    phone.core().edit(&id, place("By the library")).unwrap();
    tablet.core().edit(&id, place("By the junction")).unwrap();
    for device in [&phone, &tablet, &phone] {
        device.sync(&server);
    }
    for device in [&phone, &tablet] {
        let view = device.record(&id);
        assert_eq!(view.conflicts[0].field, "place_text");
        let values: Vec<_> = view.conflicts[0]
            .options
            .iter()
            .map(|it| &it.value)
            .collect();
        assert!(values.contains(&&text("By the library")));
        assert!(values.contains(&&text("By the junction")));
        assert!(
            view.conflicts[0]
                .options
                .iter()
                .all(|it| it.by.as_deref() == Some("PC 4417 Patel"))
        );
        assert_eq!(view.row.review.unwrap().code, "conflict");
        assert_eq!(view.row.shown, "review");
        assert_eq!(device.core().home().unwrap().todo[0].code, "conflict");
    }
    let picked = phone
        .core()
        .resolve(&id, "place_text", text("By the junction"))
        .unwrap();
    assert!(picked.conflicts.is_empty());
    assert_eq!(
        code(phone.core().resolve(&id, "place_text", text("x"))),
        "not_current"
    );
    phone.sync(&server);
    tablet.sync(&server);
    assert!(tablet.record(&id).conflicts.is_empty());
    let both = [&phone, &tablet].map(|it| it.core().facts(super::rig::id(&id)).unwrap().unwrap());
    assert_eq!(both[0].heads, both[1].heads);
    assert_eq!(both[0].fields, both[1].fields);
}

#[test]
fn a_record_whose_submission_has_not_come_cannot_be_reviewed() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    server.state().feed.truncate(1);
    ahmed.sync(&server);
    assert_eq!(
        ahmed.record(&id).review.unwrap().refused.as_deref(),
        Some("unsynced")
    );
    assert!(ahmed.core().queue().unwrap().rows.is_empty());
}

#[test]
fn screens_are_told_of_what_changes_and_of_nothing_else() {
    use std::sync::{Arc, Mutex};
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let told = Arc::new(Mutex::new(Vec::new()));
    let seen = told.clone();
    device
        .core()
        .listen(move |changed| seen.lock().unwrap().push(changed.as_str()));
    let take = || std::mem::take(&mut *told.lock().unwrap());
    let id = device.draft();
    assert_eq!(take(), ["drafts", "drafts"]);
    device.core().draft_submit(&id).unwrap();
    assert_eq!(take(), ["drafts", "records", "status"]);
    device.core().home().unwrap();
    device.record(&id);
    assert!(take().is_empty());
    device.sync(&server);
    assert!(take().contains(&"records"));
    // An idle exchange repaints no list.
    device.sync(&server);
    assert!(!take().contains(&"records"));
}
