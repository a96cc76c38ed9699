//! The journal of drafts.

use rusqlite::{Connection, Row, named_params};
use shared::ids::RecordId;
use shared::record::{Fields, Kind};
use shared::time::UnixMs;

use super::sql::{bytes, time, time_opt};
use super::{StoreError, step_rows};

/// One draft.
#[derive(Debug, Clone)]
pub(crate) struct DraftRow {
    pub(crate) id: RecordId,
    pub(crate) kind: Kind,
    pub(crate) reference: String,
    pub(crate) fields: Fields,
    pub(crate) page: Option<String>,
    pub(crate) started_at: UnixMs,
    pub(crate) saved_at: UnixMs,
    pub(crate) discarded_at: Option<UnixMs>,
    /// The schema of the app that wrote it last.
    pub(crate) schema: u32,
}

/// Writes a draft whole.
pub(crate) fn put(tx: &Connection, draft: &DraftRow) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&draft.fields).map_err(|_| StoreError::Damaged("draft"))?;
    tx.prepare_cached(
        "INSERT INTO draft (id, kind, reference, fields, page, started_at, saved_at,
             discarded_at, schema)
         VALUES (:id, :kind, :reference, :fields, :page, :started_at, :saved_at, :discarded_at,
             :schema)
         ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, page = excluded.page,
             saved_at = excluded.saved_at, discarded_at = excluded.discarded_at,
             schema = excluded.schema",
    )?
    .execute(named_params! {
        ":id": draft.id.as_bytes(),
        ":kind": draft.kind.as_str(),
        ":reference": draft.reference,
        ":fields": fields,
        ":page": draft.page,
        ":started_at": draft.started_at.0,
        ":saved_at": draft.saved_at.0,
        ":discarded_at": draft.discarded_at.map(|at| at.0),
        ":schema": draft.schema,
    })?;
    Ok(())
}

/// A draft, discarded ones included.
pub(crate) fn get(conn: &Connection, id: RecordId) -> Result<Option<DraftRow>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM draft WHERE id = ?1")?;
    let mut rows = statement.query((id.as_bytes(),))?;
    rows.next()?.map(read).transpose()
}

/// Drafts that are worked on, newest first.
pub(crate) fn list(conn: &Connection) -> Result<Vec<DraftRow>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT * FROM draft WHERE discarded_at IS NULL ORDER BY started_at DESC, id",
    )?;
    let mut rows = statement.query(())?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        drafts.push(read(row)?);
    }
    Ok(drafts)
}

/// Removes a draft: it has become a record.
pub(crate) fn remove(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM draft WHERE id = ?1")?
        .execute((id.as_bytes(),))?;
    step_rows::remove_all(tx, id)
}

fn read(row: &Row<'_>) -> Result<DraftRow, StoreError> {
    let (kind, fields): (String, String) = (row.get("kind")?, row.get("fields")?);
    Ok(DraftRow {
        id: RecordId::from_bytes(bytes(row, "id")?),
        kind: kind.parse().map_err(|_| StoreError::Damaged("draft"))?,
        reference: row.get("reference")?,
        fields: serde_json::from_str(&fields).map_err(|_| StoreError::Damaged("draft"))?,
        page: row.get("page")?,
        started_at: time(row, "started_at")?,
        saved_at: time(row, "saved_at")?,
        discarded_at: time_opt(row, "discarded_at")?,
        schema: row.get("schema")?,
    })
}
