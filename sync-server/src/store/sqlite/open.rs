//! Opening the database: settings, versions, migrations.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::scopes;
use super::sql::integer;
use crate::env::Env;
use crate::store::StoreError;

/// Where the database lies and how it is opened.
#[derive(Debug, Clone)]
pub struct SqliteConfig {
    /// The file.
    pub path: PathBuf,
    /// The VFS, if it is not the operating system's. Then there is one connection only.
    pub vfs: Option<String>,
    /// How long a writer waits for another process.
    pub busy: Duration,
}

impl SqliteConfig {
    /// The defaults for this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            vfs: None,
            busy: Duration::from_secs(10),
        }
    }
}

/// The migrations, in order; the database's user_version counts those it has had.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_start.sql"),
    include_str!("../../../migrations/0002_brought.sql"),
    include_str!("../../../migrations/0003_judging.sql"),
    include_str!("../../../migrations/0004_operations.sql"),
    include_str!("../../../migrations/0005_receipts.sql"),
    include_str!("../../../migrations/0006_copies.sql"),
    include_str!("../../../migrations/0007_schema.sql"),
];

/// The migration from which on scopes have digests, which no SQL can count.
const WITH_DIGESTS: usize = 3;

/// Older ones can corrupt a WAL database when a checkpoint races with a write.
const SQLITE_MIN: i32 = 3_051_003;

/// A connection with the settings that durability rests on.
pub(super) fn connect(config: &SqliteConfig) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < SQLITE_MIN {
        return Err(StoreError::OldSqlite(rusqlite::version().to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match &config.vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(&config.path, flags, vfs.as_str())?,
        None => Connection::open_with_flags(&config.path, flags)?,
    };
    connection.busy_timeout(config.busy)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Exclusive first: a WAL without shared memory can only be opened like that.
    if config.vfs.is_some() {
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")?;
    }
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY;",
    )?;
    if shared::mutant!(SkippedFsyncServer) {
        connection.execute_batch("PRAGMA synchronous = OFF;")?;
    }
    Ok(connection)
}

/// Folds what an earlier process left in the write-ahead log into the database.
///
/// A sync that fails loses its writes for good while they can still be read; if the process
/// then dies, recovery takes them for committed, and everything appended behind them hangs on a
/// hole. Writing them anew into the database closes it. Another process that holds the log has
/// settled it itself.
pub(super) fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Brings the schema up to date and gives a new database its epoch.
pub(super) fn migrate(connection: &mut Connection, env: &Env) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = integer(MIGRATIONS.len() as u64);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let had = usize::try_from(found).map_err(|_| StoreError::Damaged("user_version"))?;
    for sql in &MIGRATIONS[had..] {
        tx.execute_batch(sql)?;
    }
    if had < WITH_DIGESTS {
        scopes::recount(&tx)?;
    }
    if found != known {
        tx.execute_batch(&format!("PRAGMA user_version = {known};"))?;
    }
    let epoch: [u8; 16] = env.bytes();
    tx.execute(
        "INSERT OR IGNORE INTO state (id, epoch, receive, accept, policy, reference)
         VALUES (1, ?1, 0, 0, 0, 0)",
        params![epoch],
    )?;
    tx.commit()?;
    Ok(())
}
