//! What is begun below a record and not yet signed: kept in the encrypted database, as a draft is,
//! so that neither a lock nor a crash takes it away.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::ids::RecordId;

use super::context::Context;
use super::{Changed, Core, CoreError, record_id};
use crate::store::begun_rows::{self, BegunRow};
use crate::store::record_rows;
use crate::view::{FieldMap, FieldValue, TodoView};

/// Where words are typed that are signed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A correction of fields.
    Edit,
    /// An addition.
    Add,
    /// The words in place of two that compete.
    Choose,
    /// Why a record is withdrawn.
    Withdraw,
    /// What goes with an approval.
    Approve,
    /// Why a record goes back.
    Return,
    /// Why somebody else should look.
    Escalate,
}

impl Form {
    /// What a decision may have been written on.
    pub(super) const REVIEW: [Self; 3] = [Self::Approve, Self::Return, Self::Escalate];

    const ALL: [Self; 7] = [
        Self::Edit,
        Self::Add,
        Self::Choose,
        Self::Withdraw,
        Self::Approve,
        Self::Return,
        Self::Escalate,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Add => "add",
            Self::Choose => "choose",
            Self::Withdraw => "withdraw",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Escalate => "escalate",
        }
    }

    fn parse(name: &str) -> Result<Self, CoreError> {
        let found = Self::ALL.into_iter().find(|form| form.as_str() == name);
        found.ok_or_else(|| CoreError::BadInput("form".to_owned()))
    }
}

/// The most fields of a form.
const FIELDS_MAX: usize = 128;
/// The longest key, in bytes.
const KEY_MAX: usize = 64;
/// The longest text, in bytes: as of a draft, what is too long to be signed is kept all the same.
const TEXT_MAX: usize = 256 * 1024;

impl Core {
    /// Keeps what was typed so far on a form below a record; nothing typed forgets it. It is in
    /// the encrypted database when this returns, and is not signed.
    pub fn begun_set(&self, id: &str, form: &str, fields: FieldMap) -> Result<(), CoreError> {
        let (record, form) = (record_id(id)?, Form::parse(form)?);
        bounded(&fields)?;
        self.lock().commit(&self.config, |tx, context| {
            if fields.is_empty() {
                return signed(tx, record, form);
            }
            let row = record_rows::known(tx, record)?.ok_or(CoreError::NotFound)?;
            context.may_show(row.own)?;
            Ok(begun_rows::put(
                tx,
                &BegunRow {
                    record,
                    form: form.as_str().to_owned(),
                    fields,
                    saved_at: context.now(),
                },
            )?)
        })?;
        self.tell(Changed::Drafts);
        Ok(())
    }
}

fn bounded(fields: &FieldMap) -> Result<(), CoreError> {
    let bad = |key: &str| Err(CoreError::BadInput(key.to_owned()));
    if fields.len() > FIELDS_MAX {
        return bad("fields");
    }
    for (key, value) in fields {
        if key.len() > KEY_MAX {
            return bad("fields");
        }
        if matches!(value, Some(FieldValue::Text(text)) if text.len() > TEXT_MAX) {
            return bad(key);
        }
    }
    Ok(())
}

/// The words of this form have become an entry, or were given up.
pub(super) fn signed(tx: &Connection, record: RecordId, form: Form) -> Result<(), CoreError> {
    Ok(begun_rows::remove(tx, record, form.as_str())?)
}

/// What was begun below a record, by form.
pub(super) fn view(
    conn: &Connection,
    record: RecordId,
) -> Result<BTreeMap<String, FieldMap>, CoreError> {
    let rows = begun_rows::of_record(conn, record)?;
    Ok(rows.into_iter().map(|it| (it.form, it.fields)).collect())
}

/// The records with something begun, among the things to do.
pub(super) fn todo(conn: &Connection, context: &Context) -> Result<Vec<TodoView>, CoreError> {
    let mut lines = Vec::new();
    for (record, at) in begun_rows::newest(conn)? {
        let Some(row) = record_rows::get(conn, record)? else {
            continue;
        };
        let title = match context.may_show(row.own) {
            Ok(()) => row.title,
            Err(_) => String::new(),
        };
        lines.push(TodoView {
            record_id: record.to_string(),
            code: "begun".to_owned(),
            by: None,
            text: None,
            reasons: Vec::new(),
            title,
            at: at.0,
        });
    }
    Ok(lines)
}
