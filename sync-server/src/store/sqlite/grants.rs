//! Grants: the scopes that a vault is given, kept in line with what its officer is.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use shared::ids::{LogId, OfficerId};
use shared::policy::{Act, Person, Relation, Role, may};
use shared::time::UnixMs;
use shared::wire::{Mail, Scope};

use super::sql::{all, fixed, integer, natural, one, run, time};
use super::{people, sessions, tasks};
use crate::store::StoreError;

/// The scopes of a vault, each with the position since which it streams.
pub(super) fn of(db: &Connection, log: LogId) -> Result<Vec<(Scope, u64)>, StoreError> {
    let sql = "SELECT scope, granted_at FROM grants WHERE log = ?1 ORDER BY scope";
    all(db, sql, params![log.as_bytes()], |row| {
        let scope: String = row.get("scope")?;
        let scope = scope.parse().map_err(|_| StoreError::Damaged("scope"))?;
        Ok((scope, natural(row, "granted_at")?))
    })
}

/// True if people, or the time, have moved on since a vault's grants were brought into line.
pub(super) fn stale(db: &Connection, log: LogId, now: UnixMs) -> Result<bool, StoreError> {
    let policy = super::counters(db)?.policy;
    let sql = "SELECT granted_policy, granted_until FROM logs WHERE id = ?1";
    let found = one(db, sql, params![log.as_bytes()], |row| {
        let until = time(row, "granted_until")?;
        Ok((natural(row, "granted_policy")?, until))
    })?;
    Ok(found.is_some_and(|(as_of, until)| as_of != policy.0 || now >= until))
}

/// Brings a vault's scopes into line with what its officer is now; true if one came or went.
pub(super) fn align(db: &Connection, log: LogId, now: UnixMs) -> Result<bool, StoreError> {
    let sql = "SELECT officer FROM logs WHERE id = ?1";
    let officer = one(db, sql, params![log.as_bytes()], |row| {
        fixed(row, "officer", OfficerId::from_slice)
    })?;
    let Some(officer) = officer else {
        return Ok(false);
    };
    let counters = super::counters(db)?;
    let person = people::person_at(db, counters.policy, officer)?;
    let person = person.filter(|person| person.active);
    let due = person
        .as_ref()
        .map(|it| scopes(it, now))
        .unwrap_or_default();
    let until = person.map_or(UnixMs(i64::MAX), |person| changes_at(&person, now));
    let held: BTreeSet<Scope> = of(db, log)?.into_iter().map(|(scope, _)| scope).collect();
    for &scope in held.difference(&due) {
        let sql = "DELETE FROM grants WHERE log = ?1 AND scope = ?2";
        run(db, sql, params![log.as_bytes(), scope.to_string()])?;
        sessions::post(db, log, &Mail::GrantEnded(scope))?;
        if let Scope::Team(team) = scope {
            tasks::forget(db, log, team)?;
        }
    }
    for &scope in due.difference(&held) {
        run(
            db,
            "INSERT INTO grants (log, scope, granted_at) VALUES (?1, ?2, ?3)",
            params![
                log.as_bytes(),
                scope.to_string(),
                integer(counters.accept.0)
            ],
        )?;
        // What entered at or before the present position is owed by backfill.
        sessions::post(db, log, &Mail::Granted(scope, counters.accept.next()))?;
        if let Scope::Team(team) = scope {
            tasks::catch_up(db, log, officer, team)?;
        }
    }
    run(
        db,
        "UPDATE logs SET granted_policy = ?2, granted_until = ?3 WHERE id = ?1",
        params![log.as_bytes(), integer(counters.policy.0), until.0],
    )?;
    Ok(held != due)
}

/// What a person may see on a device: their own, what is shared with them, their operations,
/// and of supervisors the teams that they supervise or cover now.
fn scopes(person: &Person, now: UnixMs) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::new();
    if person
        .posts(now)
        .any(|(role, _)| may(role, Act::Read, Relation::Own))
    {
        scopes.insert(Scope::Author(person.id));
        scopes.insert(Scope::Shared(person.id));
        scopes.extend(person.operations.iter().copied().map(Scope::Operation));
    }
    let supervised = person
        .posts(now)
        .filter(|(role, _)| *role == Role::Supervisor || shared::mutant!(WrongScope));
    scopes.extend(supervised.map(|(_, team)| Scope::Team(team)));
    scopes
}

/// When an acting rank or a cover of theirs begins or ends next.
fn changes_at(person: &Person, now: UnixMs) -> UnixMs {
    let times = person.acting.iter().flat_map(|it| [it.from, it.until]);
    let next = times.filter(|at| *at > now).min();
    next.unwrap_or(UnixMs(i64::MAX))
}
