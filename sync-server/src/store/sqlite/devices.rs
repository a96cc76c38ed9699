//! Enrolment and devices.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Transaction, params};
use shared::ids::{DeviceId, OfficerId};
use shared::time::UnixMs;
use shared::wire::Waiting;

use super::sql::{all, fixed, fixed_or_none, natural, one, run, time_or_none};
use super::{audit, own_logs, people};
use crate::store::{AuditEvent, Device, Heard, NewCode, NewDevice, StoreError};

const DEVICE: &str = "SELECT id, name, form_factor, revoked_at, officer, last_heard, waiting,
    waiting_photos, oldest_waiting FROM devices";

/// Entries of each device that wait for a person, and those that are kept as evidence.
const SET_ASIDE: &str = "SELECT l.device,
        (SELECT count(*) FROM entries e WHERE e.log = l.id AND e.state = 9) AS sealed,
        (SELECT count(*) FROM fork_entries f WHERE f.log = l.id) AS evidence
    FROM logs l WHERE l.forked = 1 OR l.device IN
        (SELECT id FROM devices WHERE revoked_at IS NOT NULL)";

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
        sealed: 0,
        evidence: 0,
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
    // The server as a device, for the logs that it holds, is none of theirs.
    let sql = format!("{DEVICE} WHERE form_factor != ?1 ORDER BY name, id");
    let found = all(db, &sql, params![own_logs::FORM], device)?;
    let mut aside: BTreeMap<DeviceId, (u64, u64)> = BTreeMap::new();
    all(db, SET_ASIDE, [], |row| {
        let of = aside.entry(fixed(row, "device", DeviceId::from_slice)?);
        let (sealed, evidence) = of.or_default();
        *sealed += natural(row, "sealed")?;
        *evidence += natural(row, "evidence")?;
        Ok(())
    })?;
    let mut devices = Vec::with_capacity(found.len());
    for (mut device, officer) in found {
        if let Some(officer) = officer {
            device.officer = people::person_at(db, policy, officer)?.map(|p| p.label());
        }
        if let Some(&(sealed, evidence)) = aside.get(&device.id) {
            (device.sealed, device.evidence) = (sealed, evidence);
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
    if !shared::mutant!(RevokedStillServed) {
        let sql = "DELETE FROM sessions WHERE device = ?1";
        run(tx, sql, params![device.as_bytes()])?;
    }
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
    let Some(waiting) = heard.waiting else {
        run(
            tx,
            "UPDATE devices SET last_heard = max(?2, coalesce(last_heard, 0)) WHERE id = ?1",
            params![heard.device.as_bytes(), now.0],
        )?;
        return Ok(());
    };
    run(
        tx,
        "UPDATE devices SET last_heard = max(?2, coalesce(last_heard, 0)), waiting = ?3,
            waiting_photos = ?4, oldest_waiting = ?5 WHERE id = ?1",
        params![
            heard.device.as_bytes(),
            now.0,
            waiting.entries,
            waiting.photos,
            waiting.oldest.map(|at| at.0)
        ],
    )?;
    Ok(())
}
