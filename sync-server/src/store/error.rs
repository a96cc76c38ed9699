//! What can go wrong in a store, in terms the caller can act upon.

/// Why a unit of work did not happen. Whatever it is, nothing of the unit was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer held the store for too long: try again.
    #[error("the store is busy")]
    Busy,
    /// No room on the disk.
    #[error("the store has no room")]
    Full,
    /// The database was written by a newer server.
    #[error("the database is of version {found}, this server knows {known}")]
    TooNew {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// The SQLite linked is too old to be trusted with this.
    #[error("SQLite {0} is older than 3.51.3")]
    OldSqlite(String),
    /// A row does not hold what it must: the name of the column.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// Anything else the backend said.
    #[error("store: {0}")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Backend(Box::new(error)),
        }
    }
}
