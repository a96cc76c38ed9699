//! Where the words are: never ahead of what the server has said.

use super::rig::*;
use super::server::{Server, held};
use shared::log::EntryKind;
use shared::wire::{Verdict, VerdictCode};

#[test]
fn saved_sending_sent_received_each_only_when_it_is_so() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    server.state().slow = true;
    let id = device.submitted();
    assert_eq!(device.delivery(&id), "saved");
    let request = device.core().exchange_request().unwrap();
    assert_eq!(device.delivery(&id), "sending");
    assert!(device.core().status().unwrap().moving);
    // The attempt fails: nothing was received, and nothing moves.
    device
        .core()
        .link(crate::view::ConnectionState::NoConnection);
    assert_eq!(device.delivery(&id), "saved");
    // The next attempt looks for a connection first, which is not sending.
    let again = device.core().exchange_request().unwrap();
    assert_eq!(again, request);
    assert_eq!(device.delivery(&id), "saved");
    assert!(!device.core().status().unwrap().moving);
    let response = server.exchange(request).unwrap();
    device.core().apply_response(response).unwrap();
    assert_eq!(device.delivery(&id), "sent");
    assert_eq!(device.core().status().unwrap().waiting_records, 0);
    assert_eq!(device.core().sending().unwrap().waiting[0].state, "sent");
    server.judge_all();
    device.sync(&server);
    let view = device.record(&id);
    assert_eq!(view.row.delivery.code, "received");
    assert_eq!(view.row.delivery.at, Some(NOON));
    assert_eq!(view.row.review.unwrap().code, "submitted");
    assert_eq!(view.row.shown, "delivery");
    assert!(view.timeline.iter().all(|line| line.accepted));
    assert_eq!(device.core().sending().unwrap().received.len(), 1);
}

#[test]
fn one_entry_of_several_that_is_not_accepted_keeps_the_record_from_counting_as_received() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let cases = [
        (
            Verdict::Parked(VerdictCode::MissingDependency),
            "parked",
            "missing_dependency",
        ),
        (held(VerdictCode::NotActive), "held", "not_active"),
        (
            Verdict::Rejected(VerdictCode::BadStatement),
            "not_accepted",
            "bad_statement",
        ),
    ];
    for (verdict, code, reason) in cases {
        server
            .state()
            .verdicts
            .insert(EntryKind::Submission, verdict);
        let id = device.submitted();
        device.sync(&server);
        let view = device.record(&id);
        assert_eq!(view.row.delivery.code, code);
        assert_eq!(view.row.delivery.reason.as_deref(), Some(reason));
        assert_eq!(view.row.shown, "delivery");
    }
    let todo = device.core().home().unwrap().todo;
    let mut codes: Vec<_> = todo.iter().map(|it| it.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["held", "not_accepted"]);
    let sending = device.core().sending().unwrap();
    assert_eq!(sending.held.len(), 2);
    assert!(sending.waiting.iter().any(|row| row.state == "parked"));
}

#[test]
fn an_edit_after_acceptance_is_saved_again_and_then_received_again() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    device.sync(&server);
    device.core().add_to_record(&id, "More.").unwrap();
    assert_eq!(device.delivery(&id), "saved");
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn waiting_is_counted_by_records_and_since_the_oldest() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    device.clock.pass(60_000);
    let second = device.submitted();
    device.core().add_to_record(&second, "More.").unwrap();
    let status = device.core().status().unwrap();
    assert_eq!(
        (status.waiting_records, status.oldest_waiting),
        (2, Some(NOON))
    );
    assert_eq!(device.core().records(0, 10, "waiting").unwrap().len(), 2);
    let waiting = device.core().exchange_request().unwrap().waiting;
    assert_eq!((waiting.entries, waiting.oldest.unwrap().0), (5, NOON));
    device.sync(&server);
    assert_eq!(device.core().status().unwrap().waiting_records, 0);
    assert!(device.core().records(0, 10, "waiting").unwrap().is_empty());
}

#[test]
fn entries_are_dated_by_the_server_once_heard_and_the_clock_is_called_wrong() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    server.state().now = NOON - 7 * 60_000;
    device.sync(&server);
    assert_eq!(
        device.core().status().unwrap().clock_off_ms,
        Some(-7 * 60_000)
    );
    // Somebody sets the clock; boot time goes on as it did.
    device.clock.pass(1000);
    device
        .clock
        .wall
        .fetch_add(3_600_000_000, std::sync::atomic::Ordering::Relaxed);
    let id = device.submitted();
    let written = device.record(&id).timeline[0].device_time;
    assert_eq!(written, NOON - 7 * 60_000 + 1000);
    // After a restart of the device only the wall clock is left.
    device
        .clock
        .boot
        .store(2, std::sync::atomic::Ordering::Relaxed);
    device.reopen();
    let id = device.submitted();
    assert_eq!(
        device.record(&id).timeline[0].device_time,
        NOON + 1000 + 3_600_000_000
    );
}

#[test]
fn a_session_that_ended_is_asked_for_again_while_words_still_send() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    server.state().session = Some(shared::wire::SessionState::SignIn);
    let id = device.submitted();
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
    assert!(device.core().person().unwrap().sign_in_needed);
    let status = device.core().status().unwrap();
    assert_eq!(
        status.connection.state,
        crate::view::ConnectionState::SignIn
    );
    assert!(
        !device
            .core()
            .signed_in(&device.answer)
            .unwrap()
            .sign_in_needed
    );
}

#[test]
fn an_answer_that_was_long_on_its_way_or_comes_twice_sets_no_clock() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let request = device.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    device.core().apply_response(response.clone()).unwrap();
    device.clock.pass(600_000);
    // The server's clock stood still, as far as this old answer says.
    device.core().apply_response(response.clone()).unwrap();
    assert_eq!(device.core().status().unwrap().clock_off_ms, None);
    device.core().exchange_request().unwrap();
    device.clock.pass(600_000);
    device.core().apply_response(response).unwrap();
    assert_eq!(device.core().status().unwrap().clock_off_ms, None);
}

#[test]
fn a_record_with_a_rejected_change_goes_on_with_the_next_save_and_loses_no_word() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let rejected = Verdict::Rejected(VerdictCode::ForeignActor);
    let whole = device.submitted();
    let part = device.submitted();
    server.state().verdicts.insert(EntryKind::Change, rejected);
    let builds_on = Verdict::Rejected(VerdictCode::BuildsOnRejected);
    server
        .state()
        .verdicts
        .insert(EntryKind::Submission, builds_on);
    device
        .core()
        .add_to_record(&part, "First addition.")
        .unwrap();
    let lost = device.submitted();
    device.sync(&server);
    for id in [&whole, &part, &lost] {
        assert_eq!(device.delivery(id), "not_accepted");
    }
    server.state().verdicts.clear();
    device.clock.pass(1000);
    for id in [&whole, &part, &lost] {
        device.core().add_to_record(id, "Second addition.").unwrap();
        assert_eq!(device.delivery(id), "saved");
    }
    let entries = device
        .core()
        .exchange_request()
        .unwrap()
        .push
        .unwrap()
        .entries;
    let headers = entries
        .iter()
        .map(|it| shared::log::Header::from_bytes(&it.header).unwrap());
    let superseding: Vec<_> = headers
        .filter(|it| it.kind == EntryKind::Change)
        .map(|it| it.supersedes.len())
        .collect();
    assert_eq!(superseding, [2, 3, 2]);
    device.sync(&server);
    for id in [&whole, &part, &lost] {
        let view = device.record(id);
        assert_eq!(view.row.delivery.code, "received");
        assert_eq!(
            view.fields["place_text"],
            text("Soho Road, by the post office")
        );
        assert_eq!(view.row.review.unwrap().code, "submitted");
        assert!(view.timeline.iter().any(|line| line.code == "not_accepted"));
    }
    let texts: Vec<_> = device
        .record(&part)
        .addenda
        .into_iter()
        .map(|it| it.text)
        .collect();
    assert_eq!(texts, ["First addition.", "Second addition."]);
    assert!(device.core().sending().unwrap().held.is_empty());
    assert!(device.core().home().unwrap().todo.is_empty());
    // Others get the record as if nothing had been.
    let ahmed = Device::new(AHMED, &server);
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&part).addenda.len(), 2);
    let heads = |device: &Device| device.core().facts(id(&part)).unwrap().unwrap().heads;
    assert_eq!(heads(&ahmed), heads(&device));
}

#[test]
fn an_app_that_is_too_old_for_news_still_sends_everything() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    server.state().session = Some(shared::wire::SessionState::Upgrade);
    device.submitted();
    device.sync(&server);
    assert!(!device.core().push_is_due().unwrap());
    let status = device.core().status().unwrap();
    assert_eq!(
        status.connection.state,
        crate::view::ConnectionState::Upgrade
    );
    assert_eq!(status.waiting_records, 0);
}
