//! Changes of a submitted record: every save is one change.

use rusqlite::Connection;
use shared::doc::{About, Content, Edit};
use shared::ids::{ActorId, RecordId};
use shared::log::EntryKind;
use shared::record::{Merge, TEXT_CHARS, field, field_def};
use shared::statement::{Statement, TEXT_CAP, Withdrawal};
use shared::time::UnixMs;

use super::begun::{self, Form};
use super::context::Context;
use super::reauthor::{self, Start};
use super::scalars::{is_kept, scalar};
use super::submit::{bound, change_entry, statement_entry};
use super::{Core, CoreError, newer, place, project, record_id, share};
use crate::store::{EntryRow, entry_rows, own_log, record_rows};
use crate::view::{EntryInput, FieldMap, FieldValue, RecordView};

impl Core {
    /// Adds words to a record.
    pub fn add_to_record(&self, id: &str, text: &str) -> Result<RecordView, CoreError> {
        self.add_entry(&EntryInput {
            record_id: id.to_owned(),
            text: text.to_owned(),
            ..EntryInput::default()
        })
    }

    /// Adds an entry to a record: words with a time of their own, or a correction. What it
    /// corrects stays as it was written.
    pub fn add_entry(&self, input: &EntryInput) -> Result<RecordView, CoreError> {
        let bad = |key: &str| CoreError::BadInput(key.to_owned());
        let text = input.text.trim();
        if text.is_empty() || text.chars().count() > TEXT_CHARS {
            return Err(bad(field::TEXT));
        }
        self.edit_record(&input.record_id, Some(Form::Add), |_, context, content| {
            if let Some(about) = &input.corrects {
                let words = said(content, about).ok_or_else(|| bad("corrects"))?;
                let there = input.quote.as_deref().is_none_or(|it| words.contains(it));
                if !there {
                    return Err(bad("quote"));
                }
            }
            Ok(vec![Edit::AddAddendum {
                id: context.env.bytes(),
                text: text.to_owned(),
                by: context.vault.label.clone(),
                at: context.stamp.estimate(),
                about: About {
                    happened_at: input.happened_at.map(UnixMs),
                    corrects: input.corrects.clone(),
                    quote: input.quote.clone().filter(|_| input.corrects.is_some()),
                },
            }])
        })
    }

    /// Corrects fields of a record.
    pub fn edit(&self, id: &str, fields: FieldMap) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        self.edit_record(id, Some(Form::Edit), |tx, context, content| {
            let fields = place::with_searcher(context, fields);
            let submitted = share::submitted(&entry_rows::facts_of(tx, record)?);
            let edit = |(key, value): (String, Option<FieldValue>)| {
                if is_kept(&key) {
                    return Err(CoreError::BadInput(key));
                }
                let text = field_def(content.kind, &key).is_some_and(|it| it.merge == Merge::Text);
                // Two people may write at once until it is submitted. From then on it is what
                // was written at the time, and corrections stand beside it.
                if text && submitted {
                    return Err(CoreError::NotAllowed("append_only"));
                }
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
        self.edit_record(id, Some(Form::Choose), |_, _, content| {
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
            let row = writable(tx, context, record)?;
            if row.author != context.me() {
                return Err(CoreError::NotAllowed("not_author"));
            }
            if !share::submitted(&entry_rows::facts_of(tx, record)?) {
                return Err(CoreError::NotAllowed("unsynced"));
            }
            let doc = project::load(tx, record, row.kind)?;
            let content = doc.content();
            let withdrawal = Statement::Withdrawal(Withdrawal {
                bound: bound(&doc.heads(), &content),
                reason: reason.to_owned(),
            });
            let entry = statement_entry(context, record, &withdrawal);
            own_log::append(tx, &context.stamp, vec![entry])?;
            begun::signed(tx, record, Form::Withdraw)?;
            project::states(tx, context, record)
        })?;
        self.tell_committed();
        self.record_signed(id)
    }

    /// Makes one change of a record, in one transaction; none if nothing changes. What was begun
    /// on this form is signed with it.
    pub(super) fn edit_record(
        &self,
        id: &str,
        form: Option<Form>,
        edits: impl FnOnce(&Connection, &Context, &Content) -> Result<Vec<Edit>, CoreError>,
    ) -> Result<RecordView, CoreError> {
        let record = record_id(id)?;
        {
            let mut state = self.lock();
            let actor = state.actor(&self.config.env, record);
            let done = state.commit(&self.config, |tx, context| {
                let row = writable(tx, context, record)?;
                // What the screen shows is not what these edits would be made on.
                let over = matches!(form, Some(Form::Edit | Form::Choose));
                if over && newer::projection(tx, record)?.is_some() {
                    return Err(CoreError::NewerApp);
                }
                let mut start = reauthor::start(tx, context, record, row.kind)?;
                if newer::is_shut(tx, record, &start.doc)? {
                    return Err(CoreError::NewerApp);
                }
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
                if let Some(form) = form {
                    begun::signed(tx, record, form)?;
                }
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
        self.record_signed(id)
    }
}

/// The words of a field, or of an addendum by its id.
fn said<'a>(content: &'a Content, about: &str) -> Option<&'a str> {
    let addendum = content
        .addenda
        .iter()
        .find(|it| hex::encode(it.id) == about);
    addendum
        .map(|it| it.text.as_str())
        .or_else(|| content.fields.get_text(about))
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
    let mut entries = vec![change_entry(context, id, change)];
    entries[0].supersedes = start.supersedes;
    if start.submit {
        let submission = Statement::Submission(bound(&doc.heads(), &content));
        entries.push(statement_entry(context, id, &submission));
    }
    own_log::append(tx, &context.stamp, entries)?;
    project::document(tx, context, id, row.author, &doc)
}

/// A record that this officer may still change: its author, or a colleague with whom it is
/// shared.
pub(super) fn writable(
    conn: &Connection,
    context: &Context,
    id: RecordId,
) -> Result<record_rows::Known, CoreError> {
    let row = record_rows::known(conn, id)?.ok_or(CoreError::NotFound)?;
    if !may_write(conn, context, id, &row)? {
        return Err(CoreError::NotAllowed("not_author"));
    }
    context.may_show(row.own)?;
    if withdrawn(&entry_rows::facts_of(conn, id)?) {
        return Err(CoreError::NotAllowed("withdrawn"));
    }
    Ok(row)
}

/// True if the officer wrote the record, or its author shares it with them.
pub(super) fn may_write(
    conn: &Connection,
    context: &Context,
    id: RecordId,
    row: &record_rows::Known,
) -> Result<bool, CoreError> {
    if row.author == context.me() {
        return Ok(true);
    }
    let shared = share::in_force(conn, id, row.author)?;
    Ok(shared
        .get(&context.me())
        .is_some_and(|(_, accepted)| *accepted))
}

/// True if the record was taken back, whether the server has said so yet or not.
pub(super) fn withdrawn(entries: &[EntryRow]) -> bool {
    entries
        .iter()
        .any(|entry| entry.kind == EntryKind::Withdrawal && entry.stands())
}
