//! What was begun below a record and not signed.

use rusqlite::{Connection, Row, named_params};
use shared::ids::RecordId;
use shared::time::UnixMs;

use super::StoreError;
use super::sql::{bytes, time};
use crate::view::FieldMap;

/// Words that nobody has signed yet.
#[derive(Clone)]
pub(crate) struct BegunRow {
    pub(crate) record: RecordId,
    /// Where they were typed.
    pub(crate) form: String,
    pub(crate) fields: FieldMap,
    pub(crate) saved_at: UnixMs,
}

/// Keeps what was typed.
pub(crate) fn put(tx: &Connection, row: &BegunRow) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&row.fields).map_err(|_| StoreError::Damaged("begun"))?;
    tx.prepare_cached(
        "INSERT INTO begun (record, form, fields, saved_at)
         VALUES (:record, :form, :fields, :saved_at)
         ON CONFLICT (record, form) DO UPDATE SET fields = excluded.fields,
             saved_at = excluded.saved_at",
    )?
    .execute(named_params! {
        ":record": row.record.as_bytes(),
        ":form": row.form,
        ":fields": fields,
        ":saved_at": row.saved_at.0,
    })?;
    Ok(())
}

/// Forgets it: it was signed, or given up.
pub(crate) fn remove(tx: &Connection, record: RecordId, form: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM begun WHERE record = ?1 AND form = ?2")?
        .execute((record.as_bytes(), form))?;
    Ok(())
}

/// Forgets all of a record.
pub(crate) fn remove_all(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM begun WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

/// What was begun below a record.
pub(crate) fn of_record(conn: &Connection, record: RecordId) -> Result<Vec<BegunRow>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM begun WHERE record = ?1")?;
    let rows = statement.query_map((record.as_bytes(),), |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// Records with something begun, each with its newest, the newest first.
pub(crate) fn newest(conn: &Connection) -> Result<Vec<(RecordId, UnixMs)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT record, max(saved_at) AS saved_at FROM begun GROUP BY record
         ORDER BY 2 DESC LIMIT 50",
    )?;
    let rows = statement.query_map((), |row| {
        Ok((
            RecordId::from_bytes(bytes(row, "record")?),
            time(row, "saved_at")?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> Result<BegunRow, StoreError> {
    let fields: String = row.get("fields")?;
    Ok(BegunRow {
        record: RecordId::from_bytes(bytes(row, "record")?),
        form: row.get("form")?,
        fields: serde_json::from_str(&fields).map_err(|_| StoreError::Damaged("begun"))?,
        saved_at: time(row, "saved_at")?,
    })
}
