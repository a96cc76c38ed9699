//! What digests are computed from: the leaf of each record, and the scopes it is in.

use rusqlite::Connection;
use shared::ids::{AcceptPos, RecordId};
use shared::wire::{Scope, Sum};

use super::StoreError;
use super::sql::{bytes, signed};

/// Keeps the leaf of a record, as a sum of one; none if the server has nothing of it.
pub(crate) fn set_leaf(tx: &Connection, id: RecordId, leaf: Option<Sum>) -> Result<(), StoreError> {
    match leaf {
        Some(leaf) => tx
            .prepare_cached("INSERT OR REPLACE INTO leaf (record, leaf) VALUES (?1, ?2)")?
            .execute((id.as_bytes(), leaf.to_bytes()))?,
        None => tx
            .prepare_cached("DELETE FROM leaf WHERE record = ?1")?
            .execute((id.as_bytes(),))?,
    };
    Ok(())
}

/// The sum of the records of a scope, without those that its last backfill did not confirm.
/// `own` for the scope of the vault's own officer: what they wrote is in it, and the server does
/// not say so of what this vault wrote itself.
pub(crate) fn sum(conn: &Connection, scope: Scope, own: bool) -> Result<Sum, StoreError> {
    let mut statement = conn.prepare_cached(if own {
        "SELECT leaf FROM leaf WHERE record IN (SELECT id FROM record WHERE own = 1
             UNION SELECT record FROM record_scope WHERE scope = ?1 AND owed = 0)"
    } else {
        "SELECT leaf FROM record_scope JOIN leaf USING (record) WHERE scope = ?1 AND owed = 0"
    })?;
    let mut rows = statement.query((scope.to_string(),))?;
    let mut sum = 0_u128;
    while let Some(row) = rows.next()? {
        sum = sum.wrapping_add(u128::from_be_bytes(bytes(row, "leaf")?));
    }
    Ok(Sum::from_bytes(sum.to_be_bytes()))
}

/// True if a backfill of the scope is under way.
pub(crate) fn is_open(conn: &Connection, scope: Scope) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM backfill WHERE scope = ?1")?;
    Ok(statement.exists((scope.to_string(),))?)
}

/// True if the scope is granted, as far as is known here.
pub(crate) fn is_granted(conn: &Connection, scope: Scope) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM granted WHERE scope = ?1")?;
    Ok(statement.exists((scope.to_string(),))?)
}

/// A digest did not fit.
pub(crate) fn count_repair(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE vault SET repairs = repairs + 1")?
        .execute(())?;
    Ok(())
}

/// The backfill of a scope runs again. What it does not confirm stays, and is told apart.
pub(crate) fn reopen(tx: &Connection, scope: Scope, below: AcceptPos) -> Result<(), StoreError> {
    let scope = scope.to_string();
    tx.prepare_cached("UPDATE record_scope SET owed = 1 WHERE scope = ?1")?
        .execute((&scope,))?;
    tx.prepare_cached("INSERT OR REPLACE INTO backfill (scope, below) VALUES (?1, ?2)")?
        .execute((&scope, signed(below.0)))?;
    Ok(())
}

/// How many records are in no scope that the server still confirms, and are not our own.
pub(crate) fn adrift(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*) AS n FROM record WHERE own = 0 AND NOT EXISTS (
             SELECT 1 FROM record_scope
             WHERE record_scope.record = record.id AND owed = 0)",
    )?;
    Ok(statement.query_row((), |row| row.get("n"))?)
}
