//! Our own log: appending, signing, and what of it the server has not received.

use ring::signature::Ed25519KeyPair;
use rusqlite::{Connection, named_params};
use shared::hash::{ChangeHash, HeaderHash, PayloadHash};
use shared::ids::{BootId, EntryId, LogId, RecordId, Seq};
use shared::log::{Entry, EntryKind, Header, Purpose, Segment, sign};
use shared::time::UnixMs;
use shared::wire::Waiting;

use super::sql::{bytes, bytes_opt, count, optional, seq, time, time_opt};
use super::{
    EntryRow, Resealed, StoreError, VaultRow, VerdictState, disk_rows, entry_rows, lineage_rows,
    vault_rows,
};

/// Most entries of one push.
const SEGMENT_ENTRIES: usize = 2000;
/// Most bytes of one push, by payloads and headers.
const SEGMENT_BYTES: u64 = 2 << 20;
/// What an entry weighs beside its header and payload.
const ENTRY_OVERHEAD: u64 = 32;

/// When something is done, by every clock the device has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    pub(crate) wall: UnixMs,
    pub(crate) server_time: Option<UnixMs>,
    pub(crate) elapsed: u64,
    pub(crate) boot: BootId,
    /// No time is earlier than this: the server's last, also from before a restart.
    pub(crate) floor: UnixMs,
}

impl Stamp {
    /// The best estimate of the time.
    pub(crate) fn estimate(&self) -> UnixMs {
        match self.server_time {
            Some(known) => known.plus(i64::try_from(self.elapsed).unwrap_or(i64::MAX)),
            None => self.wall.max(self.floor),
        }
    }
}

/// An entry about to be written.
#[derive(Debug)]
pub(crate) struct NewEntry {
    pub(crate) subject: Option<RecordId>,
    pub(crate) kind: EntryKind,
    pub(crate) payload: Vec<u8>,
    pub(crate) salt: [u8; 16],
    /// The hash of the change, of a change.
    pub(crate) change: Option<ChangeHash>,
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) schema: u32,
    /// Entries of ours that this one takes the place of. Sorted.
    pub(crate) supersedes: Vec<EntryId>,
}

/// Appends entries as one signed commit: headers chained, the last one's hash signed.
pub(crate) fn append(
    tx: &Connection,
    stamp: &Stamp,
    new: Vec<NewEntry>,
) -> Result<Vec<Seq>, StoreError> {
    let row = vault_rows::get(tx)?;
    let (mut hash, mut next) = (row.head, row.next);
    let mut written = Vec::with_capacity(new.len());
    for entry in new {
        let header = header(tx, &row, stamp, next, &entry)?;
        let bytes = header.to_bytes();
        hash = hash.next(&bytes);
        insert_signed(tx, next, &bytes, hash, &entry)?;
        for old in &entry.supersedes {
            entry_rows::set_superseded(tx, *old)?;
        }
        entry_rows::insert(tx, &own_row(&row, stamp, header, entry))?;
        written.push(next);
        next = next.next();
    }
    let Some(last) = written.last() else {
        return Ok(written);
    };
    let key = Ed25519KeyPair::from_seed_unchecked(row.seed.as_ref())
        .map_err(|_| StoreError::Damaged("signing key"))?;
    let signature = sign(&key, Purpose::LogCommit, hash.as_bytes());
    tx.prepare_cached("UPDATE signed SET signature = :signature WHERE seq = :seq")?
        .execute(named_params! { ":signature": signature, ":seq": seq(*last) })?;
    vault_rows::set_head(tx, next, hash)?;
    Ok(written)
}

fn header(
    tx: &Connection,
    row: &VaultRow,
    stamp: &Stamp,
    seq: Seq,
    entry: &NewEntry,
) -> Result<Header, StoreError> {
    let seen = match entry.subject {
        Some(record) => entry_rows::frontier(tx, record)?,
        None => Vec::new(),
    };
    Ok(Header {
        log: row.log,
        seq,
        subject: entry.subject,
        kind: entry.kind,
        payload: PayloadHash::of(&entry.salt, &entry.payload),
        officer: row.officer,
        deps: entry.deps.clone(),
        seen,
        supersedes: entry.supersedes.clone(),
        policy: row.policy,
        schema: entry.schema,
        wall: stamp.wall,
        server_time: stamp.server_time,
        elapsed: stamp.elapsed,
        boot: stamp.boot,
    })
}

fn own_row(row: &VaultRow, stamp: &Stamp, header: Header, entry: NewEntry) -> EntryRow {
    EntryRow {
        id: EntryId {
            log: row.log,
            seq: header.seq,
        },
        own: true,
        past: false,
        record: entry.subject,
        kind: entry.kind,
        officer: row.officer,
        device: row.device,
        at: stamp.estimate(),
        received_at: None,
        verdict: VerdictState::None,
        reason: None,
        change: entry.change,
        deps: entry.deps,
        seen: header.seen,
        opened: super::Opened::Yes,
        superseded: false,
        position: None,
        confirm: false,
        let_go: false,
        destroyed: false,
        payload: entry.payload,
    }
}

fn insert_signed(
    tx: &Connection,
    place: Seq,
    header: &[u8],
    hash: HeaderHash,
    entry: &NewEntry,
) -> Result<(), StoreError> {
    let weight = header.len() + entry.payload.len();
    tx.prepare_cached(
        "INSERT INTO signed (seq, header, hash, salt, bytes)
         VALUES (:seq, :header, :hash, :salt, :bytes)",
    )?
    .execute(named_params! {
        ":seq": seq(place),
        ":header": header,
        ":hash": hash.as_bytes(),
        ":salt": entry.salt,
        ":bytes": i64::try_from(weight).unwrap_or(i64::MAX),
    })?;
    Ok(())
}

/// The first place that the server has not received.
pub(crate) fn first_unreceived(row: &VaultRow) -> Seq {
    row.received.map_or(Seq(0), Seq::next)
}

/// What of a log can be offered to the server from a place on.
pub(crate) enum Offer {
    /// The log ends before it.
    Nothing,
    /// A stretch that ends at a commit.
    Segment(Segment),
    /// A stretch that only the server can read: the rest of it was destroyed here.
    Sealed(Resealed),
}

/// The next stretch of the outbox, up to a commit within the limits; none if what comes next is
/// sealed.
pub(crate) fn segment(conn: &Connection, row: &VaultRow) -> Result<Option<Segment>, StoreError> {
    match offer(conn, row.log, lineage_rows::first_unmatched(row))? {
        Offer::Segment(segment) => Ok(Some(segment)),
        Offer::Nothing | Offer::Sealed(_) => Ok(None),
    }
}

/// The next stretch of the current log from a place on, up to a commit within the limits.
pub(crate) fn offer(conn: &Connection, log: LogId, first: Seq) -> Result<Offer, StoreError> {
    offer_before(conn, log, first, None)
}

/// The same, up to a place that is not in it any more.
pub(crate) fn offer_before(
    conn: &Connection,
    log: LogId,
    first: Seq,
    end: Option<Seq>,
) -> Result<Offer, StoreError> {
    if let Some(sealed) = disk_rows::resealed_at(conn, log, first)? {
        return Ok(Offer::Sealed(sealed));
    }
    let sealed = disk_rows::resealed(conn, log)?;
    let parcels = sealed.iter().map(|(first, _)| *first);
    let end = parcels.chain(end).filter(|it| *it > first).min();
    stretch(conn, log, first, end)
}

/// The entries from a place on, up to a commit before the end and within the limits.
fn stretch(
    conn: &Connection,
    log: LogId,
    first: Seq,
    end: Option<Seq>,
) -> Result<Offer, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.header, s.salt, s.bytes, s.signature, e.payload
         FROM signed s JOIN entry e ON e.seq = s.seq AND e.own = 1
         WHERE s.seq >= :first AND s.seq < :end ORDER BY s.seq",
    )?;
    let end = end.map_or(i64::MAX, seq);
    let mut rows = statement.query(named_params! { ":first": seq(first), ":end": end })?;
    let mut entries = Vec::new();
    let mut commit: Option<(usize, Vec<u8>)> = None;
    let mut weight = 0;
    while let Some(row) = rows.next()? {
        weight += count(row, "bytes")? + ENTRY_OVERHEAD;
        let over = weight > SEGMENT_BYTES || entries.len() >= SEGMENT_ENTRIES;
        // A commit that is over the limits by itself still has to go somewhere.
        if over && commit.is_some() {
            break;
        }
        entries.push(Entry {
            header: row.get("header")?,
            salt: bytes(row, "salt")?,
            payload: row.get("payload")?,
        });
        if let Some(signature) = row.get::<_, Option<Vec<u8>>>("signature")? {
            commit = Some((entries.len(), signature));
        }
    }
    Ok(commit.map_or(Offer::Nothing, |(length, signature)| {
        entries.truncate(length);
        Offer::Segment(Segment {
            log,
            first,
            entries,
            signature,
        })
    }))
}

/// The commit that a place of the current log belongs to.
pub(crate) fn commit_of(conn: &Connection, place: Seq) -> Result<(Seq, Seq), StoreError> {
    let mut before = conn
        .prepare_cached("SELECT max(seq) FROM signed WHERE seq < ?1 AND signature IS NOT NULL")?;
    let mut end = conn
        .prepare_cached("SELECT min(seq) FROM signed WHERE seq >= ?1 AND signature IS NOT NULL")?;
    let at = |found: Option<i64>| found.map(|it| Seq(it.cast_unsigned()));
    let first = at(optional::<Option<i64>>(&mut before, (seq(place),))?.flatten());
    let last = at(optional::<Option<i64>>(&mut end, (seq(place),))?.flatten());
    Ok((
        first.map_or(Seq(0), Seq::next),
        last.ok_or(StoreError::Damaged("commit"))?,
    ))
}

/// The entries of one commit of the current log.
pub(crate) fn commit(
    conn: &Connection,
    log: LogId,
    (first, last): (Seq, Seq),
) -> Result<Segment, StoreError> {
    match stretch(conn, log, first, Some(last.next()))? {
        Offer::Segment(segment) => Ok(segment),
        Offer::Nothing | Offer::Sealed(_) => Err(StoreError::Damaged("commit")),
    }
}

/// Destroys payload and salt of one of our own entries. Its header stays: the log needs it.
pub(crate) fn destroy_payload(tx: &Connection, place: Seq) -> Result<(), StoreError> {
    // What waited to be opened waits no more: it is opened when it comes again.
    tx.prepare_cached(
        "UPDATE entry SET payload = x'', destroyed = 1, opened = 1 WHERE own = 1 AND seq = ?1",
    )?
    .execute((seq(place),))?;
    tx.prepare_cached("UPDATE signed SET salt = zeroblob(16) WHERE seq = ?1")?
        .execute((seq(place),))?;
    Ok(())
}

/// The chained hash of our header at a place.
pub(crate) fn hash_at(conn: &Connection, place: Seq) -> Result<Option<HeaderHash>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT hash FROM signed WHERE seq = ?1")?;
    let hash: Option<[u8; 32]> = optional(&mut statement, (seq(place),))?;
    Ok(hash.map(HeaderHash::from_bytes))
}

/// What the server has not received yet, as it is told.
pub(crate) fn waiting(conn: &Connection, row: &VaultRow) -> Result<Waiting, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*) AS entries, min(at) AS oldest FROM entry
         WHERE own = 1 AND seq >= :first",
    )?;
    let first = seq(first_unreceived(row));
    let (entries, oldest) = statement.query_row(named_params! { ":first": first }, |row| {
        Ok((row.get::<_, u32>("entries")?, time_opt(row, "oldest")?))
    })?;
    let (photos, oldest_photo) = super::photo_rows::waiting(conn)?;
    let oldest = [oldest, oldest_photo].into_iter().flatten().min();
    Ok(Waiting {
        entries,
        photos,
        oldest,
    })
}

/// What is only here, in the numbers that people read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WaitingCounts {
    /// Records with words the server has not received.
    pub(crate) records: u32,
    /// Decisions it has not received.
    pub(crate) decisions: u32,
    /// Since when the oldest waits.
    pub(crate) oldest: Option<UnixMs>,
}

/// Counts what is only here. Entries for the audit alone are not anybody's words.
pub(crate) fn waiting_counts(
    conn: &Connection,
    row: &VaultRow,
) -> Result<WaitingCounts, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT count(DISTINCT CASE WHEN kind <> 2 THEN record END) AS records,
             count(CASE WHEN kind = 2 THEN 1 END) AS decisions, min(at) AS oldest
         FROM entry WHERE own = 1 AND seq >= ?1 AND kind NOT IN (5, 6)",
    )?;
    Ok(statement.query_row((seq(first_unreceived(row)),), |row| {
        Ok(WaitingCounts {
            records: row.get("records")?,
            decisions: row.get("decisions")?,
            oldest: time_opt(row, "oldest")?,
        })
    })?)
}

/// Entries of one record and sort that are only here.
pub(crate) struct WaitingGroup {
    pub(crate) record: Option<RecordId>,
    pub(crate) kind: EntryKind,
    pub(crate) oldest: UnixMs,
    pub(crate) bytes: u64,
}

/// What is only here, grouped by record and by whether it is a decision, oldest first.
pub(crate) fn waiting_groups(
    conn: &Connection,
    row: &VaultRow,
    limit: usize,
) -> Result<Vec<WaitingGroup>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.record, min(e.kind) AS kind, min(e.at) AS oldest, sum(s.bytes) AS bytes
         FROM entry e JOIN signed s ON s.seq = e.seq
         WHERE e.own = 1 AND e.seq >= ?1
         GROUP BY e.record, e.kind = 2, e.kind IN (5, 6) ORDER BY min(e.seq) LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map((seq(first_unreceived(row)), limit), |row| {
        Ok(WaitingGroup {
            record: bytes_opt(row, "record")?.map(RecordId::from_bytes),
            kind: EntryKind::from_code(row.get("kind")?),
            oldest: time(row, "oldest")?,
            bytes: count(row, "bytes")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
