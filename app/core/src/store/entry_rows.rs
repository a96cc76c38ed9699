//! What entries say, our own and others'.

use rusqlite::{Connection, Row, named_params};
use shared::hash::ChangeHash;
use shared::ids::{DeviceId, EntryId, LogId, OfficerId, RecordId, Seq};
use shared::log::EntryKind;
use shared::time::UnixMs;

use super::StoreError;
use super::sql::{
    bytes, bytes_opt, count, frontier as frontier_bytes, frontier_from, hashes, hashes_from, seq,
    time, time_opt,
};

/// What the server has said of an entry. Others' entries come accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VerdictState {
    None,
    Accepted,
    Parked,
    Quarantined,
    Rejected,
}

impl VerdictState {
    const ALL: [Self; 5] = [
        Self::None,
        Self::Accepted,
        Self::Parked,
        Self::Quarantined,
        Self::Rejected,
    ];

    const fn code(self) -> i64 {
        self as i64
    }

    fn from_code(code: i64) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or(StoreError::Damaged("verdict"))
    }
}

/// Whether a change is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opened {
    /// It lacks what it builds on.
    Waits,
    /// It is.
    Yes,
    /// The guard refused it, with this code.
    Refused(&'static str),
}

/// One entry.
#[derive(Clone)]
pub(crate) struct EntryRow {
    pub(crate) id: EntryId,
    pub(crate) own: bool,
    pub(crate) record: Option<RecordId>,
    pub(crate) kind: EntryKind,
    pub(crate) officer: OfficerId,
    pub(crate) device: DeviceId,
    pub(crate) at: UnixMs,
    pub(crate) received_at: Option<UnixMs>,
    pub(crate) verdict: VerdictState,
    pub(crate) reason: Option<String>,
    pub(crate) change: Option<ChangeHash>,
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) seen: Vec<EntryId>,
    pub(crate) opened: Opened,
    /// A later entry of ours takes its place.
    pub(crate) superseded: bool,
    pub(crate) payload: Vec<u8>,
}

impl EntryRow {
    /// True if the server let it in.
    pub(crate) fn accepted(&self) -> bool {
        self.verdict == VerdictState::Accepted
    }

    /// True while the server has not said that it never lets it in, and nothing of ours took
    /// its place.
    pub(crate) const fn stands(&self) -> bool {
        !self.superseded
            && !matches!(
                self.verdict,
                VerdictState::Quarantined | VerdictState::Rejected
            )
    }
}

/// Writes an entry; one that is there already is left as it is. True if it is new.
pub(crate) fn insert(tx: &Connection, entry: &EntryRow) -> Result<bool, StoreError> {
    let (opened, refusal) = opened_columns(entry.opened);
    let changed = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO entry (log, seq, own, record, kind, officer, device, at,
                 received_at, verdict, reason, change, deps, seen, opened, refusal, payload)
             VALUES (:log, :seq, :own, :record, :kind, :officer, :device, :at, :received_at,
                 :verdict, :reason, :change, :deps, :seen, :opened, :refusal, :payload)",
        )?
        .execute(named_params! {
            ":log": entry.id.log.as_bytes(),
            ":seq": seq(entry.id.seq),
            ":own": entry.own,
            ":record": entry.record.as_ref().map(RecordId::as_bytes),
            ":kind": entry.kind.code(),
            ":officer": entry.officer.as_bytes(),
            ":device": entry.device.as_bytes(),
            ":at": entry.at.0,
            ":received_at": entry.received_at.map(|at| at.0),
            ":verdict": entry.verdict.code(),
            ":reason": entry.reason,
            ":change": entry.change.as_ref().map(ChangeHash::as_bytes),
            ":deps": hashes(&entry.deps),
            ":seen": frontier_bytes(&entry.seen),
            ":opened": opened,
            ":refusal": refusal,
            ":payload": entry.payload,
        })?;
    Ok(changed == 1)
}

const fn opened_columns(opened: Opened) -> (i64, Option<&'static str>) {
    match opened {
        Opened::Waits => (0, None),
        Opened::Yes => (1, None),
        Opened::Refused(code) => (2, Some(code)),
    }
}

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

/// A later entry of ours takes the place of this one.
pub(crate) fn set_superseded(tx: &Connection, id: EntryId) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE entry SET superseded = 1 WHERE own = 1 AND log = ?1 AND seq = ?2")?
        .execute((id.log.as_bytes(), seq(id.seq)))?;
    Ok(())
}

/// Keeps the verdict of one of our own entries; gives the record it is about.
pub(crate) fn set_verdict(
    tx: &Connection,
    place: Seq,
    verdict: VerdictState,
    reason: Option<&str>,
    at: UnixMs,
) -> Result<Option<RecordId>, StoreError> {
    let mut statement = tx.prepare_cached(
        "UPDATE entry SET verdict = :verdict, reason = :reason, received_at = :at
         WHERE own = 1 AND seq = :seq RETURNING record",
    )?;
    let mut rows = statement.query(named_params! {
        ":verdict": verdict.code(),
        ":reason": reason,
        ":at": at.0,
        ":seq": seq(place),
    })?;
    let record = match rows.next()? {
        Some(row) => bytes_opt(row, "record")?.map(RecordId::from_bytes),
        None => None,
    };
    // The statement has to run to its end to take effect.
    while rows.next()?.is_some() {}
    Ok(record)
}

/// Forgets the verdicts from a place on: another lineage of the server judges anew.
pub(crate) fn forget_verdicts(tx: &Connection, from: Seq) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET verdict = 0, reason = NULL, received_at = NULL
         WHERE own = 1 AND seq >= :from",
    )?
    .execute(named_params! { ":from": seq(from) })?;
    Ok(())
}

/// All entries about a record, in the order in which they came to be known here.
pub(crate) fn of_record(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "SELECT * FROM entry WHERE record = ?1 ORDER BY id",
        (id.as_bytes(),),
    )
}

/// The same without the bytes of changes, which states do not need.
pub(crate) fn facts_of(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "SELECT log, seq, own, record, kind, officer, device, at, received_at, verdict, reason,
             change, deps, seen, opened, refusal, superseded,
             CASE WHEN kind = 0 THEN x'' ELSE payload END AS payload
         FROM entry WHERE record = ?1 ORDER BY id",
        (id.as_bytes(),),
    )
}

/// Changes of a record that lack what they build on.
pub(crate) fn unopened(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "SELECT * FROM entry WHERE record = ?1 AND opened = 0 AND kind = 0 ORDER BY id",
        (id.as_bytes(),),
    )
}

/// How many feed items are kept unopened: refused by the guard, or waiting for others.
pub(crate) fn count_unopened(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM entry WHERE opened <> 1")?;
    Ok(statement.query_row((), |row| row.get(0))?)
}

/// Our own entries that are received and not accepted.
pub(crate) fn own_unsettled(conn: &Connection, below: Seq) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "SELECT log, seq, own, record, kind, officer, device, at, received_at, verdict, reason,
             change, deps, seen, opened, refusal, superseded, x'' AS payload
         FROM entry WHERE own = 1 AND verdict <> 1 AND superseded = 0 AND seq < ?1 ORDER BY seq",
        (seq(below),),
    )
}

/// Our own entries that were accepted at a time or later.
pub(crate) fn own_accepted_since(
    conn: &Connection,
    since: UnixMs,
) -> Result<Vec<EntryRow>, StoreError> {
    query(
        conn,
        "SELECT log, seq, own, record, kind, officer, device, at, received_at, verdict, reason,
             change, deps, seen, opened, refusal, superseded, x'' AS payload
         FROM entry WHERE own = 1 AND verdict = 1 AND received_at >= ?1
         ORDER BY seq DESC LIMIT 400",
        (since.0,),
    )
}

/// The records that our own entries of these places are about.
pub(crate) fn records_between(
    conn: &Connection,
    from: Seq,
    to: Seq,
) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT record FROM entry
         WHERE own = 1 AND seq BETWEEN ?1 AND ?2 AND record IS NOT NULL",
    )?;
    let rows = statement.query_map((seq(from), seq(to)), |row| bytes(row, "record"))?;
    Ok(rows
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// The statements known of a record: the last of each log, sorted.
pub(crate) fn frontier(conn: &Connection, id: RecordId) -> Result<Vec<EntryId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT log, max(seq) AS seq FROM entry
         WHERE record = ?1 AND kind BETWEEN 1 AND 4 GROUP BY log ORDER BY log",
    )?;
    let rows = statement.query_map((id.as_bytes(),), |row| {
        Ok(EntryId {
            log: LogId::from_bytes(bytes(row, "log")?),
            seq: Seq(count(row, "seq")?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Destroys what others wrote about a record. Our own headers stay: the log needs them.
pub(crate) fn destroy_others(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM entry WHERE record = ?1 AND own = 0")?
        .execute((id.as_bytes(),))?;
    Ok(())
}

fn query(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<EntryRow>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read(row)?);
    }
    Ok(entries)
}

fn read(row: &Row<'_>) -> Result<EntryRow, StoreError> {
    Ok(EntryRow {
        id: EntryId {
            log: LogId::from_bytes(bytes(row, "log")?),
            seq: Seq(count(row, "seq")?),
        },
        own: row.get("own")?,
        record: bytes_opt(row, "record")?.map(RecordId::from_bytes),
        kind: EntryKind::from_code(row.get("kind")?),
        officer: OfficerId::from_bytes(bytes(row, "officer")?),
        device: DeviceId::from_bytes(bytes(row, "device")?),
        at: time(row, "at")?,
        received_at: time_opt(row, "received_at")?,
        verdict: VerdictState::from_code(row.get("verdict")?)?,
        reason: row.get("reason")?,
        change: bytes_opt(row, "change")?.map(ChangeHash::from_bytes),
        deps: hashes_from(&row.get::<_, Vec<u8>>("deps")?),
        seen: frontier_from(&row.get::<_, Vec<u8>>("seen")?)?,
        opened: match row.get::<_, i64>("opened")? {
            0 => Opened::Waits,
            1 => Opened::Yes,
            _ => Opened::Refused("guard"),
        },
        superseded: row.get("superseded")?,
        payload: row.get("payload")?,
    })
}
