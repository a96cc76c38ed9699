//! Saying words again that cannot stay where they were said.
//!
//! Whatever builds on a change that is kept out is kept out too, so what the officer wrote
//! after it is said again on what still stands, under a new actor, and names the entries whose
//! place it takes. Each change is said again as a change: it edits what it edited, and says
//! nothing of what is kept out. So nothing is doubled if that is let in after all.

use rusqlite::Connection;
use shared::doc::{Content, Edit, RecordDoc, difference};
use shared::hash::ChangeHash;
use shared::ids::{ActorId, EntryId, RecordId};
use shared::log::EntryKind;
use shared::record::{Kind, Merge, Scalar, field, field_def};

use super::context::Context;
use super::inside::{Standing, is_held};
use super::rebase::rebase;
use super::submit::change_entry;
use super::{CoreError, project};
use crate::store::{EntryRow, NewEntry, VerdictState, entry_rows};

/// What a save begins with.
pub(super) struct Start {
    /// The document it builds on.
    pub(super) doc: RecordDoc,
    /// What has to be said again.
    pub(super) again: Vec<Edit>,
    /// The entries whose place it takes.
    pub(super) supersedes: Vec<EntryId>,
    /// The submission is among them, and is signed again with the save.
    pub(super) submit: bool,
}

/// The document that the next save builds on.
pub(super) fn start(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    kind: Kind,
) -> Result<Start, CoreError> {
    let entries = entry_rows::of_record(tx, id)?;
    let standing = Standing::of(&entries);
    let gone = gone(&entries, &standing);
    if gone.is_empty() {
        return Ok(Start {
            doc: project::load(tx, id, kind)?,
            again: Vec::new(),
            supersedes: Vec::new(),
            submit: false,
        });
    }
    let base = project::grow(kind, &entries, |change| standing.inside.contains(change))?;
    let with = with(context, id, &base, &entries, &gone)?;
    Ok(Start {
        again: edits(&base.content(), &with.content()),
        doc: base,
        supersedes: gone.iter().map(|entry| entry.id).collect(),
        submit: gone.iter().any(|it| it.kind == EntryKind::Submission),
    })
}

/// The entries of ours whose place a save takes: those that were rejected, which can never be let
/// in as they are, and what builds on them. A quarantined change is left alone, since a person
/// may still let it in.
fn gone<'a>(entries: &'a [EntryRow], standing: &Standing) -> Vec<&'a EntryRow> {
    let mut lost = std::collections::BTreeSet::new();
    let mut gone = Vec::new();
    for entry in entries.iter().filter(|it| is_held(it, standing)) {
        let wanted = entry.verdict == VerdictState::Rejected && !erased(entry);
        let builds_on = entry.deps.iter().any(|dep| lost.contains(dep));
        if wanted || builds_on {
            lost.extend(entry.change);
            gone.push(entry);
        }
    }
    // A rejected statement alone takes nothing with it: there are no words to say again.
    let words = gone.iter().any(|entry| entry.kind == EntryKind::Change);
    if words { gone } else { Vec::new() }
}

/// True if the record was erased: what was erased is not brought back.
pub(super) fn erased(entry: &EntryRow) -> bool {
    entry.reason.as_deref() == Some(shared::wire::VerdictCode::Erased.as_str())
}

/// Says changes again, one by one, on the document that `doc` is. `past` holds everything that
/// they built on; `supersedes` gives what each takes the place of. One for one: where the server
/// has let one of them in meanwhile, it is that one's new form that it does not need.
pub(super) fn again(
    context: &Context,
    id: RecordId,
    doc: &mut RecordDoc,
    past: &RecordDoc,
    changes: &[&EntryRow],
    supersedes: impl Fn(&EntryRow) -> Result<Vec<EntryId>, CoreError>,
) -> Result<Vec<NewEntry>, CoreError> {
    let actor = ActorId::from_bytes(context.env.bytes());
    let mut entries = Vec::new();
    for entry in changes {
        let Some(change) = entry.change else { continue };
        let edits = edits_of(doc, past, entry, change)?;
        let Some(change) = doc.edit(actor, entry.at, &edits)? else {
            continue;
        };
        let mut new = change_entry(context, id, change);
        new.supersedes = supersedes(entry)?;
        entries.push(new);
    }
    Ok(entries)
}

/// The document with these words of ours too. What they built on may be gone, so that their changes
/// cannot be let into it; what they edited can be.
pub(super) fn with(
    context: &Context,
    id: RecordId,
    base: &RecordDoc,
    entries: &[EntryRow],
    words: &[&EntryRow],
) -> Result<RecordDoc, CoreError> {
    let past = project::grow(base.kind(), entries, |_| true)?;
    let mut doc = base.clone();
    again(context, id, &mut doc, &past, words, |_| Ok(Vec::new()))?;
    Ok(doc)
}

/// What one change edited, as edits of the document that stands now.
fn edits_of(
    doc: &RecordDoc,
    past: &RecordDoc,
    entry: &EntryRow,
    change: ChangeHash,
) -> Result<Vec<Edit>, CoreError> {
    let begins = entry.deps == [shared::doc::genesis(doc.kind()).hash];
    let before = if begins {
        Content::empty(doc.kind())
    } else {
        past.at(&entry.deps)?
    };
    let after = past.at(&[change])?;
    let now = doc.content();
    let mut edits = edits(&before, &after);
    for edit in &mut edits {
        if let Edit::Text { value } = edit {
            let text = |content: &Content| {
                let text = content.fields.get_text(field::TEXT);
                text.unwrap_or_default().to_owned()
            };
            *value = rebase(&text(&now), &text(&before), value);
        }
    }
    Ok(edits)
}

/// The edits that make one content of another.
pub(super) fn edits(before: &Content, after: &Content) -> Vec<Edit> {
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
        about: it.about.clone(),
    }));
    edits
}
