//! Receiving and ruling.

use shared::ids::{DeviceId, LogId, Seq};
use shared::log::EntryKind;
use shared::wire::{Cursors, FeedEvent, Mail, Verdict, VerdictCode};

use super::Make;
use super::kit::*;
use super::script::{next, rule};
use crate::store::*;

pub(super) fn receiving_is_idempotent(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    assert_eq!(
        store.receive(&changes(0..3), NOW).unwrap(),
        Received::Stored { new: 3 }
    );
    let receipt = news(&*store, LOG, Cursors::default(), 1).receipt;
    for _ in 0..2 {
        let again = store.receive(&changes(0..3), NOW.plus(5)).unwrap();
        assert_eq!(again, Received::Stored { new: 0 });
        assert_eq!(news(&*store, LOG, Cursors::default(), 1).receipt, receipt);
    }
    assert_eq!(
        store.receive(&changes(1..5), NOW).unwrap(),
        Received::Stored { new: 2 }
    );
    assert_eq!(
        store.counters().unwrap().receive.0,
        5,
        "contract: no position is used twice"
    );
}

pub(super) fn gap_fork_and_unknown_log_change_nothing(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..2), NOW).unwrap();
    assert_eq!(store.receive(&changes(3..4), NOW).unwrap(), Received::Gap);
    let stranger = Push {
        device: DeviceId::from_bytes([2; 16]),
        ..changes(2..3)
    };
    assert_eq!(store.receive(&stranger, NOW).unwrap(), Received::UnknownLog);
    let nowhere = Push {
        log: LogId::from_bytes([9; 16]),
        ..changes(2..3)
    };
    assert_eq!(store.receive(&nowhere, NOW).unwrap(), Received::UnknownLog);
    let other = push(vec![
        incoming(1, EntryKind::Change, 2),
        incoming(2, EntryKind::Change, 2),
    ]);
    assert_eq!(store.receive(&other, NOW).unwrap(), Received::Fork(Seq(1)));
    assert_eq!(
        store.figures().unwrap().received,
        2,
        "contract: the other branch is evidence"
    );
    let further = store.receive(&changes(2..3), NOW).unwrap();
    assert!(
        matches!(further, Received::Fork(_)),
        "contract: a split log goes nowhere"
    );
    let place = store.place(LOG, Seq(2)).unwrap().unwrap();
    assert_eq!((place.next, place.previous.is_some()), (Seq(2), true));
    assert!(
        store
            .place(LOG, Seq(3))
            .unwrap()
            .unwrap()
            .previous
            .is_none()
    );
}

pub(super) fn rejected_entries_are_settled_at_receipt(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let mut bad = changes(0..2);
    bad.entries[0].rejected = Some(Refusal::new(VerdictCode::PayloadMismatch, ""));
    store.receive(&bad, NOW).unwrap();
    assert_eq!(next(&*store).unwrap().id, id(1));
    let mail = news(&*store, LOG, Cursors::default(), 1 << 20).mail;
    let verdict = Verdict::Rejected(VerdictCode::PayloadMismatch);
    assert!(
        mail.iter()
            .any(|it| it.mail == Mail::Verdict(Seq(0), verdict, NOW))
    );
}

pub(super) fn cases_come_in_order_of_receipt(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    assert!(next(&*store).is_none());
    store.receive(&changes(0..3), NOW).unwrap();
    for seq in 0..3 {
        let case = next(&*store).unwrap();
        assert_eq!(case.id, id(seq));
        let changes = case.record.map_or(0, |record| record.changes);
        assert_eq!(u64::from(changes), seq, "contract: as those before made it");
        assert!(rule(&*store, seq, state(&[])).position.is_some());
    }
    assert!(next(&*store).is_none());
}

pub(super) fn parked_entries_come_back_when_what_they_wait_for_does(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    store.receive(&changes(0..2), NOW).unwrap();
    let park = |waits_on| Outcome::Park(VerdictCode::MissingDependency, waits_on);
    let waits_on = WaitsOn::Change(change_hash(1));
    assert_eq!(rule(&*store, 0, park(waits_on)).position, None);
    rule(&*store, 1, state(&[]));
    // Contract: it is tried again.
    rule(&*store, 0, park(WaitsOn::Nothing));
    assert!(next(&*store).is_none());
    let verdicts = news(&*store, LOG, Cursors::default(), 1 << 20).mail;
    let parked = verdicts
        .iter()
        .filter(|it| matches!(it.mail, Mail::Verdict(_, Verdict::Parked(_), _)));
    assert_eq!(parked.count(), 1, "contract: told once");
    assert_eq!(store.requeue(VerdictCode::NeedsNewerServer).unwrap(), 0);
    assert_eq!(store.requeue(VerdictCode::MissingDependency).unwrap(), 1);
}

pub(super) fn a_submission_brings_the_team_in(make: Make<'_>) {
    let store = make();
    submitted(&*store, &[]);
    let theirs = news(&*store, SERGEANTS_LOG, Cursors::default(), 1 << 20);
    assert_eq!(theirs.feed.len(), 1);
    assert!(matches!(&theirs.feed[0].event, FeedEvent::Enters(all, _) if all.len() == 2));
    let own = news(&*store, LOG, Cursors::default(), 1 << 20);
    assert!(
        own.feed.is_empty(),
        "contract: nobody is given their own entries"
    );
    assert_eq!(
        own.records, theirs.records,
        "contract: the cursor passes them"
    );
    assert_eq!(store.changes(RECORD).unwrap().len(), 1);
}
