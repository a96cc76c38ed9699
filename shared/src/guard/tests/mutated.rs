//! Honest changes altered at random, with the checksum made right again.

use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ROOT};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::super::{Causal, Past};
use super::forged::{Forged, chunk, content};
use super::writer::{below, record};
use super::{let_in, quiet, rounds};

/// A document, its past, and the change that is altered.
struct Target {
    doc: Automerge,
    past: Past,
    next: Change,
}

fn targets() -> Vec<Target> {
    (0..24)
        .map(|seed| {
            let mut changes = record(500 + seed, 3, 20 + 3 * seed as usize);
            let next = changes.pop().unwrap();
            let mut doc = Automerge::new();
            doc.apply_changes(changes).unwrap();
            let past = Past::of(&doc).unwrap();
            Target { doc, past, next }
        })
        .collect()
}

/// One to four bytes changed, put in or taken out.
fn alter_bytes(rng: &mut ChaCha8Rng, bytes: &[u8]) -> Vec<u8> {
    let mut content = content(bytes).to_vec();
    for _ in 0..=below(rng, 4) {
        let at = below(rng, content.len());
        match below(rng, 6) {
            0 => content.insert(at, rng.next_u32() as u8),
            1 if content.len() > 1 => _ = content.remove(at),
            2 => content[at] = content[at].wrapping_add(1),
            _ => content[at] = rng.next_u32() as u8,
        }
    }
    chunk(1, &content)
}

/// One part changed, everything else still well-formed.
fn alter_part(rng: &mut ChaCha8Rng, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut forged = Forged::from(bytes);
    let other = Forged::from(other);
    match below(rng, 8) {
        0 => forged.seq = forged.seq.wrapping_add_signed(below(rng, 5) as i64 - 2),
        1 => {
            forged.start_op = forged
                .start_op
                .wrapping_add_signed(below(rng, 5) as i64 - 2)
        }
        2 => forged.others = other.others,
        3 => forged.deps = other.deps,
        4 => forged.actor = other.actor,
        5 => forged.extra = (0..below(rng, 30)).map(|_| rng.next_u32() as u8).collect(),
        _ => {
            let at = below(rng, forged.columns.len());
            let column = &mut forged.columns[at];
            match other.columns.iter().find(|theirs| theirs.0 == column.0) {
                Some(theirs) if below(rng, 3) == 0 => *column = theirs.clone(),
                _ if column.1.is_empty() => column.1.push(rng.next_u32() as u8),
                _ => {
                    let byte = below(rng, column.1.len());
                    column.1[byte] = rng.next_u32() as u8 % 9;
                }
            }
        }
    }
    forged.seal()
}

/// What was let in must load, read and be editable like any other record.
fn prove_usable(doc: &Automerge) {
    let mut loaded = Automerge::load(&doc.save()).unwrap();
    assert_eq!(loaded.get_heads(), doc.get_heads());
    assert_eq!(loaded.hydrate(None), doc.hydrate(None));
    let mut tx = loaded.transaction();
    tx.put(ROOT, "afterwards", 1).unwrap();
    tx.commit();
    let again = Automerge::load(&loaded.save()).unwrap();
    assert_eq!(again.get_heads(), loaded.get_heads());
}

fn run(count: usize, alter: impl Fn(&mut ChaCha8Rng, &[u8], &[u8]) -> Vec<u8>) {
    quiet();
    let targets = targets();
    let mut rng = ChaCha8Rng::seed_from_u64(count as u64);
    let mut codes = BTreeMap::<_, usize>::new();
    for _ in 0..count {
        let target = &targets[below(&mut rng, targets.len())];
        let other = &targets[below(&mut rng, targets.len())];
        let bytes = alter(&mut rng, target.next.raw_bytes(), other.next.raw_bytes());
        let code = match let_in(&target.doc, &target.past, &bytes) {
            Ok((doc, _)) => {
                prove_usable(&doc);
                "accepted"
            }
            Err(Causal::Missing(_)) => "missing",
            Err(Causal::Refused(refusal)) => refusal.code(),
        };
        *codes.entry(code).or_default() += 1;
    }
    println!("{codes:#?}");
    assert!(codes.len() > 10, "the alterations should reach many rules");
}

#[test]
fn altered_bytes_never_get_out_of_the_guard() {
    run(rounds(10_000), |rng, bytes, _| alter_bytes(rng, bytes));
}

#[test]
fn altered_parts_never_get_out_of_the_guard() {
    run(rounds(10_000), alter_part);
}
