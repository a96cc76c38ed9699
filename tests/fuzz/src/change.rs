//! Changes, in front of Automerge: the preflight, the causal rules, and letting in.

use std::sync::OnceLock;

use shared::codes::CodeLists;
use shared::doc::{About, Edit, RecordDoc, Refused};
use shared::guard::{Checked, Limits};
use shared::hash::sha256;
use shared::ids::ActorId;
use shared::projection::project;
use shared::record::Kind;
use shared::time::UnixMs;

use crate::{Form, Room, Target};

/// The largest change that is let in makes Automerge ask for this much in all, with the copy,
/// the saving and the loading that prove it.
const ROOM: Room = Room {
    flat: 96 << 20,
    per_byte: 64,
};

pub(crate) fn targets() -> Vec<Target> {
    vec![
        Target {
            name: "change",
            run: change,
            honest: changes,
            form: Form::Change,
            room: ROOM,
        },
        Target {
            name: "change_content",
            run: content,
            honest: contents,
            form: Form::Change,
            room: ROOM,
        },
    ]
}

/// A document, and the honest change that follows it.
struct Moment {
    before: RecordDoc,
    next: Vec<u8>,
}

/// Moments in the lives of a note and of a search.
fn moments() -> &'static [Moment] {
    static MOMENTS: OnceLock<Vec<Moment>> = OnceLock::new();
    MOMENTS.get_or_init(|| {
        [Kind::Note, Kind::StopSearch]
            .into_iter()
            .flat_map(life)
            .collect()
    })
}

/// Three people write in turn; every other edit leads to a moment.
fn life(kind: Kind) -> Vec<Moment> {
    let edit = |n: u8| match kind {
        // As long as a note may be: each character is an operation.
        Kind::Note if n == 7 => Edit::Text {
            value: "Nothing 🚓 seen. ".repeat(620),
        },
        Kind::Note => Edit::Text {
            value: format!("Walked the beat {n} times; nothing seen. Zoë 🚓"),
        },
        Kind::StopSearch if n.is_multiple_of(3) => Edit::AddAddendum {
            id: [n; 16],
            text: "He was known to me.".to_owned(),
            by: "PC 1".to_owned(),
            at: UnixMs(1_790_000_000_000),
            about: About::default(),
        },
        Kind::StopSearch => Edit::Set {
            key: "grounds".to_owned(),
            value: format!("Seen to hand over {n} small packets")
                .as_str()
                .into(),
        },
    };
    let (mut doc, mut moments) = (RecordDoc::new(kind), Vec::new());
    for n in 0..8 {
        let before = doc.clone();
        let actor = ActorId::from_bytes([n % 3 + 1; 16]);
        let made = doc.edit(actor, UnixMs(1_790_000_000_000), &[edit(n)]);
        if let (1, Ok(Some(change))) = (n & 1, made) {
            let next = change.bytes;
            moments.push(Moment { before, next });
        }
    }
    moments
}

/// A change as it stands in an entry.
fn change(data: &[u8]) {
    let Ok(checked) = Checked::parse(data.to_vec(), &Limits::default()) else {
        return;
    };
    for moment in moments() {
        let mut doc = moment.before.clone();
        match doc.admit(vec![checked.clone()]) {
            Ok(()) => prove_usable(&doc),
            Err(Refused::Missing(_) | Refused::Never(_)) => {
                let same = doc.heads() == moment.before.heads();
                assert!(same, "a refusal that changed the record");
            }
        }
    }
}

/// The same, with length and checksum made right: what an attacker can do, and chance cannot.
fn content(data: &[u8]) {
    change(&chunk(data));
}

/// What was let in must load, read and be editable like any other record.
fn prove_usable(doc: &RecordDoc) {
    let loaded = RecordDoc::load(doc.kind(), &doc.save());
    let Ok(mut loaded) = loaded else {
        unreachable!("a record that was let in and does not load");
    };
    assert!(
        loaded.heads() == doc.heads(),
        "a record that loads as another"
    );
    assert!(
        loaded.content() == doc.content(),
        "a record that reads as another"
    );
    let projection = project(&doc.content(), CodeLists::builtin(), None);
    assert!(serde_json::to_string(&projection).is_ok());
    let edit = Edit::Set {
        key: "place_text".to_owned(),
        value: "afterwards".into(),
    };
    let actor = ActorId::from_bytes([0xAA; 16]);
    assert!(
        loaded
            .edit(actor, UnixMs(1_790_000_000_002), &[edit])
            .is_ok(),
        "a record that nobody can edit any more"
    );
}

/// The honest changes.
pub(crate) fn changes() -> Vec<Vec<u8>> {
    moments().iter().map(|it| it.next.clone()).collect()
}

fn contents() -> Vec<Vec<u8>> {
    let inside = |bytes: Vec<u8>| {
        // Four bytes of magic, four of checksum, the type, and the length in base 128.
        let length = bytes[9..].iter().position(|byte| *byte < 0x80)?;
        Some(bytes[10 + length..].to_vec())
    };
    changes().into_iter().filter_map(inside).collect()
}

fn chunk(content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![1];
    let mut length = content.len();
    while length >= 0x80 {
        hashed.push(length as u8 | 0x80);
        length >>= 7;
    }
    hashed.push(length as u8);
    hashed.extend(content);
    let checksum = sha256(&[&hashed]);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_changes_are_let_in_and_put_together_again_are_the_same() {
        for moment in moments() {
            let checked = Checked::parse(moment.next.clone(), &Limits::default());
            let admitted = moment.before.clone().admit(checked.into_iter().collect());
            assert_eq!(admitted, Ok(()));
        }
        assert_eq!(changes().len(), 8);
        let again: Vec<_> = contents().iter().map(|it| chunk(it)).collect();
        assert_eq!(again, changes());
    }
}
