//! What the server reads of records that this app cannot.

use rusqlite::Connection;
use shared::ids::RecordId;

use super::StoreError;
use super::sql::optional;

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
