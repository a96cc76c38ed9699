//! Changes of a submitted record: every save is one change.

use rusqlite::Connection;
use shared::doc::{Content, Edit};
use shared::ids::{ActorId, RecordId};
use shared::log::EntryKind;
use shared::record::{Merge, TEXT_CHARS, field, field_def};
use shared::statement::{Statement, TEXT_CAP, Withdrawal};

use super::context::Context;
use super::reauthor::{self, Start};
use super::scalars::scalar;
use super::submit::{bound, change_entry, statement_entry};
use super::{Core, CoreError, project, record_id};
use crate::store::{EntryRow, entry_rows, own_log, record_rows};
use crate::view::{FieldMap, FieldValue, RecordView};

impl Core {
    /// Adds words to a record.
    pub fn add_to_record(&self, id: &str, text: &str) -> Result<RecordView, CoreError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > TEXT_CHARS {
            return Err(CoreError::BadInput(field::TEXT.to_owned()));
        }
        self.edit_record(id, |_, context, _| {
            Ok(vec![Edit::AddAddendum {
                id: context.env.bytes(),
                text: text.to_owned(),
                by: context.vault.label.clone(),
                at: context.stamp.estimate(),
            }])
        })
    }

    /// Corrects fields of a record.
    pub fn edit(&self, id: &str, fields: FieldMap) -> Result<RecordView, CoreError> {
        self.edit_record(id, |_, _, content| {
            let edit = |(key, value): (String, Option<FieldValue>)| {
                if key == field::REFERENCE {
                    return Err(CoreError::BadInput(key));
                }
                let text = field_def(content.kind, &key).is_some_and(|it| it.merge == Merge::Text);
                let value = scalar(content.kind, &key, value)?;
                Ok(match value {
                    value if text => {
                        let value = value.as_ref().and_then(|value| value.as_text());
                        Edit::Text {
                            value: value.unwrap_or_default().to_owned(),
                        }
                    }
                    Some(value) => Edit::Set { key, value },
                    None => Edit::Clear { key },
                })
            };
            fields.into_iter().map(edit).collect()
        })
    }

    /// Chooses the value of a field that has several.
    pub fn resolve(
        &self,
        id: &str,
        key: &str,
        value: Option<FieldValue>,
    ) -> Result<RecordView, CoreError> {
        self.edit_record(id, |_, _, content| {
            // Somebody else may have chosen meanwhile: their choice is not overruled unseen.
            if !content.conflicts.contains_key(key) {
                return Err(CoreError::NotCurrent);
            }
            let key = key.to_owned();
            Ok(vec![match scalar(content.kind, &key, value)? {
                Some(value) => Edit::Pick { key, value },
                None => Edit::Clear { key },
            }])
        })
    }

    /// Takes a record back. Nothing is deleted.
    pub fn withdraw(&self, id: &str, reason: &str) -> Result<RecordView, CoreError> {
        let (record, reason) = (record_id(id)?, reason.trim());
        if reason.is_empty() || reason.chars().count() > TEXT_CAP {
            return Err(CoreError::BadInput("reason".to_owned()));
        }
        self.lock().commit(&self.config, |tx, context| {
            let row = writable(tx, record)?;
            let doc = project::load(tx, record, row.kind)?;
            let content = doc.content();
            let withdrawal = Statement::Withdrawal(Withdrawal {
                bound: bound(&doc.heads(), &content),
                reason: reason.to_owned(),
            });
            let entry = statement_entry(context, record, &withdrawal, &content);
            own_log::append(tx, &context.stamp, vec![entry])?;
            project::states(tx, context, record)
        })?;
        self.tell_committed();
        self.record(id)
    }

    /// Makes one change of a record of one's own, in one transaction; none if nothing changes.
    pub(super) fn edit_record(
        &self,
        id: &str,
        edits: impl FnOnce(&Connection, &Context, &Content) -> Result<Vec<Edit>, CoreError>,
    ) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        {
            let mut state = self.lock();
            let actor = state.actor(&self.config.env, record);
            let done = state.commit(&self.config, |tx, context| {
                let row = writable(tx, record)?;
                let mut start = reauthor::start(tx, record, row.kind)?;
                let again = !start.supersedes.is_empty();
                let actor = if again {
                    ActorId::from_bytes(context.env.bytes())
                } else {
                    actor
                };
                let shown = project::load(tx, record, row.kind)?.content();
                let mut all = std::mem::take(&mut start.again);
                all.extend(edits(tx, context, &shown)?);
                save(tx, context, record, &row, start, actor, &all)?;
                Ok(actor)
            });
            if let Ok(actor) = done {
                state.actors.insert(record, actor);
            }
            if done.is_err() {
                // Whether a failed commit reached the disk is not known: the actor's numbers
                // are not used again.
                state.actors.remove(&record);
            }
            done?;
        }
        self.tell_committed();
        self.record(id)
    }
}

/// Writes one change, and the submission again where its place has to be taken.
fn save(
    tx: &Connection,
    context: &Context,
    id: RecordId,
    row: &record_rows::Known,
    start: Start,
    actor: ActorId,
    edits: &[Edit],
) -> Result<(), CoreError> {
    let mut doc = start.doc;
    let Some(change) = doc.edit(actor, context.stamp.estimate(), edits)? else {
        return Ok(());
    };
    let content = doc.content();
    let mut entries = vec![change_entry(context, id, change, &content)];
    entries[0].supersedes = start.supersedes;
    if start.submit {
        let submission = Statement::Submission(bound(&doc.heads(), &content));
        entries.push(statement_entry(context, id, &submission, &content));
    }
    own_log::append(tx, &context.stamp, entries)?;
    project::document(tx, context, id, row.author, &doc)
}

/// A record that its author may still change.
fn writable(conn: &Connection, id: RecordId) -> Result<record_rows::Known, CoreError> {
    let row = record_rows::known(conn, id)?.ok_or(CoreError::NotFound)?;
    if !row.own {
        return Err(CoreError::NotAllowed("not_author"));
    }
    if withdrawn(&entry_rows::facts_of(conn, id)?) {
        return Err(CoreError::NotAllowed("withdrawn"));
    }
    Ok(row)
}

/// True if the record was taken back, whether the server has said so yet or not.
pub(super) fn withdrawn(entries: &[EntryRow]) -> bool {
    entries
        .iter()
        .any(|entry| entry.kind == EntryKind::Withdrawal && entry.stands())
}
