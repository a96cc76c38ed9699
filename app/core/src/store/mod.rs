//! The encrypted database of one vault: SQLCipher, and one transaction for each fact.
//!
//! This module is the only one that writes it. A write is one closure run between BEGIN and
//! COMMIT ([`Store::write`]); what it wrote is there whole after a power cut, or not at all.

pub(crate) mod begun_rows;
pub(crate) mod digest_rows;
pub(crate) mod disk_rows;
pub(crate) mod draft_rows;
pub(crate) mod entry_rows;
mod error;
pub(crate) mod evict_rows;
pub(crate) mod feed_rows;
pub(crate) mod find_rows;
pub(crate) mod held_rows;
pub(crate) mod lineage_rows;
pub(crate) mod look_rows;
pub(crate) mod lost_rows;
pub(crate) mod newer_rows;
pub(crate) mod opened_rows;
pub(crate) mod own_log;
pub(crate) mod past_rows;
pub(crate) mod photo_rows;
pub(crate) mod record_rows;
pub(crate) mod removed_rows;
mod sql;
pub(crate) mod step_rows;
pub(crate) mod task_rows;
pub(crate) mod team_rows;
pub(crate) mod vault_rows;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

pub(crate) use disk_rows::{LeaseRow, Resealed};
pub(crate) use draft_rows::DraftRow;
pub(crate) use entry_rows::{EntryRow, Opened, VerdictState};
pub use error::StoreError;
pub(crate) use find_rows::Find;
pub(crate) use lost_rows::Patience;
pub(crate) use own_log::{NewEntry, Stamp};
pub(crate) use photo_rows::PhotoRow;
pub(crate) use record_rows::{ListRow, ProjectedRow, StateRow, Todo};
pub(crate) use step_rows::StepRow;
pub(crate) use vault_rows::VaultRow;

use crate::files::private_file;
use crate::vault::DbKey;

/// Where a store lies.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The database file.
    pub path: PathBuf,
    /// The name of a registered SQLite VFS; none for the platform's own.
    pub vfs: Option<String>,
}

/// The oldest SQLite that is run: 3.51.3 mends a bug of the write-ahead log that could lose
/// committed pages.
const SQLITE_MIN: i32 = 3_051_003;

/// The migrations, oldest first. `user_version` counts those applied.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_lineage.sql"),
    include_str!("migrations/0003_disk.sql"),
    include_str!("migrations/0004_capture.sql"),
    include_str!("migrations/0005_newer.sql"),
    include_str!("migrations/0006_tally.sql"),
    include_str!("migrations/0007_begun.sql"),
    include_str!("migrations/0008_review.sql"),
    include_str!("migrations/0009_removed.sql"),
    include_str!("migrations/0010_wifi.sql"),
    include_str!("migrations/0011_unknown.sql"),
    include_str!("migrations/0012_unknown_since.sql"),
    include_str!("migrations/0013_schema.sql"),
];

/// An open, encrypted database.
pub(crate) struct Store {
    conn: Connection,
    /// True while nothing in the write-ahead log can be unsafe.
    settled: bool,
}

impl Store {
    /// Makes the database of a new vault, or opens the one that is there.
    pub(crate) fn create(config: &StoreConfig, key: &DbKey) -> Result<Self, StoreError> {
        Self::with(config, key, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens the database with its key. One that is missing is not made: SQLite would remove
    /// the write-ahead log beside it, and whatever words are still in there.
    pub(crate) fn open(config: &StoreConfig, key: &DbKey) -> Result<Self, StoreError> {
        Self::with(config, key, OpenFlags::empty())
    }

    fn with(config: &StoreConfig, key: &DbKey, also: OpenFlags) -> Result<Self, StoreError> {
        if rusqlite::version_number() < SQLITE_MIN {
            return Err(StoreError::OldSqlite(rusqlite::version()));
        }
        keep_cipher()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | also;
        let made = also == OpenFlags::SQLITE_OPEN_CREATE;
        if config.vfs.is_none() && (made || config.path.exists()) {
            // SQLite gives the files beside it the same permissions.
            private_file(&config.path)?;
        }
        let conn = match &config.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&config.path, flags, vfs.as_str())?,
            None => Connection::open_with_flags(&config.path, flags)?,
        };
        let hex = Zeroizing::new(hex::encode(key.expose()));
        conn.execute_batch(&Zeroizing::new(format!(
            "PRAGMA key = \"x'{}'\";",
            hex.as_str()
        )))?;
        // Exclusive locking keeps the index of the write-ahead log in this process's memory. A page
        // that is not in the cache has to be decrypted, and a search in many records reads some
        // hundreds of them.
        conn.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA fullfsync = ON;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cell_size_check = ON;
             PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA mmap_size = 0;
             PRAGMA cache_size = -8192;
             PRAGMA journal_size_limit = 8388608;",
        )?;
        if shared::mutant!(SkippedFsyncDevice) {
            conn.execute_batch("PRAGMA synchronous = OFF;")?;
        }
        conn.busy_timeout(Duration::from_secs(5))?;
        conn.set_prepared_statement_cache_capacity(128);
        let mut store = Self {
            conn,
            settled: false,
        };
        match store.settle() {
            // A full disk still opens, for reading; the first write settles it, or is refused.
            Err(StoreError::Full) => {}
            settled => settled?,
        }
        store.migrate()?;
        store.conn.execute_batch(find_rows::TERMS)?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let version: u32 = self
            .conn
            .query_row("PRAGMA user_version", (), |row| row.get(0))?;
        let version = version as usize;
        if version > MIGRATIONS.len() {
            // A newer app wrote it: reading on could misread, writing could destroy.
            return Err(StoreError::Newer);
        }
        if version < MIGRATIONS.len() {
            let tx = self
                .conn
                .transaction_with_behavior(TransactionBehavior::Exclusive)?;
            for migration in &MIGRATIONS[version..] {
                tx.execute_batch(migration)?;
            }
            tx.pragma_update(None, "user_version", MIGRATIONS.len() as u32)?;
            tx.commit()?;
        }
        Ok(())
    }

    /// Folds what an earlier process left in the write-ahead log into the database.
    ///
    /// A sync that fails loses its writes for good while they can still be read; if the process
    /// then dies, recovery takes them for committed, and everything appended behind them hangs
    /// on a hole. Writing them anew into the database closes it.
    fn settle(&mut self) -> Result<(), StoreError> {
        if !self.settled {
            self.truncate_log()?;
            self.settled = true;
        }
        Ok(())
    }

    /// Runs one transaction. Whatever the closure wrote is rolled back if it fails.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.settle()?;
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let value = work(&tx)?;
        let committed = tx.commit().map_err(StoreError::from);
        self.settled = committed.is_ok();
        committed?;
        Ok(value)
    }

    /// The connection, for reading.
    pub(crate) const fn read(&self) -> &Connection {
        &self.conn
    }

    /// Folds the write-ahead log into the database and empties it, so that destroyed rows are
    /// in neither.
    pub(crate) fn truncate_log(&self) -> Result<(), StoreError> {
        let busy: bool = self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))?;
        if busy { Err(StoreError::Busy) } else { Ok(()) }
    }
}

/// SQLCipher sets its cryptography up with the first keyed connection of a process and takes it
/// down with the last; threads that open and close at the same moment can find it half up, and
/// are then refused the key. One connection without a file, kept for the life of the process,
/// keeps it up.
fn keep_cipher() -> Result<(), StoreError> {
    static KEPT: Mutex<Option<Connection>> = Mutex::new(None);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.is_none() {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA key = 'kept';")?;
        *kept = Some(conn);
    }
    Ok(())
}
