//! Reading a copy of the database without touching it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use shared::hash::BlobHash;

use super::sql::{all, count, fixed};
use super::{SqliteStore, audit};
use crate::store::{Copied, StoreError};

impl SqliteStore {
    /// What a copy of the database holds, and whether it is sound.
    pub fn inspect(path: &Path) -> Result<Copied, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        let counters = super::counters(&db)?;
        let (rows, broken) = audit::verify(&db)?;
        Ok(Copied {
            epoch: counters.epoch,
            receive: counters.receive,
            accept: counters.accept,
            audit: rows,
            photos: all(&db, "SELECT hash FROM blobs ORDER BY hash", [], |row| {
                fixed(row, "hash", BlobHash::from_slice)
            })?,
            sound: broken.is_none() && is_sound(&db)?,
        })
    }

    /// The rows of the audit of a database that may be damaged, as far as they read.
    pub fn audit_of(path: &Path, after: u64) -> Result<Vec<crate::store::AuditRow>, StoreError> {
        // A database that was not closed has a write-ahead log, which only a writer can use.
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        audit::after(&db, after, u32::MAX)
    }
}

fn is_sound(db: &Connection) -> Result<bool, StoreError> {
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let strays = count(db, "SELECT count(*) AS n FROM pragma_foreign_key_check", [])?;
    Ok(said == "ok" && strays == 0)
}
