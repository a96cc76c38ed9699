//! What is decided of a change: by the policy, and then by the guard.

use shared::doc::{RecordDoc, Refused};
use shared::guard::{Checked, Limits};
use shared::hash::BlobHash;
use shared::ids::PhotoId;
use shared::projection::{Projection, project};
use shared::record::Kind;
use shared::wire::VerdictCode;

use super::decide::{Facts, Objection, Step, Unreadable, kind_of_genesis, named, permit, unheard};
use super::hot::Warm;
use crate::store::{Case, CaseRecord, NewState, Outcome, WaitsOn};

/// Judges a change.
pub(super) fn decide(case: &Case, facts: &mut Facts<'_>) -> Result<Outcome, Unreadable> {
    match permit(case, None, &named(case)) {
        Ok(()) => {}
        Err(Objection::Held(code)) => return Ok(held(case, code, facts)),
        Err(refused) => return Ok(refused.outcome(case)),
    }
    let before = match begin(case, facts)? {
        Ok(before) => before,
        Err(outcome) => return Ok(outcome),
    };
    let warm = match admit(case, before) {
        Ok(warm) => warm,
        Err(refused) => {
            let Refusal { before, outcome } = *refused;
            facts.doc = case.record.is_some().then_some(before);
            return Ok(outcome);
        }
    };
    let projection = project(&warm.doc.content(), facts.lists, facts.areas);
    let Ok(json) = serde_json::to_string(&projection) else {
        return Ok(Outcome::Reject(VerdictCode::Guard, "projection"));
    };
    let snapshot = warm.doc.save();
    let state = NewState {
        kind: warm.doc.kind(),
        heads: warm.doc.heads(),
        projection: json,
        photos: photos(&projection),
        snapshot,
    };
    let bytes = state.snapshot.len();
    facts.doc = Some(Warm { bytes, ..warm });
    Ok(Outcome::AcceptChange(Box::new(state)))
}

fn photos(projection: &Projection) -> Vec<(PhotoId, BlobHash)> {
    let photos = projection.photos.iter();
    photos.map(|(photo, blob, _)| (*photo, *blob)).collect()
}

/// A change that is held, with the record as it would be with it: people look at that, and
/// nobody is given the change.
fn held(case: &Case, code: VerdictCode, facts: &mut Facts<'_>) -> Outcome {
    let before = begin(case, facts);
    let after = before.ok().and_then(Result::ok).and_then(|warm| {
        let (changes, doc, bytes) = (warm.changes, warm.doc.clone(), warm.bytes);
        facts.doc = case.record.is_some().then_some(warm);
        let copy = Warm {
            changes,
            doc,
            bytes,
        };
        admit(case, copy).ok()
    });
    let json = after.and_then(|warm| {
        let projection = project(&warm.doc.content(), facts.lists, facts.areas);
        serde_json::to_string(&projection).ok()
    });
    Outcome::Quarantine(code, json, unheard(case, code))
}

/// The document that the change would be let into, which is taken out of the facts.
fn begin(case: &Case, facts: &mut Facts<'_>) -> Result<Step<Warm>, Unreadable> {
    let deps = || case.header.deps.iter();
    let begins = deps().find_map(|dep| kind_of_genesis(*dep));
    match (&case.record, begins) {
        (Some(record), Some(kind)) if record.kind != kind => {
            let other = Outcome::Reject(VerdictCode::Guard, "other_kind");
            Ok(Err(other))
        }
        (Some(record), _) => document(case, record, facts).map(Ok),
        (None, Some(kind)) => Ok(Ok(Warm {
            changes: 0,
            doc: RecordDoc::new(kind),
            bytes: 0,
        })),
        (None, None) => Ok(Err(Outcome::Reject(VerdictCode::Guard, "no_genesis"))),
    }
}

/// The record's document: at hand, or read, or grown again from its changes.
pub(super) fn document(
    case: &Case,
    record: &CaseRecord,
    facts: &mut Facts<'_>,
) -> Result<Warm, Unreadable> {
    if let Some(warm) = facts.doc.take() {
        return Ok(warm);
    }
    let (doc, bytes) = match (&case.history, &record.snapshot) {
        (Some(history), _) => {
            let doc = grow(record.kind, history).ok_or(Unreadable)?;
            (doc, history.iter().map(Vec::len).sum())
        }
        (None, Some(snapshot)) => {
            let doc = RecordDoc::load(record.kind, snapshot).map_err(|_| Unreadable)?;
            (doc, snapshot.len())
        }
        (None, None) => return Err(Unreadable),
    };
    let changes = record.changes;
    Ok(Warm {
        changes,
        doc,
        bytes,
    })
}

/// A document grown from its stored changes, if they read.
fn grow(kind: Kind, changes: &[Vec<u8>]) -> Option<RecordDoc> {
    let limits = Limits::default();
    let changes = changes.iter().cloned();
    let changes: Result<Vec<_>, _> = changes
        .map(|bytes| Checked::parse(bytes, &limits))
        .collect();
    RecordDoc::from_changes(kind, changes.ok()?).ok()
}

/// A change that was not let in, and the document as it was.
struct Refusal {
    before: Warm,
    outcome: Outcome,
}

/// Runs the guard.
fn admit(case: &Case, mut warm: Warm) -> Result<Warm, Box<Refusal>> {
    let refused = match Checked::parse(case.payload.clone(), &Limits::default()) {
        Ok(checked) => warm.doc.admit(vec![checked]).err(),
        Err(refusal) => Some(Refused::Never(refusal)),
    };
    let outcome = match refused {
        None => {
            warm.changes += 1;
            return Ok(warm);
        }
        Some(Refused::Never(refusal)) => Outcome::Reject(VerdictCode::Guard, refusal.code()),
        Some(Refused::Missing(missing)) => {
            let first = missing.first();
            let waits_on = first.map_or(WaitsOn::Nothing, |hash| WaitsOn::Change(*hash));
            Outcome::Park(VerdictCode::MissingDependency, waits_on)
        }
    };
    let before = warm;
    Err(Box::new(Refusal { before, outcome }))
}
