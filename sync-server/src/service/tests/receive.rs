//! Receiving: idempotent, whole, and never stopped by what one entry holds.

use shared::ids::Seq;
use shared::wire::{
    ErrorCode, ExchangeRequest, SessionState, Verdict, VerdictCode, WireError, encode_body,
};

use super::kit::{Rec, World, accepted};

fn refused(result: Result<impl Sized, WireError>) -> ErrorCode {
    match result {
        Err(WireError::Refused { code, .. }) => code,
        _ => panic!("not refused"),
    }
}

#[test]
fn the_same_segment_gives_the_same_receipt_however_often_it_comes() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "one");
    vault.submit(&record);
    let first = vault.send(&world.server, vault.segment(0, 2)).unwrap();
    world.pass(5_000);
    let second = vault.send(&world.server, vault.segment(0, 2)).unwrap();
    world.judge();
    let third = vault.send(&world.server, vault.segment(0, 2)).unwrap();
    assert_eq!(first.checkpoint, second.checkpoint);
    assert_eq!(first.checkpoint, third.checkpoint);
    assert_eq!(world.server.figures().unwrap().received, 2);
    // A longer one that begins with what is there adds only the rest.
    vault.change(&mut record, "two");
    vault.push(&world.server).unwrap();
    assert_eq!(world.server.figures().unwrap().received, 3);
}

#[test]
fn one_bad_payload_spoils_one_entry_at_every_place() {
    for bad in 0..6 {
        let world = World::new();
        let mut vault = world.vault("4417");
        let mut records: Vec<Rec> = (0..3).map(|n| Rec::new(n + 1)).collect();
        for record in &mut records {
            vault.change(record, "words");
            vault.submit(record);
        }
        vault.entries[bad].payload[0] ^= 1;
        vault.push(&world.server).unwrap();
        world.judge();
        let verdicts = vault.verdicts(&world.server);
        let rejected = Verdict::Rejected(VerdictCode::PayloadMismatch);
        assert!(verdicts.contains(&(Seq(bad as u64), rejected)));
        // Without its change a submission has nothing to stand on: it waits, the rest goes on.
        let lost = if bad % 2 == 0 { 2 } else { 1 };
        assert_eq!(accepted(&verdicts).len(), 6 - lost, "bad payload at {bad}");
    }
}

#[test]
fn a_change_that_the_guard_refuses_is_kept_and_rejected_at_once() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let header = vault.header(shared::log::EntryKind::Change, Some(Rec::new(1).id));
    vault.append(header, b"not a change".to_vec());
    let mut record = Rec::new(2);
    vault.change(&mut record, "good");
    vault.push(&world.server).unwrap();
    assert_eq!(world.server.figures().unwrap().rejected, 1);
    assert_eq!(world.judge(), 1);
    let verdicts = vault.verdicts(&world.server);
    assert_eq!(verdicts[0], (Seq(0), Verdict::Rejected(VerdictCode::Guard)));
    assert_eq!(accepted(&verdicts), [1]);
}

#[test]
fn fork_and_gap_are_told_apart_and_a_broken_chain_from_both() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    for words in ["a", "b", "c"] {
        vault.change(&mut record, words);
    }
    vault.send(&world.server, vault.segment(0, 2)).unwrap();
    vault.change(&mut record, "d");
    assert_eq!(
        refused(vault.send(&world.server, vault.segment(3, 4))),
        ErrorCode::Gap
    );

    let mut broken = vault.segment(2, 3);
    broken.signature[20] ^= 1;
    assert_eq!(
        refused(vault.send(&world.server, broken)),
        ErrorCode::BadChain
    );

    // A clone that went its own way after the first entry.
    let mut clone = vault.clone_at(1);
    let mut other = Rec::new(2);
    clone.change(&mut other, "elsewhere");
    assert_eq!(
        refused(clone.send(&world.server, clone.segment(1, 2))),
        ErrorCode::Fork
    );
    // From then on neither branch goes on: the vault signs in again and opens a new log.
    assert_eq!(
        refused(vault.send(&world.server, vault.segment(2, 4))),
        ErrorCode::Fork
    );
    assert_eq!(world.server.figures().unwrap().received, 2);
    // What was received stays received.
    assert!(
        vault
            .send(&world.server, vault.segment(0, 2))
            .unwrap()
            .checkpoint
            .is_some()
    );
}

#[test]
fn a_log_of_another_device_is_not_known() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    let (_, other) = world.enrol();
    vault.credential = other;
    let sent = vault.send(&world.server, vault.segment(0, 1));
    assert_eq!(refused(sent), ErrorCode::UnknownLog);
}

#[test]
fn a_revoked_device_only_pushes_and_only_into_quarantine() {
    let world = World::new();
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "before");
    vault.push(&world.server).unwrap();
    world.judge();
    world.server.revoke_device(vault.device).unwrap();
    vault.change(&mut record, "after");
    let answer = vault.send(&world.server, vault.segment(1, 2)).unwrap();
    assert_eq!(answer.session, SessionState::Revoked);
    assert!(answer.checkpoint.is_some());
    assert!(answer.mail.is_empty() && answer.feed.is_empty() && answer.reference.is_empty());
    assert_eq!(world.judge(), 0);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.accepted, figures.sealed), (1, 1));
    assert_eq!(figures.quarantined, 0, "no supervisor decides about it");
}

#[test]
fn without_a_session_pushing_works_and_news_wait() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    vault.credential.session = None;
    let answer = vault.send(&world.server, vault.segment(0, 1)).unwrap();
    assert_eq!(answer.session, SessionState::SignIn);
    assert!(answer.checkpoint.is_some());
    assert!(answer.mail.is_empty() && answer.reference.is_empty());
    // The session is of one vault: another one's says nothing here.
    vault.credential.session = world.vault("4417").credential.session;
    let answer = world
        .server
        .exchange(&vault.credential, vault.request(None))
        .unwrap();
    assert_eq!(answer.session, SessionState::SignIn);
}

#[test]
fn nothing_to_do_costs_at_most_400_bytes_both_ways() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    vault.push(&world.server).unwrap();
    world.judge();
    vault.pull(&world.server);
    let first = world
        .server
        .exchange(&vault.credential, vault.request(None))
        .unwrap();
    let request = ExchangeRequest {
        epoch: Some(first.epoch),
        ..vault.request(None)
    };
    let up = encode_body(&request).len();
    let answer = world.server.exchange(&vault.credential, request).unwrap();
    let down = encode_body(&answer).len();
    assert!(up + down <= 400, "{up} bytes up, {down} down");
}

#[test]
fn versions_that_do_not_reach_each_other_are_refused_and_old_ones_drain() {
    let world = World::new();
    let mut vault = world.vault("4417");
    vault.change(&mut Rec::new(1), "words");
    let future = ExchangeRequest {
        version: 9,
        oldest: 9,
        ..vault.request(None)
    };
    assert_eq!(
        refused(world.server.exchange(&vault.credential, future)),
        ErrorCode::BadVersion
    );
    let push = Some(vault.segment(0, 1));
    let old = ExchangeRequest {
        version: 0,
        oldest: 0,
        ..vault.request(push)
    };
    let answer = world.server.exchange(&vault.credential, old).unwrap();
    assert_eq!(answer.session, SessionState::Upgrade);
    assert!(answer.checkpoint.is_some() && answer.mail.is_empty());
}

#[test]
fn a_segment_over_the_limits_is_refused_whole() {
    let world = World::new();
    let mut vault = world.vault("4417");
    for _ in 0..4097 {
        let header = vault.header(shared::log::EntryKind::Consultation, None);
        vault.append(header, Vec::new());
    }
    assert_eq!(
        refused(vault.send(&world.server, vault.segment(0, 4097))),
        ErrorCode::TooLarge
    );
    assert!(vault.send(&world.server, vault.segment(0, 4096)).is_ok());
}
