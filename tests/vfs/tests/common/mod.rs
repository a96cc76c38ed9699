//! A small ledger on a faulty disk: it writes, is cut off, and says what is missing.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(unreachable_pub, reason = "shared by test files")]

use rusqlite::{Connection, OpenFlags, Result, params};
use vfs::{Disk, Lose};

pub const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// How the database is opened.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub journal: &'static str,
    pub synchronous: &'static str,
    pub encrypted: bool,
}

pub const WAL_FULL: Setup = Setup {
    journal: "WAL",
    synchronous: "FULL",
    encrypted: false,
};
pub const CIPHER_FULL: Setup = Setup {
    encrypted: true,
    ..WAL_FULL
};

pub fn connect(disk: &Disk, setup: Setup) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = Connection::open_with_flags_and_vfs("ledger.db", flags, disk.vfs_name())?;
    if setup.encrypted {
        // Dead handles make it complain of pages that it could not read.
        db.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(()))?;
        db.execute_batch(&format!("PRAGMA key = \"x'{KEY}'\""))?;
    }
    db.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    let sql = format!("PRAGMA journal_mode = {}", setup.journal);
    let journal: String = db.query_row(&sql, [], |row| row.get(0))?;
    assert_eq!(journal, setup.journal.to_lowercase());
    // Small, so that sessions of a few transactions meet checkpoints.
    db.query_row("PRAGMA wal_autocheckpoint = 12", [], |_| Ok(()))?;
    db.execute_batch(&format!(
        "PRAGMA synchronous = {};
         CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, part INTEGER, body BLOB);
         CREATE TABLE IF NOT EXISTS total (id INTEGER PRIMARY KEY, bytes INTEGER);
         CREATE INDEX IF NOT EXISTS entry_part ON entry (part);
         INSERT OR IGNORE INTO total VALUES (0, 0);",
        setup.synchronous
    ))?;
    Ok(db)
}

/// The body of an entry follows from its number, so that a reader can judge it.
pub fn body(id: i64) -> Vec<u8> {
    let len = 40 + (id as usize * 977) % 6000;
    (0..len).map(|at| (at as i64 * 31 + id * 7) as u8).collect()
}

/// One transaction over two tables and an index.
pub fn enter(db: &mut Connection, id: i64) -> Result<()> {
    let bytes = body(id);
    let tx = db.transaction()?;
    tx.execute(
        "INSERT INTO entry VALUES (?1, ?2, ?3)",
        params![id, id % 7, bytes],
    )?;
    tx.execute(
        "UPDATE total SET bytes = bytes + ?1 WHERE id = 0",
        [bytes.len() as i64],
    )?;
    tx.commit()
}

/// Enters until the disk fails; the number of commits that were acknowledged.
pub fn enter_until_cut(disk: &Disk, setup: Setup, most: i64) -> i64 {
    let Ok(mut db) = connect(disk, setup) else {
        return 0;
    };
    let next: i64 = match db.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)) {
        Ok(count) => count,
        Err(_) => return 0,
    };
    let failed = (next..next + most).find(|id| enter(&mut db, *id).is_err());
    failed.unwrap_or(next + most)
}

/// What a reader finds after the power is back.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Whole, with this many entries.
    Entries(i64),
    /// Damaged, or with half a transaction.
    Broken(String),
}

pub fn inspect(disk: &Disk, setup: Setup) -> Found {
    read(disk, setup).unwrap_or_else(|error| Found::Broken(error.to_string()))
}

fn read(disk: &Disk, setup: Setup) -> Result<Found> {
    let db = connect(disk, setup)?;
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if check != "ok" {
        return Ok(Found::Broken(check));
    }
    let total: i64 = db.query_row("SELECT bytes FROM total", [], |row| row.get(0))?;
    let mut query = db.prepare("SELECT id, body FROM entry ORDER BY id")?;
    let rows = query.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let (mut count, mut bytes) = (0, 0);
    for row in rows {
        let (id, found) = row?;
        if id != count || found != body(id) {
            return Ok(Found::Broken(format!("entry {id} is not what was written")));
        }
        count += 1;
        bytes += found.len() as i64;
    }
    if bytes != total {
        return Ok(Found::Broken(format!(
            "{bytes} bytes, but the total says {total}"
        )));
    }
    Ok(Found::Entries(count))
}

/// One session that is cut at its n-th change of the disk: what was acknowledged,
/// and what is found.
pub fn cut_session(seed: u64, setup: Setup, cut: u32, lose: Lose, entries: i64) -> (i64, Found) {
    let disk = Disk::new(seed);
    disk.cut_in(cut, lose);
    let acknowledged = enter_until_cut(&disk, setup, entries);
    if !disk.is_off() {
        disk.power_cut(lose);
    }
    disk.power_on();
    (acknowledged, inspect(&disk, setup))
}
