//! Small functions that keep the rest readable: run, read one row, read all rows, and values
//! that go in and out.

use rusqlite::{Connection, Params, Row};

use shared::hash::ChangeHash;
use shared::ids::BadId;
use shared::time::UnixMs;

use crate::store::StoreError;

/// Runs a statement; gives the number of rows it touched.
pub(super) fn run(db: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}

/// Reads the first row, if there is one.
pub(super) fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Reads all rows.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(read(row)?);
    }
    Ok(out)
}

/// Reads one number.
pub(super) fn count(db: &Connection, sql: &str, params: impl Params) -> Result<u64, StoreError> {
    let value = one(db, sql, params, |row| natural(row, "n"))?;
    Ok(value.unwrap_or(0))
}

/// A number as SQLite keeps it. Ours stay far below 2^63.
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that is never negative.
pub(super) fn natural(row: &Row<'_>, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::Damaged(column))
}

/// A number that is never negative and may be missing.
pub(super) fn natural_or_none(
    row: &Row<'_>,
    column: &'static str,
) -> Result<Option<u64>, StoreError> {
    let value = row.get::<_, Option<i64>>(column)?;
    let value = value.map(u64::try_from).transpose();
    value.map_err(|_| StoreError::Damaged(column))
}

/// A value of fixed length.
pub(super) fn fixed<T>(
    row: &Row<'_>,
    column: &'static str,
    from: impl FnOnce(&[u8]) -> Result<T, BadId>,
) -> Result<T, StoreError> {
    let value = row
        .get_ref(column)?
        .as_blob()
        .map_err(|_| StoreError::Damaged(column))?;
    from(value).map_err(|_| StoreError::Damaged(column))
}

/// A value of fixed length that may be missing.
pub(super) fn fixed_or_none<T>(
    row: &Row<'_>,
    column: &'static str,
    from: impl FnOnce(&[u8]) -> Result<T, BadId>,
) -> Result<Option<T>, StoreError> {
    let value = row.get_ref(column)?;
    let value = value
        .as_blob_or_null()
        .map_err(|_| StoreError::Damaged(column))?;
    value
        .map(|bytes| from(bytes).map_err(|_| StoreError::Damaged(column)))
        .transpose()
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: &'static str) -> Result<UnixMs, StoreError> {
    Ok(UnixMs(row.get(column)?))
}

/// A time that may be missing.
pub(super) fn time_or_none(
    row: &Row<'_>,
    column: &'static str,
) -> Result<Option<UnixMs>, StoreError> {
    Ok(row.get::<_, Option<i64>>(column)?.map(UnixMs))
}

/// Hashes one after the other, as a column keeps them.
pub(super) fn join_hashes(hashes: &[ChangeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The hashes of a column.
pub(super) fn hashes(row: &Row<'_>, column: &'static str) -> Result<Vec<ChangeHash>, StoreError> {
    let value = row
        .get_ref(column)?
        .as_blob()
        .map_err(|_| StoreError::Damaged(column))?;
    let chunks = value.chunks(ChangeHash::LEN).map(ChangeHash::from_slice);
    chunks
        .collect::<Result<_, _>>()
        .map_err(|_| StoreError::Damaged(column))
}
