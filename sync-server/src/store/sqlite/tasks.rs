//! Tasks: held entries that the supervisors of their officer's team have to look at.

use rusqlite::{Connection, params};
use shared::ids::{EntryId, LogId, OfficerId, RecordId, Seq, TeamId};
use shared::log::encode;
use shared::wire::{Mail, Scope, Task};

use super::sql::{all, fixed, integer, natural, one, run};
use super::{people, sessions};
use crate::store::StoreError;

/// Tasks that a vault is told of at once when it is given a team: the oldest.
const AT_ONCE: u64 = 500;

/// Gives a task to the supervisors of its officer's team, once, and says to which vaults.
/// Without a team there is nobody to give it to, and the entry is only counted.
pub(super) fn open(db: &Connection, task: Task) -> Result<Vec<LogId>, StoreError> {
    let policy = super::counters(db)?.policy;
    let Some(person) = people::person_at(db, policy, task.officer)? else {
        return Ok(Vec::new());
    };
    let (id, officer) = (task.entry, task.officer);
    let body = encode(&Mail::Task(task));
    let new = run(
        db,
        "INSERT OR IGNORE INTO tasks (log, seq, team, officer, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            id.log.as_bytes(),
            integer(id.seq.0),
            person.team.as_bytes(),
            officer.as_bytes(),
            body
        ],
    )?;
    if new == 0 {
        return Ok(Vec::new());
    }
    let logs = supervisors(db, person.team, officer)?;
    for log in &logs {
        sessions::deliver(db, *log, &body)?;
    }
    Ok(logs)
}

/// Takes a task off the lists it is on, if there is one, and says of which vaults.
pub(super) fn done(db: &Connection, id: EntryId) -> Result<Vec<LogId>, StoreError> {
    let sql = "DELETE FROM tasks WHERE log = ?1 AND seq = ?2 RETURNING team, officer";
    let params = params![id.log.as_bytes(), integer(id.seq.0)];
    let found = one(db, sql, params, |row| {
        let team = fixed(row, "team", TeamId::from_slice)?;
        Ok((team, fixed(row, "officer", OfficerId::from_slice)?))
    })?;
    let Some((team, officer)) = found else {
        return Ok(Vec::new());
    };
    let logs = supervisors(db, team, officer)?;
    for log in &logs {
        sessions::post(db, *log, &Mail::TaskDone(id))?;
    }
    Ok(logs)
}

/// The vaults of those who supervise a team: of all who were given it, but not of the officer
/// whose entry it is about.
fn supervisors(
    db: &Connection,
    team: TeamId,
    besides: OfficerId,
) -> Result<Vec<LogId>, StoreError> {
    let sql = "SELECT l.id FROM grants g
            JOIN logs l ON l.id = g.log
            JOIN devices d ON d.id = l.device
        WHERE g.scope = ?1 AND l.officer != ?2 AND l.forked = 0 AND d.revoked_at IS NULL
        ORDER BY l.id";
    let params = params![Scope::Team(team).to_string(), besides.as_bytes()];
    all(db, sql, params, |row| fixed(row, "id", LogId::from_slice))
}

/// Gives a vault the open tasks of a team that it was given.
pub(super) fn catch_up(
    db: &Connection,
    log: LogId,
    officer: OfficerId,
    team: TeamId,
) -> Result<(), StoreError> {
    let sql = "SELECT t.body FROM tasks t JOIN entries e ON e.log = t.log AND e.seq = t.seq
        WHERE t.team = ?1 AND t.officer != ?2 ORDER BY e.position LIMIT ?3";
    let params = params![team.as_bytes(), officer.as_bytes(), integer(AT_ONCE)];
    let open = all(db, sql, params, |row| Ok(row.get::<_, Vec<u8>>("body")?))?;
    for body in open {
        sessions::deliver(db, log, &body)?;
    }
    Ok(())
}

/// Takes the tasks of a team off the list of a vault that supervises it no longer.
pub(super) fn forget(db: &Connection, log: LogId, team: TeamId) -> Result<(), StoreError> {
    let sql = "SELECT log, seq FROM tasks WHERE team = ?1";
    let open = all(db, sql, params![team.as_bytes()], |row| {
        Ok(EntryId {
            log: fixed(row, "log", LogId::from_slice)?,
            seq: Seq(natural(row, "seq")?),
        })
    })?;
    for id in open {
        sessions::post(db, log, &Mail::TaskDone(id))?;
    }
    Ok(())
}

/// Takes the tasks of a record off all lists.
pub(super) fn forget_record(db: &Connection, record: RecordId) -> Result<(), StoreError> {
    let sql = "SELECT t.log, t.seq FROM entries e JOIN tasks t ON t.log = e.log AND t.seq = e.seq
        WHERE e.record = ?1";
    let open = all(db, sql, params![record.as_bytes()], |row| {
        Ok(EntryId {
            log: fixed(row, "log", LogId::from_slice)?,
            seq: Seq(natural(row, "seq")?),
        })
    })?;
    for id in open {
        done(db, id)?;
    }
    Ok(())
}
