//! Records as documents: golden bytes, editing, convergence, and what hostile changes do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod convergence;
mod editing;
mod golden;
mod hostile;

use super::{Edit, RawChange, RecordDoc};
use crate::guard::{Checked, Limits};
use crate::ids::ActorId;
use crate::record::{Kind, Scalar};
use crate::time::UnixMs;

const AT: UnixMs = UnixMs(1_795_380_720_000);

fn actor(number: u8) -> ActorId {
    ActorId::from_bytes([number; 16])
}

fn set(key: &str, value: impl Into<Scalar>) -> Edit {
    Edit::Set {
        key: key.into(),
        value: value.into(),
    }
}

fn checked(change: &RawChange) -> Checked {
    Checked::parse(change.bytes.clone(), &Limits::default()).unwrap()
}

/// All changes of a document, as another device receives them.
fn received(doc: &RecordDoc) -> Vec<Checked> {
    doc.changes().iter().map(checked).collect()
}

/// A search that officer 1 began, and a copy of it on the device of officer 2.
fn two_devices() -> (RecordDoc, RecordDoc) {
    let mut one = RecordDoc::new(Kind::StopSearch);
    let edits = [
        set("grounds", "Seen passing a bag"),
        set("place_text", "Soho Road"),
    ];
    one.edit(actor(1), AT, &edits).unwrap().unwrap();
    let two = RecordDoc::from_changes(Kind::StopSearch, received(&one)).unwrap();
    (one, two)
}
