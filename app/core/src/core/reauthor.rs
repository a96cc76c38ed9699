//! Going on with a record of which the server has rejected a change.
//!
//! Whatever builds on a rejected change is rejected too, so the next save does not: it grows
//! from what still stands, says again what the rejected changes said, under a new actor, and
//! names the entries whose place it takes. A quarantined change is left alone: a person may
//! still let it in.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::doc::{Content, Edit, RecordDoc, difference};
use shared::hash::ChangeHash;
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;
use shared::record::{Kind, Merge, Scalar, field_def};

use super::{CoreError, project};
use crate::store::{EntryRow, VerdictState, entry_rows};

/// What a save begins with.
pub(super) struct Start {
    /// The document it builds on.
    pub(super) doc: RecordDoc,
    /// What has to be said again.
    pub(super) again: Vec<Edit>,
    /// The entries whose place it takes.
    pub(super) supersedes: Vec<EntryId>,
    /// The submission is among them, and has to be signed again.
    pub(super) submit: bool,
}

/// The document that the next save builds on.
pub(super) fn start(tx: &Connection, id: RecordId, kind: Kind) -> Result<Start, CoreError> {
    let doc = project::load(tx, id, kind)?;
    let entries = entry_rows::of_record(tx, id)?;
    let lost = lost(&entries);
    if lost.is_empty() {
        return Ok(Start {
            doc,
            again: Vec::new(),
            supersedes: Vec::new(),
            submit: false,
        });
    }
    let gone: Vec<_> = entries.iter().filter(|entry| names(entry, &lost)).collect();
    let submit = gone.iter().any(|entry| entry.kind == EntryKind::Submission);
    let supersedes = gone.iter().map(|entry| entry.id).collect();
    let kept = |entry: &EntryRow| entry.change.is_some_and(|change| !lost.contains(&change));
    let base = project::grow(kind, entries.into_iter().filter(kept))?;
    let again = edits(&base.content(), &doc.content());
    Ok(Start {
        doc: base,
        again,
        supersedes,
        submit,
    })
}

/// Our changes that were rejected, and those of ours that build on them.
fn lost(entries: &[EntryRow]) -> BTreeSet<ChangeHash> {
    let mut lost = BTreeSet::new();
    // Our own entries come in the order in which they build on each other.
    for entry in entries
        .iter()
        .filter(|entry| entry.own && !entry.superseded)
    {
        let rejected = entry.verdict == VerdictState::Rejected;
        if rejected || entry.deps.iter().any(|dep| lost.contains(dep)) {
            lost.extend(entry.change);
        }
    }
    lost
}

/// True for an entry of ours that is, or is about, a lost change.
fn names(entry: &EntryRow, lost: &BTreeSet<ChangeHash>) -> bool {
    let about = || entry.deps.iter().any(|dep| lost.contains(dep));
    let ours = entry.own && !entry.superseded && !entry.accepted();
    ours && (entry.change.is_some_and(|change| lost.contains(&change)) || about())
}

/// The edits that make one content of another.
fn edits(before: &Content, after: &Content) -> Vec<Edit> {
    let kind = after.kind;
    let mut edits: Vec<_> = difference(before, after)
        .into_iter()
        .map(|change| {
            let text = field_def(kind, &change.key).is_some_and(|it| it.merge == Merge::Text);
            let words = change
                .after
                .as_ref()
                .and_then(Scalar::as_text)
                .unwrap_or_default();
            match change.after {
                _ if text => Edit::Text {
                    value: words.to_owned(),
                },
                Some(value) => Edit::Set {
                    key: change.key,
                    value,
                },
                None => Edit::Clear { key: change.key },
            }
        })
        .collect();
    let photos = after
        .photos
        .iter()
        .filter(|(id, _)| !before.photos.contains_key(id));
    edits.extend(photos.map(|(id, photo)| Edit::AddPhoto {
        id: *id,
        photo: photo.clone(),
    }));
    let addenda = after
        .addenda
        .iter()
        .filter(|it| !before.addenda.contains(it));
    edits.extend(addenda.map(|it| Edit::AddAddendum {
        id: it.id,
        text: it.text.clone(),
        by: it.by.clone(),
        at: it.at,
    }));
    edits
}
