//! Lineages: of the server's database, which a restore begins, and of our own log, which a
//! split ends.

use rusqlite::{Connection, named_params};
use shared::hash::HeaderHash;
use shared::ids::{AcceptPos, EntryId, LogId, ReceivePos, Seq};
use shared::log::Segment;
use shared::time::UnixMs;
use zeroize::Zeroizing;

use super::sql::{bytes, count, count_opt, optional, seq, signed};
use super::{EntryRow, StoreError, VaultRow, entry_rows};

/// How many receipts are kept, to find a branch among them.
const RECEIPTS: i64 = 1000;

/// A receipt reached so far in our log, and had this place in the order of receipt.
pub(crate) fn note_receipt(
    tx: &Connection,
    place: Seq,
    position: ReceivePos,
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO receipt (seq, position) VALUES (?1, ?2)")?
        .execute((seq(place), signed(position.0)))?;
    tx.prepare_cached(
        "DELETE FROM receipt WHERE seq NOT IN
             (SELECT seq FROM receipt ORDER BY seq DESC LIMIT ?1)",
    )?
    .execute((RECEIPTS,))?;
    Ok(())
}

/// The last place of our log that had been received at that position; the receipts above it
/// are void and forgotten.
pub(crate) fn received_at(
    tx: &Connection,
    position: ReceivePos,
) -> Result<Option<Seq>, StoreError> {
    tx.prepare_cached("DELETE FROM receipt WHERE position > ?1")?
        .execute((signed(position.0),))?;
    let mut statement = tx.prepare_cached("SELECT seq FROM receipt ORDER BY seq DESC LIMIT 1")?;
    let last: Option<i64> = optional(&mut statement, ())?;
    Ok(last.map(|last| Seq(last.cast_unsigned())))
}

/// Forgets what another lineage of the server said above the branch: verdicts of what it has
/// not received or not accepted, and that it has what others wrote. Nothing is deleted: what it
/// does not know is kept until its author offers it again.
pub(crate) fn forget_above(
    tx: &Connection,
    unreceived: Seq,
    accepted: AcceptPos,
    now: UnixMs,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET verdict = 0, reason = NULL, received_at = NULL, position = NULL
         WHERE own = 1 AND (seq >= :from OR position > :accepted)",
    )?
    .execute(named_params! { ":from": seq(unreceived), ":accepted": signed(accepted.0) })?;
    tx.prepare_cached(
        "UPDATE entry SET position = NULL, unknown_since = ?2 WHERE own <> 1 AND position > ?1",
    )?
    .execute((signed(accepted.0), now.0))?;
    // What it may have lost of earlier logs it is given again, the evidence too.
    tx.execute_batch(
        "DELETE FROM granted; DELETE FROM backfill; DELETE FROM task;
         UPDATE record_scope SET owed = 1;
         DELETE FROM past_log WHERE log = kept_as;
         UPDATE past_log SET evidence = (SELECT min(seq) FROM signed_past
             WHERE signed_past.log IN (past_log.log, past_log.kept_as));",
    )?;
    Ok(())
}

/// The first place that the server is not known to have: above the receipt and, while a split is
/// looked into, above what was found to be alike.
pub(crate) fn first_unmatched(row: &VaultRow) -> Seq {
    row.received.max(row.matched).map_or(Seq(0), Seq::next)
}

/// The beginning of a segment of the current log, with so many commits at most; and how many
/// commits it has then.
pub(crate) fn shorten(
    conn: &Connection,
    mut segment: Segment,
    commits_max: usize,
) -> Result<(Segment, usize), StoreError> {
    let end = segment.first.0 + segment.entries.len() as u64;
    let mut statement = conn.prepare_cached(
        "SELECT seq, signature FROM signed
         WHERE seq >= ?1 AND seq < ?2 AND signature IS NOT NULL ORDER BY seq LIMIT ?3",
    )?;
    let most = i64::try_from(commits_max).unwrap_or(i64::MAX);
    let mut rows = statement.query((seq(segment.first), signed(end), most))?;
    let mut commits = 0;
    let mut length = segment.entries.len();
    while let Some(row) = rows.next()? {
        commits += 1;
        let last = count(row, "seq")?;
        length = usize::try_from(last + 1 - segment.first.0).unwrap_or(usize::MAX);
        segment.signature = row.get("signature")?;
    }
    segment.entries.truncate(length);
    Ok((segment, commits))
}

/// The server has our log alike up to here.
pub(crate) fn set_matched(tx: &Connection, matched: Option<Seq>) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET matched = ?1")?
        .execute((matched.map(seq),))?;
    Ok(())
}

/// Our log has split: from here on the server has another, or nothing.
pub(crate) fn set_forked(tx: &Connection, place: Seq) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET forked = ?1")?
        .execute((seq(place),))?;
    Ok(())
}

/// A log that goes on where another had to end.
pub(crate) struct NewLog<'a> {
    pub(crate) log: LogId,
    pub(crate) seed: &'a Zeroizing<[u8; 32]>,
    pub(crate) head: HeaderHash,
    pub(crate) parent: Option<EntryId>,
}

/// Puts the current log away and begins another. `tail` is the first place that the server
/// never had of the old one; from there on it is kept under another name, since the server has
/// other entries of that name.
pub(crate) fn begin_log(
    tx: &Connection,
    old: &VaultRow,
    tail: Seq,
    kept_as: LogId,
    new: &NewLog<'_>,
) -> Result<(), StoreError> {
    let sent = tail_from(tx, old)?.unwrap_or(tail);
    let evidence = (sent < old.next).then_some(seq(sent));
    tx.prepare_cached(
        "INSERT OR REPLACE INTO past_log (log, tail, kept_as, evidence) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((old.log.as_bytes(), seq(tail), kept_as.as_bytes(), evidence))?;
    tx.prepare_cached(
        "INSERT INTO signed_past (log, seq, header, hash, salt, bytes, signature)
         SELECT CASE WHEN seq < ?2 THEN ?1 ELSE ?3 END, seq, header, hash, salt, bytes, signature
         FROM signed",
    )?
    .execute((old.log.as_bytes(), seq(tail), kept_as.as_bytes()))?;
    tx.prepare_cached("UPDATE entry SET log = ?2 WHERE own = 1 AND seq >= ?1")?
        .execute((seq(tail), kept_as.as_bytes()))?;
    tx.execute_batch(
        "DELETE FROM signed; DELETE FROM receipt; DELETE FROM granted; DELETE FROM backfill;
         DELETE FROM task; UPDATE record_scope SET owed = 1;
         UPDATE entry SET own = 2 WHERE own = 1;",
    )?;
    tx.prepare_cached(
        "UPDATE vault SET log = :log, seed = :seed, head = :head, next_seq = 0,
             received_seq = NULL, forked = NULL, matched = NULL, parent_log = :parent_log,
             parent_seq = :parent_seq, records_cursor = 0, mailbox_cursor = 0",
    )?
    .execute(named_params! {
        ":log": new.log.as_bytes(),
        ":seed": new.seed.as_slice(),
        ":head": new.head.as_bytes(),
        ":parent_log": new.parent.as_ref().map(|it| it.log.as_bytes()),
        ":parent_seq": new.parent.map(|it| seq(it.seq)),
    })?;
    Ok(())
}

/// What was cut off, in its order.
pub(crate) fn tail(conn: &Connection, kept_as: LogId) -> Result<Vec<EntryRow>, StoreError> {
    entry_rows::query(
        conn,
        "WHERE own = 2 AND log = ?1 ORDER BY seq",
        (kept_as.as_bytes(),),
    )
}

/// An entry of an earlier log has been said anew, or has to be signed anew for this reason.
pub(crate) fn set_aside(
    tx: &Connection,
    id: EntryId,
    confirm: Option<&str>,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE entry SET superseded = 1, confirm = ?3 WHERE log = ?1 AND seq = ?2")?
        .execute((id.log.as_bytes(), seq(id.seq), confirm))?;
    Ok(())
}

/// The next place of the current log to send as evidence, if it has split: what was cut off goes
/// up whether its officer can sign in for another log or not.
pub(crate) fn tail_from(conn: &Connection, row: &VaultRow) -> Result<Option<Seq>, StoreError> {
    let Some(tail) = row.forked else {
        return Ok(None);
    };
    let mut statement = conn.prepare_cached("SELECT evidence FROM past_log WHERE log = ?1")?;
    let next: Option<i64> = optional(&mut statement, (row.log.as_bytes(),))?;
    Ok(Some(next.map_or(tail, |next| Seq(next.cast_unsigned()))))
}

/// The server keeps what was cut off of the current log up to here. Its name is its own until
/// another log begins.
pub(crate) fn tail_sent(tx: &Connection, row: &VaultRow, next: Seq) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO past_log (log, tail, kept_as, evidence) VALUES (?1, ?2, ?1, ?3)
         ON CONFLICT (log) DO UPDATE SET evidence = excluded.evidence",
    )?
    .execute((row.log.as_bytes(), row.forked.map(seq), seq(next)))?;
    Ok(())
}

/// Statements that their officer has to sign again, with the reason.
pub(crate) fn confirmations(conn: &Connection) -> Result<Vec<(EntryId, String)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT log, seq, confirm FROM entry WHERE confirm IS NOT NULL ORDER BY id",
    )?;
    let rows = statement.query_map((), |row| {
        let id = EntryId {
            log: LogId::from_bytes(bytes(row, "log")?),
            seq: Seq(count(row, "seq")?),
        };
        Ok((id, row.get("confirm")?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A statement has to be signed again by its officer, for this reason; none once it was, or is
/// not wanted any more.
pub(crate) fn set_confirm(
    tx: &Connection,
    id: EntryId,
    why: Option<&str>,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE entry SET confirm = ?3 WHERE log = ?1 AND seq = ?2")?
        .execute((id.log.as_bytes(), seq(id.seq), why))?;
    Ok(())
}

/// The officer wants no more of these held words.
pub(crate) fn let_go(tx: &Connection, id: EntryId) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE entry SET let_go = 1, confirm = NULL WHERE log = ?1 AND seq = ?2")?
        .execute((id.log.as_bytes(), seq(id.seq)))?;
    Ok(())
}

/// How many entries are here that the server's current lineage is not known to have: others'
/// that it has not confirmed.
pub(crate) fn unknown_to_server(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*) AS n FROM entry INDEXED BY entry_unknown
         WHERE own <> 1 AND verdict = 1 AND position IS NULL AND record IS NOT NULL",
    )?;
    let found = statement.query_row((), |row| count_opt(row, "n"))?;
    Ok(u32::try_from(found.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// How often our log has split.
pub(crate) fn splits(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) AS n FROM past_log WHERE log <> kept_as")?;
    Ok(statement.query_row((), |row| row.get("n"))?)
}
