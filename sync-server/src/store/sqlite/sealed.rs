//! What revoked devices sent: received, sealed, and never judged before a person let it.

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{DeviceId, EntryId, LogId, OfficerId, ReceivePos, Seq};
use shared::log::Header;
use shared::time::UnixMs;
use shared::wire::{Mail, Verdict, VerdictCode};

use super::receive::state;
use super::sql::{all, fixed, integer, natural, one, run};
use super::{audit, queue, sessions};
use crate::store::{AuditEvent, Sealed, StoreError, Unsealed, WaitsOn};

/// Keeps salt and payload of an entry, sealed.
pub(super) fn keep(tx: &Transaction<'_>, position: u64, body: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO sealed (position, body) VALUES (?1, ?2)";
    run(tx, sql, params![integer(position), body])?;
    Ok(())
}

fn sealed(row: &Row<'_>) -> Result<Sealed, StoreError> {
    let header_bytes: Vec<u8> = row.get("header")?;
    Ok(Sealed {
        position: ReceivePos(natural(row, "position")?),
        header: Header::from_bytes(&header_bytes).map_err(|_| StoreError::Damaged("header"))?,
        header_bytes,
        officer: fixed(row, "officer", OfficerId::from_slice)?,
        body: row.get("body")?,
    })
}

pub(super) fn list(
    db: &Connection,
    device: DeviceId,
    after: ReceivePos,
    limit: u32,
) -> Result<Vec<Sealed>, StoreError> {
    let sql = "SELECT e.position, e.header, l.officer, s.body FROM entries e
            JOIN logs l ON l.id = e.log JOIN sealed s ON s.position = e.position
        WHERE l.device = ?1 AND e.state = 9 AND e.position > ?2 ORDER BY e.position LIMIT ?3";
    let params = params![device.as_bytes(), integer(after.0), limit];
    all(db, sql, params, sealed)
}

pub(super) fn release(
    tx: &Transaction<'_>,
    entries: &[Unsealed],
    now: UnixMs,
) -> Result<u64, StoreError> {
    let mut released = 0;
    for entry in entries {
        released += u64::from(release_one(tx, entry, now)?);
    }
    Ok(released)
}

fn release_one(tx: &Transaction<'_>, entry: &Unsealed, now: UnixMs) -> Result<bool, StoreError> {
    let code = entry.rejected.map(|refusal| refusal.code);
    let state = code.map_or(state::RECEIVED, |_| state::REJECTED);
    let sql = "UPDATE entries SET salt = ?2, payload = ?3, change = ?4, actor = ?5, state = ?6,
            code = ?7, judged_at = ?8 WHERE position = ?1 AND state = 9
        RETURNING log, seq, change";
    let params = params![
        integer(entry.position.0),
        entry.salt,
        entry.payload,
        entry.change.map(|(hash, _)| *hash.as_bytes()),
        entry.change.map(|(_, actor)| *actor.as_bytes()),
        state,
        code.map(VerdictCode::as_str),
        code.map(|_| now.0)
    ];
    let Some(id) = one(tx, sql, params, id)? else {
        return Ok(false);
    };
    let sql = "DELETE FROM sealed WHERE position = ?1";
    run(tx, sql, params![integer(entry.position.0)])?;
    let Some(refusal) = entry.rejected else {
        return Ok(true);
    };
    settle(tx, id, Verdict::Rejected(refusal.code), refusal.detail, now)?;
    Ok(true)
}

fn id(row: &Row<'_>) -> Result<EntryId, StoreError> {
    Ok(EntryId {
        log: fixed(row, "log", LogId::from_slice)?,
        seq: Seq(natural(row, "seq")?),
    })
}

/// A verdict that was not the judge's: mail, audit, and whoever waits for the entry.
fn settle(
    tx: &Transaction<'_>,
    id: EntryId,
    verdict: Verdict,
    detail: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    sessions::post(tx, id.log, &Mail::Verdict(id.seq, verdict, now))?;
    queue::wake_key(tx, WaitsOn::Entry(id))?;
    let event = AuditEvent {
        kind: verdict.as_str(),
        detail: format!("entry={id} {detail}"),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

pub(super) fn discard(
    tx: &Transaction<'_>,
    device: DeviceId,
    now: UnixMs,
) -> Result<u64, StoreError> {
    let sql = "UPDATE entries SET state = ?2, code = ?3, judged_at = ?4 WHERE state = 9
            AND log IN (SELECT id FROM logs WHERE device = ?1)
        RETURNING log, seq";
    // The sealed bytes stay: what a person keeps out may still be asked for by a court.
    let params = params![
        device.as_bytes(),
        state::UPHELD,
        VerdictCode::DeviceRevoked.as_str(),
        now.0
    ];
    let discarded = all(tx, sql, params, id)?;
    let verdict = Verdict::Upheld(VerdictCode::DeviceRevoked);
    for &id in &discarded {
        settle(tx, id, verdict, "discarded", now)?;
    }
    Ok(discarded.len() as u64)
}
