//! Taking back what was typed into a draft, step by step.

use rusqlite::Connection;
use serde_json::{Map, Value};
use shared::record::{Fields, Scalar};
use shared::time::UnixMs;

use super::drafts::{open_draft, view};
use super::{Changed, Core, CoreError, record_id};
use crate::store::{DraftRow, StepRow, draft_rows, step_rows};
use crate::view::DraftView;

/// Keys that follow each other within this time, in the same fields, are one step.
const PAUSE_MS: i64 = 2_000;

impl Core {
    /// Takes back the last step of a draft; without one, nothing happens.
    pub fn draft_undo(&self, id: &str) -> Result<DraftView, CoreError> {
        let id = record_id(id)?;
        let view = self.lock().commit(&self.config, |tx, context| {
            let mut draft = open_draft(tx, context, id)?;
            if let Some(step) = step_rows::last(tx, id)? {
                for (key, value) in &step.before {
                    match scalar(value) {
                        Some(value) => draft.fields.set(key.as_str(), value),
                        None => {
                            draft.fields.remove(key);
                        }
                    }
                }
                draft.page = step.page.or(draft.page);
                draft.saved_at = context.now();
                draft_rows::put(tx, &draft)?;
                step_rows::remove(tx, id, step.step)?;
            }
            view(tx, context, draft)
        })?;
        self.tell(Changed::Drafts);
        Ok(view)
    }
}

/// Keeps what these fields were before a step. Typing that goes on is one step with what was
/// typed a moment ago.
pub(super) fn note(
    tx: &Connection,
    draft: &DraftRow,
    before: &Fields,
    keys: &[String],
    at: UnixMs,
) -> Result<(), CoreError> {
    let value = |key: &String| before.get(key).map_or(Value::Null, json);
    let changed = keys
        .iter()
        .filter(|key| before.get(key) != draft.fields.get(key));
    let was: Map<_, _> = changed.map(|key| (key.clone(), value(key))).collect();
    if was.is_empty() {
        return Ok(());
    }
    let last = step_rows::last(tx, draft.id)?;
    let step = match last {
        Some(last) if goes_on(&last, &was, at) => StepRow { at, ..last },
        last => StepRow {
            step: last.map_or(1, |it| it.step + 1),
            at,
            before: was,
            page: draft.page.clone(),
        },
    };
    Ok(step_rows::put(tx, draft.id, &step)?)
}

/// True if the step only lengthens what the last one typed into one text.
fn goes_on(last: &StepRow, was: &Map<String, Value>, at: UnixMs) -> bool {
    let same = last.before.keys().eq(was.keys()) && was.len() == 1;
    let typed = was.values().all(Value::is_string);
    same && typed && (0..PAUSE_MS).contains(&at.since(last.at))
}

fn json(value: &Scalar) -> Value {
    match value {
        Scalar::Bool(it) => (*it).into(),
        Scalar::Int(it) => (*it).into(),
        Scalar::Text(it) => it.as_str().into(),
    }
}

fn scalar(value: &Value) -> Option<Scalar> {
    match value {
        Value::Bool(it) => Some((*it).into()),
        Value::Number(it) => it.as_i64().map(Scalar::from),
        Value::String(it) => Some(it.as_str().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
