//! The store in SQLite: one writer, readers beside it, write-ahead log, every commit synced.

mod accept;
mod audit;
mod backfill;
mod case;
mod console;
mod desk;
mod devices;
mod epoch;
mod erase;
mod forks;
mod grants;
mod imported;
mod inspect;
mod logs;
mod mailbox;
mod news;
mod notices;
mod open;
mod operations_impl;
mod own_logs;
mod people;
mod photos;
mod postings;
mod queue;
mod receipts;
mod receive;
mod records;
mod recover;
mod rule;
mod scopes;
mod sealed;
mod sessions;
mod sql;
mod staging;
mod tasks;
mod trait_impl;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use shared::ids::{AcceptPos, Epoch, PolicySeq, ReceivePos, ReferenceSeq};

use self::sql::{fixed, natural, one};
use super::{Counters, StoreError};
use crate::env::Env;

pub use open::SqliteConfig;

/// Readers kept open when idle.
const READERS_IDLE: usize = 8;

/// The store in SQLite.
pub struct SqliteStore {
    config: SqliteConfig,
    writer: Mutex<Connection>,
    /// Idle readers; none where there may only be one connection.
    readers: Option<Mutex<Vec<Connection>>>,
    authority: AuthorityCache,
}

/// The encoded authority, by its version: every device asks for the same one.
type AuthorityCache = Mutex<Option<(PolicySeq, Arc<Vec<u8>>)>>;

impl SqliteStore {
    /// Opens the database, or makes it.
    pub fn open(config: SqliteConfig, env: &Env) -> Result<Self, StoreError> {
        let mut writer = open::connect(&config)?;
        open::settle(&writer)?;
        open::migrate(&mut writer, env)?;
        let readers = config.vfs.is_none().then(Mutex::default);
        Ok(Self {
            config,
            writer: Mutex::new(writer),
            readers,
            authority: Mutex::new(None),
        })
    }

    /// One unit of work that writes: all of it or nothing.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    }

    /// Something that is done outside a unit of work, on a connection of its own where there
    /// may be several.
    fn connected<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.readers {
            Some(_) => work(&open::connect(&self.config)?),
            None => work(&lock(&self.writer)),
        }
    }

    /// One unit of work that reads: all of it from one snapshot.
    fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(readers) = &self.readers else {
            let mut writer = lock(&self.writer);
            return work(&writer.transaction()?);
        };
        let idle = lock(readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => open::connect(&self.config)?,
        };
        let value = work(&reader.transaction()?);
        let mut idle = lock(readers);
        if idle.len() < READERS_IDLE {
            idle.push(reader);
        }
        value
    }
}

/// A panic while the lock was held rolled its transaction back, so what it guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The counters.
fn counters(db: &Connection) -> Result<Counters, StoreError> {
    let sql = "SELECT epoch, receive, accept, policy, reference, horizon FROM state
        WHERE id = 1";
    let counters = one(db, sql, [], |row| {
        Ok(Counters {
            epoch: fixed(row, "epoch", Epoch::from_slice)?,
            receive: ReceivePos(natural(row, "receive")?),
            accept: AcceptPos(natural(row, "accept")?),
            policy: PolicySeq(natural(row, "policy")?),
            reference: ReferenceSeq(natural(row, "reference")?),
            horizon: ReceivePos(natural(row, "horizon")?),
        })
    })?;
    counters.ok_or(StoreError::Damaged("state"))
}

/// Takes the next place in the order of acceptance. The row stays locked until the commit, so
/// nobody can see a later place before this one is visible: take it last.
fn next_accept(tx: &Connection) -> Result<AcceptPos, StoreError> {
    let sql = "UPDATE state SET accept = accept + 1 WHERE id = 1 RETURNING accept AS n";
    sql::count(tx, sql, []).map(AcceptPos)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::store::{NewCode, Store as _};
    use shared::time::UnixMs;

    #[test]
    fn a_store_that_only_reads_is_not_called_writable() {
        let directory = tempfile::tempdir().unwrap();
        let config = SqliteConfig::new(directory.path().join("store.db"));
        let store = SqliteStore::open(config, &Env::system()).unwrap();
        store.prove_writable().unwrap();
        lock(&store.writer)
            .execute_batch("PRAGMA query_only = ON")
            .unwrap();
        assert!(store.counters().is_ok(), "it still answers");
        assert!(store.prove_writable().is_err());
    }

    #[test]
    fn a_full_disk_is_told_loses_nothing_and_passes() {
        let directory = tempfile::tempdir().unwrap();
        let config = SqliteConfig::new(directory.path().join("store.db"));
        let store = SqliteStore::open(config, &Env::system()).unwrap();
        let pages = |most: &str| {
            let sql = format!("PRAGMA max_page_count = {most}");
            let now: i64 = lock(&store.writer)
                .query_row(&sql, [], |row| row.get(0))
                .unwrap();
            now
        };
        let add = |n: u64| {
            let mut code = [0; 32];
            code[..8].copy_from_slice(&n.to_be_bytes());
            let name = "x".repeat(2_000);
            let expires = UnixMs(1);
            let code = NewCode {
                code,
                name,
                expires,
            };
            store.add_code(&code, UnixMs(0))
        };
        // No page more than there are.
        let now = pages("1");
        let kept = (0..)
            .take_while(|n| match add(*n) {
                Ok(()) => true,
                Err(error) => {
                    assert!(matches!(error, StoreError::Full), "{error}");
                    false
                }
            })
            .count() as u64;
        assert!(now > 1 && kept < 10);
        assert_eq!(store.verify_audit().unwrap(), (kept, None));
        pages("100000");
        add(1_000).unwrap();
        assert_eq!(store.verify_audit().unwrap(), (kept + 1, None));
    }
}
