//! What waits: entries for judgement, parked ones for what they lack, held ones with what they
//! build on, and what is ended without being let in.

use rusqlite::{Connection, Row, params};
use shared::hash::ChangeHash;
use shared::ids::{DeviceId, EntryId, LogId, OfficerId, RecordId, Seq};
use shared::log::Header;
use shared::time::UnixMs;
use shared::wire::{Mail, Verdict, VerdictCode};

use super::receive::state;
use super::sql::{all, count, fixed, fixed_or_none, integer, natural, one, run};
use super::{audit, sessions, tasks};
use crate::store::{AuditEvent, StoreError, WaitsOn};

/// An entry that waits, as its row has it.
pub(super) struct Waits {
    position: u64,
    pub(super) log: LogId,
    seq: Seq,
    state: i64,
    pub(super) bytes: u64,
    officer: OfficerId,
    record: Option<RecordId>,
    change: Option<ChangeHash>,
    /// It is held because of what it builds on, and not for itself.
    with: bool,
}

impl Waits {
    fn id(&self) -> EntryId {
        EntryId {
            log: self.log,
            seq: self.seq,
        }
    }
}

pub(super) const WAITS: &str = "SELECT position, log, seq, state, officer, record, change,
    state = 3 AND code IS 'builds_on_quarantined' AS held_with, length(header) + length(payload) AS bytes FROM entries";

pub(super) fn waits(row: &Row<'_>) -> Result<Waits, StoreError> {
    Ok(Waits {
        position: natural(row, "position")?,
        log: fixed(row, "log", LogId::from_slice)?,
        seq: Seq(natural(row, "seq")?),
        state: row.get("state")?,
        bytes: natural(row, "bytes")?,
        officer: fixed(row, "officer", OfficerId::from_slice)?,
        record: fixed_or_none(row, "record", RecordId::from_slice)?,
        change: fixed_or_none(row, "change", ChangeHash::from_slice)?,
        with: row.get("held_with")?,
    })
}

/// True if something waits for judgement.
pub(super) fn is_pending(db: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE state = 0 LIMIT 1";
    Ok(one(db, sql, [], |_| Ok(()))?.is_some())
}

/// True if something waits for an entry, parked or held.
pub(super) fn anything_waits(db: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM entries WHERE waits_on IS NOT NULL LIMIT 1";
    Ok(one(db, sql, [], |_| Ok(()))?.is_some())
}

/// Bytes that wait for judgement of all logs of a device.
pub(super) fn pending(db: &Connection, device: DeviceId) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(sum(length(e.header) + length(e.payload)), 0) AS n
        FROM logs l JOIN entries e ON e.log = l.id AND e.state = 0 WHERE l.device = ?1";
    count(db, sql, params![device.as_bytes()])
}

/// Puts what cannot be judged for a fault of the store out of the way until the next start.
pub(super) fn set_aside(db: &Connection, position: u64, now: UnixMs) -> Result<(), StoreError> {
    let code = VerdictCode::MissingDependency;
    let sql = "UPDATE entries SET state = 2, code = ?2, waits_on = NULL WHERE position = ?1
        RETURNING log, seq";
    let params = params![integer(position), code.as_str()];
    let found = one(db, sql, params, |row| {
        let log = fixed(row, "log", LogId::from_slice)?;
        Ok((log, Seq(natural(row, "seq")?)))
    })?;
    let Some((log, seq)) = found else {
        return Ok(());
    };
    let verdict = Mail::Verdict(seq, Verdict::Parked(code), now);
    sessions::post(db, log, &verdict)
}

/// Puts one waiting entry back into the queue.
pub(super) fn again(db: &Connection, entry: &Waits, released: bool) -> Result<(), StoreError> {
    let sql = "UPDATE entries SET state = 0, waits_on = NULL, released = max(released, ?2)
        WHERE position = ?1";
    run(db, sql, params![integer(entry.position), released])?;
    Ok(())
}

/// What has come of the entry for which others waited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is in. What was held with it is judged again; if it was released, then what its own
    /// author had built on it is as well.
    Accepted { released: bool },
    /// It is held: what is parked for it is held with it.
    Held,
    /// It can never be let in, and neither can what builds on it.
    Refused,
}

/// Puts what waited for an entry, its change or its record back into the queue.
pub(super) fn wake(
    db: &Connection,
    id: EntryId,
    officer: OfficerId,
    change: Option<ChangeHash>,
    record: Option<RecordId>,
    settled: Settled,
) -> Result<(), StoreError> {
    let keys = [
        Some(WaitsOn::Entry(id)),
        change.map(WaitsOn::Change),
        record.map(WaitsOn::Record),
    ];
    for key in keys.into_iter().flatten() {
        for entry in waiting(db, key)? {
            let held = entry.state == state::QUARANTINED;
            if held && settled == Settled::Held {
                continue;
            }
            let released = settled == Settled::Accepted { released: true };
            again(
                db,
                &entry,
                entry.with && released && entry.officer == officer,
            )?;
        }
    }
    Ok(())
}

/// Puts what waited for this back into the queue.
pub(super) fn wake_key(db: &Connection, key: WaitsOn) -> Result<(), StoreError> {
    for entry in waiting(db, key)? {
        again(db, &entry, false)?;
    }
    Ok(())
}

fn waiting(db: &Connection, key: WaitsOn) -> Result<Vec<Waits>, StoreError> {
    if shared::mutant!(ParkedForever) {
        return Ok(Vec::new());
    }
    let sql = format!("{WAITS} WHERE waits_on = ?1 AND state IN (2, 3) ORDER BY position");
    all(db, &sql, params![key.key()], waits)
}

/// Puts what was parked for this reason back into the queue.
pub(super) fn requeue(db: &Connection, code: VerdictCode) -> Result<u64, StoreError> {
    let sql = format!("{WAITS} WHERE state = 2 AND code = ?1 ORDER BY position");
    let parked = all(db, &sql, params![code.as_str()], waits)?;
    for entry in &parked {
        again(db, entry, false)?;
    }
    Ok(parked.len() as u64)
}

/// Lets a held entry be judged again without the policy; gives the vaults that are told.
pub(super) fn release(db: &Connection, id: EntryId) -> Result<Vec<LogId>, StoreError> {
    let Some(entry) = held(db, id)? else {
        return Ok(Vec::new());
    };
    again(db, &entry, true)?;
    // Whatever it is told next is news to its author.
    let sql = "UPDATE entries SET code = NULL WHERE position = ?1";
    run(db, sql, params![integer(entry.position)])?;
    tasks::done(db, id)
}

fn held(db: &Connection, id: EntryId) -> Result<Option<Waits>, StoreError> {
    let sql = format!("{WAITS} WHERE log = ?1 AND seq = ?2 AND state = 3");
    one(
        db,
        &sql,
        params![id.log.as_bytes(), integer(id.seq.0)],
        waits,
    )
}

/// Keeps a held entry out for good, and what is held with it; gives the logs that are told.
pub(super) fn uphold(db: &Connection, id: EntryId, now: UnixMs) -> Result<Vec<LogId>, StoreError> {
    let mut entries: Vec<Waits> = held(db, id)?.into_iter().collect();
    let mut looked = 0;
    while let Some(entry) = entries.get(looked) {
        looked += 1;
        let sql = format!("{WAITS} WHERE waits_on = ?1 AND state = 3 ORDER BY position");
        let keys = [
            Some(WaitsOn::Entry(entry.id())),
            entry.change.map(WaitsOn::Change),
        ];
        for key in keys.into_iter().flatten() {
            let held = all(db, &sql, params![key.key()], waits)?;
            // What only waits to be judged again has a reason of its own.
            entries.extend(held.into_iter().filter(|it| it.with));
        }
    }
    let mut told = Vec::new();
    // What builds on others before those: none of them is woken to be judged once more.
    for entry in entries.iter().rev() {
        let sql = "SELECT code FROM entries WHERE position = ?1";
        let code = one(db, sql, params![integer(entry.position)], |row| {
            Ok(row.get::<_, Option<String>>("code")?)
        })?;
        let code = code.flatten().and_then(|code| VerdictCode::parse(&code));
        let code = code.ok_or(StoreError::Damaged("code"))?;
        told.extend(end(db, entry, state::UPHELD, Verdict::Upheld(code), now)?);
    }
    Ok(told)
}

/// Gives the place of an officer's entries to another that was received: superseding is final.
/// What is accepted or refused stays so.
pub(super) fn supersede(
    db: &Connection,
    header: &Header,
    now: UnixMs,
) -> Result<Vec<LogId>, StoreError> {
    let sql =
        format!("{WAITS} WHERE log = ?1 AND seq = ?2 AND officer = ?3 AND state IN (0, 2, 3)");
    let mut told = Vec::new();
    for id in &header.supersedes {
        let params = params![
            id.log.as_bytes(),
            integer(id.seq.0),
            header.officer.as_bytes()
        ];
        // Nothing takes its own place.
        let found = one(db, &sql, params, waits)?.filter(|_| *id != header.id());
        if let Some(entry) = found {
            told.extend(end(
                db,
                &entry,
                state::SUPERSEDED,
                Verdict::Superseded,
                now,
            )?);
        }
    }
    Ok(told)
}

/// Settles a waiting entry for good, without letting it in; gives the vaults that are told.
fn end(
    db: &Connection,
    entry: &Waits,
    state: i64,
    verdict: Verdict,
    now: UnixMs,
) -> Result<Vec<LogId>, StoreError> {
    let sql = "UPDATE entries SET state = ?2, waits_on = NULL, judged_at = ?3 WHERE position = ?1";
    run(db, sql, params![integer(entry.position), state, now.0])?;
    let id = entry.id();
    let mut told = tasks::done(db, id)?;
    told.push(entry.log);
    sessions::post(db, entry.log, &Mail::Verdict(entry.seq, verdict, now))?;
    let event = AuditEvent {
        kind: verdict.as_str(),
        officer: Some(entry.officer),
        record: entry.record,
        detail: format!("entry={id}"),
        ..Default::default()
    };
    audit::append(db, &event, now)?;
    wake(
        db,
        id,
        entry.officer,
        entry.change,
        entry.record,
        Settled::Refused,
    )?;
    Ok(told)
}
