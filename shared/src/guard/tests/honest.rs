//! No honest change is refused.

use automerge::Automerge;

use super::super::{Limits, Past, apply};
use super::writer::record;
use super::{let_in, rounds};
use crate::guard::Checked;

#[test]
fn honest_changes_are_let_in_one_by_one() {
    let (mut seen, mut seed) = (0, 0);
    while seen < rounds(4_000) {
        let changes = record(seed, 1 + seed as usize % 4, 90);
        let mut doc = Automerge::new();
        let mut past = Past::new();
        for change in &changes {
            let (next, checked) = let_in(&doc, &past, change.raw_bytes())
                .unwrap_or_else(|refusal| panic!("seed {seed}: {refusal:?}"));
            past.insert(checked.facts());
            doc = next;
            seen += 1;
        }
        let heads: Vec<_> = doc.get_heads();
        let mut expected = Automerge::new();
        expected.apply_changes(changes).unwrap();
        assert_eq!(heads, expected.get_heads(), "seed {seed}");
        assert_eq!(doc.hydrate(None), expected.hydrate(None), "seed {seed}");
        seed += 1;
    }
}

#[test]
fn honest_changes_are_let_in_as_a_batch() {
    let limits = Limits::default();
    for seed in 1_000..1_010 {
        let changes: Vec<_> = record(seed, 3, 90)
            .iter()
            .map(|change| Checked::parse(change.raw_bytes().to_vec(), &limits).unwrap())
            .collect();
        let (first, rest) = changes.split_first().unwrap();
        let mut past = Past::genesis(first.facts());
        for change in rest {
            assert_eq!(super::causal(change.facts(), &past), Ok(()), "seed {seed}");
            past.insert(change.facts());
        }
        let applied = apply(&Automerge::new(), &changes, &limits, |doc| {
            Ok(doc.get_heads())
        })
        .unwrap_or_else(|refusal| panic!("seed {seed}: {refusal:?}"));
        assert_eq!(applied.doc.get_heads(), applied.read);
    }
}

#[test]
fn facts_are_those_automerge_reads() {
    let limits = Limits::default();
    for change in record(7, 3, 200) {
        let facts = super::super::preflight(change.raw_bytes(), &limits).unwrap();
        assert_eq!(facts.hash, change.hash().0);
        assert_eq!(facts.max_op, change.max_op());
        assert_eq!(facts.ops, change.len() as u64);
        assert_eq!(facts.actor, change.actor_id().to_bytes());
        assert_eq!(facts.time, change.timestamp());
        assert_eq!(facts.deps.len(), change.deps().len());
        assert_eq!(facts.other_actors.len(), change.other_actor_ids().len());
    }
}
