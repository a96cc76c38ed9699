//! Requests for the key of a vault whose PIN was forgotten.

use rusqlite::{Connection, Transaction, params};
use shared::ids::{DeviceId, LogId, OfficerId};
use shared::time::UnixMs;

use super::audit;
use super::sql::{count, fixed, one, run};
use crate::store::{AuditEvent, NewRecovery, Recovery, StoreError};

/// How long an expired request is counted against its vault.
const COUNTED_MS: i64 = 24 * 3600 * 1000;

pub(super) fn add(
    tx: &Transaction<'_>,
    request: &NewRecovery,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM recoveries WHERE expires < ?1";
    run(tx, sql, params![now.plus(-COUNTED_MS).0])?;
    let (most, since) = request.most;
    let sql = "SELECT count(*) AS n FROM recoveries WHERE log = ?1 AND begun > ?2";
    if count(tx, sql, params![request.log.as_bytes(), since.0])? >= u64::from(most) {
        return Ok(false);
    }
    // One at a time: the code that the officer reads out is the last one.
    run(
        tx,
        "UPDATE recoveries SET expires = ?2, wrap = x'', answer = NULL
         WHERE log = ?1 AND expires > ?2",
        params![request.log.as_bytes(), now.0],
    )?;
    run(
        tx,
        "INSERT INTO recoveries (code, log, wrap, recipient, begun, expires)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            request.code,
            request.log.as_bytes(),
            request.wrap,
            request.recipient,
            now.0,
            request.expires.0
        ],
    )?;
    tell(tx, request.log, "recovery_asked", now)?;
    Ok(true)
}

fn tell(
    tx: &Transaction<'_>,
    log: LogId,
    kind: &'static str,
    now: UnixMs,
) -> Result<(), StoreError> {
    let sql = "SELECT device, officer FROM logs WHERE id = ?1";
    let of = one(tx, sql, params![log.as_bytes()], |row| {
        let device = fixed(row, "device", DeviceId::from_slice)?;
        Ok((device, fixed(row, "officer", OfficerId::from_slice)?))
    })?;
    let event = AuditEvent {
        kind,
        device: of.map(|(device, _)| device),
        officer: of.map(|(_, officer)| officer),
        detail: format!("log={log}"),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

pub(super) fn find(
    db: &Connection,
    code: &[u8; 32],
    now: UnixMs,
) -> Result<Option<Recovery>, StoreError> {
    let sql = "SELECT r.log, r.wrap, r.recipient, l.device, l.officer FROM recoveries r
            JOIN logs l ON l.id = r.log
        WHERE r.code = ?1 AND r.expires > ?2 AND r.answer IS NULL";
    one(db, sql, params![code, now.0], |row| {
        Ok(Recovery {
            log: fixed(row, "log", LogId::from_slice)?,
            officer: fixed(row, "officer", OfficerId::from_slice)?,
            device: fixed(row, "device", DeviceId::from_slice)?,
            wrap: row.get("wrap")?,
            recipient: row.get("recipient")?,
        })
    })
}

pub(super) fn answer(
    tx: &Transaction<'_>,
    code: &[u8; 32],
    answer: &[u8],
    now: UnixMs,
) -> Result<bool, StoreError> {
    let sql = "UPDATE recoveries SET answer = ?2, wrap = x''
        WHERE code = ?1 AND expires > ?3 AND answer IS NULL RETURNING log";
    let log = one(tx, sql, params![code, answer, now.0], |row| {
        fixed(row, "log", LogId::from_slice)
    })?;
    let Some(log) = log else { return Ok(false) };
    tell(tx, log, "vault_recovered", now)?;
    Ok(true)
}

pub(super) fn answered(
    db: &Connection,
    log: LogId,
    now: UnixMs,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT answer FROM recoveries
        WHERE log = ?1 AND expires > ?2 AND answer IS NOT NULL ORDER BY begun DESC LIMIT 1";
    one(db, sql, params![log.as_bytes(), now.0], |row| {
        Ok(row.get("answer")?)
    })
}
