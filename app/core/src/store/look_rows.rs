//! What a reviewer last had on the screen of another's record.

use rusqlite::Connection;
use shared::hash::ChangeHash;
use shared::ids::RecordId;

use super::StoreError;
use super::sql::optional;

/// The reviewer has these heads on the screen. What they had before is kept beside it.
pub(crate) fn put(
    tx: &Connection,
    record: RecordId,
    heads: &[ChangeHash],
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO looked (record, heads) VALUES (?1, ?2)
         ON CONFLICT (record) DO UPDATE SET before = looked.heads, heads = excluded.heads
         WHERE looked.heads <> excluded.heads",
    )?
    .execute((record.as_bytes(), packed(heads)))?;
    Ok(())
}

/// What the reviewer last had on the screen that is not this state.
pub(crate) fn before(
    conn: &Connection,
    record: RecordId,
    heads: &[ChangeHash],
) -> Result<Option<Vec<ChangeHash>>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT CASE WHEN heads = ?2 THEN before ELSE heads END FROM looked WHERE record = ?1",
    )?;
    let found: Option<Option<Vec<u8>>> =
        optional(&mut statement, (record.as_bytes(), packed(heads)))?;
    found.flatten().map(|bytes| unpacked(&bytes)).transpose()
}

/// Forgets it with the copy of the record.
pub(crate) fn remove(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM looked WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

fn packed(heads: &[ChangeHash]) -> Vec<u8> {
    heads.iter().flat_map(|head| *head.as_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> Result<Vec<ChangeHash>, StoreError> {
    let heads = bytes.chunks(32).map(ChangeHash::from_slice);
    let heads: Result<Vec<_>, _> = heads.collect();
    heads.map_err(|_| StoreError::Damaged("looked"))
}
