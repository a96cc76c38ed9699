//! What the next judgement needs, in one snapshot.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};
use shared::hash::ChangeHash;
use shared::ids::{ActorId, EntryId, LogId, OfficerId, PolicySeq, RecordId, Seq, TeamId};
use shared::log::Header;

use super::people;
use super::receive::state;
use super::sql::{all, count, fixed, fixed_or_none, integer, natural, one};
use crate::store::{Case, CaseRecord, Known, StoreError};

/// Accepted entries of a record from which on their bytes are added up: an entry has at most
/// 320 KiB.
const COUNTED_FROM: u64 = 16;

/// A received entry as its row has it.
struct Pending {
    position: u64,
    bytes: u64,
    header: Header,
    payload: Vec<u8>,
    change: Option<(ChangeHash, ActorId)>,
    policy: PolicySeq,
    policy_back: bool,
}

fn pending(row: &Row<'_>) -> Result<Pending, StoreError> {
    let header: Vec<u8> = row.get("header")?;
    let change = fixed_or_none(row, "change", ChangeHash::from_slice)?;
    let actor = fixed_or_none(row, "actor", ActorId::from_slice)?;
    Ok(Pending {
        position: natural(row, "position")?,
        bytes: natural(row, "bytes")?,
        header: Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?,
        payload: row.get("payload")?,
        change: change.zip(actor),
        policy: PolicySeq(natural(row, "policy")?),
        policy_back: row.get("policy_back")?,
    })
}

pub(super) fn next(db: &Connection) -> Result<Option<Case>, StoreError> {
    let sql = "SELECT position, header, payload, change, actor, policy, policy_back,
        length(header) + length(payload) AS bytes FROM entries
        WHERE state = 0 ORDER BY position LIMIT 1";
    let Some(entry) = one(db, sql, [], pending)? else {
        return Ok(None);
    };
    let header = entry.header;
    let record = match header.subject {
        Some(id) => record(db, id)?,
        None => None,
    };
    let officers: Vec<OfficerId> = [header.officer]
        .into_iter()
        .chain(record.as_ref().map(|r| r.author))
        .collect();
    // A device cannot know more than there was when it was heard.
    let claimed = header.policy.min(entry.policy);
    let authority = people::authority_at(db, claimed, &officers)?;
    let authority_received = people::authority_at(db, entry.policy, &officers)?;
    let mut deps = Vec::with_capacity(header.deps.len());
    for &dep in &header.deps {
        deps.push((dep, known_change(db, header.subject, dep)?));
    }
    let mut seen = Vec::with_capacity(header.seen.len());
    for &statement in &header.seen {
        seen.push((statement, known_entry(db, statement)?));
    }
    let replayed = match entry.change {
        Some((hash, _)) => replayed(db, hash, entry.position)?,
        None => false,
    };
    let actor = match entry.change {
        Some((_, actor)) => bound(db, actor)?,
        None => None,
    };
    Ok(Some(Case {
        id: header.id(),
        payload: entry.payload,
        bytes: entry.bytes,
        change: entry.change,
        policy_back: entry.policy_back,
        record,
        authority,
        authority_received,
        deps,
        seen,
        replayed,
        actor,
        header,
    }))
}

fn record(db: &Connection, id: RecordId) -> Result<Option<CaseRecord>, StoreError> {
    let sql = "SELECT kind, snapshot, revision, author, team, submitted_at FROM records
        WHERE id = ?1";
    let found = one(db, sql, params![id.as_bytes()], |row| {
        let kind: String = row.get("kind")?;
        Ok(CaseRecord {
            kind: kind.parse().map_err(|_| StoreError::Damaged("kind"))?,
            snapshot: row.get("snapshot")?,
            bytes: 0,
            revision: natural(row, "revision")?,
            author: fixed(row, "author", OfficerId::from_slice)?,
            team: fixed_or_none(row, "team", TeamId::from_slice)?,
            contributors: BTreeSet::new(),
            submitted: row.get::<_, Option<i64>>("submitted_at")?.is_some(),
        })
    })?;
    let Some(mut found) = found else {
        return Ok(None);
    };
    let sql = "SELECT coalesce(sum(length(header) + length(payload)), 0) AS n FROM entries
        WHERE record = ?1 AND accepted IS NOT NULL";
    // Few entries cannot be many bytes: those of nearly every record are not added up.
    if found.revision > COUNTED_FROM {
        found.bytes = count(db, sql, params![id.as_bytes()])?;
    }
    let sql = "SELECT officer FROM contributors WHERE record = ?1";
    let officer = |row: &Row<'_>| fixed(row, "officer", OfficerId::from_slice);
    found.contributors = all(db, sql, params![id.as_bytes()], officer)?
        .into_iter()
        .collect();
    Ok(Some(found))
}

/// What the column says of an entry.
fn known(state: i64) -> Known {
    match state {
        state::ACCEPTED => Known::Accepted,
        state::QUARANTINED => Known::Quarantined,
        state::REJECTED => Known::Rejected,
        _ => Known::Waiting,
    }
}

/// The best that is known of a change of this record: it may have been received twice.
fn known_change(
    db: &Connection,
    record: Option<RecordId>,
    hash: ChangeHash,
) -> Result<Known, StoreError> {
    let Some(record) = record else {
        return Ok(Known::No);
    };
    let sql = "SELECT state FROM entries WHERE change = ?1 AND record = ?2 ORDER BY state != 1,
        state LIMIT 1";
    let found = one(
        db,
        sql,
        params![hash.as_bytes(), record.as_bytes()],
        |row| Ok(known(row.get("state")?)),
    )?;
    Ok(found.unwrap_or(Known::No))
}

pub(super) fn known_entry(db: &Connection, id: EntryId) -> Result<Known, StoreError> {
    let sql = "SELECT state FROM entries WHERE log = ?1 AND seq = ?2";
    let found = one(
        db,
        sql,
        params![id.log.as_bytes(), integer(id.seq.0)],
        |row| Ok(known(row.get("state")?)),
    )?;
    Ok(found.unwrap_or(Known::No))
}

/// True if another entry with this change came before, and could be let in.
fn replayed(db: &Connection, hash: ChangeHash, position: u64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE change = ?1 AND position < ?2 AND state != 4";
    let found = one(db, sql, params![hash.as_bytes(), integer(position)], |_| {
        Ok(())
    })?;
    Ok(found.is_some())
}

fn bound(db: &Connection, actor: ActorId) -> Result<Option<(LogId, RecordId)>, StoreError> {
    let sql = "SELECT log, record FROM actors WHERE actor = ?1";
    one(db, sql, params![actor.as_bytes()], |row| {
        Ok((
            fixed(row, "log", LogId::from_slice)?,
            fixed(row, "record", RecordId::from_slice)?,
        ))
    })
}

/// An entry, while it waits for judgement.
pub(super) fn waiting_at(db: &Connection, id: EntryId) -> Result<Option<Judged>, StoreError> {
    let sql = "SELECT header, change, actor, received_at FROM entries
        WHERE log = ?1 AND seq = ?2 AND state = 0";
    one(
        db,
        sql,
        params![id.log.as_bytes(), integer(id.seq.0)],
        |row| {
            let header: Vec<u8> = row.get("header")?;
            Ok(Judged {
                header: Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?,
                change: fixed_or_none(row, "change", ChangeHash::from_slice)?,
                actor: fixed_or_none(row, "actor", ActorId::from_slice)?,
                received_at: super::sql::time(row, "received_at")?,
            })
        },
    )
}

/// An entry that a judgement is being written of.
pub(super) struct Judged {
    pub(super) header: Header,
    pub(super) change: Option<ChangeHash>,
    pub(super) actor: Option<ActorId>,
    pub(super) received_at: shared::time::UnixMs,
}

impl Judged {
    /// The record, which everything but an entry for the audit has.
    pub(super) fn record(&self) -> Result<RecordId, StoreError> {
        self.header.subject.ok_or(StoreError::Damaged("record"))
    }

    /// Its number in the log, as a column.
    pub(super) fn seq(&self) -> i64 {
        let Seq(seq) = self.header.seq;
        integer(seq)
    }
}
