//! All records in one body, up or down, and one synced transaction where they arrive.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rusqlite::Connection;

use super::http::{ask, serve};

/// The level that exchanges use, too.
const LEVEL: i32 = 3;

/// What a transfer took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transfer {
    /// From the first byte to the acknowledgement, or until it is stored.
    pub(crate) took: Duration,
    /// Of the server.
    pub(crate) cpu: Duration,
    /// Both ways, headers included.
    pub(crate) bytes: u64,
}

/// Sends records, one line of JSON each, to a server that stores each as a row.
pub(crate) fn upload(lines: &[String], folder: &Path) -> Result<Transfer> {
    let conn = table(folder)?;
    let server = serve(move |body| {
        store(conn, body)?;
        Ok(Vec::new())
    })?;
    let began = Instant::now();
    let (_, bytes) = ask(server.address, &packed(lines)?)?;
    let took = began.elapsed();
    let cpu = server.join()?;
    Ok(Transfer { took, cpu, bytes })
}

/// Fetches records from a server that has each as a row, and stores each as a row.
pub(crate) fn download(lines: &[String], folder: &Path) -> Result<Transfer> {
    let (theirs, ours) = (folder.join("server"), folder.join("device"));
    std::fs::create_dir_all(&theirs)?;
    std::fs::create_dir_all(&ours)?;
    let conn = table(&theirs)?;
    store(conn, &packed(lines)?)?;
    let conn = Connection::open(theirs.join(NAME))?;
    let server = serve(move |_| {
        let mut all = conn.prepare("SELECT body FROM record ORDER BY id")?;
        let rows = all.query_map([], |row| row.get::<_, String>(0))?;
        packed(&rows.collect::<Result<Vec<_>, _>>()?)
    })?;
    let conn = table(&ours)?;
    let began = Instant::now();
    let (body, bytes) = ask(server.address, CURSOR)?;
    store(conn, &body)?;
    let took = began.elapsed();
    let cpu = server.join()?;
    Ok(Transfer { took, cpu, bytes })
}

/// The bytes of asking whether there is anything, on a connection that is open, when there is
/// nothing.
pub(crate) fn nothing() -> Result<u64> {
    let server = serve(|_| Ok(Vec::new()))?;
    let (_, bytes) = ask(server.address, CURSOR)?;
    server.join()?;
    Ok(bytes)
}

/// As long as a cursor has to be.
const CURSOR: &[u8] = &[0; 16];
const NAME: &str = "limit.db";

/// A new database with one table.
pub(super) fn table(folder: &Path) -> Result<Connection> {
    let path = folder.join(NAME);
    let conn = Connection::open(&path).with_context(|| path.display().to_string())?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    Ok(conn)
}

pub(super) fn packed(lines: &[String]) -> Result<Vec<u8>> {
    Ok(zstd::bulk::compress(lines.join("\n").as_bytes(), LEVEL)?)
}

fn store(mut conn: Connection, body: &[u8]) -> Result<()> {
    let tx = conn.transaction()?;
    insert(&tx, body)?;
    Ok(tx.commit()?)
}

/// Unpacks a body and writes each of its lines.
pub(super) fn insert(conn: &Connection, body: &[u8]) -> Result<()> {
    let plain = zstd::decode_all(body)?;
    let mut insert = conn.prepare_cached("INSERT INTO record (body) VALUES (?1)")?;
    for line in std::str::from_utf8(&plain)?.lines() {
        insert.execute([line])?;
    }
    Ok(())
}
