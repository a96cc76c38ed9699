//! The last steps of each draft, to take them back.

use rusqlite::{Connection, named_params};
use serde_json::Value;
use shared::ids::RecordId;
use shared::time::UnixMs;

use super::StoreError;
use super::sql::time;

/// What a draft was before a step.
#[derive(Debug)]
pub(crate) struct StepRow {
    pub(crate) step: i64,
    pub(crate) at: UnixMs,
    /// Each field that the step touched, as it was; null for a blank.
    pub(crate) before: serde_json::Map<String, Value>,
    pub(crate) page: Option<String>,
}

/// How many steps are kept.
const STEPS: i64 = 100;

/// The last step of a draft.
pub(crate) fn last(conn: &Connection, draft: RecordId) -> Result<Option<StepRow>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT step, at, before, page FROM draft_step WHERE draft = ?1
         ORDER BY step DESC LIMIT 1",
    )?;
    let mut rows = statement.query((draft.as_bytes(),))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let before: String = row.get("before")?;
    Ok(Some(StepRow {
        step: row.get("step")?,
        at: time(row, "at")?,
        before: serde_json::from_str(&before).map_err(|_| StoreError::Damaged("draft"))?,
        page: row.get("page")?,
    }))
}

/// Keeps a step, or the time of one that goes on.
pub(crate) fn put(tx: &Connection, draft: RecordId, step: &StepRow) -> Result<(), StoreError> {
    let before = serde_json::to_string(&step.before).map_err(|_| StoreError::Damaged("draft"))?;
    tx.prepare_cached(
        "INSERT INTO draft_step (draft, step, at, before, page)
         VALUES (:draft, :step, :at, :before, :page)
         ON CONFLICT (draft, step) DO UPDATE SET at = excluded.at",
    )?
    .execute(named_params! {
        ":draft": draft.as_bytes(),
        ":step": step.step,
        ":at": step.at.0,
        ":before": before,
        ":page": step.page,
    })?;
    tx.prepare_cached("DELETE FROM draft_step WHERE draft = ?1 AND step <= ?2")?
        .execute((draft.as_bytes(), step.step - STEPS))?;
    Ok(())
}

/// Forgets a step that was taken back.
pub(crate) fn remove(tx: &Connection, draft: RecordId, step: i64) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM draft_step WHERE draft = ?1 AND step = ?2")?
        .execute((draft.as_bytes(), step))?;
    Ok(())
}

/// Forgets all steps of a draft.
pub(crate) fn remove_all(tx: &Connection, draft: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM draft_step WHERE draft = ?1")?
        .execute((draft.as_bytes(),))?;
    Ok(())
}
