//! Records by the reference that a person was given.

use rusqlite::{Connection, params};
use shared::ids::RecordId;

use super::sql::{all, fixed, time};
use crate::store::{Referenced, StoreError};

/// References are random, and nothing stops a device from writing one twice.
const SAME: i64 = 8;

pub(super) fn referenced(db: &Connection, reference: &str) -> Result<Vec<Referenced>, StoreError> {
    // The expression of the index `records_by_reference`, to the letter.
    let sql = "SELECT id, kind, snapshot, withdrawn_at, received_at FROM records
        WHERE submitted_at IS NOT NULL AND CASE WHEN json_valid(projection)
            THEN json_extract(projection, '$.reference') END = ?1
        ORDER BY received_at LIMIT ?2";
    all(db, sql, params![reference, SAME], |row| {
        let kind: String = row.get("kind")?;
        let withdrawn: Option<i64> = row.get("withdrawn_at")?;
        Ok(Referenced {
            record: fixed(row, "id", RecordId::from_slice)?,
            kind: kind.parse().map_err(|_| StoreError::Damaged("kind"))?,
            snapshot: row.get("snapshot")?,
            received: time(row, "received_at")?,
            withdrawn: withdrawn.is_some(),
        })
    })
}
