//! What people are from a version of the authority on: moves, acting ranks, operations.

use rusqlite::{Transaction, params};
use shared::ids::OperationId;
use shared::log::encode;
use shared::policy::Person;
use shared::time::UnixMs;

use super::sql::{fixed, integer, one, run};
use super::{audit, people};
use crate::store::{AuditEvent, PostingChange, StoreError};

pub(super) fn post(
    tx: &Transaction<'_>,
    collar: &str,
    change: &PostingChange,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let account = people::account(tx, collar)?.filter(|account| account.person.active);
    let Some(account) = account else {
        return Ok(false);
    };
    let before = account.person;
    let mut after = before.clone();
    apply(tx, &mut after, change)?;
    if after == before {
        return Ok(true);
    }
    let policy = people::raise(tx)?;
    run(
        tx,
        "INSERT INTO postings (officer, policy, title, name, role, team, station, active, acting,
            operations) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)",
        params![
            after.id.as_bytes(),
            integer(policy.0),
            after.title,
            after.name,
            after.role.as_str(),
            after.team.as_bytes(),
            after.station,
            encode(&after.acting),
            encode(&after.operations)
        ],
    )?;
    let event = AuditEvent {
        kind: "person_posted",
        officer: Some(after.id),
        detail: format!(
            "policy={policy} role={} team={} acting={} operations={}",
            after.role.as_str(),
            after.team,
            after.acting.len(),
            after.operations.len()
        ),
        ..Default::default()
    };
    audit::append(tx, &event, now)?;
    Ok(true)
}

fn apply(
    tx: &Transaction<'_>,
    person: &mut Person,
    change: &PostingChange,
) -> Result<(), StoreError> {
    if let Some(role) = change.role {
        person.role = role;
    }
    if let Some((new, name)) = &change.team {
        person.team = people::team(tx, *new, name)?;
    }
    if let Some(title) = &change.title {
        person.title.clone_from(title);
    }
    if let Some(station) = &change.station {
        person.station.clone_from(station);
    }
    if let Some(acting) = &change.acting {
        person.acting.clone_from(acting);
    }
    if let Some(operations) = &change.operations {
        person.operations.clone_from(operations);
    }
    Ok(())
}

pub(super) fn add_operation(
    tx: &Transaction<'_>,
    id: OperationId,
    name: &str,
    now: UnixMs,
) -> Result<OperationId, StoreError> {
    let sql = "INSERT INTO operations (id, name) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
    if run(tx, sql, params![id.as_bytes(), name])? == 1 {
        // Devices learn of it with the people.
        let policy = people::raise(tx)?;
        let event = AuditEvent {
            kind: "operation_added",
            detail: format!("policy={policy} operation={id}"),
            ..Default::default()
        };
        audit::append(tx, &event, now)?;
    }
    let sql = "SELECT id FROM operations WHERE name = ?1";
    let found = one(tx, sql, params![name], |row| {
        fixed(row, "id", OperationId::from_slice)
    })?;
    found.ok_or(StoreError::Damaged("operations"))
}
