//! Earlier logs of ours: what a restored server is offered of them again, and what of them is not
//! there any more.

use rusqlite::Connection;
use shared::ids::{EntryId, LogId, RecordId, Seq};
use shared::log::{Entry, Segment};

use super::sql::{bytes, count, optional, seq};
use super::{StoreError, VaultRow, lineage_rows};

/// Most entries of one piece of an earlier log, and about the most bytes of it: a parcel has room
/// for them.
const PAST_ENTRIES: usize = 500;
const PAST_BYTES: usize = 2 << 20;

/// The header of an entry of an earlier log.
pub(crate) fn past_header(conn: &Connection, id: EntryId) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT header FROM signed_past WHERE log = ?1 AND seq = ?2")?;
    optional(&mut statement, (id.log.as_bytes(), seq(id.seq)))
}

/// The server lacks what comes before the piece that it was given: it was restored. The log is
/// offered to it from its beginning.
pub(crate) fn past_anew(tx: &Connection, row: &VaultRow, log: LogId) -> Result<(), StoreError> {
    if log == row.log {
        return lineage_rows::tail_sent(tx, row, Seq(0));
    }
    tx.prepare_cached("UPDATE past_log SET evidence = 0 WHERE log = ?1")?
        .execute((log.as_bytes(),))?;
    Ok(())
}

/// A piece of an earlier log.
pub(crate) struct Past {
    pub(crate) segment: Segment,
    /// The server once received it, in so many commits: it stands before the tail.
    pub(crate) received: Option<usize>,
}

/// The next piece of an earlier log to send, up to a commit and of so many commits at most: what a
/// server that was restored may have lost of it, and then its tail as evidence.
pub(crate) fn next_past(conn: &Connection, commits_max: usize) -> Result<Option<Past>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT log, kept_as, tail, evidence FROM past_log
         WHERE evidence IS NOT NULL AND log <> kept_as ORDER BY log LIMIT 1",
    )?;
    let mut rows = statement.query(())?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let log = LogId::from_bytes(bytes(row, "log")?);
    let (tail, first) = (count(row, "tail")?, Seq(count(row, "evidence")?));
    let received = first.0 < tail;
    let name = if received { "log" } else { "kept_as" };
    let of = LogId::from_bytes(bytes(row, name)?);
    let mut statement = conn.prepare_cached(
        "SELECT s.header, s.salt, s.signature, e.payload
         FROM signed_past s JOIN entry e ON e.log = s.log AND e.seq = s.seq
         WHERE s.log = ?1 AND s.seq >= ?2 ORDER BY s.seq",
    )?;
    let mut rows = statement.query((of.as_bytes(), seq(first)))?;
    let (mut entries, mut size, mut commits) = (Vec::new(), 0, 0);
    let mut commit: Option<(usize, Vec<u8>)> = None;
    while let Some(row) = rows.next()? {
        let full = entries.len() >= PAST_ENTRIES || size >= PAST_BYTES || commits >= commits_max;
        if full && commit.is_some() {
            break;
        }
        let payload: Vec<u8> = row.get("payload")?;
        size += payload.len();
        entries.push(Entry {
            header: row.get("header")?,
            salt: bytes(row, "salt")?,
            payload,
        });
        if let Some(signature) = row.get::<_, Option<Vec<u8>>>("signature")? {
            commit = Some((entries.len(), signature));
            commits += 1;
        }
    }
    let received = received.then_some(commits);
    Ok(commit.map(|(length, signature)| {
        entries.truncate(length);
        let segment = Segment {
            log,
            first,
            entries,
            signature,
        };
        Past { segment, received }
    }))
}

/// The server has another entry than ours at this place of an earlier log, or none: from there on
/// ours is kept under the name of its tail. Gives that name; none if the log ends before it.
pub(crate) fn part(tx: &Connection, log: LogId, first: Seq) -> Result<Option<LogId>, StoreError> {
    let mut past = tx.prepare_cached(
        "UPDATE past_log SET tail = ?2, evidence = min(coalesce(evidence, ?2), ?2)
         WHERE log = ?1 AND log <> kept_as AND tail > ?2 RETURNING kept_as",
    )?;
    let found: Option<[u8; 16]> = optional(&mut past, (log.as_bytes(), seq(first)))?;
    let Some(kept_as) = found else {
        return Ok(None);
    };
    for table in ["signed_past", "entry"] {
        let own = if table == "entry" { "AND own = 2" } else { "" };
        tx.prepare_cached(&format!(
            "UPDATE {table} SET log = ?3 WHERE log = ?1 AND seq >= ?2 {own}"
        ))?
        .execute((log.as_bytes(), seq(first), kept_as))?;
    }
    Ok(Some(LogId::from_bytes(kept_as)))
}

/// The records in which words of an earlier log of ours are out for this reason, and nothing has
/// taken their place.
pub(crate) fn records_lost(conn: &Connection, why: &str) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT record FROM entry INDEXED BY entry_unsettled
         WHERE own >= 1 AND verdict NOT IN (1, 6) AND own = 2 AND verdict = 4 AND kind = 0
             AND reason = ?1 AND superseded = 0 AND let_go = 0 AND destroyed = 0
             AND record IS NOT NULL",
    )?;
    let rows = statement.query_map((why,), |row| bytes(row, "record"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// The server has this piece. Nothing more is sent of a log once its tail has ended.
pub(crate) fn evidence_sent(tx: &Connection, log: LogId, next: Seq) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE past_log SET evidence =
             (SELECT min(seq) FROM signed_past
              WHERE signed_past.log IN (past_log.log, past_log.kept_as) AND seq >= ?2)
         WHERE log = ?1",
    )?
    .execute((log.as_bytes(), seq(next)))?;
    Ok(())
}

/// The server has lost an entry of an earlier log of ours: as it was it is never let in.
pub(crate) fn set_lost(tx: &Connection, id: EntryId, why: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET verdict = 4, reason = ?3 WHERE own = 2 AND log = ?1 AND seq = ?2",
    )?
    .execute((id.log.as_bytes(), seq(id.seq), why))?;
    Ok(())
}
