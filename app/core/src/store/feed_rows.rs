//! Scopes, grants, backfills, reference data, and when others' records were read.

use rusqlite::{Connection, named_params};
use shared::ids::{AcceptPos, RecordId, ReferenceSeq};
use shared::time::UnixMs;
use shared::wire::{BackfillCursor, ReferenceItem, Scope};

use super::StoreError;
use super::sql::{bytes, count, optional, signed, time};

/// A record is visible in this scope.
pub(crate) fn enter(tx: &Connection, record: RecordId, scope: Scope) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO record_scope (record, scope, owed) VALUES (?1, ?2, 0)",
    )?
    .execute((record.as_bytes(), scope.to_string()))?;
    Ok(())
}

/// The records of a scope have to be confirmed by its backfill.
pub(crate) fn owe(tx: &Connection, scope: Scope) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE record_scope SET owed = 1 WHERE scope = ?1")?
        .execute((scope.to_string(),))?;
    Ok(())
}

/// True if the record is visible in any scope.
pub(crate) fn is_in_any(conn: &Connection, record: RecordId) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM record_scope WHERE record = ?1")?;
    Ok(statement.exists((record.as_bytes(),))?)
}

/// The scopes in which the record is visible.
pub(crate) fn scopes_of(conn: &Connection, record: RecordId) -> Result<Vec<Scope>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT scope FROM record_scope WHERE record = ?1 ORDER BY scope")?;
    let mut rows = statement.query((record.as_bytes(),))?;
    let mut scopes = Vec::new();
    while let Some(row) = rows.next()? {
        let scope: String = row.get("scope")?;
        scopes.push(scope.parse().map_err(|_| StoreError::Damaged("scope"))?);
    }
    Ok(scopes)
}

/// A record is no longer visible in this scope.
pub(crate) fn leave(tx: &Connection, record: RecordId, scope: Scope) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM record_scope WHERE record = ?1 AND scope = ?2")?
        .execute((record.as_bytes(), scope.to_string()))?;
    Ok(())
}

/// A record is no longer visible at all.
pub(crate) fn leave_all(tx: &Connection, record: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM record_scope WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    tx.prepare_cached("DELETE FROM consulted WHERE record = ?1")?
        .execute((record.as_bytes(),))?;
    Ok(())
}

/// True if the record is visible in this scope.
pub(crate) fn is_in(conn: &Connection, record: RecordId, scope: Scope) -> Result<bool, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM record_scope WHERE record = ?1 AND scope = ?2")?;
    Ok(statement.exists((record.as_bytes(), scope.to_string()))?)
}

/// A scope was granted: what was in it before this position comes by backfill.
pub(crate) fn grant(tx: &Connection, scope: Scope, position: AcceptPos) -> Result<(), StoreError> {
    let values = (scope.to_string(), signed(position.0));
    tx.prepare_cached("INSERT OR REPLACE INTO granted (scope, position) VALUES (?1, ?2)")?
        .execute((&values.0, values.1))?;
    if shared::mutant!(GrantWithoutBackfill) {
        return Ok(());
    }
    tx.prepare_cached("INSERT OR REPLACE INTO backfill (scope, below) VALUES (?1, ?2)")?
        .execute((&values.0, values.1))?;
    Ok(())
}

/// The scopes that are granted, as far as is known here, and those in which there are records
/// since they once were.
pub(crate) fn scopes(conn: &Connection) -> Result<Vec<Scope>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT scope FROM granted UNION SELECT scope FROM record_scope ORDER BY scope",
    )?;
    let mut rows = statement.query(())?;
    let mut scopes = Vec::new();
    while let Some(row) = rows.next()? {
        let scope: String = row.get("scope")?;
        scopes.push(scope.parse().map_err(|_| StoreError::Damaged("scope"))?);
    }
    Ok(scopes)
}

/// A scope was taken away; gives the records that were in it.
pub(crate) fn end_grant(tx: &Connection, scope: Scope) -> Result<Vec<RecordId>, StoreError> {
    let scope = scope.to_string();
    let mut left =
        tx.prepare_cached("DELETE FROM record_scope WHERE scope = ?1 RETURNING record")?;
    let left = left.query_map((&scope,), |row| bytes(row, "record"))?;
    let left = left
        .map(|row| row.map(RecordId::from_bytes))
        .collect::<Result<_, _>>()?;
    tx.prepare_cached("DELETE FROM granted WHERE scope = ?1")?
        .execute((&scope,))?;
    tx.prepare_cached("DELETE FROM backfill WHERE scope = ?1")?
        .execute((&scope,))?;
    Ok(left)
}

/// Backfills not yet finished, in a fixed order.
pub(crate) fn backfills(conn: &Connection) -> Result<Vec<BackfillCursor>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT scope, below FROM backfill ORDER BY scope")?;
    let mut rows = statement.query(())?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let scope: String = row.get("scope")?;
        open.push(BackfillCursor {
            scope: scope.parse().map_err(|_| StoreError::Damaged("scope"))?,
            below: AcceptPos(count(row, "below")?),
        });
    }
    Ok(open)
}

/// A backfill has come so far, or to its end.
pub(crate) fn set_backfill(
    tx: &Connection,
    scope: Scope,
    below: Option<AcceptPos>,
) -> Result<(), StoreError> {
    let scope = scope.to_string();
    match below {
        Some(below) => tx
            .prepare_cached("UPDATE backfill SET below = ?2 WHERE scope = ?1")?
            .execute((scope, signed(below.0)))?,
        None => tx
            .prepare_cached("DELETE FROM backfill WHERE scope = ?1")?
            .execute((scope,))?,
    };
    Ok(())
}

/// Keeps a document of reference data that came at this time.
pub(crate) fn put_reference(
    tx: &Connection,
    item: &ReferenceItem,
    at: UnixMs,
) -> Result<(), StoreError> {
    if shared::mutant!(ReferenceOnce) && came(tx, &item.name)?.is_some() {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO reference (name, seq, body, came_at) VALUES (:name, :seq, :body, :came_at)
         ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, body = excluded.body,
             came_at = excluded.came_at",
    )?
    .execute(named_params! {
        ":name": item.name,
        ":seq": signed(item.seq.0),
        ":body": item.body,
        ":came_at": at.0,
    })?;
    Ok(())
}

/// A document of reference data.
pub(crate) fn reference(conn: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT body FROM reference WHERE name = ?1")?;
    optional(&mut statement, (name,))
}

/// Which version of a document of reference data is here, and when it came.
pub(crate) fn came(
    conn: &Connection,
    name: &str,
) -> Result<Option<(ReferenceSeq, UnixMs)>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT seq, came_at FROM reference WHERE name = ?1")?;
    let mut rows = statement.query((name,))?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some((
        ReferenceSeq(count(row, "seq")?),
        time(row, "came_at")?,
    )))
}

/// When the reading of a record was last logged.
pub(crate) fn consulted(conn: &Connection, id: RecordId) -> Result<Option<UnixMs>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT at FROM consulted WHERE record = ?1")?;
    Ok(optional(&mut statement, (id.as_bytes(),))?.map(UnixMs))
}

/// The reading of a record was logged.
pub(crate) fn set_consulted(tx: &Connection, id: RecordId, at: UnixMs) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO consulted (record, at) VALUES (?1, ?2)")?
        .execute((id.as_bytes(), at.0))?;
    Ok(())
}
