//! Lineages, erasure, sealed work, evidence, requests for keys, and postings.

use shared::hash::sha256;
use shared::ids::{Epoch, OperationId, PolicySeq, ReceivePos, RecordId, Seq, TeamId};
use shared::log::EntryKind;
use shared::policy::Role;
use shared::wire::{Cursors, Mail, Verdict, VerdictCode};

use super::Make;
use super::kit::*;
use super::script::next;
use crate::store::*;

fn sealed_change(seq: u64) -> Incoming {
    Incoming {
        change: None,
        sealed: Some(vec![7; 9]),
        ..incoming(seq, EntryKind::Change, 1)
    }
}

pub(super) fn a_new_epoch_keeps_what_there_is_and_repeats_no_number(make: Make<'_>) {
    let store = make();
    submitted(&*store, &[]);
    let before = store.counters().unwrap();
    let mail = news(&*store, SERGEANTS_LOG, Cursors::default(), 1 << 20).mail;
    let last = mail.last().unwrap().seq;
    assert_eq!(
        store.lineage().unwrap(),
        [],
        "contract: the first has no past"
    );
    let epoch = Epoch::from_bytes([9; 16]);
    let branch = store.begin_epoch(epoch, NOW).unwrap();
    let after = store.counters().unwrap();
    assert_eq!((branch.epoch, branch.parent), (epoch, before.epoch));
    assert_eq!(
        (branch.accept, branch.receive),
        (before.accept, before.receive),
        "contract: it branches where the old one had got to"
    );
    assert_eq!(store.lineage().unwrap(), [branch]);
    assert_eq!(
        (after.epoch, after.accept, after.receive, after.horizon),
        (epoch, before.accept, before.receive, before.receive),
        "contract: the orders go on, and what is there is covered"
    );
    assert!(
        after.policy > before.policy && after.reference > before.reference,
        "contract: what devices keep of the authority is never given again"
    );
    let token = sha256(&[LOG.as_bytes()]);
    assert_eq!(
        store.session(&token, NOW).unwrap(),
        None,
        "contract: everybody signs in again"
    );
    let mail = news(&*store, SERGEANTS_LOG, Cursors::default(), 1 << 20).mail;
    let fresh: Vec<_> = mail.iter().filter(|it| it.seq > last).collect();
    assert!(
        fresh.iter().all(|it| it.seq.0 > last.0 + 1_000),
        "contract: new mail has numbers that the old lineage never gave"
    );
    let granted = fresh
        .iter()
        .filter(|it| matches!(it.mail, Mail::Granted(..)));
    assert_eq!(
        granted.count(),
        store.grants(SERGEANTS_LOG).unwrap().len(),
        "contract: each grant is told again"
    );
    let next = store.begin_epoch(Epoch::from_bytes([8; 16]), NOW).unwrap();
    assert_eq!(
        store.lineage().unwrap(),
        [next, branch],
        "contract: newest first"
    );
}

pub(super) fn the_horizon_only_rises_and_never_above_what_was_received(make: Make<'_>) {
    let store = make();
    submitted(&*store, &[]);
    let raise = |to| store.raise_horizon(ReceivePos(to)).unwrap().0;
    assert_eq!(
        [raise(1), raise(0), raise(99), raise(1)],
        [1, 1, 2, 2],
        "contract: up, and no further than the last receipt"
    );
}

pub(super) fn an_erased_record_is_gone_and_stays_gone(make: Make<'_>) {
    let store = make();
    submitted(&*store, &[]);
    let erasure = NewErasure {
        number: 1,
        record: RECORD,
        line: "line".to_owned(),
    };
    assert!(store.knows(RECORD).unwrap());
    assert!(!store.knows(RecordId::from_bytes([9; 16])).unwrap());
    let wiped = store.erase(&erasure, NOW).unwrap().unwrap();
    assert_eq!(wiped.entries, 2, "contract: all its entries");
    assert_eq!(
        wiped.vaults,
        [LOG, SERGEANTS_LOG],
        "contract: all who hold it"
    );
    assert_eq!(store.erase(&erasure, NOW).unwrap(), None, "contract: once");
    assert_eq!(store.erasures().unwrap(), ["line"]);
    assert!(store.changes(RECORD).unwrap().is_empty());
    for log in wiped.vaults {
        let news = news(&*store, log, Cursors::default(), 1 << 20);
        let last = news.mail.last().unwrap();
        assert_eq!(last.mail, Mail::Evict(RECORD), "contract: each is told");
        assert!(news.feed.is_empty() && news.backfills.is_empty());
    }
    let push = push(vec![incoming(2, EntryKind::Change, 3)]);
    store.receive(&push, NOW).unwrap();
    assert!(
        next(&*store).is_none(),
        "contract: what comes of it later is settled at receipt"
    );
    let entries = store.log_entries(LOG, Seq(0), 9).unwrap();
    assert_eq!(entries.len(), 3, "contract: the log keeps every header");
    for entry in entries {
        assert_eq!(entry.body, Body::Erased, "contract: and no payload");
        assert!(entry.entry.payload.is_empty() && !entry.entry.header.is_empty());
    }
}

pub(super) fn sealed_entries_wait_for_a_person(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let pushed = push(vec![sealed_change(0), sealed_change(1)]);
    let stored = store.receive(&pushed, NOW).unwrap();
    assert_eq!(
        stored,
        Received::Stored { new: 2 },
        "contract: they are received"
    );
    assert!(next(&*store).is_none(), "contract: and not judged");
    let sealed = |after| store.sealed(DEVICE, ReceivePos(after), 9).unwrap();
    assert_eq!(sealed(0).len(), 2);
    let first = &sealed(0)[0];
    assert_eq!((first.body.len(), first.header.seq), (9, Seq(0)));
    assert_eq!(
        sealed(first.position.0).len(),
        1,
        "contract: in order of receipt"
    );
    assert!(
        store
            .sealed(SERGEANTS_DEVICE, ReceivePos(0), 9)
            .unwrap()
            .is_empty()
    );
    let open = Unsealed {
        position: first.position,
        salt: [1; 16],
        payload: vec![1; 40],
        change: Some((change_hash(0), shared::ids::ActorId::from_bytes([9; 16]))),
        rejected: None,
    };
    for released in [1, 0] {
        let open = [open.clone()];
        assert_eq!(store.release_sealed(&open, NOW).unwrap(), released);
    }
    let case = next(&*store).unwrap();
    assert_eq!(
        (case.id, case.payload),
        (id(0), vec![1; 40]),
        "contract: as it came"
    );
    assert_eq!(store.discard_sealed(DEVICE, NOW).unwrap(), 1);
    assert!(sealed(0).is_empty(), "contract: nothing waits any more");
    let news = news(&*store, LOG, Cursors::default(), 1 << 20);
    let upheld = Verdict::Upheld(VerdictCode::DeviceRevoked);
    let told = Mail::Verdict(Seq(1), upheld, NOW);
    assert!(news.mail.iter().any(|it| it.mail == told));
}

pub(super) fn evidence_is_kept_once_and_ends_the_log(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..1), NOW).unwrap();
    let tail = |salt| Evidence {
        device: DEVICE,
        log: LOG,
        entries: vec![incoming(1, EntryKind::Change, salt)],
    };
    let known = Evidence {
        entries: vec![incoming(0, EntryKind::Change, 1)],
        ..tail(2)
    };
    let keep = |evidence: &Evidence| store.keep_evidence(evidence, NOW).unwrap();
    assert_eq!(
        keep(&known),
        Kept::Stored(0),
        "contract: what was received is none"
    );
    let stored = store.receive(&changes(1..2), NOW).unwrap();
    assert_eq!(stored, Received::Stored { new: 1 });
    assert_eq!(keep(&tail(2)), Kept::Stored(1));
    assert_eq!(keep(&tail(2)), Kept::Stored(0), "contract: once");
    assert_eq!(store.branches_at(LOG, Seq(1)).unwrap().len(), 2);
    let stranger = Evidence {
        device: SERGEANTS_DEVICE,
        ..tail(3)
    };
    assert_eq!(keep(&stranger), Kept::UnknownLog);
    let forked = store.receive(&changes(2..3), NOW).unwrap();
    assert!(
        matches!(forked, Received::Fork(_)),
        "contract: it goes on nowhere"
    );
    let listed = store.devices().unwrap();
    let listed = listed.iter().find(|it| it.id == DEVICE).unwrap();
    // The entry that was refused as a fork is evidence too.
    assert_eq!(listed.evidence, 2);
}

pub(super) fn a_request_for_a_key_is_answered_once(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let request = |code: u8, at: i64| NewRecovery {
        code: [code; 32],
        log: LOG,
        wrap: vec![1],
        recipient: "age1".to_owned(),
        expires: NOW.plus(at + 10),
        most: (2, NOW.plus(at - 100)),
    };
    assert!(store.add_recovery(&request(1, 0), NOW).unwrap());
    assert!(store.add_recovery(&request(2, 1), NOW.plus(1)).unwrap());
    assert!(
        !store.add_recovery(&request(3, 2), NOW.plus(2)).unwrap(),
        "contract: no more than so many"
    );
    let at = NOW.plus(3);
    assert!(
        store.recovery(&[1; 32], at).unwrap().is_none(),
        "contract: the last counts"
    );
    let found = store.recovery(&[2; 32], at).unwrap().unwrap();
    assert_eq!(
        (found.log, found.officer, found.device),
        (LOG, OFFICER, DEVICE)
    );
    assert_eq!(store.recovery_answer(LOG, at).unwrap(), None);
    assert!(store.answer_recovery(&[2; 32], b"key", at).unwrap());
    assert!(
        !store.answer_recovery(&[2; 32], b"other", at).unwrap(),
        "contract: once"
    );
    assert_eq!(
        store.recovery_answer(LOG, at).unwrap(),
        Some(b"key".to_vec())
    );
    assert_eq!(store.recovery_answer(SERGEANTS_LOG, at).unwrap(), None);
    assert_eq!(
        store.recovery_answer(LOG, NOW.plus(20)).unwrap(),
        None,
        "contract: not for ever"
    );
}

pub(super) fn a_posting_holds_from_its_version_on(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let other = TeamId::from_bytes([7; 16]);
    let operation = OperationId::from_bytes([5; 16]);
    let added = store.add_operation(operation, "Sceptre", NOW).unwrap();
    assert_eq!(added, operation);
    let again = store.add_operation(OperationId::from_bytes([6; 16]), "Sceptre", NOW);
    assert_eq!(again.unwrap(), operation, "contract: one of each name");
    let change = PostingChange {
        role: Some(Role::Supervisor),
        team: Some((other, "Other".to_owned())),
        operations: Some(vec![operation]),
        ..PostingChange::default()
    };
    assert!(store.post_person("4417", &change, NOW).unwrap());
    assert!(!store.post_person("1", &change, NOW).unwrap());
    let authority = store.authority().unwrap();
    let now = authority.person(OFFICER).unwrap();
    assert_eq!((now.role, now.team), (Role::Supervisor, other));
    assert_eq!(now.operations, [operation]);
    assert_eq!(authority.operations[&operation].name, "Sceptre");
    let before = store.authority_at(PolicySeq(1), &[OFFICER]).unwrap();
    let before = before.person(OFFICER).unwrap();
    assert_eq!(
        (before.role, before.team),
        (Role::Officer, TEAM),
        "contract: the past stays"
    );
}
