//! Sharing a record with a colleague, who then edits it on a device of their own.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::doc::{Edit, RecordDoc};
use shared::ids::{ActorId, OfficerId, RecordId};
use shared::log::EntryKind;
use shared::policy::{Act, Relation, may};
use shared::record::{field, problems};
use shared::statement::{Share, Statement};
use shared::time::UnixMs;

use super::context::Context;
use super::drafts::open_draft;
use super::submit::{bound, change_entry, draft_edits, statement_entry};
use super::{Changed, Core, CoreError, project, record_id};
use crate::store::{EntryRow, draft_rows, entry_rows, held_rows, own_log, photo_rows, record_rows};
use crate::view::{ColleagueView, ProblemView, RecordView, ShareView};

impl Core {
    /// Everybody with whom a record can be shared.
    pub fn colleagues(&self) -> Result<Vec<ColleagueView>, CoreError> {
        let state = self.lock();
        let context = state.context(&self.config)?;
        let authority = &context.reference.authority;
        let able = authority.people.values().filter(|person| {
            person.active
                && person.id != context.me()
                && may(person.role, Act::Write, Relation::Shared)
        });
        let mut views: Vec<_> = able
            .map(|person| ColleagueView {
                id: person.id.to_string(),
                label: person.label(),
                team: authority
                    .teams
                    .get(&person.team)
                    .map(|team| team.name.clone())
                    .unwrap_or_default(),
            })
            .collect();
        views.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(views)
    }

    /// Gives a colleague a record of one's own, to read and to edit. A draft leaves the device
    /// with it, and is submitted later with [`Core::submit_record`].
    pub fn share(&self, id: &str, officer: &str) -> Result<RecordView, CoreError> {
        self.set_shared(id, officer, false)
    }

    /// Takes it back. What they have read and written stays.
    pub fn unshare(&self, id: &str, officer: &str) -> Result<RecordView, CoreError> {
        self.set_shared(id, officer, true)
    }

    fn set_shared(&self, id: &str, officer: &str, ended: bool) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        let with: OfficerId = officer.parse().map_err(|_| CoreError::NotFound)?;
        {
            let mut state = self.lock();
            let actor = state.actor(&self.config.env, record);
            let done = state.commit(&self.config, |tx, context| {
                if !ended {
                    may_share_with(context, with)?;
                }
                if record_rows::known(tx, record)?.is_none() {
                    let begins = !ended && draft_rows::get(tx, record)?.is_some();
                    if !begins {
                        return Err(CoreError::NotFound);
                    }
                    write_draft(tx, context, record, actor)?;
                }
                state_share(tx, context, record, Share { with, ended })
            });
            if done.is_err() {
                state.actors.remove(&record);
            }
            done?;
        }
        self.tell(Changed::Drafts);
        self.tell_committed();
        self.record_signed(id)
    }

    /// Submits a record that was shared before it was submitted.
    pub fn submit_record(&self, id: &str) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        let mut state = self.lock();
        let actor = state.actor(&self.config.env, record);
        let done = state.commit(&self.config, |tx, context| {
            let row = record_rows::known(tx, record)?.ok_or(CoreError::NotFound)?;
            if row.author != context.me() {
                return Err(CoreError::NotAllowed("not_author"));
            }
            let entries = entry_rows::facts_of(tx, record)?;
            if submitted(&entries) {
                return Err(CoreError::NotAllowed("decided"));
            }
            let mut doc = project::load(tx, record, row.kind)?;
            let content = doc.content();
            let missing = problems(row.kind, &content.fields, context.lists(), context.now());
            if !missing.is_empty() {
                let view = |it: shared::record::Problem| ProblemView {
                    field: it.field.to_owned(),
                    code: it.code.as_str().to_owned(),
                };
                return Err(CoreError::Problems(missing.into_iter().map(view).collect()));
            }
            let mut entries = Vec::new();
            if content.fields.get_time(field::COMPLETED_AT).is_none() {
                let done = Edit::Set {
                    key: field::COMPLETED_AT.to_owned(),
                    value: context.now().into(),
                };
                let change = doc.edit(actor, context.stamp.estimate(), &[done])?;
                let entry = |it| change_entry(context, record, it);
                entries.extend(change.map(entry));
            }
            let content = doc.content();
            let submission = Statement::Submission(bound(&doc.heads(), &content));
            entries.push(statement_entry(context, record, &submission));
            own_log::append(tx, &context.stamp, entries)?;
            project::document(tx, context, record, row.author, &doc)
        });
        if done.is_err() {
            state.actors.remove(&record);
        }
        drop(state);
        done?;
        self.tell_committed();
        self.record_signed(id)
    }
}

fn may_share_with(context: &Context, with: OfficerId) -> Result<(), CoreError> {
    let person = context.reference.authority.person(with);
    let able = person.filter(|it| it.active && may(it.role, Act::Write, Relation::Shared));
    if with == context.me() || able.is_none() {
        return Err(CoreError::BadInput("officer".to_owned()));
    }
    Ok(())
}

fn state_share(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    share: Share,
) -> Result<(), CoreError> {
    let row = record_rows::known(tx, id)?.ok_or(CoreError::NotFound)?;
    if row.author != context.me() {
        return Err(CoreError::NotAllowed("not_author"));
    }
    let entries = entry_rows::facts_of(tx, id)?;
    if super::edits::withdrawn(&entries) {
        return Err(CoreError::NotAllowed("withdrawn"));
    }
    let shared = in_force(tx, id, row.author)?.contains_key(&share.with);
    if shared != share.ended {
        return Ok(());
    }
    let entry = statement_entry(context, id, &Statement::Share(share));
    own_log::append(tx, &context.stamp, vec![entry])?;
    project::states(tx, context, id)
}

/// A draft becomes a record that is not submitted yet.
fn write_draft(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    actor: ActorId,
) -> Result<(), CoreError> {
    let mut draft = open_draft(tx, context, id)?;
    draft.fields.set(field::REFERENCE, draft.reference.as_str());
    let mut doc = RecordDoc::new(draft.kind);
    let edits = draft_edits(tx, context, &draft)?;
    let change = doc.edit(actor, context.stamp.estimate(), &edits)?;
    let change = change.ok_or(CoreError::Damaged("draft"))?;
    let entry = change_entry(context, id, change);
    own_log::append(tx, &context.stamp, vec![entry])?;
    draft_rows::remove(tx, id)?;
    photo_rows::submitted(tx, id)?;
    project::document(tx, context, id, context.me(), &doc)
}

/// True if a submission stands.
pub(super) fn submitted(entries: &[EntryRow]) -> bool {
    entries
        .iter()
        .any(|it| it.kind == EntryKind::Submission && it.stands() && !it.let_go)
}

/// Those with whom the author shares a record now, each with when and whether the server has
/// accepted it.
pub(super) fn in_force(
    conn: &Connection,
    id: RecordId,
    author: OfficerId,
) -> Result<BTreeMap<OfficerId, (UnixMs, bool)>, CoreError> {
    let mut shared = BTreeMap::new();
    for entry in held_rows::of_kind(conn, id, EntryKind::Share)? {
        if entry.officer != author || !entry.stands() {
            continue;
        }
        if let Ok(Statement::Share(share)) = Statement::from_bytes(entry.kind, &entry.payload) {
            if share.ended {
                shared.remove(&share.with);
            } else {
                shared.insert(share.with, (entry.at, entry.accepted()));
            }
        }
    }
    Ok(shared)
}

/// The same, as screens get it.
pub(super) fn views(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    author: OfficerId,
) -> Result<Vec<ShareView>, CoreError> {
    let shared = in_force(conn, id, author)?;
    let view = |(officer, (at, accepted)): (OfficerId, (UnixMs, bool))| ShareView {
        officer_id: officer.to_string(),
        label: context.label_or_id(officer),
        at: at.0,
        accepted,
    };
    Ok(shared.into_iter().map(view).collect())
}
