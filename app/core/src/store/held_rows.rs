//! Entries beside the usual: kept out, ruled upon, or to be confirmed by the server again.

use rusqlite::{Connection, named_params};
use shared::ids::{EntryId, LogId, RecordId};
use shared::log::EntryKind;
use shared::time::UnixMs;

use super::sql::{bytes, seq, signed};
use super::{EntryRow, StoreError, entry_rows};

/// The server's current lineage is known to have this entry, which is here already: accepted, at
/// this position. True if that was not known to be so.
pub(crate) fn confirm_accepted(tx: &Connection, entry: &EntryRow) -> Result<bool, StoreError> {
    let news = tx
        .prepare_cached(
            "SELECT 1 FROM entry
             WHERE log = ?1 AND seq = ?2 AND (verdict <> 1 OR own = 0 AND let_go = 1)",
        )?
        .exists((entry.id.log.as_bytes(), seq(entry.id.seq)))?;
    tx.prepare_cached(
        "UPDATE entry SET verdict = 1, reason = NULL, position = :position, unknown_since = NULL,
             let_go = CASE WHEN own = 0 THEN 0 ELSE let_go END,
             received_at = coalesce(received_at, :received_at)
         WHERE own <> 1 AND log = :log AND seq = :seq",
    )?
    .execute(named_params! {
        ":position": entry.position.map(|it| signed(it.0)),
        ":received_at": entry.received_at.map(|at| at.0),
        ":log": entry.id.log.as_bytes(),
        ":seq": seq(entry.id.seq),
    })?;
    Ok(news)
}

/// What others wrote of a record has to be confirmed again by the server.
pub(crate) fn unconfirm(tx: &Connection, id: RecordId, now: UnixMs) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET position = NULL, unknown_since = coalesce(unknown_since, ?2)
         WHERE own <> 1 AND record = ?1",
    )?
    .execute((id.as_bytes(), now.0))?;
    Ok(())
}

/// Keeps another's entry under another name: the server has one of its name that is not this one.
pub(crate) fn rename(
    tx: &Connection,
    id: EntryId,
    kept_as: LogId,
    now: UnixMs,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET log = ?3, position = NULL, unknown_since = coalesce(unknown_since, ?4)
         WHERE own = 0 AND log = ?1 AND seq = ?2",
    )?
    .execute((id.log.as_bytes(), seq(id.seq), kept_as.as_bytes(), now.0))?;
    Ok(())
}

/// The records of which something of ours is kept out.
pub(crate) fn records_kept_out(conn: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT record FROM entry
         WHERE own >= 1 AND kind = 0 AND verdict NOT IN (0, 1, 2) AND record IS NOT NULL",
    )?;
    let rows = statement.query_map((), |row| bytes(row, "record"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Our own rulings that the server has not judged.
pub(crate) fn own_rulings(conn: &Connection) -> Result<Vec<EntryRow>, StoreError> {
    entry_rows::query(
        conn,
        "INDEXED BY entry_unsettled
         WHERE own >= 1 AND verdict NOT IN (1, 6) AND verdict IN (0, 2) AND kind IN (10, 11)
             AND superseded = 0 ORDER BY id",
        (),
    )
}

/// The entries of one kind about a record.
pub(crate) fn of_kind(
    conn: &Connection,
    id: RecordId,
    kind: EntryKind,
) -> Result<Vec<EntryRow>, StoreError> {
    entry_rows::query(
        conn,
        "WHERE record = ?1 AND kind = ?2 ORDER BY id",
        (id.as_bytes(), kind.code()),
    )
}
