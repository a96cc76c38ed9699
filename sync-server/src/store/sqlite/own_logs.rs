//! Logs that the server holds for people who act in the browser: one for each, on a device that
//! is the server itself.

use rusqlite::{Connection, Transaction, params};
use shared::hash::HeaderHash;
use shared::ids::{DeviceId, LogId, OfficerId, Seq};
use shared::log::{Algorithm, Descriptor};
use shared::time::UnixMs;

use super::sql::{fixed, natural, one, run};
use super::{receive, sessions};
use crate::store::{OwnLog, OwnPlace, Push, Received, StoreError};

/// What stands where devices have `phone` or `tablet`.
pub(super) const FORM: &str = "server";

pub(super) fn append(
    tx: &Transaction<'_>,
    own: &OwnLog<'_>,
    sign: &mut dyn FnMut(&OwnPlace) -> Push,
    now: UnixMs,
) -> Result<Received, StoreError> {
    let place = match place(tx, own.officer)? {
        Some(place) => place,
        None => begin(tx, own, now)?,
    };
    receive::receive(tx, &sign(&place), now)
}

fn place(db: &Connection, officer: OfficerId) -> Result<Option<OwnPlace>, StoreError> {
    let sql = "SELECT id, device, next_seq, head, start FROM logs
        WHERE officer = ?1 AND held_here = 1 AND forked = 0 ORDER BY opened_at DESC LIMIT 1";
    one(db, sql, params![officer.as_bytes()], |row| {
        let next = Seq(natural(row, "next_seq")?);
        let before = if next.0 == 0 { "start" } else { "head" };
        Ok(OwnPlace {
            device: fixed(row, "device", DeviceId::from_slice)?,
            log: fixed(row, "id", LogId::from_slice)?,
            next,
            previous: fixed(row, before, HeaderHash::from_slice)?,
        })
    })
}

fn begin(tx: &Transaction<'_>, own: &OwnLog<'_>, now: UnixMs) -> Result<OwnPlace, StoreError> {
    let descriptor = Descriptor {
        version: Descriptor::VERSION,
        log: own.new_log,
        algorithm: Algorithm::EdDsa,
        key: own.key.to_vec(),
        officer: own.officer,
        device: device(tx, own, now)?,
        parent: None,
    };
    sessions::insert_log(tx, &descriptor, now)?;
    let sql = "UPDATE logs SET held_here = 1 WHERE id = ?1";
    run(tx, sql, params![own.new_log.as_bytes()])?;
    Ok(OwnPlace {
        device: descriptor.device,
        log: own.new_log,
        next: Seq(0),
        previous: descriptor.hash(),
    })
}

/// The server as a device. Nobody has its credential.
fn device(tx: &Transaction<'_>, own: &OwnLog<'_>, now: UnixMs) -> Result<DeviceId, StoreError> {
    let sql = "SELECT id FROM devices WHERE form_factor = ?1";
    let found = one(tx, sql, params![FORM], |row| {
        fixed(row, "id", DeviceId::from_slice)
    })?;
    if let Some(id) = found {
        return Ok(id);
    }
    run(
        tx,
        "INSERT INTO devices (id, name, form_factor, credential, enrolled_at)
         VALUES (?1, 'Control room', ?2, ?3, ?4)",
        params![own.new_device.as_bytes(), FORM, own.no_credential, now.0],
    )?;
    Ok(own.new_device)
}
