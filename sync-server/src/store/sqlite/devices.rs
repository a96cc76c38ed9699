//! Enrolment and devices.

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{DeviceId, OfficerId};
use shared::time::UnixMs;
use shared::wire::Waiting;

use super::sql::{all, fixed, fixed_or_none, one, run, time_or_none};
use super::{audit, people};
use crate::store::{AuditEvent, Device, Heard, NewCode, NewDevice, StoreError};

const DEVICE: &str = "SELECT id, name, form_factor, revoked_at, officer, last_heard, waiting,
    waiting_photos, oldest_waiting FROM devices";

/// A device with the id of who signed in on it last.
fn device(row: &Row<'_>) -> Result<(Device, Option<OfficerId>), StoreError> {
    let device = Device {
        id: fixed(row, "id", DeviceId::from_slice)?,
        name: row.get("name")?,
        form_factor: row.get("form_factor")?,
        revoked: time_or_none(row, "revoked_at")?,
        officer: None,
        last_heard: time_or_none(row, "last_heard")?,
        waiting: Waiting {
            entries: row.get("waiting")?,
            photos: row.get("waiting_photos")?,
            oldest: time_or_none(row, "oldest_waiting")?,
        },
    };
    Ok((
        device,
        fixed_or_none(row, "officer", OfficerId::from_slice)?,
    ))
}

pub(super) fn add_code(
    tx: &Transaction<'_>,
    code: &NewCode,
    now: UnixMs,
) -> Result<(), StoreError> {
    run(
        tx,
        "DELETE FROM enrolment_codes WHERE expires < ?1",
        params![now.0],
    )?;
    run(
        tx,
        "INSERT INTO enrolment_codes (code, name, expires) VALUES (?1, ?2, ?3)",
        params![code.code, code.name, code.expires.0],
    )?;
    audit::append(
        tx,
        &AuditEvent {
            kind: "enrolment_offered",
            ..Default::default()
        },
        now,
    )
}

pub(super) fn enrol(
    tx: &Transaction<'_>,
    device: &NewDevice,
    now: UnixMs,
) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM enrolment_codes WHERE code = ?1 AND expires >= ?2 RETURNING name";
    let name = one(tx, sql, params![device.code, now.0], |row| {
        Ok(row.get::<_, String>("name")?)
    })?;
    let Some(name) = name else { return Ok(None) };
    run(
        tx,
        "INSERT INTO devices (id, name, form_factor, credential, enrolled_at, last_heard)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![
            device.id.as_bytes(),
            name,
            device.form_factor,
            device.credential,
            now.0
        ],
    )?;
    let event = AuditEvent {
        kind: "device_enrolled",
        device: Some(device.id),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(Some(name))
}

pub(super) fn by_credential(
    db: &Connection,
    credential: &[u8; 32],
) -> Result<Option<Device>, StoreError> {
    let found = one(
        db,
        &format!("{DEVICE} WHERE credential = ?1"),
        params![credential],
        device,
    )?;
    Ok(found.map(|(device, _)| device))
}

pub(super) fn list(db: &Connection) -> Result<Vec<Device>, StoreError> {
    let policy = super::counters(db)?.policy;
    let found = all(db, &format!("{DEVICE} ORDER BY name, id"), [], device)?;
    let mut devices = Vec::with_capacity(found.len());
    for (mut device, officer) in found {
        if let Some(officer) = officer {
            device.officer = people::person_at(db, policy, officer)?.map(|p| p.label());
        }
        devices.push(device);
    }
    Ok(devices)
}

pub(super) fn revoke(
    tx: &Transaction<'_>,
    device: DeviceId,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let sql = "UPDATE devices SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    if run(tx, sql, params![device.as_bytes(), now.0])? == 0 {
        return Ok(false);
    }
    run(
        tx,
        "DELETE FROM sessions WHERE device = ?1",
        params![device.as_bytes()],
    )?;
    let event = AuditEvent {
        kind: "device_revoked",
        device: Some(device),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(true)
}

/// Writes only what the control room could tell from what is there: a device that polls
/// costs one write in ten seconds.
pub(super) fn heard(tx: &Transaction<'_>, heard: &Heard, now: UnixMs) -> Result<(), StoreError> {
    run(
        tx,
        "UPDATE devices SET last_heard = max(?2, coalesce(last_heard, 0)), waiting = ?3,
            waiting_photos = ?4, oldest_waiting = ?5 WHERE id = ?1",
        params![
            heard.device.as_bytes(),
            now.0,
            heard.waiting.entries,
            heard.waiting.photos,
            heard.waiting.oldest.map(|at| at.0)
        ],
    )?;
    Ok(())
}
