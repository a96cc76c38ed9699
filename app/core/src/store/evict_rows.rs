//! What an eviction asks of the rows of a record, and what it destroys of them.

use rusqlite::{Connection, named_params};
use shared::ids::{EntryId, RecordId, Seq};
use shared::log::EntryKind;

use super::sql::{count, seq};
use super::{StoreError, begun_rows, look_rows};

/// One of our own entries in the current log.
pub(crate) struct Own {
    pub(crate) place: Seq,
    /// Nothing can change its verdict any more.
    pub(crate) settled: bool,
}

/// Verdicts after which nothing changes: accepted, rejected, upheld, superseded.
const SETTLED: &str = "verdict IN (1, 4, 5, 6)";

/// True while something of ours about the record is unsent, not judged or held, a photo
/// included. Of earlier logs nothing is: what the server had of them it has destroyed, and says
/// so only to the log's own mailbox; what it never had was said again.
pub(crate) fn unfinished(conn: &Connection, id: RecordId) -> Result<bool, StoreError> {
    let mut entries = conn.prepare_cached(&format!(
        "SELECT 1 FROM entry WHERE record = ?1 AND own = 1 AND superseded = 0 AND let_go = 0
             AND destroyed = 0 AND kind NOT IN (5, 6) AND NOT {SETTLED}"
    ))?;
    let mut photos = conn.prepare_cached(
        "SELECT 1 FROM photo WHERE record = ?1 AND mine = 1 AND (draft = 1 OR NOT EXISTS (
             SELECT 1 FROM stored WHERE stored.record = photo.record
                 AND stored.sha256 = photo.sha256))",
    )?;
    let mut draft = conn.prepare_cached(
        "SELECT 1 FROM draft WHERE id = ?1 UNION ALL SELECT 1 FROM begun WHERE record = ?1",
    )?;
    let key = (id.as_bytes(),);
    Ok(entries.exists(key)? || photos.exists(key)? || draft.exists(key)?)
}

/// Our own entries about a record whose payload is here.
pub(crate) fn own(conn: &Connection, id: RecordId) -> Result<Vec<Own>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT seq, {SETTLED} AS settled FROM entry
         WHERE record = ?1 AND own = 1 AND destroyed = 0 ORDER BY seq"
    ))?;
    let rows = statement.query_map((id.as_bytes(),), |row| {
        Ok(Own {
            place: Seq(count(row, "seq")?),
            settled: row.get("settled")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// True if nothing can change the verdicts of these entries of ours any more.
pub(crate) fn all_settled(conn: &Connection, first: Seq, last: Seq) -> Result<bool, StoreError> {
    let mut open = conn.prepare_cached(&format!(
        "SELECT 1 FROM entry WHERE own = 1 AND seq BETWEEN ?1 AND ?2 AND NOT {SETTLED}"
    ))?;
    Ok(!open.exists((seq(first), seq(last)))?)
}

/// Destroys what earlier logs of this vault say about a record, but for what is still to be sent
/// as evidence.
pub(crate) fn destroy_past(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    const GONE: &str = "FROM entry WHERE record = ?1 AND own = 2 AND NOT EXISTS (
        SELECT 1 FROM past_log WHERE entry.log IN (past_log.log, past_log.kept_as)
            AND past_log.evidence IS NOT NULL AND entry.seq >= past_log.evidence)";
    tx.prepare_cached(&format!(
        "UPDATE signed_past SET salt = zeroblob(16)
         WHERE (log, seq) IN (SELECT log, seq {GONE})"
    ))?
    .execute((id.as_bytes(),))?;
    tx.prepare_cached(&format!(
        "UPDATE entry SET payload = x'', destroyed = 1 WHERE id IN (SELECT id {GONE})"
    ))?
    .execute((id.as_bytes(),))?;
    Ok(())
}

/// Destroys what lies beside the entries of a record: what a supervisor was shown of it, what was
/// begun below it, and its place in the digests.
pub(crate) fn destroy_beside(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM task WHERE record = ?1")?
        .execute((id.as_bytes(),))?;
    tx.prepare_cached("DELETE FROM leaf WHERE record = ?1")?
        .execute((id.as_bytes(),))?;
    look_rows::remove(tx, id)?;
    begun_rows::remove_all(tx, id)
}

/// True if the payload of this entry of ours was destroyed.
pub(crate) fn is_destroyed(conn: &Connection, id: EntryId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM entry WHERE log = ?1 AND seq = ?2 AND own >= 1 AND destroyed = 1",
    )?;
    Ok(statement.exists((id.log.as_bytes(), seq(id.seq)))?)
}

/// Puts the payload of one of our own entries back that came again with its record. A change then
/// waits to be let in. False if nothing of it was missing.
pub(crate) fn restore(
    tx: &Connection,
    id: EntryId,
    kind: EntryKind,
    payload: &[u8],
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE entry SET payload = :payload, destroyed = 0,
                 opened = CASE WHEN kind = 0 THEN 0 ELSE opened END
             WHERE own >= 1 AND destroyed = 1 AND log = :log AND seq = :seq AND kind = :kind",
        )?
        .execute(named_params! {
            ":payload": payload,
            ":log": id.log.as_bytes(),
            ":seq": seq(id.seq),
            ":kind": kind.code(),
        })?;
    Ok(changed == 1)
}
