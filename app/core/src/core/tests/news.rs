//! Exchanges: repeated, late, wrong and hostile answers, receipts, and a restored server.

use super::rig::*;
use super::server::Server;
use crate::sync::{SyncOutcome, sync_once};
use crate::view::ConnectionState;
use shared::ids::{AcceptPos, RecordId};
use shared::wire::{Credential, FeedEvent, Mail, Scope};

#[test]
fn an_answer_applied_twice_changes_nothing_the_second_time() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    let request = patel.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    assert!(
        !patel
            .core()
            .apply_response(response.clone())
            .unwrap()
            .dropped
    );
    let before = patel.record(&id);
    assert!(patel.core().apply_response(response).unwrap().dropped);
    assert_eq!(patel.record(&id), before);
    let request = ahmed.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    ahmed.core().apply_response(response.clone()).unwrap();
    let before = ahmed.core().facts(super::rig::id(&id)).unwrap();
    assert!(ahmed.core().apply_response(response).unwrap().dropped);
    assert_eq!(ahmed.core().facts(super::rig::id(&id)).unwrap(), before);
}

#[test]
fn an_answer_to_cursors_of_before_is_dropped_and_its_receipt_still_counts() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.sync(&server);
    let early = device.core().exchange_request().unwrap();
    let id = device.submitted();
    let late = device.core().exchange_request().unwrap();
    let pushed = server.exchange(late).unwrap();
    let empty = server.exchange(early).unwrap();
    // The answer of the earlier request comes last at the server and first here.
    let applied = device.core().apply_response(empty).unwrap();
    assert!(!applied.dropped);
    assert_eq!(device.delivery(&id), "received");
    assert!(device.core().apply_response(pushed).unwrap().dropped);
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn a_receipt_that_is_forged_or_of_another_chain_is_refused_whole() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    let request = device.core().exchange_request().unwrap();
    let good = server.exchange(request).unwrap();
    let mut forged = good.clone();
    let mut bytes: Vec<u8> = forged.checkpoint.clone().unwrap().into();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    forged.checkpoint = Some(bytes.into());
    assert_eq!(code(device.core().apply_response(forged)), "bad_receipt");
    assert_eq!(device.delivery(&id), "saved");
    // A true receipt, of another vault's log.
    let other = Device::new(AHMED, &server);
    other
        .core()
        .draft_discard(&other.draft(), "opened_by_mistake")
        .unwrap();
    let request = other.core().exchange_request().unwrap();
    let mut crossed = good.clone();
    crossed.checkpoint = server.exchange(request).unwrap().checkpoint;
    assert!(crossed.checkpoint.is_some());
    assert_eq!(code(device.core().apply_response(crossed)), "bad_receipt");
    device.core().apply_response(good).unwrap();
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn a_server_restored_from_a_backup_is_offered_everything_again() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let first = patel.submitted();
    patel.sync(&server);
    let backup = server.backup();
    let second = patel.submitted();
    patel.core().add_to_record(&first, "More.").unwrap();
    patel.sync(&server);
    ahmed.sync(&server);
    assert_eq!(patel.delivery(&second), "received");
    server.restore(backup);
    let request = patel.core().exchange_request().unwrap();
    let response = server.exchange(request).unwrap();
    assert!(patel.core().apply_response(response).unwrap().new_epoch);
    // What the restored server lacks is only here again, and is said to be.
    assert_eq!(patel.delivery(&second), "saved");
    assert_eq!(patel.delivery(&first), "saved");
    patel.sync(&server);
    ahmed.sync(&server);
    for id in [&first, &second] {
        assert_eq!(patel.delivery(id), "received");
        let (mine, theirs) = (
            patel.core().facts(id.parse().unwrap()),
            ahmed.core().facts(id.parse().unwrap()),
        );
        assert_eq!(mine.unwrap().unwrap().heads, theirs.unwrap().unwrap().heads);
    }
}

#[test]
fn a_server_that_lost_the_log_gets_all_of_it() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let empty = server.backup();
    let id = device.submitted();
    device.sync(&server);
    server.restore(empty);
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn a_push_ends_at_a_commit_and_keeps_to_the_limits() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    // Texts close to the cap, in enough records for two pushes.
    let long = |n: usize| text(&format!("{n} ").repeat(9500 / (n.to_string().len() + 1)));
    let mut id = String::new();
    for n in 100..190 {
        id = device.draft();
        let fields = patch(&[
            ("grounds", long(n)),
            ("description", long(n + 100)),
            ("found_what", long(n + 200)),
        ]);
        device.core().draft_set(&id, fields, None).unwrap();
        device.core().draft_submit(&id).unwrap();
    }
    let mut pushes = 0;
    while device.core().push_is_due().unwrap() {
        let request = device.core().exchange_request().unwrap();
        let push = request.push.as_ref().unwrap();
        let bytes: usize = push
            .entries
            .iter()
            .map(|it| it.payload.len() + it.header.len())
            .sum();
        assert!(bytes <= 2 << 20 && push.entries.len() <= 2000);
        device
            .core()
            .apply_response(server.exchange(request).unwrap())
            .unwrap();
        pushes += 1;
    }
    assert!(pushes >= 2, "{pushes}");
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn grants_open_backfills_whose_cursors_are_kept_and_answered() {
    let server = Server::new();
    let device = Device::new(AHMED, &server);
    let scope = Scope::Team(team(2));
    server.post(AHMED, Mail::Granted(scope, AcceptPos(40)));
    let request = device.core().exchange_request().unwrap();
    let applied = device
        .core()
        .apply_response(server.exchange(request).unwrap())
        .unwrap();
    // There is more to ask for as long as a backfill is open.
    assert!(applied.more);
    let request = device.core().exchange_request().unwrap();
    assert_eq!(request.cursors.backfills.len(), 1);
    let mut response = server.exchange(request).unwrap();
    let page = |below| shared::wire::BackfillPage {
        scope,
        items: Vec::new(),
        below,
    };
    response.backfills = vec![page(Some(AcceptPos(7)))];
    device.core().apply_response(response).unwrap();
    let request = device.core().exchange_request().unwrap();
    assert_eq!(request.cursors.backfills[0].below, AcceptPos(7));
    let mut response = server.exchange(request).unwrap();
    response.backfills = vec![page(None)];
    device.core().apply_response(response).unwrap();
    assert!(
        device
            .core()
            .exchange_request()
            .unwrap()
            .cursors
            .backfills
            .is_empty()
    );
    server.post(AHMED, Mail::Granted(scope, AcceptPos(50)));
    server.post(AHMED, Mail::GrantEnded(scope));
    device.sync(&server);
    assert!(
        device
            .core()
            .exchange_request()
            .unwrap()
            .cursors
            .backfills
            .is_empty()
    );
}

#[test]
fn hostile_feed_items_are_kept_unopened_and_the_rest_goes_on() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    let good = server.state().feed[0].1.clone();
    let FeedEvent::Accepted(entry) = good.event else {
        panic!("a change")
    };
    for n in 0..5_u8 {
        let mut bad = entry.clone();
        bad.id.log = shared::ids::LogId::from_bytes([200 + n; 16]);
        match n {
            0 => bad.payload = b"nonsense".to_vec(),
            1 => bad.payload.truncate(40),
            2 => *bad.payload.last_mut().unwrap() ^= 1,
            3 => bad.kind = shared::log::EntryKind::Review,
            _ => bad.kind = shared::log::EntryKind::Unknown(77),
        }
        let record = if n < 2 {
            RecordId::from_bytes([n; 16])
        } else {
            good.record
        };
        server.feed(record, FeedEvent::Accepted(bad));
    }
    ahmed.sync(&server);
    assert_eq!(ahmed.core().unopened().unwrap(), 5);
    assert_eq!(
        ahmed.core().record_ids().unwrap(),
        vec![super::rig::id(&id)]
    );
    assert_eq!(ahmed.record(&id).fields["object"], text("controlled_drugs"));
    // What is not all open cannot be approved.
    let panel = ahmed.record(&id).review.unwrap();
    assert_eq!(panel.refused.as_deref(), Some("needs_newer_app"));
}

#[test]
fn changes_that_come_before_what_they_build_on_wait_for_it() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.core().add_to_record(&id, "More.").unwrap();
    patel.sync(&server);
    let whole = server.backup().feed;
    server.state().feed = vec![whole[2].clone()];
    server.state().feed[0].1.position = AcceptPos(1);
    ahmed.sync(&server);
    assert_eq!(ahmed.core().unopened().unwrap(), 1);
    assert!(ahmed.core().record_ids().unwrap().is_empty());
    for (place, item) in [&whole[1], &whole[0]].into_iter().enumerate() {
        let mut item = item.clone();
        item.1.position = AcceptPos(2 + place as u64);
        server.state().feed.push(item);
    }
    ahmed.sync(&server);
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
    let (mine, theirs) = (
        patel.core().facts(super::rig::id(&id)),
        ahmed.core().facts(super::rig::id(&id)),
    );
    assert_eq!(mine.unwrap().unwrap().heads, theirs.unwrap().unwrap().heads);
}

#[tokio::test]
async fn one_round_sends_and_fetches_everything_and_an_idle_one_is_one_exchange() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let credential = Credential {
        device: "d".into(),
        session: Some("s".into()),
    };
    let id = device.submitted();
    let outcome = sync_once(device.core(), &server, &credential).await;
    assert!(matches!(outcome, SyncOutcome::Idle), "{outcome:?}");
    assert_eq!(device.delivery(&id), "received");
    let before = server.state().exchanges;
    sync_once(device.core(), &server, &credential).await;
    assert_eq!(server.state().exchanges, before + 1);
    let status = device.core().status().unwrap();
    assert_eq!(status.connection.state, ConnectionState::Connected);
    assert_eq!(status.connection.last_exchange_at, Some(NOON));
}

#[tokio::test]
async fn a_server_that_is_deaf_to_pushes_is_not_asked_for_ever() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    let deaf = Deaf(server);
    let credential = Credential {
        device: "d".into(),
        session: None,
    };
    let outcome = sync_once(device.core(), &deaf, &credential).await;
    assert!(matches!(outcome, SyncOutcome::Stuck), "{outcome:?}");
    assert_eq!(
        device.core().status().unwrap().connection.state,
        ConnectionState::ServerSilent
    );
    assert!(!device.core().status().unwrap().moving);
}

/// Answers without having received anything.
struct Deaf(Server);

impl shared::wire::Protocol for Deaf {
    async fn enrol(
        &self,
        _: shared::wire::EnrolRequest,
    ) -> Result<shared::wire::EnrolResponse, shared::wire::WireError> {
        Err(shared::wire::WireError::NoConnection)
    }
    async fn sign_in(
        &self,
        _: &Credential,
        _: shared::wire::SignInRequest,
    ) -> Result<shared::wire::SignInResponse, shared::wire::WireError> {
        Err(shared::wire::WireError::NoConnection)
    }
    async fn exchange(
        &self,
        _: &Credential,
        mut request: shared::wire::ExchangeRequest,
    ) -> Result<shared::wire::ExchangeResponse, shared::wire::WireError> {
        request.push = None;
        self.0.exchange(request)
    }
    async fn upload_begin(
        &self,
        _: &Credential,
        _: RecordId,
        _: shared::hash::BlobHash,
        _: u64,
    ) -> Result<shared::wire::UploadState, shared::wire::WireError> {
        Err(shared::wire::WireError::NoConnection)
    }
    async fn upload_append(
        &self,
        _: &Credential,
        _: shared::hash::BlobHash,
        _: u64,
        _: Vec<u8>,
    ) -> Result<shared::wire::UploadState, shared::wire::WireError> {
        Err(shared::wire::WireError::NoConnection)
    }
    async fn photo(
        &self,
        _: &Credential,
        _: shared::hash::BlobHash,
    ) -> Result<Vec<u8>, shared::wire::WireError> {
        Err(shared::wire::WireError::NoConnection)
    }
}

#[test]
fn a_verdict_that_comes_before_its_receipt_is_not_passed_over() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.submitted();
    let request = device.core().exchange_request().unwrap();
    let mut answer = server.exchange(request).unwrap();
    assert!(answer.mail.len() >= 2);
    answer.checkpoint = None;
    assert!(device.core().apply_response(answer).unwrap().words);
    assert_eq!(device.delivery(&id), "saved");
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
}
