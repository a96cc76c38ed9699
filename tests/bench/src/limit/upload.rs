//! One POST of all records, and its acknowledgement after one synced transaction.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rusqlite::Connection;

use crate::cpu;

/// The level that exchanges use, too.
const LEVEL: i32 = 3;

/// What an upload took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upload {
    /// From the first byte to the acknowledgement.
    pub(crate) took: Duration,
    /// Of the server.
    pub(crate) cpu: Duration,
    /// Both ways, headers included.
    pub(crate) bytes: u64,
}

/// Sends records, one line of JSON each, to a server that stores each as a row.
pub(crate) fn upload(lines: &[String], folder: &Path) -> Result<Upload> {
    let database = folder.join("limit.db");
    let conn = Connection::open(&database)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    let (address, server) = serve(move |body| store(conn, body))?;
    let began = Instant::now();
    let mut client = TcpStream::connect(address)?;
    client.set_nodelay(true)?;
    let body = zstd::bulk::compress(lines.join("\n").as_bytes(), LEVEL)?;
    let bytes = ask(&mut client, &body)?;
    let took = began.elapsed();
    let cpu = server
        .join()
        .ok()
        .context("the baseline's server panicked")??;
    Ok(Upload { took, cpu, bytes })
}

/// The bytes of asking whether there is anything, on a connection that is open, when there is
/// nothing.
pub(crate) fn nothing() -> Result<u64> {
    let (address, server) = serve(|_| Ok(()))?;
    let mut client = TcpStream::connect(address)?;
    // A cursor.
    let bytes = ask(&mut client, &[0; 16])?;
    server
        .join()
        .ok()
        .context("the baseline's server panicked")??;
    Ok(bytes)
}

type Serving = std::thread::JoinHandle<Result<Duration>>;

/// Answers one request on a thread of its own; gives the thread's processor time.
fn serve(work: impl FnOnce(&[u8]) -> Result<()> + Send + 'static) -> Result<(SocketAddr, Serving)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let server = std::thread::spawn(move || {
        let mut reader = BufReader::new(listener.accept()?.0);
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse()?;
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        work(&body)?;
        reader
            .into_inner()
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
        cpu::of_this_thread()
    });
    Ok((address, server))
}

/// Sends a request and waits for the answer; gives the bytes of both.
fn ask(client: &mut TcpStream, body: &[u8]) -> Result<u64> {
    // A credential as long as a device's.
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {}\r\n\r\n",
        "0".repeat(64),
        body.len()
    );
    client.write_all(head.as_bytes())?;
    client.write_all(body)?;
    let mut answer = [0; 256];
    let length = client.read(&mut answer)?;
    Ok((head.len() + body.len() + length) as u64)
}

fn store(mut conn: Connection, body: &[u8]) -> Result<()> {
    let plain = zstd::decode_all(body)?;
    let tx = conn.transaction()?;
    {
        let mut insert = tx.prepare("INSERT INTO record (body) VALUES (?1)")?;
        for line in std::str::from_utf8(&plain)?.lines() {
            insert.execute([line])?;
        }
    }
    Ok(tx.commit()?)
}
