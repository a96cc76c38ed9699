//! A draft becomes a record: one change and one submission statement, in one transaction.

use rusqlite::Connection;
use shared::doc::{Content, Edit, PhotoMeta, RawChange, RecordDoc};
use shared::hash::ChangeHash;
use shared::ids::{ActorId, RecordId};
use shared::log::EntryKind;
use shared::record::{Fields, Kind, Merge, cover, field, field_def};
use shared::statement::{Bound, Statement};

use super::context::Context;
use super::drafts::{open_draft, problem_views};
use super::{Changed, Core, CoreError, project, receipt, record_id};
use crate::store::{DraftRow, NewEntry, draft_rows, own_log, photo_rows, record_rows};
use crate::view::ReceiptView;

impl Core {
    /// Signs and submits a draft. A search answers with its receipt. Submitting again what
    /// has been submitted answers the same and writes nothing.
    pub fn draft_submit(&self, id: &str) -> Result<Option<ReceiptView>, CoreError> {
        let id = record_id(id)?;
        let done = {
            let mut state = self.lock();
            let actor = state.actor(&self.config.env, id);
            let done = state.commit(&self.config, |tx, context| {
                if record_rows::known(tx, id)?.is_none() {
                    submit(tx, context, id, actor)?;
                }
                receipt::view(tx, context, &self.config, id)
            });
            if done.is_err() {
                state.actors.remove(&id);
            }
            done?
        };
        self.tell(Changed::Drafts);
        self.tell_committed();
        Ok(done)
    }
}

fn submit(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    actor: ActorId,
) -> Result<(), CoreError> {
    let mut draft = open_draft(tx, context, id)?;
    let problems = problem_views(&draft, context);
    if !problems.is_empty() {
        return Err(CoreError::Problems(problems));
    }
    draft.fields.set(field::REFERENCE, draft.reference.as_str());
    if draft.fields.get_time(field::COMPLETED_AT).is_none() {
        draft.fields.set(field::COMPLETED_AT, context.now());
    }
    let mut doc = RecordDoc::new(draft.kind);
    let edits = draft_edits(tx, context, &draft)?;
    let change = doc.edit(actor, context.stamp.estimate(), &edits)?;
    let change = change.ok_or(CoreError::Damaged("draft"))?;
    let content = doc.content();
    let submission = Statement::Submission(bound(&doc.heads(), &content));
    let entries = vec![
        change_entry(context, id, change),
        statement_entry(context, id, &submission),
    ];
    own_log::append(tx, &context.stamp, entries)?;
    draft_rows::remove(tx, id)?;
    photo_rows::submitted(tx, id)?;
    project::document(tx, context, id, context.me(), &doc)
}

/// The edits that make a document of a draft, with what the device adds to what was typed.
pub(super) fn draft_edits(
    tx: &Connection,
    context: &Context,
    draft: &DraftRow,
) -> Result<Vec<Edit>, CoreError> {
    let mut fields = draft.fields.clone();
    if draft.kind == Kind::StopSearch {
        fields.set(
            field::RECEIPT_HASH,
            receipt::secret(&context.vault, draft.id).hash(),
        );
        let known = &context.reference.authorisations;
        if let Some(cover) = cover(&fields, context.lists(), known) {
            fields.set(field::AUTHORISATION_CHECK, cover.as_str());
        }
    }
    let mut edits = field_edits(draft.kind, &fields);
    for photo in photo_rows::of_record(tx, draft.id)? {
        let meta = PhotoMeta {
            sha256: photo.sha256,
            bytes: photo.bytes,
            mime: photo.mime,
            caption: photo.caption,
            taken_at: photo.taken_at,
            width: photo.width,
            height: photo.height,
        };
        edits.push(Edit::AddPhoto {
            id: photo.id,
            photo: meta,
        });
    }
    Ok(edits)
}

/// The edits that give a document these fields.
pub(super) fn field_edits(kind: Kind, fields: &Fields) -> Vec<Edit> {
    let edit = |(key, value): (&str, &shared::record::Scalar)| {
        let text = field_def(kind, key).is_some_and(|def| def.merge == Merge::Text);
        match value.as_text() {
            Some(value) if text => Edit::Text {
                value: value.to_owned(),
            },
            _ => Edit::Set {
                key: key.to_owned(),
                value: value.clone(),
            },
        }
    };
    fields.iter().map(edit).collect()
}

/// The exact state that a statement is about.
pub(super) fn bound(heads: &[ChangeHash], content: &Content) -> Bound {
    Bound {
        heads: heads.to_vec(),
        photos: content.manifest(),
        schema: content.schema,
    }
}

/// The entry of a change.
pub(super) fn change_entry(context: &Context, id: RecordId, change: RawChange) -> NewEntry {
    let mut deps = change.deps;
    deps.sort();
    NewEntry {
        subject: Some(id),
        kind: EntryKind::Change,
        payload: change.bytes,
        salt: context.env.bytes(),
        change: Some(change.hash),
        deps,
        schema: context.schema.number(),
        supersedes: Vec::new(),
    }
}

/// The entry of a statement.
pub(super) fn statement_entry(context: &Context, id: RecordId, statement: &Statement) -> NewEntry {
    NewEntry {
        subject: Some(id),
        kind: statement.kind(),
        payload: statement.to_bytes(),
        salt: context.env.bytes(),
        change: None,
        deps: statement
            .bound()
            .map(|bound| bound.heads.clone())
            .unwrap_or_default(),
        schema: context.schema.number(),
        supersedes: Vec::new(),
    }
}
