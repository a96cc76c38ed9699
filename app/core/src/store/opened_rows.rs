//! What of entries is in documents, and what waits.

use rusqlite::{Connection, named_params};
use shared::ids::{EntryId, RecordId};

use super::entry_rows::{opened_columns, query};
use super::sql::{bytes, seq};
use super::{EntryRow, Opened, StoreError};

/// Says whether the document holds the change.
pub(crate) fn set_opened(tx: &Connection, id: EntryId, opened: Opened) -> Result<(), StoreError> {
    let (opened, refusal) = opened_columns(opened);
    tx.prepare_cached(
        "UPDATE entry SET opened = :opened, refusal = :refusal WHERE log = :log AND seq = :seq",
    )?
    .execute(named_params! {
        ":opened": opened,
        ":refusal": refusal,
        ":log": id.log.as_bytes(),
        ":seq": seq(id.seq),
    })?;
    Ok(())
}

/// Changes of a record that are not in its document: they lack what they build on, or wait to be
/// opened.
pub(crate) fn unopened(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "WHERE record = ?1 AND opened <> 1 AND opened IN (0, 3) AND kind = 0
         ORDER BY id",
        (id.as_bytes(),),
    )
}

/// What was to be opened later lacks something.
pub(crate) fn set_waiting(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET opened = 0 WHERE record = ?1 AND opened <> 1 AND opened = 3",
    )?
    .execute((id.as_bytes(),))?;
    Ok(())
}

/// True if anything is known of a record.
pub(crate) fn any(conn: &Connection, id: RecordId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM entry WHERE record = ?1")?;
    Ok(statement.exists((id.as_bytes(),))?)
}

/// Records with changes that wait to be opened: the newest last, and after them those for this
/// reader's review.
pub(crate) fn to_open(conn: &Connection, limit: u32) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM (SELECT id, queue, happened_at FROM record
             WHERE id IN (SELECT record FROM entry WHERE opened <> 1 AND opened = 3)
             ORDER BY queue DESC, happened_at DESC LIMIT ?1)
         ORDER BY queue, happened_at",
    )?;
    let rows = statement.query_map((limit,), |row| bytes(row, "id"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// How many feed items are kept unopened: refused by the guard, or waiting for others.
pub(crate) fn count_unopened(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM entry WHERE opened <> 1 AND opened <> 3")?;
    Ok(statement.query_row((), |row| row.get(0))?)
}
