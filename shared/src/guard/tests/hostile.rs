//! Forms of attack on the preflight, each refused for its own reason.

use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ObjType, ROOT};

use super::super::{Limits, preflight};
use super::code;
use super::forged::{Forged, chunk, content, run, signed, unsigned};
use super::writer::record;

/// A change that fills every column.
fn rich() -> Change {
    let mut changes = record(11, 3, 300);
    changes.retain(|change| !change.other_actor_ids().is_empty() && !change.deps().is_empty());
    changes.sort_by_key(|change| change.len());
    changes.pop().unwrap()
}

/// The change made by one transaction on an empty document.
fn written(edit: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> Change {
    let mut doc = Automerge::new();
    let mut tx = doc.transaction();
    edit(&mut tx);
    tx.commit();
    doc.get_last_local_change().unwrap()
}

fn forged(alter: impl FnOnce(&mut Forged)) -> &'static str {
    let mut forged = Forged::from(rich().raw_bytes());
    alter(&mut forged);
    code(&forged.seal())
}

#[test]
fn run_length_bombs() {
    let honest = Forged::from(rich().raw_bytes());
    let one = unsigned(1);
    let text = [unsigned(1), b"k".to_vec()].concat();
    for rows in [20_001, 1 << 24, 1 << 40, i64::MAX] {
        for (spec, value) in [
            (0x01, &one),
            (0x02, &one),
            (0x11, &one),
            (0x13, &one),
            (0x15, &text),
            (0x42, &one),
            (0x56, &unsigned(0)),
            (0x70, &one),
            (0x71, &one),
            (0x73, &one),
            (0xa5, &text),
        ] {
            let mut bomb = honest.clone();
            *bomb.column(spec) = run(rows, value);
            let code = code(&bomb.seal());
            assert!(
                ["too_many_ops", "row_count", "bad_value"].contains(&code),
                "{spec}: {code}"
            );
            // The same as a run of nulls.
            *bomb.column(spec) = [signed(0), unsigned(rows as u64)].concat();
            assert!(
                preflight(&bomb.seal(), &Limits::default()).is_err(),
                "{spec}"
            );
        }
        for spec in [0x34, 0x94] {
            let mut bomb = honest.clone();
            *bomb.column(spec) = unsigned(rows as u64);
            assert_eq!(code(&bomb.seal()), "row_count");
        }
    }
}

#[test]
fn consistent_run_length_bomb() {
    // A list of 2^40 nulls whose columns all agree: 100 bytes on the wire.
    let rows = 1 << 40;
    let bomb = Forged {
        columns: vec![
            (0x15, run(rows, b"\x01k")),
            (0x34, unsigned(rows as u64)),
            (0x42, run(rows, &unsigned(1))),
            (0x56, run(rows, &unsigned(0))),
            (0x70, run(rows, &unsigned(0))),
        ],
        ..Forged::from(rich().raw_bytes())
    };
    assert_eq!(code(&bomb.seal()), "too_many_ops");
}

#[test]
fn predecessor_bombs() {
    let bomb = run(1 << 40, &unsigned(1 << 40));
    assert_eq!(forged(|f| *f.column(0x70) = bomb), "row_count");
    let ops = rich().len() as i64;
    for each in [40_000, 1 << 40, u64::MAX] {
        let bomb = run(ops, &unsigned(each));
        assert_eq!(forged(|f| *f.column(0x70) = bomb), "too_many_preds");
    }
}

#[test]
fn long_keys_cannot_be_repeated() {
    let key = [unsigned(257), vec![b'k'; 257]].concat();
    assert_eq!(
        forged(|f| *f.column(0x15) = run(20_000, &key)),
        "key_too_long"
    );
}

#[test]
fn too_many_operations() {
    let change = written(|tx| {
        for n in 0..=20_000 {
            tx.put(ROOT, "k", n).unwrap();
        }
    });
    assert_eq!(code(change.raw_bytes()), "too_many_ops");
}

#[test]
fn nesting_bomb() {
    let nested = |depth| {
        written(|tx| {
            let mut at = ROOT;
            for _ in 0..depth {
                at = tx.put_object(&at, "in", ObjType::Map).unwrap();
            }
        })
    };
    assert_eq!(code(nested(64).raw_bytes()), "accepted");
    assert_eq!(code(nested(65).raw_bytes()), "too_many_containers");
    assert_eq!(code(nested(2_000).raw_bytes()), "too_many_containers");
}

#[test]
fn compressed_and_other_chunks() {
    let mut doc = Automerge::new();
    let mut tx = doc.transaction();
    tx.put(ROOT, "k", "x".repeat(100_000)).unwrap();
    tx.commit();
    let mut change = doc.get_last_local_change().unwrap();
    assert_eq!(code(&change.bytes()), "compressed_chunk");
    assert_eq!(code(&doc.save()), "not_a_change");
    for kind in [0, 3, 4, 255] {
        assert_eq!(
            code(&chunk(kind, content(change.raw_bytes()))),
            "not_a_change"
        );
    }
    assert_eq!(code(b""), "truncated");
    assert_eq!(code(b"not automerge"), "bad_magic");
}

#[test]
fn compressed_unknown_and_unordered_columns() {
    assert_eq!(forged(|f| f.columns[6].0 |= 8), "compressed_column");
    assert_eq!(forged(|f| f.columns.push((0xf5, vec![]))), "unknown_column");
    assert_eq!(
        forged(|f| f.columns.push((1 << 40, vec![]))),
        "unknown_column"
    );
    assert_eq!(forged(|f| f.columns.swap(0, 1)), "column_order");
    assert_eq!(
        forged(|f| f.columns.insert(0, f.columns[0].clone())),
        "column_order"
    );
}

#[test]
fn headers_out_of_bounds() {
    assert_eq!(forged(|f| f.start_op = 0), "op_range");
    for start_op in [u64::from(u32::MAX) - 10, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(forged(|f| f.start_op = start_op), "op_range");
    }
    assert_eq!(forged(|f| f.start_op = (1 << 31) - 1), "op_range");
    assert_eq!(forged(|f| f.seq = 0), "seq_range");
    assert_eq!(forged(|f| f.seq = u64::MAX), "seq_range");
    assert_eq!(forged(|f| f.time = i64::MAX), "time_range");
    assert_eq!(forged(|f| f.time = i64::MIN), "time_range");
    assert_eq!(forged(|f| f.message = vec![b'm'; 257]), "message_too_long");
    assert_eq!(forged(|f| f.message = vec![0xff]), "bad_text");
    assert_eq!(forged(|f| f.extra = vec![0; 321]), "extra_too_long");
    assert_eq!(forged(|f| f.actor = vec![0; 17]), "actor_length");
    assert_eq!(forged(|f| f.actor = vec![0; 100_000]), "actor_length");
    assert_eq!(forged(|f| f.others[0] = vec![]), "actor_length");
    assert_eq!(forged(|f| f.others[0] = f.actor.clone()), "repeated_actor");
    assert_eq!(
        forged(|f| f.others.push(f.others[0].clone())),
        "repeated_actor"
    );
    let ids = |count: u8| (0..count).map(|n| vec![n; 16]).collect();
    assert_eq!(forged(|f| f.others = ids(65)), "too_many_actors");
    assert_eq!(
        forged(|f| f.deps = (0..65).map(|n| [n; 32]).collect()),
        "too_many_deps"
    );
    assert_eq!(forged(|f| f.deps.push(f.deps[0])), "repeated_dep");
}

#[test]
fn references_to_what_is_not_there() {
    assert_eq!(forged(|f| f.others.clear()), "actor_index");
    // Two operations, each of whose key, object or predecessor is the other.
    let lone = written(|tx| {
        tx.put(ROOT, "a", 1).unwrap();
        tx.put(ROOT, "b", 2).unwrap();
    });
    let alter = |spec, data: Vec<u8>, counter, numbers: Vec<u8>| {
        let mut forged = Forged::from(lone.raw_bytes());
        *forged.column(spec) = data;
        *forged.column(counter) = numbers;
        code(&forged.seal())
    };
    let zeros = run(2, &unsigned(0));
    assert_eq!(
        alter(0x01, zeros.clone(), 0x02, run(2, &unsigned(1))),
        "bad_reference"
    );
    assert_eq!(
        alter(0x01, zeros.clone(), 0x02, run(2, &unsigned(2))),
        "bad_reference"
    );
    assert_eq!(
        alter(0x11, zeros.clone(), 0x13, run(2, &signed(1))),
        "bad_key"
    );
    let mut forged = Forged::from(lone.raw_bytes());
    *forged.column(0x70) = run(2, &unsigned(1));
    *forged.column(0x71) = zeros;
    *forged.column(0x73) = [signed(-2), signed(2), signed(-1)].concat();
    assert_eq!(code(&forged.seal()), "bad_reference");
}

#[test]
fn bad_values() {
    let lone = written(|tx| tx.put(ROOT, "a", 1).unwrap());
    let value = |meta: u64, raw: &[u8]| {
        let mut forged = Forged::from(lone.raw_bytes());
        *forged.column(0x56) = run(1, &unsigned(meta));
        *forged.column(0x57) = raw.to_vec();
        code(&forged.seal())
    };
    assert_eq!(value(0x14, &[5]), "accepted");
    assert_eq!(value(0x14, &[]), "bad_value");
    assert_eq!(value(0x14, &[5, 6]), "bad_value");
    assert_eq!(value(!0xf | 7, &[5]), "bad_value");
    assert_eq!(value(0x85, &[0; 8]), "accepted");
    assert_eq!(value(0x45, &[0; 4]), "bad_value");
    assert_eq!(value(0x16, &[0xff]), "bad_text");
    assert_eq!(value(0x1a, &[5]), "bad_value");
    assert_eq!(value(0x10, &[5]), "bad_value");
}

#[test]
fn cut_short_at_every_byte() {
    let change = rich();
    let bytes = change.raw_bytes();
    for end in 0..bytes.len() {
        let code = code(&bytes[..end]);
        assert_eq!(code, "truncated", "at {end}");
    }
    // The same with a header that is right for what is left.
    let content = content(bytes);
    for end in 0..content.len() {
        assert_ne!(code(&chunk(1, &content[..end])), "accepted", "at {end}");
    }
}

#[test]
fn altered_extended_and_oversized() {
    let change = rich();
    let bytes = change.raw_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.to_vec();
        altered[at] ^= 1;
        assert_ne!(code(&altered), "accepted", "at {at}");
    }
    let twice = [bytes, bytes].concat();
    assert_eq!(code(&twice), "trailing_bytes");
    assert_eq!(code(&vec![0; 256 * 1024 + 1]), "change_too_large");
    let long = written(|tx| tx.put(ROOT, "k", "x".repeat(300_000)).unwrap());
    assert_eq!(code(long.raw_bytes()), "change_too_large");
}
