//! The officer's own words that the server keeps out, and statements to be signed again.
//!
//! Words that are kept out are never lost: they are shown beside what stands, and the officer
//! may write them again or let them go. A statement is the signer's own; it is never signed
//! again without them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::doc::{Content, Edit, RecordDoc};
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;
use shared::record::{Fields, Scalar, field, value_label};
use shared::statement::{ReviewVerdict, Statement};

use super::context::Context;
use super::edits::writable;
use super::inside::{Standing, is_held};
use super::rebuild::HELD;
use super::scalars::field_map;
use super::submit::{bound, statement_entry};
use super::tasks::{entry_id, kind_name};
use super::{Core, CoreError, lost, project, reauthor, record_id, review, share};
use crate::store::{EntryRow, VerdictState, entry_rows, lineage_rows, own_log, record_rows};
use crate::view::{ConfirmView, HeldView, RecordView};

impl Core {
    /// Writes the words that are kept out again, each change as a new one that takes its place:
    /// what takes the place of a held entry ends its holding.
    pub fn resubmit(&self, id: &str) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        {
            let mut state = self.lock();
            state.commit(&self.config, |tx, context| {
                writable(tx, context, record)?;
                if say_again(tx, context, record)? {
                    Ok(())
                } else {
                    Err(CoreError::NotCurrent)
                }
            })?;
            state.actors.remove(&record);
        }
        self.tell_committed();
        self.record_signed(id)
    }

    /// Wants no more of the words of a record that are kept out. They stay in the history.
    pub fn let_go(&self, id: &str) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        self.lock().commit(&self.config, |tx, context| {
            let entries = entry_rows::of_record(tx, record)?;
            let standing = Standing::of(&entries);
            for entry in entries.iter().filter(|it| is_held(it, &standing)) {
                lineage_rows::let_go(tx, entry.id)?;
            }
            project::states(tx, context, record)
        })?;
        self.tell(super::Changed::Records);
        self.record_signed(id)
    }

    /// The statements that the officer has to sign again.
    pub fn confirmations(&self) -> Result<Vec<ConfirmView>, CoreError> {
        let state = self.lock();
        let conn = state.store.read();
        let mut views = Vec::new();
        for (id, why) in lineage_rows::confirmations(conn)? {
            let Some(entry) = entry_rows::get(conn, id)? else {
                continue;
            };
            views.extend(confirm_view(conn, &entry, why)?);
        }
        Ok(views)
    }

    /// Signs a statement again, about the record as it stands now.
    pub fn confirm(&self, entry: &str) -> Result<RecordView, CoreError> {
        let id = entry_id(entry)?;
        let record = self.lock().commit(&self.config, |tx, context| {
            let entry = to_confirm(tx, id)?;
            let record = entry.record.ok_or(CoreError::NotFound)?;
            let row = record_rows::known(tx, record)?.ok_or(CoreError::NotFound)?;
            let doc = project::load(tx, record, row.kind)?;
            let statement = again(tx, context, &entry, record, &doc)?;
            let mut new = statement_entry(context, record, &statement);
            // What was cut off has other entries of its name at the server.
            if !entry.superseded {
                new.supersedes = vec![entry.id];
            }
            own_log::append(tx, &context.stamp, vec![new])?;
            lineage_rows::set_confirm(tx, id, None)?;
            project::states(tx, context, record)?;
            Ok(record)
        })?;
        self.tell_committed();
        self.record_signed(&record.to_string())
    }

    /// Does not sign a statement again.
    pub fn confirm_drop(&self, entry: &str) -> Result<(), CoreError> {
        let id = entry_id(entry)?;
        self.lock().commit(&self.config, |tx, context| {
            let entry = to_confirm(tx, id)?;
            lineage_rows::let_go(tx, id)?;
            match entry.record {
                Some(record) => project::states(tx, context, record),
                None => Ok(()),
            }
        })?;
        self.tell(super::Changed::Records);
        Ok(())
    }
}

/// Says again what is kept out; false if nothing is.
pub(super) fn say_again(
    tx: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<bool, CoreError> {
    let row = record_rows::known(tx, id)?.ok_or(CoreError::NotFound)?;
    let entries = entry_rows::of_record(tx, id)?;
    let standing = Standing::of(&entries);
    let held: Vec<_> = entries
        .iter()
        .filter(|it| is_held(it, &standing) && !reauthor::erased(it))
        .collect();
    let changes: Vec<_> = held
        .iter()
        .copied()
        .filter(|it| it.kind == EntryKind::Change)
        .collect();
    if changes.is_empty() {
        return Ok(false);
    }
    let past = project::grow(row.kind, &entries, |_| true)?;
    let mut doc = if standing.whole() {
        RecordDoc::new(row.kind)
    } else {
        project::grow(row.kind, &entries, |it| standing.inside.contains(it))?
    };
    let own = |it: &EntryRow| {
        let named = !lost::is_lost(it);
        Ok(named.then_some(it.id).into_iter().collect())
    };
    let mut new = reauthor::again(context, id, &mut doc, &past, &changes, own)?;
    // Words that stand already by another change are given up here.
    for entry in held.iter().filter(|it| lost::is_lost(it)) {
        entry_rows::set_superseded(tx, entry.id)?;
    }
    for entry in changes.iter().filter(|it| !lost::is_lost(it)) {
        if !new.iter().any(|it| it.supersedes.contains(&entry.id)) {
            lineage_rows::let_go(tx, entry.id)?;
        }
    }
    let content = doc.content();
    for entry in held.iter().filter(|it| it.kind.is_statement()) {
        // To send the words again is to submit them again; anything else is signed by itself.
        if entry.kind != EntryKind::Submission {
            lineage_rows::set_confirm(tx, entry.id, Some(HELD))?;
            continue;
        }
        let submission = Statement::Submission(bound(&doc.heads(), &content));
        let mut again = statement_entry(context, id, &submission);
        again.supersedes = own(entry)?;
        new.push(again);
    }
    own_log::append(tx, &context.stamp, new)?;
    if doc.changes().is_empty() {
        project::states(tx, context, id)?;
    } else {
        project::document(tx, context, id, row.author, &doc)?;
    }
    Ok(true)
}

fn to_confirm(conn: &Connection, id: EntryId) -> Result<EntryRow, CoreError> {
    entry_rows::get(conn, id)?
        .filter(|entry| entry.confirm)
        .ok_or(CoreError::NotFound)
}

/// The same statement about the record as it stands. A review is of one state and no other: it
/// is only signed again while that state is the current one.
fn again(
    tx: &Connection,
    context: &Context,
    entry: &EntryRow,
    record: RecordId,
    doc: &RecordDoc,
) -> Result<Statement, CoreError> {
    let statement = Statement::from_bytes(entry.kind, &entry.payload)
        .map_err(|_| CoreError::Damaged("statement"))?;
    let now = || bound(&doc.heads(), &doc.content());
    Ok(match statement {
        Statement::Submission(_) => Statement::Submission(now()),
        // Nothing is taken back that is not submitted: that is signed again first.
        Statement::Withdrawal(_) if !share::submitted(&entry_rows::facts_of(tx, record)?) => {
            return Err(CoreError::NotAllowed("unsynced"));
        }
        Statement::Withdrawal(mut withdrawal) => {
            withdrawal.bound = now();
            Statement::Withdrawal(withdrawal)
        }
        Statement::Review(review) => {
            review::still_fits(tx, context, record, doc, &review)?;
            Statement::Review(review)
        }
        other => other,
    })
}

fn confirm_view(
    conn: &Connection,
    entry: &EntryRow,
    why: String,
) -> Result<Option<ConfirmView>, CoreError> {
    let Some(record) = entry.record else {
        return Ok(None);
    };
    let (what, text) = match Statement::from_bytes(entry.kind, &entry.payload) {
        Ok(Statement::Review(review)) => {
            let what = match review.verdict {
                ReviewVerdict::Approve => "approve",
                ReviewVerdict::Return => "return",
                ReviewVerdict::Escalate => "escalate",
            };
            (Some(what.to_owned()), review.text)
        }
        Ok(Statement::Withdrawal(withdrawal)) => (None, Some(withdrawal.reason)),
        Ok(Statement::ReceiptGiven(given)) => (Some(given.how), None),
        Ok(Statement::Share(share)) => {
            let what = if share.ended { "ended" } else { "given" };
            (Some(what.to_owned()), None)
        }
        _ => (None, None),
    };
    let title = record_rows::get(conn, record)?.map(|row| row.title);
    Ok(Some(ConfirmView {
        entry: entry.id.to_string(),
        record_id: record.to_string(),
        title: title.unwrap_or_default(),
        kind: kind_name(entry.kind).to_owned(),
        what,
        text,
        reason: why,
        at: entry.at.0,
    }))
}

/// The words of a record that are kept out, if there are any of the reader's own.
pub(super) fn view(
    context: &Context,
    id: RecordId,
    doc: &RecordDoc,
    entries: &[EntryRow],
) -> Result<Option<HeldView>, CoreError> {
    let standing = Standing::of(entries);
    let held: Vec<_> = entries.iter().filter(|it| is_held(it, &standing)).collect();
    let changes = held.iter().filter(|it| it.kind == EntryKind::Change);
    let Some(first) = changes
        .clone()
        .find(|it| it.verdict.kept_out())
        .or_else(|| changes.clone().next())
    else {
        return Ok(None);
    };
    let open = held
        .iter()
        .any(|it| it.verdict == VerdictState::Quarantined);
    let said: Vec<_> = changes.clone().copied().collect();
    let kind = doc.kind();
    let (base, before) = if standing.whole() {
        (RecordDoc::new(kind), Content::empty(kind))
    } else {
        (doc.clone(), doc.content())
    };
    let after = reauthor::with(context, id, &base, entries, &said)?.content();
    let words = Words::of(&before, &after);
    Ok(Some(HeldView {
        code: if open { "held" } else { "not_accepted" }.to_owned(),
        reason: first.reason.clone(),
        at: first.received_at.map(|at| at.0),
        whole: standing.whole(),
        labels: words.labels(context, &after),
        fields: field_map(&words.fields),
        addenda: words.addenda,
        photos: words.photos,
    }))
}

/// What one content says beside another.
#[derive(Default)]
struct Words {
    fields: Fields,
    addenda: Vec<String>,
    photos: u32,
}

impl Words {
    fn of(before: &Content, after: &Content) -> Self {
        let mut words = Self::default();
        for edit in reauthor::edits(before, after) {
            match edit {
                Edit::Set { key, value } | Edit::Pick { key, value } => {
                    words.fields.set(key, value);
                }
                Edit::Text { value } => words.fields.set(field::TEXT, Scalar::Text(value)),
                Edit::AddAddendum { text, .. } => words.addenda.push(text),
                Edit::AddPhoto { .. } => words.photos += 1,
                Edit::Clear { .. } => {}
            }
        }
        words
    }

    fn labels(&self, context: &Context, content: &Content) -> BTreeMap<String, String> {
        let label = |(key, value): (&str, &Scalar)| {
            let label = value_label(content.kind, key, value, context.lists())?;
            Some((key.to_owned(), label))
        };
        self.fields.iter().filter_map(label).collect()
    }
}
