//! Signing in: sessions, the logs they open, and their mailboxes.

use rusqlite::{Connection, Transaction, params};
use shared::ids::{DeviceId, LogId, OfficerId};
use shared::log::{Descriptor, encode};
use shared::time::UnixMs;
use shared::wire::Mail;

use super::sql::{count, fixed, fixed_or_none, integer, natural, one, run, time};
use super::{audit, erase, grants, people};
use crate::store::{AuditEvent, NewSession, NewVault, Opened, Session, StoreError};

pub(super) fn open(
    tx: &Transaction<'_>,
    session: &NewSession,
    now: UnixMs,
) -> Result<Opened, StoreError> {
    run(
        tx,
        "DELETE FROM sessions WHERE expires <= ?1",
        params![now.0],
    )?;
    if let Some(vault) = &session.vault {
        let opened = open_log(tx, session.officer, vault, now)?;
        if opened != Opened::Open {
            return Ok(opened);
        }
        run(
            tx,
            "DELETE FROM sessions WHERE log = ?1",
            params![vault.log.as_bytes()],
        )?;
        run(
            tx,
            "UPDATE devices SET officer = ?2, last_heard = max(?3, coalesce(last_heard, 0))
             WHERE id = ?1",
            params![vault.device.as_bytes(), session.officer.as_bytes(), now.0],
        )?;
        grants::align(tx, vault.log, now)?;
        if vault.open.is_some() {
            erased_meanwhile(tx, vault)?;
        }
    }
    let vault = session.vault.as_ref();
    run(
        tx,
        "INSERT INTO sessions (token, officer, device, log, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            session.token,
            session.officer.as_bytes(),
            vault.map(|vault| *vault.device.as_bytes()),
            vault.map(|vault| *vault.log.as_bytes()),
            session.expires.0
        ],
    )?;
    let event = AuditEvent {
        kind: "signed_in",
        officer: Some(session.officer),
        device: vault.map(|vault| vault.device),
        detail: vault
            .map(|vault| format!("log={}", vault.log))
            .unwrap_or_default(),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(Opened::Open)
}

fn open_log(
    tx: &Transaction<'_>,
    officer: OfficerId,
    vault: &NewVault,
    now: UnixMs,
) -> Result<Opened, StoreError> {
    let sql = "SELECT device, officer, descriptor, forked FROM logs WHERE id = ?1";
    let found = one(tx, sql, params![vault.log.as_bytes()], |row| {
        let device = fixed(row, "device", DeviceId::from_slice)?;
        let officer = fixed(row, "officer", OfficerId::from_slice)?;
        let descriptor: Vec<u8> = row.get("descriptor")?;
        Ok((device, officer, descriptor, row.get::<_, bool>("forked")?))
    })?;
    let Some((device, of, descriptor, forked)) = found else {
        return match &vault.open {
            Some(descriptor) => insert_log(tx, descriptor, now).map(|()| Opened::Open),
            None => Ok(Opened::UnknownLog),
        };
    };
    let same = vault
        .open
        .as_ref()
        .is_none_or(|open| encode(open) == descriptor);
    if device != vault.device || of != officer || !same {
        return Ok(Opened::UnknownLog);
    }
    Ok(if forked { Opened::Forked } else { Opened::Open })
}

/// A vault that begins another log holds what it held, and the mailbox of the log before is no
/// more its own: it is told of every record that was erased.
fn erased_meanwhile(tx: &Transaction<'_>, vault: &NewVault) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM logs before JOIN logs now USING (device, officer)
        WHERE now.id = ?1 AND before.id != ?1) AS n";
    if count(tx, sql, params![vault.log.as_bytes()])? == 0 {
        return Ok(());
    }
    for record in erase::erased(tx)? {
        post(tx, vault.log, &Mail::Evict(record))?;
    }
    Ok(())
}

pub(super) fn insert_log(
    tx: &Transaction<'_>,
    descriptor: &Descriptor,
    now: UnixMs,
) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO logs (id, device, officer, descriptor, key, start, opened_at, head)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, x'')",
        params![
            descriptor.log.as_bytes(),
            descriptor.device.as_bytes(),
            descriptor.officer.as_bytes(),
            encode(descriptor),
            descriptor.key,
            descriptor.hash().as_bytes(),
            now.0
        ],
    )?;
    // What a new lineage says again must not come a second time from the old one: whatever
    // still arrives of that is evidence.
    if let Some(parent) = descriptor.parent {
        let sql = "UPDATE logs SET forked = 1 WHERE id = ?1 AND officer = ?2";
        let params = params![parent.log.as_bytes(), descriptor.officer.as_bytes()];
        run(tx, sql, params)?;
    }
    let event = AuditEvent {
        kind: "log_opened",
        officer: Some(descriptor.officer),
        device: Some(descriptor.device),
        detail: match descriptor.parent {
            Some(parent) => format!("log={} parent={parent}", descriptor.log),
            None => format!("log={}", descriptor.log),
        },
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

/// Puts a piece of mail into a vault's mailbox.
pub(super) fn post(db: &Connection, log: LogId, mail: &Mail) -> Result<(), StoreError> {
    deliver(db, log, &encode(mail))
}

/// The same with mail that is encoded already. Nobody reads the mailbox of a log that the server
/// holds, so it has none.
pub(super) fn deliver(db: &Connection, log: LogId, body: &[u8]) -> Result<(), StoreError> {
    let sql = "UPDATE logs SET next_mail = next_mail + 1 WHERE id = ?1 AND held_here = 0
        RETURNING next_mail - 1 AS n";
    let Some(seq) = one(db, sql, params![log.as_bytes()], |row| natural(row, "n"))? else {
        return Ok(());
    };
    let sql = "INSERT INTO mail (log, seq, body) VALUES (?1, ?2, ?3)";
    run(db, sql, params![log.as_bytes(), integer(seq), body])?;
    Ok(())
}

pub(super) fn find(
    db: &Connection,
    token: &[u8; 32],
    now: UnixMs,
) -> Result<Option<Session>, StoreError> {
    let sql =
        "SELECT officer, device, log, expires FROM sessions WHERE token = ?1 AND expires > ?2";
    let found = one(db, sql, params![token, now.0], |row| {
        let officer = fixed(row, "officer", OfficerId::from_slice)?;
        let device = fixed_or_none(row, "device", DeviceId::from_slice)?;
        let log = fixed_or_none(row, "log", LogId::from_slice)?;
        Ok((officer, device, log, time(row, "expires")?))
    })?;
    let Some((officer, device, log, expires)) = found else {
        return Ok(None);
    };
    let policy = super::counters(db)?.policy;
    let person = people::person_at(db, policy, officer)?.filter(|person| person.active);
    let Some(person) = person else {
        return Ok(None);
    };
    let team = people::team_name(db, person.team)?;
    Ok(Some(Session {
        person,
        team,
        device,
        log,
        expires,
    }))
}

pub(super) fn close(tx: &Transaction<'_>, token: &[u8; 32]) -> Result<(), StoreError> {
    run(tx, "DELETE FROM sessions WHERE token = ?1", params![token])?;
    Ok(())
}

pub(super) fn end_all(tx: &Transaction<'_>, officer: OfficerId) -> Result<(), StoreError> {
    run(
        tx,
        "DELETE FROM sessions WHERE officer = ?1",
        params![officer.as_bytes()],
    )?;
    Ok(())
}
