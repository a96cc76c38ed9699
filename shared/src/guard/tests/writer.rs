//! Officers at work: random honest edits by several actors.

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

const KEYS: [&str; 8] = [
    "ethnicity",
    "outcome",
    "search_time",
    "grounds",
    "location",
    "note",
    "ref",
    "café",
];
const WORDS: [&str; 6] = ["male, 20s ", "blue jacket ", "zoë ", "🚓 ", "\n", "x"];

/// A number below `end`.
pub(super) fn below(rng: &mut ChaCha8Rng, end: usize) -> usize {
    rng.next_u32() as usize % end
}

/// The changes of a random record in the order in which a server saw them:
/// `writers` replicas that write, merge, and start again under a new actor.
pub(super) fn record(seed: u64, writers: usize, steps: usize) -> Vec<Change> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut first = Automerge::new().with_actor(actor(&mut rng));
    let mut tx = first.transaction();
    let note = tx.put_object(ROOT, "note", ObjType::Text).unwrap();
    let items = tx.put_object(ROOT, "items", ObjType::List).unwrap();
    let people = tx.put_object(ROOT, "people", ObjType::Map).unwrap();
    tx.put(ROOT, "count", ScalarValue::counter(0)).unwrap();
    tx.commit();
    let places = Places {
        note,
        items,
        people,
    };
    let mut replicas: Vec<_> = (0..writers)
        .map(|_| first.fork().with_actor(actor(&mut rng)))
        .collect();
    for _ in 0..steps {
        step(&mut rng, &mut replicas, &places);
    }
    let (server, others) = replicas.split_first_mut().unwrap();
    for other in others {
        server.merge(other).unwrap();
    }
    server.get_changes(&[])
}

/// The containers every record has.
struct Places {
    note: ObjId,
    items: ObjId,
    people: ObjId,
}

fn actor(rng: &mut ChaCha8Rng) -> ActorId {
    let mut id = [0; 16];
    rng.fill_bytes(&mut id);
    ActorId::from(id)
}

fn step(rng: &mut ChaCha8Rng, replicas: &mut [Automerge], places: &Places) {
    let at = below(rng, replicas.len());
    match below(rng, 12) {
        0 | 1 => {
            let from = below(rng, replicas.len());
            let mut from = replicas[from].clone();
            replicas[at].merge(&mut from).unwrap();
        }
        2 => {
            let id = actor(rng);
            replicas[at] = Automerge::load(&replicas[at].save())
                .unwrap()
                .with_actor(id);
        }
        3 if below(rng, 4) == 0 => {
            replicas[at].empty_commit(CommitOptions::default());
        }
        _ => write(rng, &mut replicas[at], places),
    }
}

fn write(rng: &mut ChaCha8Rng, doc: &mut Automerge, places: &Places) {
    let mut tx = doc.transaction();
    for _ in 0..=below(rng, 6) {
        edit(rng, &mut tx, places);
    }
    let mut options = CommitOptions::default().with_time(i64::from(rng.next_u32()));
    if below(rng, 3) == 0 {
        options = options.with_message("amended");
    }
    tx.commit_with(options);
}

fn edit(rng: &mut ChaCha8Rng, tx: &mut Transaction<'_>, places: &Places) {
    let key = KEYS[below(rng, KEYS.len())];
    let items = tx.length(&places.items);
    match below(rng, 11) {
        0..=2 => tx.put(&places.people, key, scalar(rng)).unwrap(),
        3 => tx
            .put(ROOT, format!("field_{}", below(rng, 40)), scalar(rng))
            .unwrap(),
        4 => {
            let person = tx.put_object(&places.people, key, ObjType::Map).unwrap();
            tx.put(&person, "age", 20).unwrap();
        }
        5 => _ = tx.delete(&places.people, key),
        6 => tx
            .increment(ROOT, "count", below(rng, 9) as i64 - 4)
            .unwrap(),
        7 => tx
            .insert(&places.items, below(rng, items + 1), scalar(rng))
            .unwrap(),
        8 if items > 0 => {
            let index = below(rng, items);
            match below(rng, 2) {
                0 => tx.delete(&places.items, index).unwrap(),
                _ => tx.put(&places.items, index, scalar(rng)).unwrap(),
            }
        }
        9 => mark(rng, tx, &places.note),
        _ => splice(rng, tx, &places.note),
    }
}

fn splice(rng: &mut ChaCha8Rng, tx: &mut Transaction<'_>, note: &ObjId) {
    let len = tx.length(note);
    let start = below(rng, len + 1);
    let gone = below(rng, (len - start).min(5) + 1) as isize;
    let text = WORDS[below(rng, WORDS.len())].repeat(below(rng, 4));
    tx.splice_text(note, start, gone, &text).unwrap();
}

fn mark(rng: &mut ChaCha8Rng, tx: &mut Transaction<'_>, note: &ObjId) {
    let len = tx.length(note);
    if len < 2 {
        return;
    }
    let start = below(rng, len - 1);
    let end = start + 1 + below(rng, len - start - 1);
    let mark = Mark::new("bold".into(), true, start, end);
    tx.mark(note, mark, ExpandMark::Both).unwrap();
}

fn scalar(rng: &mut ChaCha8Rng) -> ScalarValue {
    match below(rng, 10) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(below(rng, 2) == 0),
        2 => ScalarValue::Uint(rng.next_u64()),
        3 => ScalarValue::Int(rng.next_u64() as i64),
        4 => ScalarValue::F64(f64::from(rng.next_u32()) / 7.0),
        5 => ScalarValue::Bytes(vec![7; below(rng, 40)]),
        6 => ScalarValue::counter(below(rng, 100) as i64 - 50),
        7 => ScalarValue::Timestamp(i64::from(rng.next_u32())),
        _ => ScalarValue::Str(WORDS[below(rng, WORDS.len())].repeat(below(rng, 9)).into()),
    }
}
