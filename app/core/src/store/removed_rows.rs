//! What was removed from the device and not yet said: numbers, nothing of the records.

use rusqlite::Connection;

use super::StoreError;
use super::sql::count;

/// The copy of one more record was removed for this reason.
pub(crate) fn add(tx: &Connection, why: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO removed (why, records) VALUES (?1, 1)
         ON CONFLICT (why) DO UPDATE SET records = records + 1",
    )?
    .execute((why,))?;
    Ok(())
}

/// Why copies were removed, and how many.
pub(crate) fn all(conn: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT why, records FROM removed ORDER BY why")?;
    let mut rows = statement.query(())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push((row.get("why")?, count(row, "records")?));
    }
    Ok(all)
}

/// Somebody has read it.
pub(crate) fn forget(tx: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM removed")?.execute(())?;
    Ok(())
}
