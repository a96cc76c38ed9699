//! What entries say, our own and others'.

use rusqlite::{Connection, Row, named_params};
use shared::hash::ChangeHash;
use shared::ids::{AcceptPos, DeviceId, EntryId, LogId, OfficerId, RecordId, Seq};
use shared::log::EntryKind;
use shared::time::UnixMs;

use super::StoreError;
use super::newer_rows::NEEDS_NEWER_APP;
use super::sql::{
    Cells, bytes, bytes_opt, count, frontier as frontier_bytes, frontier_from, hashes, hashes_from,
    seq, signed,
};

/// What the server has said of an entry. Others' entries come accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VerdictState {
    None,
    Accepted,
    Parked,
    Quarantined,
    Rejected,
    /// A supervisor keeps it out for good.
    Upheld,
    /// Another entry of ours took its place before it was let in.
    Superseded,
}

impl VerdictState {
    const ALL: [Self; 7] = [
        Self::None,
        Self::Accepted,
        Self::Parked,
        Self::Quarantined,
        Self::Rejected,
        Self::Upheld,
        Self::Superseded,
    ];

    /// True if the server keeps it out, for now or for good.
    pub(crate) const fn kept_out(self) -> bool {
        matches!(self, Self::Quarantined | Self::Rejected | Self::Upheld)
    }

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
    /// It can be, and is once somebody opens the record.
    Later,
    /// The guard refused it, with this code.
    Refused(&'static str),
}

/// One entry.
#[derive(Clone)]
pub(crate) struct EntryRow {
    pub(crate) id: EntryId,
    pub(crate) own: bool,
    /// It stands in an earlier log of this vault.
    pub(crate) past: bool,
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
    /// The current lineage of the server is known to have accepted it.
    pub(crate) position: Option<AcceptPos>,
    /// A statement that its officer has to sign again.
    pub(crate) confirm: bool,
    /// Its officer wants no more of it.
    pub(crate) let_go: bool,
    /// It is ours, and its payload went with the copy of its record.
    pub(crate) destroyed: bool,
    pub(crate) payload: Vec<u8>,
}

impl EntryRow {
    /// True if the server let it in, and it is not another's that nobody offers any more.
    pub(crate) fn accepted(&self) -> bool {
        self.verdict == VerdictState::Accepted && !self.given_up()
    }

    /// True for another's entry that the server has lost and nobody offers any more.
    pub(crate) const fn given_up(&self) -> bool {
        self.let_go && !self.own
    }

    /// True for a change that is in the document, or is once the record is opened.
    pub(crate) const fn is_in(&self) -> bool {
        matches!(self.opened, Opened::Yes | Opened::Later)
    }

    /// True for words of ours that are missing from a record that has come back: the server may
    /// let them in, or has, and only their header is here.
    pub(crate) fn lacks_words(&self) -> bool {
        let may_count = self.accepted() || !self.past && self.stands();
        self.destroyed && may_count && !self.kind.is_audit_only()
    }

    /// True while the server has not said that it never lets it in, and nothing of ours took
    /// its place.
    pub(crate) const fn stands(&self) -> bool {
        !self.superseded
            && !self.verdict.kept_out()
            && !matches!(self.verdict, VerdictState::Superseded)
    }

    /// True if it is in this vault's outbox or above it: not received, as far as is known here.
    pub(crate) fn waits(&self, unreceived: Seq) -> bool {
        self.own && !self.past && self.id.seq >= unreceived
    }
}

/// Writes an entry; one that is there already is left as it is. True if it is new.
pub(crate) fn insert(tx: &Connection, entry: &EntryRow) -> Result<bool, StoreError> {
    let (opened, refusal) = opened_columns(entry.opened);
    let changed = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO entry (log, seq, own, record, kind, officer, device, at,
                 received_at, verdict, reason, change, deps, seen, opened, refusal, position,
                 payload)
             VALUES (:log, :seq, :own, :record, :kind, :officer, :device, :at, :received_at,
                 :verdict, :reason, :change, :deps, :seen, :opened, :refusal, :position,
                 :payload)",
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
            ":position": entry.position.map(|it| signed(it.0)),
            ":payload": entry.payload,
        })?;
    Ok(changed == 1)
}

pub(super) const fn opened_columns(opened: Opened) -> (i64, Option<&'static str>) {
    match opened {
        Opened::Waits => (0, None),
        Opened::Yes => (1, None),
        Opened::Later => (3, None),
        Opened::Refused(code) => (2, Some(code)),
    }
}

/// A later entry of ours takes the place of this one.
pub(crate) fn set_superseded(tx: &Connection, id: EntryId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE entry SET superseded = 1, confirm = NULL
         WHERE own >= 1 AND log = ?1 AND seq = ?2",
    )?
    .execute((id.log.as_bytes(), seq(id.seq)))?;
    Ok(())
}

/// Keeps the verdict of one of our own entries; gives the record it is about.
pub(crate) fn set_verdict(
    tx: &Connection,
    place: Seq,
    verdict: VerdictState,
    reason: Option<&str>,
    position: Option<AcceptPos>,
    at: UnixMs,
) -> Result<Option<RecordId>, StoreError> {
    let mut statement = tx.prepare_cached(
        "UPDATE entry SET verdict = :verdict, reason = :reason,
             received_at = CASE WHEN verdict = :verdict AND verdict = 2 THEN received_at
                 ELSE :at END,
             position = :position, confirm = CASE WHEN :verdict = 1 THEN NULL ELSE confirm END
         WHERE own = 1 AND seq = :seq RETURNING record",
    )?;
    let mut rows = statement.query(named_params! {
        ":verdict": verdict.code(),
        ":reason": reason,
        ":at": at.0,
        ":position": position.map(|it| signed(it.0)),
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

/// All entries about a record, in the order in which they came to be known here.
pub(crate) fn of_record(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query(conn, "WHERE record = ?1 ORDER BY id", (id.as_bytes(),))
}

/// The same without the bytes of changes, which states do not need.
pub(crate) fn facts_of(conn: &Connection, id: RecordId) -> Result<Vec<EntryRow>, StoreError> {
    query_facts(conn, "WHERE record = ?1 ORDER BY id", (id.as_bytes(),))
}

/// Our own entries that are received and not accepted.
pub(crate) fn own_unsettled(conn: &Connection, below: Seq) -> Result<Vec<EntryRow>, StoreError> {
    query_facts(
        conn,
        "WHERE own >= 1 AND verdict NOT IN (1, 6) AND superseded = 0 AND let_go = 0
             AND (own = 2 OR seq < ?1) ORDER BY id",
        (seq(below),),
    )
}

/// Our own entries that were accepted at a time or later.
pub(crate) fn own_accepted_since(
    conn: &Connection,
    since: UnixMs,
) -> Result<Vec<EntryRow>, StoreError> {
    query_facts(
        conn,
        "WHERE own = 1 AND verdict = 1 AND received_at >= ?1 ORDER BY seq DESC LIMIT 400",
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
         WHERE record = ?1 AND (kind BETWEEN 1 AND 4 OR kind BETWEEN 7 AND 11)
             AND superseded = 0
         GROUP BY log ORDER BY log",
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

/// One entry.
pub(crate) fn get(conn: &Connection, id: EntryId) -> Result<Option<EntryRow>, StoreError> {
    let found = query(
        conn,
        "WHERE log = ?1 AND seq = ?2",
        (id.log.as_bytes(), seq(id.seq)),
    )?;
    Ok(found.into_iter().next())
}

/// The columns of an entry without its bytes, in the order in which [`read`] reads them.
const FACTS: &str =
    "log, seq, own, record, kind, officer, device, at, received_at, verdict, reason,
    change, deps, seen, opened, refusal, superseded, position, confirm, let_go,
    destroyed";

/// The entries of which this is true.
pub(super) fn query(
    conn: &Connection,
    which: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<EntryRow>, StoreError> {
    let sql = format!("SELECT {FACTS}, payload FROM entry {which}");
    read_all(conn, &sql, params)
}

/// The same without the bytes of changes.
fn query_facts(
    conn: &Connection,
    which: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<EntryRow>, StoreError> {
    let payload = "CASE WHEN kind = 0 THEN x'' ELSE payload END";
    let sql = format!("SELECT {FACTS}, {payload} FROM entry {which}");
    read_all(conn, &sql, params)
}

fn read_all(
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
    let mut cells = Cells::of(row);
    let id = EntryId {
        log: LogId::from_bytes(cells.next()?),
        seq: Seq(cells.count()?),
    };
    let own: i64 = cells.next()?;
    Ok(EntryRow {
        id,
        own: own != 0,
        past: own == 2,
        record: cells.next::<Option<_>>()?.map(RecordId::from_bytes),
        kind: EntryKind::from_code(cells.next()?),
        officer: OfficerId::from_bytes(cells.next()?),
        device: DeviceId::from_bytes(cells.next()?),
        at: cells.time()?,
        received_at: cells.time_opt()?,
        verdict: VerdictState::from_code(cells.next()?)?,
        reason: cells.next()?,
        change: cells.next::<Option<_>>()?.map(ChangeHash::from_bytes),
        deps: hashes_from(&cells.next::<Vec<u8>>()?),
        seen: frontier_from(&cells.next::<Vec<u8>>()?)?,
        opened: opened_of(cells.next()?, cells.next::<Option<String>>()?.as_deref()),
        superseded: cells.next()?,
        position: cells.count_opt()?.map(AcceptPos),
        confirm: cells.next::<Option<String>>()?.is_some(),
        let_go: cells.next()?,
        destroyed: cells.next()?,
        payload: cells.next()?,
    })
}

fn opened_of(code: i64, refusal: Option<&str>) -> Opened {
    match (code, refusal) {
        (0, _) => Opened::Waits,
        (1, _) => Opened::Yes,
        (3, _) => Opened::Later,
        (_, Some(NEEDS_NEWER_APP)) => Opened::Refused(NEEDS_NEWER_APP),
        _ => Opened::Refused("guard"),
    }
}
