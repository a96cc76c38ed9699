//! What can go wrong in the database.

use rusqlite::ErrorCode;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full. What was committed before is untouched.
    #[error("no room on this device")]
    Full,
    /// The key does not open it, or it is no database.
    #[error("the database does not open with this key")]
    WrongKey,
    /// Pages fail their check, or a row holds what no version of this program writes.
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    /// Something else has it open.
    #[error("the database is in use")]
    Busy,
    /// A newer app wrote it.
    #[error("the database was written by a newer app")]
    Newer,
    /// This program was linked with a SQLite that has a known fault.
    #[error("SQLite {0} is too old")]
    OldSqlite(&'static str),
    /// Anything else of the database.
    #[error("database: {0}")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::WrongKey,
            Some(ErrorCode::CannotOpen) => Self::Damaged("no database"),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged("pages"),
            _ => Self::Sql(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Damaged("no database"),
        }
    }
}
