//! What the server reads of records that this app cannot.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use shared::doc::Schema;
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;

use super::entry_rows::{opened_columns, query};
use super::sql::{bytes, hashes, optional, seq};
use super::{EntryRow, StoreError};

/// Why an entry of a schema or a kind above this app's is not opened.
pub(crate) const NEEDS_NEWER_APP: &str = "needs_newer_app";

/// Keeps the server's projection of a record, in place of an earlier one.
pub(crate) fn put(tx: &Connection, id: RecordId, projection: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO newer (record, projection) VALUES (?1, ?2)")?
        .execute((id.as_bytes(), projection))?;
    Ok(())
}

/// The server's projection of a record, if one was needed.
pub(crate) fn get(conn: &Connection, id: RecordId) -> Result<Option<String>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT projection FROM newer WHERE record = ?1")?;
    optional(&mut statement, (id.as_bytes(),))
}

/// Notes the schema of an entry that is kept unopened.
pub(crate) fn hold(tx: &Connection, id: EntryId, schema: u32) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE entry SET schema = ?3 WHERE log = ?1 AND seq = ?2")?
        .execute((id.log.as_bytes(), seq(id.seq), schema))?;
    Ok(())
}

/// Records with entries that are kept unopened and that an app of this schema reads.
pub(crate) fn readable(conn: &Connection, schema: Schema) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT record, kind FROM entry
         WHERE refusal = 'needs_newer_app' AND ifnull(schema, 0) <= ?1 AND record IS NOT NULL",
    )?;
    let rows = statement.query_map((schema.number(),), |row| {
        let kind = EntryKind::from_code(row.get("kind")?);
        Ok((RecordId::from_bytes(bytes(row, "record")?), kind))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?.into_iter();
    let records: BTreeSet<_> = rows.filter(is_known).map(|(id, _)| id).collect();
    Ok(records.into_iter().collect())
}

const fn is_known((_, kind): &(RecordId, EntryKind)) -> bool {
    !matches!(kind, EntryKind::Unknown(_))
}

/// Those of one record.
pub(crate) fn held(
    conn: &Connection,
    id: RecordId,
    schema: Schema,
) -> Result<Vec<EntryRow>, StoreError> {
    let mut entries = query(
        conn,
        "WHERE record = ?1 AND refusal = 'needs_newer_app'
             AND ifnull(schema, 0) <= ?2 ORDER BY id",
        (id.as_bytes(), schema.number()),
    )?;
    entries.retain(|it| is_known(&(id, it.kind)));
    Ok(entries)
}

/// Writes an entry that was kept unopened, as it was read now.
pub(crate) fn opened(tx: &Connection, entry: &EntryRow) -> Result<(), StoreError> {
    let (opened, refusal) = opened_columns(entry.opened);
    tx.prepare_cached(
        "UPDATE entry SET opened = :opened, refusal = :refusal, change = :change, deps = :deps,
             schema = NULL WHERE log = :log AND seq = :seq",
    )?
    .execute(named_params! {
        ":opened": opened,
        ":refusal": refusal,
        ":change": entry.change.as_ref().map(|it| it.as_bytes()),
        ":deps": hashes(&entry.deps),
        ":log": entry.id.log.as_bytes(),
        ":seq": seq(entry.id.seq),
    })?;
    Ok(())
}

/// Drops the projection of a record of which no change is kept unopened any more.
pub(crate) fn drop_if_read(tx: &Connection, id: RecordId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "DELETE FROM newer WHERE record = ?1 AND NOT EXISTS (SELECT 1 FROM entry
             WHERE record = ?1 AND refusal = 'needs_newer_app' AND kind = 0)",
    )?
    .execute((id.as_bytes(),))?;
    Ok(())
}
