//! Changes that do not follow from the past of their document.

use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ROOT};

use super::super::{Causal, Limits, Past, Preflight, Refusal, causal, preflight};
use super::forged::Forged;
use super::writer::record;

fn facts(bytes: &[u8]) -> Preflight {
    preflight(bytes, &Limits::default()).unwrap()
}

/// A record, its past without the last change, and that change.
fn story() -> (Vec<Change>, Past, Forged) {
    let mut changes = record(21, 3, 120);
    let last = changes.pop().unwrap();
    let mut past = Past::genesis(&facts(changes[0].raw_bytes()));
    changes[1..]
        .iter()
        .for_each(|change| past.insert(&facts(change.raw_bytes())));
    (changes, past, Forged::from(last.raw_bytes()))
}

fn refused(past: &Past, forged: &Forged) -> &'static str {
    match causal(&facts(&forged.seal()), past) {
        Ok(()) => "accepted",
        Err(Causal::Missing(_)) => "missing",
        Err(Causal::Refused(refusal)) => refusal.code(),
    }
}

#[test]
fn every_rule_has_its_code() {
    let (changes, past, last) = story();
    assert_eq!(refused(&past, &last), "accepted");
    let with = |alter: fn(&mut Forged)| {
        let mut forged = last.clone();
        alter(&mut forged);
        refused(&past, &forged)
    };
    assert_eq!(with(|f| f.others.push(vec![9; 16])), "foreign_actor");
    assert_eq!(with(|f| f.start_op += 1), "start_op");
    assert_eq!(with(|f| f.start_op += 1_000_000), "start_op");
    assert_eq!(with(|f| f.seq += 1), "seq_gap");
    assert_eq!(with(|f| f.deps.clear()), "second_root");
    assert_eq!(with(|f| f.deps.push([9; 32])), "missing");

    let reuse = Preflight {
        actor: facts(changes[0].raw_bytes()).actor,
        seq: 1,
        ..facts(&last.seal())
    };
    assert_eq!(
        causal(&reuse, &past),
        Err(Causal::Refused(Refusal::SeqReused {
            last: past.last_seq(&reuse.actor),
            found: 1
        }))
    );
    let again = facts(changes[3].raw_bytes());
    assert_eq!(
        causal(&again, &past),
        Err(Causal::Refused(Refusal::Duplicate))
    );
}

#[test]
fn missing_dependencies_are_named_and_used_numbers_stay_used() {
    let (_, past, mut last) = story();
    last.deps = vec![[1; 32], [2; 32]];
    let change = facts(&last.seal());
    assert_eq!(
        causal(&change, &past),
        Err(Causal::Missing(vec![[1; 32], [2; 32]]))
    );
    let reuse = Preflight {
        seq: past.last_seq(&change.actor),
        ..change
    };
    if reuse.seq > 0 {
        assert!(matches!(
            causal(&reuse, &past),
            Err(Causal::Refused(Refusal::SeqReused { .. }))
        ));
    }
}

#[test]
fn an_actor_that_forgets_its_own_changes_is_refused() {
    let mut doc = Automerge::new();
    let mut put = |value: i64| {
        let mut tx = doc.transaction();
        tx.put(ROOT, "k", value).unwrap();
        tx.commit();
        facts(doc.get_last_local_change().unwrap().raw_bytes())
    };
    let (first, second, third) = (put(1), put(2), put(3));
    let mut past = Past::genesis(&first);
    past.insert(&second);
    let forgetful = Preflight {
        deps: vec![first.hash],
        start_op: second.start_op,
        max_op: second.max_op,
        ..third.clone()
    };
    // It names its predecessor's ancestor only, and so branches off itself.
    assert_eq!(causal(&third, &past), Ok(()));
    let gap = Refusal::SeqGap { last: 2, found: 3 };
    assert_eq!(causal(&forgetful, &past), Err(Causal::Refused(gap)));
}

#[test]
fn the_past_of_a_document_is_the_past_of_its_changes() {
    let changes = record(31, 4, 150);
    let mut doc = Automerge::new();
    doc.apply_changes(changes.clone()).unwrap();
    let read = Past::of(&doc).unwrap();
    assert_eq!(read.len(), changes.len());
    for change in &changes {
        let facts = facts(change.raw_bytes());
        assert!(read.contains(&facts.hash));
        assert!(read.last_seq(&facts.actor) >= facts.seq);
    }
    // A new change is judged alike by both.
    let mut tx = doc.transaction();
    tx.put(ROOT, "k", 1).unwrap();
    tx.commit();
    let next = facts(doc.get_last_local_change().unwrap().raw_bytes());
    assert_eq!(causal(&next, &read), Ok(()));
}
