//! Receiving: entries whose chain and signature hold become durable in one transaction,
//! whatever their payloads are worth.

use rusqlite::{Connection, Transaction, params};
use shared::hash::{ChangeHash, HeaderHash};
use shared::ids::{ActorId, DeviceId, LogId, OfficerId, PolicySeq, ReceivePos, Seq};
use shared::time::UnixMs;
use shared::wire::{Mail, Verdict, VerdictCode};

use super::sql::{count, fixed, integer, natural, one, run, time};
use super::{audit, erase, forks, queue, sealed, sessions};
use crate::store::{
    AuditEvent, Incoming, Place, Push, Receipt, Received, Refusal, StoreError, WaitsOn,
};

/// The states of an entry, as the column has them; 2 is parked.
pub(super) mod state {
    pub(in super::super) const RECEIVED: i64 = 0;
    pub(in super::super) const ACCEPTED: i64 = 1;
    pub(in super::super) const QUARANTINED: i64 = 3;
    pub(in super::super) const REJECTED: i64 = 4;
    pub(in super::super) const UPHELD: i64 = 5;
    pub(in super::super) const SUPERSEDED: i64 = 6;
    pub(in super::super) const SEALED: i64 = 9;
}

/// A log as receiving needs it.
struct Log {
    device: DeviceId,
    officer: OfficerId,
    key: Vec<u8>,
    start: HeaderHash,
    next: Seq,
    policy: PolicySeq,
    forked: bool,
}

fn log(db: &Connection, id: LogId) -> Result<Option<Log>, StoreError> {
    let sql =
        "SELECT device, officer, key, start, next_seq, policy, forked FROM logs WHERE id = ?1";
    one(db, sql, params![id.as_bytes()], |row| {
        Ok(Log {
            device: fixed(row, "device", DeviceId::from_slice)?,
            officer: fixed(row, "officer", OfficerId::from_slice)?,
            key: row.get("key")?,
            start: fixed(row, "start", HeaderHash::from_slice)?,
            next: Seq(natural(row, "next_seq")?),
            policy: PolicySeq(natural(row, "policy")?),
            forked: row.get("forked")?,
        })
    })
}

fn hash_at(db: &Connection, log: LogId, seq: Seq) -> Result<Option<HeaderHash>, StoreError> {
    let sql = "SELECT hash FROM entries WHERE log = ?1 AND seq = ?2";
    one(db, sql, params![log.as_bytes(), integer(seq.0)], |row| {
        fixed(row, "hash", HeaderHash::from_slice)
    })
}

pub(super) fn place(db: &Connection, id: LogId, first: Seq) -> Result<Option<Place>, StoreError> {
    let Some(log) = log(db, id)? else {
        return Ok(None);
    };
    let previous = match first.0.checked_sub(1) {
        None => Some(log.start),
        Some(before) => hash_at(db, id, Seq(before))?,
    };
    let Log {
        device,
        officer,
        key,
        next,
        ..
    } = log;
    Ok(Some(Place {
        device,
        officer,
        key,
        next,
        previous,
    }))
}

pub(super) fn receive(
    tx: &Transaction<'_>,
    push: &Push,
    now: UnixMs,
) -> Result<Received, StoreError> {
    let found = log(tx, push.log)?.filter(|log| log.device == push.device);
    let Some(log) = found else {
        return Ok(Received::UnknownLog);
    };
    let Some(first) = push.entries.first() else {
        return Ok(Received::Stored { new: 0 });
    };
    if first.verified.header.seq > log.next {
        return Ok(Received::Gap);
    }
    for (index, entry) in push.entries.iter().enumerate() {
        let seq = entry.verified.header.seq;
        if seq >= log.next {
            break;
        }
        let known = hash_at(tx, push.log, seq)? == Some(entry.verified.hash);
        if !known && !shared::mutant!(ForkIgnored) {
            fork(tx, push, &push.entries[index..], now)?;
            return Ok(Received::Fork(seq));
        }
    }
    let fresh: Vec<&Incoming> = push
        .entries
        .iter()
        .filter(|it| it.verified.header.seq >= log.next || shared::mutant!(MissingDedupe))
        .collect();
    if fresh.is_empty() {
        return Ok(Received::Stored { new: 0 });
    }
    if log.forked {
        // Once split, a log goes on nowhere: which of the two would it be?
        fork(tx, push, &push.entries, now)?;
        return Ok(Received::Fork(log.next));
    }
    append(tx, push, &log, &fresh, now)?;
    Ok(Received::Stored { new: fresh.len() })
}

fn append(
    tx: &Transaction<'_>,
    push: &Push,
    log: &Log,
    fresh: &[&Incoming],
    now: UnixMs,
) -> Result<(), StoreError> {
    let policy_now = super::counters(tx)?.policy;
    let last = integer(fresh.len() as u64);
    let sql = "UPDATE state SET receive = receive + ?1 WHERE id = 1 RETURNING receive AS n";
    let end = count(tx, sql, params![last])?;
    let first = end - fresh.len() as u64 + 1;
    let mut policy = log.policy;
    for (position, incoming) in (first..).zip(fresh) {
        let header = &incoming.verified.header;
        let back = header.policy < policy;
        policy = policy.max(header.policy);
        let at = At {
            position,
            policy: policy_now,
            back,
            now,
        };
        insert(tx, push, incoming, &at)?;
    }
    let Some(head) = fresh.last().map(|entry| &entry.verified) else {
        return Ok(());
    };
    run(
        tx,
        "UPDATE logs SET next_seq = ?2, head = ?3, position = ?4, received_at = ?5, policy = ?6
         WHERE id = ?1",
        params![
            push.log.as_bytes(),
            integer(head.header.seq.0 + 1),
            head.hash.as_bytes(),
            integer(end),
            now.0,
            integer(policy.0)
        ],
    )?;
    run(
        tx,
        "INSERT INTO commits (log, seq, signature) VALUES (?1, ?2, ?3)",
        params![
            push.log.as_bytes(),
            integer(head.header.seq.0),
            push.signature
        ],
    )?;
    let event = AuditEvent {
        kind: "received",
        officer: Some(log.officer),
        device: Some(push.device),
        detail: format!("log={} from={} to={}", push.log, log.next, head.header.seq),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

/// Where and when an entry is received.
struct At {
    position: u64,
    policy: PolicySeq,
    back: bool,
    now: UnixMs,
}

fn insert(
    tx: &Transaction<'_>,
    push: &Push,
    incoming: &Incoming,
    at: &At,
) -> Result<(), StoreError> {
    let header = &incoming.verified.header;
    let row = row_of(tx, incoming)?;
    let code = row.rejected.map(|refusal| refusal.code.as_str());
    run(
        tx,
        "INSERT INTO entries (position, log, seq, hash, header, salt, payload, record, kind,
            officer, received_at, policy, policy_back, change, actor, state, code, judged_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            integer(at.position),
            header.log.as_bytes(),
            integer(header.seq.0),
            incoming.verified.hash.as_bytes(),
            incoming.verified.entry.header,
            row.salt,
            row.payload,
            header.subject.map(|id| *id.as_bytes()),
            header.kind.code(),
            header.officer.as_bytes(),
            at.now.0,
            integer(at.policy.0),
            at.back,
            row.change.map(|(hash, _)| *hash.as_bytes()),
            row.change.map(|(_, actor)| *actor.as_bytes()),
            row.state,
            code,
            row.rejected.map(|_| at.now.0)
        ],
    )?;
    if let (state::SEALED, Some(body)) = (row.state, &incoming.sealed) {
        sealed::keep(tx, at.position, body)?;
    }
    let Some(refusal) = row.rejected else {
        // Of what a person has to look at first nothing is taken away.
        if row.state == state::RECEIVED {
            queue::supersede(tx, header, at.now)?;
        }
        return Ok(());
    };
    let verdict = Verdict::Rejected(refusal.code);
    sessions::post(tx, header.log, &Mail::Verdict(header.seq, verdict, at.now))?;
    queue::wake_key(tx, WaitsOn::Entry(header.id()))?;
    if let Some((hash, _)) = incoming.change {
        queue::wake_key(tx, WaitsOn::Change(hash))?;
    }
    let detail = refusal.detail;
    let event = AuditEvent {
        kind: verdict.as_str(),
        officer: Some(header.officer),
        device: Some(push.device),
        record: header.subject,
        detail: format!(
            "entry={} code={} {detail}",
            header.id(),
            code.unwrap_or_default()
        ),
    };
    audit::append(tx, &event, at.now)
}

/// What is written of an entry.
struct RowOf<'a> {
    salt: &'a [u8],
    payload: &'a [u8],
    change: Option<(ChangeHash, ActorId)>,
    state: i64,
    rejected: Option<Refusal>,
}

fn row_of<'a>(tx: &Transaction<'_>, incoming: &'a Incoming) -> Result<RowOf<'a>, StoreError> {
    let (header, entry) = (&incoming.verified.header, &incoming.verified.entry);
    let erased = match header.subject {
        Some(record) => erase::is_erased(tx, record)?,
        None => false,
    };
    // What was erased does not come back by being offered again.
    let rejected = if erased {
        Some(Refusal::new(VerdictCode::Erased, ""))
    } else {
        // Rejection stands above sealing: what can never be let in needs no person.
        incoming.rejected
    };
    let state = match (rejected, &incoming.sealed) {
        (Some(_), _) => state::REJECTED,
        (None, Some(_)) => state::SEALED,
        (None, None) => state::RECEIVED,
    };
    let empty = erased || state == state::SEALED;
    Ok(RowOf {
        salt: if empty { &[] } else { &entry.salt },
        payload: if empty { &[] } else { &entry.payload },
        change: incoming.change.filter(|_| !empty),
        state,
        rejected,
    })
}

/// Keeps the other branch as evidence. It is never judged.
fn fork(
    tx: &Transaction<'_>,
    push: &Push,
    tail: &[Incoming],
    now: UnixMs,
) -> Result<(), StoreError> {
    let kept = forks::insert(tx, push.log, tail, now)?;
    forks::mark(tx, push.log)?;
    if kept == 0 {
        return Ok(());
    }
    let event = AuditEvent {
        kind: "log_forked",
        device: Some(push.device),
        detail: format!("log={} entries={kept}", push.log),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

/// The receipt of a device's log, if it is further than a sequence.
pub(super) fn receipt(
    db: &Connection,
    device: DeviceId,
    log: LogId,
    known: Option<Seq>,
) -> Result<Option<Receipt>, StoreError> {
    let sql = "SELECT device FROM logs WHERE id = ?1";
    let of = one(db, sql, params![log.as_bytes()], |row| {
        fixed(row, "device", DeviceId::from_slice)
    })?;
    if of != Some(device) {
        return Ok(None);
    }
    Ok(receipt_of(db, log)?.filter(|receipt| known.is_none_or(|known| receipt.seq > known)))
}

/// The last receipt of a log.
pub(super) fn receipt_of(db: &Connection, log: LogId) -> Result<Option<Receipt>, StoreError> {
    let sql = "SELECT next_seq, head, position, received_at FROM logs
        WHERE id = ?1 AND next_seq > 0";
    one(db, sql, params![log.as_bytes()], |row| {
        Ok(Receipt {
            log,
            seq: Seq(natural(row, "next_seq")?.saturating_sub(1)),
            header: fixed(row, "head", HeaderHash::from_slice)?,
            position: ReceivePos(natural(row, "position")?),
            at: time(row, "received_at")?,
        })
    })
}
