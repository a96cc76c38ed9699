//! Held entries that this supervisor has to look at.

use rusqlite::{Connection, Row, named_params};
use shared::ids::{EntryId, LogId, OfficerId, RecordId, Seq};
use shared::log::EntryKind;
use shared::time::UnixMs;
use shared::wire::Task;

use super::StoreError;
use super::sql::{bytes, bytes_opt, count, seq, time};

/// A held entry.
pub(crate) struct TaskRow {
    pub(crate) entry: EntryId,
    pub(crate) record: Option<RecordId>,
    pub(crate) officer: OfficerId,
    pub(crate) kind: EntryKind,
    pub(crate) code: String,
    pub(crate) received: UnixMs,
    pub(crate) projection: Option<String>,
    /// What the supervisor has begun to do about it, and the words so far.
    pub(crate) begun: Option<(String, String)>,
}

/// Keeps a task.
pub(crate) fn put(tx: &Connection, task: &Task) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO task (log, seq, record, officer, kind, code, received_at, projection)
         VALUES (:log, :seq, :record, :officer, :kind, :code, :received_at, :projection)
         ON CONFLICT (log, seq) DO UPDATE SET record = excluded.record,
             officer = excluded.officer, kind = excluded.kind, code = excluded.code,
             received_at = excluded.received_at, projection = excluded.projection",
    )?
    .execute(named_params! {
        ":log": task.entry.log.as_bytes(),
        ":seq": seq(task.entry.seq),
        ":record": task.record.as_ref().map(RecordId::as_bytes),
        ":officer": task.officer.as_bytes(),
        ":kind": task.kind.code(),
        ":code": task.code.as_str(),
        ":received_at": task.received.0,
        ":projection": task.projection,
    })?;
    Ok(())
}

/// Keeps the words of a ruling that is not signed; none forgets them.
pub(crate) fn begin(
    tx: &Connection,
    entry: EntryId,
    begun: Option<(&str, &str)>,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE task SET begun_act = ?3, begun = ?4 WHERE log = ?1 AND seq = ?2")?
        .execute((
            entry.log.as_bytes(),
            seq(entry.seq),
            begun.map(|it| it.0),
            begun.map(|it| it.1),
        ))?;
    Ok(())
}

/// A task is done.
pub(crate) fn remove(tx: &Connection, entry: EntryId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM task WHERE log = ?1 AND seq = ?2")?
        .execute((entry.log.as_bytes(), seq(entry.seq)))?;
    Ok(())
}

/// The tasks about a record are nobody's here any more.
pub(crate) fn forget(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM task WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

/// All tasks, the oldest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<TaskRow>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM task ORDER BY received_at, log, seq")?;
    let rows = statement.query_map((), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One task.
pub(crate) fn get(conn: &Connection, entry: EntryId) -> Result<Option<TaskRow>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT * FROM task WHERE log = ?1 AND seq = ?2")?;
    let mut rows = statement.query((entry.log.as_bytes(), seq(entry.seq)))?;
    Ok(rows.next()?.map(read).transpose()?)
}

/// True if an entry about the record is held, as far as is known here.
pub(crate) fn any(conn: &Connection, record: RecordId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM task WHERE record = ?1")?;
    Ok(statement.exists((record.as_bytes(),))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<TaskRow> {
    Ok(TaskRow {
        entry: EntryId {
            log: LogId::from_bytes(bytes(row, "log")?),
            seq: Seq(count(row, "seq")?),
        },
        record: bytes_opt(row, "record")?.map(RecordId::from_bytes),
        officer: OfficerId::from_bytes(bytes(row, "officer")?),
        kind: EntryKind::from_code(row.get("kind")?),
        code: row.get("code")?,
        received: time(row, "received_at")?,
        projection: row.get("projection")?,
        begun: row
            .get::<_, Option<String>>("begun_act")?
            .zip(row.get("begun")?),
    })
}
