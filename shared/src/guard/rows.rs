//! The operations of a change, row by row: what they refer to must exist.
//!
//! Runs after the rows were counted, so the work is bounded by
//! [`super::Limits::ops_per_change`] and `preds_per_change`. Nothing is stored.

use super::Refusal;
use super::columns::{Columns, Field};
use super::runs::{DeltaRows, Rows};

/// Which operations a change may refer to.
pub(super) struct Scope {
    /// Actors the change lists besides its own.
    pub(super) other_actors: u64,
    /// Counter of the first operation of the change.
    pub(super) start_op: u64,
}

impl Scope {
    /// Checks a reference made by the operation with counter `op`. Other
    /// actors' operations came before the change; its own before this one.
    fn check(&self, actor: u64, counter: u64, op: u64) -> Result<(), Refusal> {
        if actor > self.other_actors {
            return Err(Refusal::ActorIndex(actor));
        }
        let end = if actor == 0 { op } else { self.start_op };
        if (1..end).contains(&counter) {
            Ok(())
        } else {
            Err(Refusal::BadReference)
        }
    }
}

/// Checks the object, the key and the predecessors of every operation.
pub(super) fn check(columns: &Columns<'_>, ops: u64, scope: &Scope) -> Result<(), Refusal> {
    let mut objects = (
        Rows::<u64>::new(columns.get(Field::ObjActor)),
        Rows::<u64>::new(columns.get(Field::ObjCounter)),
    );
    let mut keys = (
        Rows::<u64>::new(columns.get(Field::KeyActor)),
        DeltaRows::new(columns.get(Field::KeyCounter)),
        Rows::<&str>::new(columns.get(Field::KeyText)),
    );
    let mut pred_counts = Rows::<u64>::new(columns.get(Field::PredCount));
    let mut preds = (
        Rows::<u64>::new(columns.get(Field::PredActor)),
        DeltaRows::new(columns.get(Field::PredCounter)),
    );
    for op in scope.start_op..scope.start_op + ops {
        match (objects.0.next()?, objects.1.next()?) {
            // The root map.
            (None, None) => {}
            (Some(actor), Some(counter)) => scope.check(actor, counter, op)?,
            _ => return Err(Refusal::BadReference),
        }
        match (keys.0.next()?, keys.1.next()?, keys.2.next()?) {
            // A name in a map, or the head of a list.
            (None, None, Some(_)) | (None, Some(0), None) => {}
            (Some(actor), Some(counter), None) => scope.check(actor, counter, op)?,
            _ => return Err(Refusal::BadKey),
        }
        for _ in 0..pred_counts.next()?.unwrap_or(0) {
            match (preds.0.next()?, preds.1.next()?) {
                (Some(actor), Some(counter)) => scope.check(actor, counter, op)?,
                _ => return Err(Refusal::BadReference),
            }
        }
    }
    Ok(())
}
