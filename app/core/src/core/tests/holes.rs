//! Restored servers and holes: followed from the branch, found by digests, filled, and nothing
//! deleted because the server does not know it.

use super::evictions::decide;
use super::rig::*;
use super::server::{Server, team_scope};
use crate::core::CoreError;
use shared::ids::{AcceptPos, Epoch, ReceivePos};
use shared::wire::{Branch, FeedEvent, Mail, Scope};

pub(super) fn tamper(device: &Device, sql: &str) {
    let mut state = device.core().lock();
    let done = state.store.write(|tx| {
        tx.execute_batch(sql)?;
        Ok::<_, CoreError>(())
    });
    done.unwrap();
    state.digests.changed = true;
}

#[test]
fn a_restored_server_is_followed_from_its_branch_and_loses_nothing_that_is_here() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let first = patel.submitted();
    patel.sync(&server);
    let mut backup = server.backup();
    let second = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    backup.lineage = vec![Branch {
        epoch: Epoch::from_bytes([2; 16]),
        parent: Epoch::from_bytes([1; 16]),
        accept: AcceptPos(backup.feed.len() as u64),
        receive: ReceivePos(1),
    }];
    server.restore(backup);
    let request = patel.core().exchange_request().unwrap();
    let applied = patel
        .core()
        .apply_response(server.exchange(request).unwrap())
        .unwrap();
    assert!(applied.new_epoch && applied.more);
    // What both have stays as it is; what the server lost is only here again.
    assert_eq!(patel.core().received().unwrap().unwrap().0, 1);
    assert_eq!(patel.delivery(&first), "received");
    assert_eq!(patel.delivery(&second), "saved");
    // A reader keeps what the server lost until its author offers it again.
    ahmed.sync(&server);
    assert_eq!(
        ahmed.record(&second).fields["object"],
        text("controlled_drugs")
    );
    assert_eq!(ahmed.core().sending().unwrap().details.unknown, 2);
    patel.sync(&server);
    ahmed.sync(&server);
    assert_eq!(patel.delivery(&second), "received");
    assert_eq!(ahmed.core().sending().unwrap().details.unknown, 0);
    assert_eq!(ahmed.core().unopened().unwrap(), 0);
}

#[test]
fn a_hole_is_found_by_the_digest_and_filled_by_a_backfill() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    server.post(AHMED, Mail::Granted(team_scope(), AcceptPos(0)));
    let (kept, lost) = (patel.submitted(), patel.submitted());
    patel.sync(&server);
    ahmed.sync(&server);
    ahmed.sync(&server);
    let repairs = || ahmed.core().sending().unwrap().details.repairs;
    assert_eq!(repairs(), 0);
    let gone = super::rig::id(&lost);
    let hex = gone.to_string();
    tamper(
        &ahmed,
        &format!(
            "DELETE FROM entry WHERE record = x'{hex}'; DELETE FROM record WHERE id = x'{hex}';
             DELETE FROM document WHERE record = x'{hex}'; DELETE FROM leaf WHERE record = x'{hex}';
             DELETE FROM record_scope WHERE record = x'{hex}';"
        ),
    );
    ahmed.sync(&server);
    assert_eq!(repairs(), 1);
    let fields = ahmed.record(&lost).fields;
    assert_eq!(fields["object"], text("controlled_drugs"));
    ahmed.sync(&server);
    assert_eq!(repairs(), 1);
    // What the server does not know is kept, told apart, and compared no more.
    let forgotten = super::rig::id(&kept);
    server
        .state()
        .feed
        .retain(|(_, item)| item.record != forgotten);
    tamper(&ahmed, "");
    ahmed.sync(&server);
    ahmed.clock.pass(2 * 3_600_000);
    ahmed.sync(&server);
    ahmed.sync(&server);
    assert_eq!(repairs(), 3);
    assert_eq!(
        ahmed.record(&kept).fields["object"],
        text("controlled_drugs")
    );
    assert_eq!(ahmed.core().sending().unwrap().details.adrift, 1);
}

#[test]
fn a_record_that_left_every_scope_is_destroyed_and_comes_back_whole() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    let record = super::rig::id(&id);
    let history: Vec<_> = server.state().feed.clone();
    server.feed(record, FeedEvent::Leaves);
    ahmed.sync(&server);
    patel.sync(&server);
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    assert!(ahmed.core().search("soho").unwrap().records.is_empty());
    // One's own is never destroyed by it.
    assert_eq!(patel.record(&id).fields["object"], text("controlled_drugs"));
    let entries = history
        .into_iter()
        .filter_map(|(_, item)| match item.event {
            FeedEvent::Accepted(entry) => Some(entry),
            _ => None,
        });
    server.feed(record, FeedEvent::Enters(entries.collect(), Vec::new()));
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&id).fields["object"], text("controlled_drugs"));
}

#[test]
fn a_grant_of_which_another_copy_took_the_mail_is_learned_from_the_digests() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    server.post(AHMED, Mail::Granted(team_scope(), AcceptPos(0)));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    ahmed.sync(&server);
    let hex = super::rig::id(&id).to_string();
    tamper(
        &ahmed,
        &format!(
            "DELETE FROM granted; DELETE FROM record_scope; DELETE FROM leaf;
             DELETE FROM entry WHERE record = x'{hex}'; DELETE FROM record WHERE id = x'{hex}';
             DELETE FROM document WHERE record = x'{hex}';"
        ),
    );
    ahmed.sync(&server);
    assert_eq!(ahmed.record(&id).fields["object"], text("controlled_drugs"));
    ahmed.sync(&server);
    assert_eq!(ahmed.core().sending().unwrap().details.repairs, 1);
}

#[test]
fn a_grant_of_which_another_copy_took_the_end_ends_with_the_digests() {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    server.post(AHMED, Mail::Granted(team_scope(), AcceptPos(0)));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    ahmed.sync(&server);
    let other = Scope::Team(team(2));
    let was = format!("UPDATE record_scope SET scope = '{other}';");
    tamper(&ahmed, &was);
    let id = super::rig::id(&id);
    assert!(ahmed.core().facts(id).unwrap().is_some());
    // It is in a scope that the server does not name; the other's backfill brings it back.
    let request = ahmed.core().exchange_request().unwrap();
    let answer = server.exchange(request).unwrap();
    let applied = ahmed.core().apply_response(answer).unwrap();
    assert!(applied.evicted && applied.repairs);
    assert!(ahmed.core().facts(id).unwrap().is_none());
    ahmed.sync(&server);
    assert!(ahmed.core().facts(id).unwrap().is_some());
}

/// A decision of Ahmed's that the server has and has not judged, about a record that has left and
/// come back since.
fn decided_and_back() -> (Server, Device, Device, String) {
    let server = Server::new();
    let (patel, ahmed) = (Device::new(PATEL, &server), Device::new(AHMED, &server));
    let id = patel.submitted();
    patel.sync(&server);
    ahmed.sync(&server);
    server.state().slow = true;
    decide(&ahmed, &id, "return", Some("Say what you saw."));
    ahmed.sync(&server);
    let record = super::rig::id(&id);
    let history = server.history(record);
    server.feed(record, FeedEvent::Leaves);
    ahmed.sync(&server);
    assert_eq!(code(ahmed.core().record(&id)), "not_found");
    server.feed(record, FeedEvent::Enters(history, Vec::new()));
    server.post(AHMED, Mail::Granted(team_scope(), AcceptPos(0)));
    ahmed.sync(&server);
    (server, patel, ahmed, id)
}

#[test]
fn a_decision_let_in_after_its_record_came_back_has_its_words_again() {
    let (server, patel, ahmed, id) = decided_and_back();
    // It is known that something is missing.
    assert!(!ahmed.record(&id).review.unwrap().can_approve);
    server.state().slow = false;
    ahmed.sync(&server);
    patel.sync(&server);
    assert_eq!(patel.review_code(&id).as_deref(), Some("returned"));
    assert_eq!(ahmed.review_code(&id).as_deref(), Some("returned"));
    assert_eq!(ahmed.core().sending().unwrap().details.repairs, 0);
}

#[test]
fn a_decision_whose_words_did_not_come_back_is_a_hole() {
    let (server, _, ahmed, id) = decided_and_back();
    server.judge_all();
    server.state().slow = false;
    let request = ahmed.core().exchange_request().unwrap();
    let answer = server.exchange(request).unwrap();
    ahmed.core().apply_response(answer).unwrap();
    // Whatever was to bring them does not.
    tamper(
        &ahmed,
        "DELETE FROM backfill; UPDATE record_scope SET owed = 0;",
    );
    assert_ne!(ahmed.review_code(&id).as_deref(), Some("returned"));
    ahmed.sync(&server);
    assert_eq!(ahmed.core().sending().unwrap().details.repairs, 1);
    assert_eq!(ahmed.review_code(&id).as_deref(), Some("returned"));
}
