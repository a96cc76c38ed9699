//! Values of the domain as columns.

use rusqlite::Row;
use rusqlite::types::FromSql;
use shared::hash::ChangeHash;
use shared::ids::{EntryId, Seq};
use shared::log::{decode_canonical, encode};
use shared::time::UnixMs;

use super::StoreError;

/// Reads a column that holds so many bytes exactly.
pub(super) fn bytes<const N: usize>(row: &Row<'_>, name: &str) -> rusqlite::Result<[u8; N]> {
    row.get(name)
}

/// Reads a column that holds so many bytes exactly, or nothing.
pub(super) fn bytes_opt<const N: usize>(
    row: &Row<'_>,
    name: &str,
) -> rusqlite::Result<Option<[u8; N]>> {
    row.get(name)
}

/// Reads a time.
pub(super) fn time(row: &Row<'_>, name: &str) -> rusqlite::Result<UnixMs> {
    row.get(name).map(UnixMs)
}

/// Reads a time, or nothing.
pub(super) fn time_opt(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<UnixMs>> {
    Ok(row.get::<_, Option<i64>>(name)?.map(UnixMs))
}

/// Reads a counter. Counters are stored as SQLite's signed integers, which they never fill.
pub(super) fn count(row: &Row<'_>, name: &str) -> rusqlite::Result<u64> {
    row.get::<_, i64>(name).map(i64::cast_unsigned)
}

/// Reads a counter, or nothing.
pub(super) fn count_opt(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(name)?.map(i64::cast_unsigned))
}

/// Reads a row's columns one after the other: looking each up by its name costs more than all the
/// rest of reading a wide row.
pub(super) struct Cells<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl<'r, 's> Cells<'r, 's> {
    pub(super) const fn of(row: &'r Row<'s>) -> Self {
        Self { row, at: 0 }
    }

    /// The next column.
    pub(super) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let at = self.at;
        self.at += 1;
        self.row.get(at)
    }

    /// The next, a time.
    pub(super) fn time(&mut self) -> rusqlite::Result<UnixMs> {
        self.next().map(UnixMs)
    }

    /// The next, a time or nothing.
    pub(super) fn time_opt(&mut self) -> rusqlite::Result<Option<UnixMs>> {
        Ok(self.next::<Option<i64>>()?.map(UnixMs))
    }

    /// The next, a counter.
    pub(super) fn count(&mut self) -> rusqlite::Result<u64> {
        self.next().map(i64::cast_unsigned)
    }

    /// The next, a counter or nothing.
    pub(super) fn count_opt(&mut self) -> rusqlite::Result<Option<u64>> {
        Ok(self.next::<Option<i64>>()?.map(i64::cast_unsigned))
    }
}

/// A counter as a column.
pub(super) const fn signed(count: u64) -> i64 {
    count.cast_signed()
}

/// Hashes of changes, one after the other.
pub(super) fn hashes(list: &[ChangeHash]) -> Vec<u8> {
    list.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads hashes of changes.
pub(super) fn hashes_from(bytes: &[u8]) -> Vec<ChangeHash> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|chunk| ChangeHash::from_bytes(*chunk))
        .collect()
}

/// A frontier of statements as a column.
pub(super) fn frontier(seen: &[EntryId]) -> Vec<u8> {
    encode(&seen.to_vec())
}

/// Reads a frontier of statements.
pub(super) fn frontier_from(bytes: &[u8]) -> Result<Vec<EntryId>, StoreError> {
    decode_canonical(bytes).map_err(|_| StoreError::Damaged("frontier"))
}

/// The first row's first column, or nothing if there is no row.
pub(super) fn optional<T: FromSql>(
    statement: &mut rusqlite::Statement<'_>,
    params: impl rusqlite::Params,
) -> Result<Option<T>, StoreError> {
    let mut rows = statement.query(params)?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// A place in a log as a column.
pub(super) const fn seq(seq: Seq) -> i64 {
    seq.0.cast_signed()
}
