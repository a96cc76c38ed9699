//! Signing in: sessions, the logs they open, and the scopes a vault is granted.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};
use shared::ids::{DeviceId, LogId, OfficerId};
use shared::log::{Descriptor, encode};
use shared::policy::{Act, Person, Relation, Role, may};
use shared::time::UnixMs;
use shared::wire::{Mail, Scope};

use super::sql::{all, count, fixed, fixed_or_none, integer, one, run, time};
use super::{audit, people};
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
            "UPDATE devices SET officer = ?2, last_heard = ?3 WHERE id = ?1",
            params![vault.device.as_bytes(), session.officer.as_bytes(), now.0],
        )?;
        grant(tx, session.officer, vault.log)?;
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

fn insert_log(
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
    let event = AuditEvent {
        kind: "log_opened",
        officer: Some(descriptor.officer),
        device: Some(descriptor.device),
        detail: format!("log={}", descriptor.log),
        ..Default::default()
    };
    audit::append(tx, &event, now)
}

/// Brings a vault's scopes into line with what its officer is now.
fn grant(tx: &Transaction<'_>, officer: OfficerId, log: LogId) -> Result<(), StoreError> {
    let counters = super::counters(tx)?;
    let person = people::person_at(tx, counters.policy, officer)?;
    let due = person
        .filter(|person| person.active)
        .map(|p| scopes_of(&p))
        .unwrap_or_default();
    let held: BTreeSet<Scope> = grants(tx, log)?
        .into_iter()
        .map(|(scope, _)| scope)
        .collect();
    for &scope in held.difference(&due) {
        let sql = "DELETE FROM grants WHERE log = ?1 AND scope = ?2";
        run(tx, sql, params![log.as_bytes(), scope.to_string()])?;
        post(tx, log, &Mail::GrantEnded(scope))?;
    }
    for &scope in due.difference(&held) {
        run(
            tx,
            "INSERT INTO grants (log, scope, granted_at) VALUES (?1, ?2, ?3)",
            params![
                log.as_bytes(),
                scope.to_string(),
                integer(counters.accept.0)
            ],
        )?;
        // What entered at or before the present position is owed by backfill.
        post(tx, log, &Mail::Granted(scope, counters.accept.next()))?;
    }
    Ok(())
}

fn scopes_of(person: &Person) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::new();
    if may(person.role, Act::Read, Relation::Own) {
        scopes.insert(Scope::Author(person.id));
    }
    if person.role == Role::Supervisor || shared::mutant!(WrongScope) {
        scopes.insert(Scope::Team(person.team));
    }
    scopes
}

/// The scopes of a vault, each with the position since which it streams.
pub(super) fn grants(db: &Connection, log: LogId) -> Result<Vec<(Scope, u64)>, StoreError> {
    let sql = "SELECT scope, granted_at FROM grants WHERE log = ?1 ORDER BY scope";
    all(db, sql, params![log.as_bytes()], |row| {
        let scope: String = row.get("scope")?;
        let scope = scope.parse().map_err(|_| StoreError::Damaged("scope"))?;
        Ok((scope, super::sql::natural(row, "granted_at")?))
    })
}

/// Puts a piece of mail into a vault's mailbox.
pub(super) fn post(tx: &Transaction<'_>, log: LogId, mail: &Mail) -> Result<(), StoreError> {
    let sql =
        "UPDATE logs SET next_mail = next_mail + 1 WHERE id = ?1 RETURNING next_mail - 1 AS n";
    let seq = count(tx, sql, params![log.as_bytes()])?;
    run(
        tx,
        "INSERT INTO mail (log, seq, body) VALUES (?1, ?2, ?3)",
        params![log.as_bytes(), integer(seq), encode(mail)],
    )?;
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
