//! People, teams and accounts, and the authority they make.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use shared::ids::{OfficerId, OperationId, PolicySeq, TeamId};
use shared::log::decode_canonical;
use shared::policy::{Authority, Operation, Person, Role, Team};
use shared::time::UnixMs;

use super::sql::{all, fixed, integer, natural, one, run, time};
use super::{audit, sessions};
use crate::store::{Account, Added, Attempt, AuditEvent, PersonEntry, StoreError};

/// The columns of a person, from a posting and its account.
const PERSON: &str = "SELECT a.officer, a.collar, p.title, p.name, p.role, p.team, p.station,
    p.active, p.acting, p.operations FROM accounts a JOIN postings p ON p.officer = a.officer";

/// The posting that holds at a version.
const AT: &str = "p.policy = (SELECT max(policy) FROM postings WHERE officer = a.officer
    AND policy <= ?1)";

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let role: String = row.get("role")?;
    Ok(Person {
        id: fixed(row, "officer", OfficerId::from_slice)?,
        collar: row.get("collar")?,
        title: row.get("title")?,
        name: row.get("name")?,
        role: Role::parse(&role).ok_or(StoreError::Damaged("role"))?,
        team: fixed(row, "team", TeamId::from_slice)?,
        station: row.get("station")?,
        active: row.get("active")?,
        acting: decode_canonical(blob(row, "acting")?)
            .map_err(|_| StoreError::Damaged("acting"))?,
        operations: decode_canonical(blob(row, "operations")?)
            .map_err(|_| StoreError::Damaged("operations"))?,
    })
}

fn blob<'a>(row: &'a Row<'_>, column: &'static str) -> Result<&'a [u8], StoreError> {
    let value = row.get_ref(column)?;
    value.as_blob().map_err(|_| StoreError::Damaged(column))
}

/// Raises the authority, and with it the reference stream.
pub(super) fn raise(tx: &Transaction<'_>) -> Result<PolicySeq, StoreError> {
    let sql = "UPDATE state SET policy = policy + 1, reference = reference + 1 WHERE id = 1
        RETURNING policy, reference";
    let raised = one(tx, sql, [], |row| {
        Ok((natural(row, "policy")?, natural(row, "reference")?))
    })?;
    let (policy, reference) = raised.ok_or(StoreError::Damaged("state"))?;
    // The body is made when it is read: it is the people and teams themselves.
    run(
        tx,
        "INSERT INTO reference (name, seq, body) VALUES ('authority', ?1, x'')
         ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        params![integer(reference)],
    )?;
    Ok(PolicySeq(policy))
}

pub(super) fn add(
    tx: &Transaction<'_>,
    people: &[PersonEntry],
    now: UnixMs,
) -> Result<Added, StoreError> {
    let mut collars = BTreeSet::new();
    for entry in people {
        let taken = "SELECT 1 FROM accounts WHERE collar = ?1";
        if !collars.insert(&entry.collar) {
            return Ok(Added::Taken);
        }
        if one(tx, taken, params![entry.collar], |_| Ok(()))?.is_some() {
            return Ok(Added::Taken);
        }
    }
    let policy = raise(tx)?;
    for entry in people {
        run(
            tx,
            "INSERT INTO accounts (officer, collar, password) VALUES (?1, ?2, ?3)",
            params![entry.id.as_bytes(), entry.collar, entry.password],
        )?;
        let team = team(tx, entry.new_team, &entry.team)?;
        run(
            tx,
            "INSERT INTO postings (officer, policy, title, name, role, team, station, active)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
            params![
                entry.id.as_bytes(),
                integer(policy.0),
                entry.title,
                entry.name,
                entry.role.as_str(),
                team.as_bytes(),
                entry.station
            ],
        )?;
        let detail = format!("policy={policy} role={}", entry.role.as_str());
        let event = AuditEvent {
            kind: "person_added",
            officer: Some(entry.id),
            detail,
            ..Default::default()
        };
        audit::append(tx, &event, now)?;
    }
    Ok(Added::At(policy))
}

/// The team of this name, made with the new id if there is none.
pub(super) fn team(tx: &Transaction<'_>, new: TeamId, name: &str) -> Result<TeamId, StoreError> {
    run(
        tx,
        "INSERT INTO teams (id, name) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
        params![new.as_bytes(), name],
    )?;
    let sql = "SELECT id FROM teams WHERE name = ?1";
    one(tx, sql, params![name], |row| {
        fixed(row, "id", TeamId::from_slice)
    })?
    .ok_or(StoreError::Damaged("team"))
}

pub(super) fn end(tx: &Transaction<'_>, collar: &str, now: UnixMs) -> Result<bool, StoreError> {
    let Some(account) = account(tx, collar)?.filter(|account| account.person.active) else {
        return Ok(false);
    };
    let policy = raise(tx)?;
    let officer = account.person.id;
    run(
        tx,
        "INSERT INTO postings (officer, policy, title, name, role, team, station, active, acting,
            operations)
         SELECT officer, ?2, title, name, role, team, station, 0, acting, operations FROM postings
         WHERE officer = ?1 ORDER BY policy DESC LIMIT 1",
        params![officer.as_bytes(), integer(policy.0)],
    )?;
    sessions::end_all(tx, officer)?;
    let detail = format!("policy={policy}");
    let event = AuditEvent {
        kind: "person_ended",
        officer: Some(officer),
        detail,
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(true)
}

/// Everybody, as of the latest version.
pub(super) fn authority(db: &Connection) -> Result<Authority, StoreError> {
    let seq = super::counters(db)?.policy;
    let people = all(
        db,
        &format!("{PERSON} WHERE {AT}"),
        params![integer(seq.0)],
        person,
    )?;
    Ok(Authority {
        seq,
        people: people
            .into_iter()
            .map(|person| (person.id, person))
            .collect(),
        teams: teams(db)?,
        operations: operations(db)?,
    })
}

fn teams(db: &Connection) -> Result<BTreeMap<TeamId, Team>, StoreError> {
    let found = all(db, "SELECT id, name FROM teams", [], |row| {
        let id = fixed(row, "id", TeamId::from_slice)?;
        let name = row.get("name")?;
        Ok((id, Team { id, name }))
    })?;
    Ok(found.into_iter().collect())
}

fn operations(db: &Connection) -> Result<BTreeMap<OperationId, Operation>, StoreError> {
    let found = all(db, "SELECT id, name FROM operations", [], |row| {
        let id = fixed(row, "id", OperationId::from_slice)?;
        let name = row.get("name")?;
        Ok((id, Operation { id, name }))
    })?;
    Ok(found.into_iter().collect())
}

/// These people, as of a version.
pub(super) fn authority_at(
    db: &Connection,
    seq: PolicySeq,
    officers: &[OfficerId],
) -> Result<Authority, StoreError> {
    let mut people = BTreeMap::new();
    for &officer in officers {
        if let Some(found) = person_at(db, seq, officer)? {
            people.insert(officer, found);
        }
    }
    Ok(Authority {
        seq,
        people,
        teams: BTreeMap::new(),
        operations: BTreeMap::new(),
    })
}

/// The same people, with the teams and operations that records may be moved to: none ever goes.
pub(super) fn with_places(db: &Connection, people: &Authority) -> Result<Authority, StoreError> {
    Ok(Authority {
        seq: people.seq,
        people: people.people.clone(),
        teams: teams(db)?,
        operations: operations(db)?,
    })
}

/// One person, as of a version.
pub(super) fn person_at(
    db: &Connection,
    seq: PolicySeq,
    officer: OfficerId,
) -> Result<Option<Person>, StoreError> {
    let sql = format!("{PERSON} WHERE a.officer = ?2 AND {AT}");
    one(
        db,
        &sql,
        params![integer(seq.0), officer.as_bytes()],
        person,
    )
}

/// The name of a team.
pub(super) fn team_name(db: &Connection, team: TeamId) -> Result<String, StoreError> {
    let sql = "SELECT name FROM teams WHERE id = ?1";
    let name = db
        .query_row(sql, params![team.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(name.unwrap_or_default())
}

pub(super) fn account(db: &Connection, collar: &str) -> Result<Option<Account>, StoreError> {
    let seq = super::counters(db)?.policy;
    let sql = "SELECT officer, password, failed, wait_until FROM accounts WHERE collar = ?1";
    let found = one(db, sql, params![collar], |row| {
        let officer = fixed(row, "officer", OfficerId::from_slice)?;
        let password: String = row.get("password")?;
        Ok((
            officer,
            password,
            row.get::<_, u32>("failed")?,
            time(row, "wait_until")?,
        ))
    })?;
    let Some((officer, password, failed, wait_until)) = found else {
        return Ok(None);
    };
    let person = person_at(db, seq, officer)?.ok_or(StoreError::Damaged("postings"))?;
    let team = team_name(db, person.team)?;
    Ok(Some(Account {
        person,
        team,
        password,
        failed,
        wait_until,
    }))
}

pub(super) fn note_attempt(
    tx: &Transaction<'_>,
    officer: OfficerId,
    attempt: Attempt,
) -> Result<(), StoreError> {
    match attempt {
        Attempt::Wrong { wait_until } => run(
            tx,
            "UPDATE accounts SET failed = failed + 1, wait_until = ?2 WHERE officer = ?1",
            params![officer.as_bytes(), wait_until.0],
        ),
        Attempt::Right => run(
            tx,
            "UPDATE accounts SET failed = 0, wait_until = 0 WHERE officer = ?1",
            params![officer.as_bytes()],
        ),
    }?;
    Ok(())
}
