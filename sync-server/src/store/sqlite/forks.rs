//! The tails of logs that have split: kept as evidence, and never judged.

use rusqlite::{Connection, Transaction, params};
use shared::hash::HeaderHash;
use shared::ids::{DeviceId, LogId, Seq};
use shared::time::UnixMs;

use super::sql::{all, count, fixed, integer, one, run};
use super::{audit, erase};
use crate::store::{AuditEvent, Evidence, Incoming, Kept, StoreError};

/// Entries kept of one log, and their bytes: a vault that goes on after a clone was made of it
/// has a day's work, not a year's.
const ENTRIES_MAX: u64 = 20_000;
const BYTES_MAX: u64 = 64 << 20;
/// Branches looked at for one place.
const BRANCHES: i64 = 8;

/// The hashes that stand at a place of a log, on whatever branch.
pub(super) fn at(db: &Connection, log: LogId, seq: Seq) -> Result<Vec<HeaderHash>, StoreError> {
    let sql = "SELECT hash FROM entries WHERE log = ?1 AND seq = ?2
        UNION SELECT hash FROM fork_entries WHERE log = ?1 AND seq = ?2 LIMIT ?3";
    let params = params![log.as_bytes(), integer(seq.0), BRANCHES];
    all(db, sql, params, |row| {
        fixed(row, "hash", HeaderHash::from_slice)
    })
}

pub(super) fn keep(
    tx: &Transaction<'_>,
    evidence: &Evidence,
    now: UnixMs,
) -> Result<Kept, StoreError> {
    let sql = "SELECT device FROM logs WHERE id = ?1";
    let device = one(tx, sql, params![evidence.log.as_bytes()], |row| {
        fixed(row, "device", DeviceId::from_slice)
    })?;
    if device != Some(evidence.device) {
        return Ok(Kept::UnknownLog);
    }
    if is_full(tx, evidence)? {
        return Ok(Kept::Full);
    }
    let kept = insert(tx, evidence.log, &evidence.entries, now)?;
    if kept > 0 {
        mark(tx, evidence.log)?;
        let event = AuditEvent {
            kind: "evidence_kept",
            device: Some(evidence.device),
            detail: format!("log={} entries={kept}", evidence.log),
            ..Default::default()
        };
        audit::append(tx, &event, now)?;
    }
    Ok(Kept::Stored(kept))
}

fn is_full(db: &Connection, evidence: &Evidence) -> Result<bool, StoreError> {
    let id = params![evidence.log.as_bytes()];
    let entries = "SELECT count(*) AS n FROM fork_entries WHERE log = ?1";
    let bytes = "SELECT coalesce(sum(length(header) + length(payload)), 0) AS n
        FROM fork_entries WHERE log = ?1";
    let more: usize = evidence
        .entries
        .iter()
        .map(|it| &it.verified.entry)
        .map(|it| it.header.len() + it.payload.len())
        .sum();
    let entries = count(db, entries, id)? + evidence.entries.len() as u64;
    Ok(entries > ENTRIES_MAX || count(db, bytes, id)? + more as u64 > BYTES_MAX)
}

/// Writes what is not known yet, on the branch that was received or on this one.
pub(super) fn insert(
    tx: &Transaction<'_>,
    log: LogId,
    tail: &[Incoming],
    now: UnixMs,
) -> Result<u64, StoreError> {
    let mut kept = 0;
    for incoming in tail {
        let (header, entry) = (&incoming.verified.header, &incoming.verified.entry);
        let erased = match header.subject {
            Some(record) => erase::is_erased(tx, record)?,
            None => false,
        };
        let (salt, payload): (&[u8], &[u8]) = match &incoming.sealed {
            _ if erased => (&[], &[]),
            Some(sealed) => (&[], sealed),
            None => (&entry.salt, &entry.payload),
        };
        kept += run(
            tx,
            "INSERT OR IGNORE INTO fork_entries
                (log, seq, hash, header, salt, payload, received_at, sealed)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS
                (SELECT 1 FROM entries WHERE log = ?1 AND seq = ?2 AND hash = ?3)",
            params![
                log.as_bytes(),
                integer(header.seq.0),
                incoming.verified.hash.as_bytes(),
                entry.header,
                salt,
                payload,
                now.0,
                incoming.sealed.is_some()
            ],
        )? as u64;
    }
    Ok(kept)
}

/// Marks a log as split: from then on it goes on nowhere.
pub(super) fn mark(tx: &Transaction<'_>, log: LogId) -> Result<(), StoreError> {
    let sql = "UPDATE logs SET forked = 1 WHERE id = ?1";
    run(tx, sql, params![log.as_bytes()])?;
    Ok(())
}
