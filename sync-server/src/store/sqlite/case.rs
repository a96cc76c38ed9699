//! What a judgement needs, as it is inside the unit of work that writes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use shared::doc::genesis;
use shared::hash::ChangeHash;
use shared::ids::{ActorId, EntryId, LogId, OfficerId, PolicySeq, RecordId, Seq, TeamId};
use shared::log::{EntryKind, Header};
use shared::policy::Held;
use shared::record::Kind;
use shared::statement::Statement;
use shared::time::UnixMs;
use shared::wire::VerdictCode;

use super::desk::Desk;
use super::receive::state;
use super::sql::{all, count, fixed, fixed_or_none, hashes, integer, natural, one, time};
use super::{people, records};
use crate::store::{Case, CaseRecord, Judge, Known, StoreError};

/// Accepted entries of a record from which on their bytes are added up: an entry has at most
/// 320 KiB.
const COUNTED_FROM: u64 = 16;

/// A received entry as its row has it.
pub(super) struct Pending {
    pub(super) position: u64,
    pub(super) bytes: u64,
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
    pub(super) received_at: UnixMs,
    pub(super) change: Option<(ChangeHash, ActorId)>,
    pub(super) policy: PolicySeq,
    pub(super) policy_back: bool,
    pub(super) released: bool,
    pub(super) told: Option<VerdictCode>,
}

pub(super) fn pending(row: &Row<'_>) -> Result<Pending, StoreError> {
    let header: Vec<u8> = row.get("header")?;
    let change = fixed_or_none(row, "change", ChangeHash::from_slice)?;
    let actor = fixed_or_none(row, "actor", ActorId::from_slice)?;
    Ok(Pending {
        position: natural(row, "position")?,
        bytes: natural(row, "bytes")?,
        header: Header::from_bytes(&header).map_err(|_| StoreError::Damaged("header"))?,
        payload: row.get("payload")?,
        received_at: time(row, "received_at")?,
        change: change.zip(actor),
        policy: PolicySeq(natural(row, "policy")?),
        policy_back: row.get("policy_back")?,
        released: row.get("released")?,
        told: row
            .get::<_, Option<String>>("code")?
            .and_then(|code| VerdictCode::parse(&code)),
    })
}

pub(super) fn read(
    desk: &mut Desk<'_>,
    entry: Pending,
    judge: &dyn Judge,
) -> Result<Case, StoreError> {
    let db = desk.tx;
    let header = entry.header;
    let record = match header.subject {
        Some(id) if !header.kind.is_audit_only() => record(db, id, judge)?,
        _ => None,
    };
    let beginning = match header.subject {
        Some(id) if record.is_none() && header.kind.is_statement() => beginning(db, id)?,
        _ => None,
    };
    let author = record.as_ref().map(|record| record.author);
    // A device cannot know more than there was when it was heard.
    let claimed = header.policy.min(entry.policy);
    let mut authority = desk.authority(claimed, header.officer, author)?;
    let mut authority_received = desk.authority(entry.policy, header.officer, author)?;
    if header.kind == EntryKind::ScopeChange {
        for known in [&mut authority, &mut authority_received] {
            *known = Arc::new(people::with_places(db, known)?);
        }
    }
    let mut deps = Vec::with_capacity(header.deps.len());
    // What a record grows from is known to everybody, and nobody sends it.
    let sent = header.deps.iter().filter(|dep| !is_genesis(**dep));
    for &dep in sent {
        deps.push((dep, known_change(db, header.subject, dep)?));
    }
    let mut seen = Vec::with_capacity(header.seen.len());
    for &statement in &header.seen {
        seen.push((statement, known_entry(db, statement)?));
    }
    let (replayed, actor) = match entry.change {
        Some((hash, actor)) => (replayed(db, hash, entry.position)?, bound(db, actor)?),
        None => (false, None),
    };
    Ok(Case {
        id: header.id(),
        replaced: replaced(db, &header)?,
        held: held(db, &header, &entry.payload)?,
        payload: entry.payload,
        bytes: entry.bytes,
        received_at: entry.received_at,
        change: entry.change,
        policy_back: entry.policy_back,
        released: entry.released,
        told: entry.told,
        record,
        beginning,
        authority,
        authority_received,
        deps,
        seen,
        replayed,
        actor,
        history: None,
        header,
    })
}

fn record(
    db: &Connection,
    id: RecordId,
    judge: &dyn Judge,
) -> Result<Option<CaseRecord>, StoreError> {
    let sql = "SELECT kind, changes, revision, author, team, heads, statements, submitted_at
        FROM records WHERE id = ?1";
    let found = one(db, sql, params![id.as_bytes()], |row| {
        let kind: String = row.get("kind")?;
        let record = CaseRecord {
            kind: kind.parse().map_err(|_| StoreError::Damaged("kind"))?,
            snapshot: None,
            bytes: 0,
            changes: row.get("changes")?,
            heads: hashes(row, "heads")?,
            statements: records::statements(row)?,
            author: fixed(row, "author", OfficerId::from_slice)?,
            team: fixed_or_none(row, "team", TeamId::from_slice)?,
            scopes: BTreeSet::new(),
            contributors: BTreeSet::new(),
            submitted: row.get::<_, Option<i64>>("submitted_at")?.is_some(),
        };
        Ok((record, natural(row, "revision")?))
    })?;
    let Some((mut found, revision)) = found else {
        return Ok(None);
    };
    if !judge.knows(id, found.changes) {
        let sql = "SELECT snapshot FROM records WHERE id = ?1";
        found.snapshot = one(db, sql, params![id.as_bytes()], |row| {
            Ok(row.get("snapshot")?)
        })?;
    }
    let sql = "SELECT coalesce(sum(length(header) + length(payload)), 0) AS n FROM entries
        WHERE record = ?1 AND accepted IS NOT NULL";
    // Few entries cannot be many bytes: those of nearly every record are not added up.
    if revision > COUNTED_FROM {
        found.bytes = count(db, sql, params![id.as_bytes()])?;
    }
    let sql = "SELECT officer FROM contributors WHERE record = ?1";
    let officer = |row: &Row<'_>| fixed(row, "officer", OfficerId::from_slice);
    found.contributors = all(db, sql, params![id.as_bytes()], officer)?
        .into_iter()
        .collect();
    found.scopes = records::scopes(db, id)?.into_iter().collect();
    Ok(Some(found))
}

fn is_genesis(hash: ChangeHash) -> bool {
    let mut kinds = Kind::ALL.into_iter();
    kinds.any(|kind| genesis(kind).hash == hash)
}

/// What the column says of an entry.
fn known(state: i64) -> Known {
    match state {
        state::ACCEPTED => Known::Accepted,
        state::QUARANTINED => Known::Quarantined,
        state::REJECTED | state::UPHELD | state::SUPERSEDED => Known::Refused,
        _ => Known::Waiting,
    }
}

/// How near a state is to letting in what builds on it: accepted, waiting, held, refused.
const NEAREST: &str = "CASE state WHEN 1 THEN 0 WHEN 0 THEN 1 WHEN 2 THEN 1 WHEN 3 THEN 2
    ELSE 3 END";

/// The best that is known of a change of this record: it may have been received twice. What is
/// another record's is never waited for.
fn known_change(
    db: &Connection,
    record: Option<RecordId>,
    hash: ChangeHash,
) -> Result<Known, StoreError> {
    let Some(record) = record else {
        return Ok(Known::No);
    };
    let sql = format!(
        "SELECT state FROM entries WHERE change = ?1 AND record = ?2 ORDER BY {NEAREST} LIMIT 1"
    );
    let params = params![hash.as_bytes(), record.as_bytes()];
    if let Some(found) = one(db, &sql, params, |row| Ok(known(row.get("state")?)))? {
        return Ok(found);
    }
    let sql = "SELECT 1 FROM entries WHERE change = ?1 AND state = 1";
    let elsewhere = one(db, sql, params![hash.as_bytes()], |_| Ok(()))?;
    Ok(elsewhere.map_or(Known::No, |()| Known::Elsewhere))
}

/// The change that is nearest to beginning a record that has none accepted.
fn beginning(db: &Connection, record: RecordId) -> Result<Option<(ChangeHash, Known)>, StoreError> {
    let sql = format!(
        "SELECT change, state FROM entries
         WHERE record = ?1 AND accepted IS NULL AND change IS NOT NULL
         ORDER BY {NEAREST}, position LIMIT 1"
    );
    one(db, &sql, params![record.as_bytes()], |row| {
        let change = fixed(row, "change", ChangeHash::from_slice)?;
        Ok((change, known(row.get("state")?)))
    })
}

/// What is known of an entry.
pub(super) fn known_entry(db: &Connection, id: EntryId) -> Result<Known, StoreError> {
    let sql = "SELECT state FROM entries WHERE log = ?1 AND seq = ?2";
    let params = params![id.log.as_bytes(), integer(id.seq.0)];
    let found = one(db, sql, params, |row| Ok(known(row.get("state")?)))?;
    Ok(found.unwrap_or(Known::No))
}

/// True if an entry whose place this one would take was let in: by a person, in the meantime.
fn replaced(db: &Connection, header: &Header) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE log = ?1 AND seq = ?2 AND officer = ?3 AND state = 1";
    for id in &header.supersedes {
        let params = params![
            id.log.as_bytes(),
            integer(id.seq.0),
            header.officer.as_bytes()
        ];
        if one(db, sql, params, |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The entries of this record that a ruling names and that are held. A ruling that was moved to
/// another record finds none.
fn held(
    db: &Connection,
    header: &Header,
    payload: &[u8],
) -> Result<Vec<(EntryId, Held)>, StoreError> {
    if !matches!(header.kind, EntryKind::Release | EntryKind::Uphold) {
        return Ok(Vec::new());
    }
    let ruling = match Statement::from_bytes(header.kind, payload) {
        Ok(Statement::Release(ruling) | Statement::Uphold(ruling)) => ruling,
        _ => return Ok(Vec::new()),
    };
    let policy = super::counters(db)?.policy;
    let sql = "SELECT officer FROM entries WHERE log = ?1 AND seq = ?2 AND record IS ?3
        AND state = 3";
    let mut held = Vec::new();
    for id in ruling.entries {
        let params = params![
            id.log.as_bytes(),
            integer(id.seq.0),
            header.subject.map(|record| *record.as_bytes())
        ];
        let officer = one(db, sql, params, |row| {
            fixed(row, "officer", OfficerId::from_slice)
        })?;
        if let Some(officer) = officer {
            let team = people::person_at(db, policy, officer)?.map(|person| person.team);
            held.push((id, Held { officer, team }));
        }
    }
    Ok(held)
}

/// True if another entry with this change came before, and could be let in.
fn replayed(db: &Connection, hash: ChangeHash, position: u64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE change = ?1 AND position < ?2 AND state != 4";
    let params = params![hash.as_bytes(), integer(position)];
    Ok(one(db, sql, params, |_| Ok(()))?.is_some())
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

impl Case {
    /// The record, which everything but an entry for the audit has.
    pub(super) fn subject(&self) -> Result<RecordId, StoreError> {
        self.header.subject.ok_or(StoreError::Damaged("record"))
    }

    /// Its number in the log, as a column.
    pub(super) fn seq(&self) -> i64 {
        let Seq(seq) = self.header.seq;
        integer(seq)
    }
}
