//! One record after the other: sent, stored by a server, sent on, and stored again, each time
//! in a transaction that is synced, over connections that are open.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rusqlite::Connection;

use super::transfer::table;

/// How long one record may take.
const WITHIN: Duration = Duration::from_secs(10);

/// A sender, a server that stores and sends on, and a receiver that stores.
pub(crate) struct Relay {
    sender: Connection,
    stream: TcpStream,
    stored: Receiver<Instant>,
}

impl Relay {
    /// Starts one, with its databases in this folder.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let database = |name: &str| {
            let folder = folder.join(name);
            std::fs::create_dir_all(&folder)?;
            table(&folder)
        };
        let (sender, server, receiver) = (database("a")?, database("server")?, database("b")?);
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let stream = connect(&listener)?;
        let from = listener.accept()?.0;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let mut on = connect(&listener)?;
        let to = listener.accept()?.0;
        // Both end with their connections.
        std::thread::spawn(move || {
            each(from, &server, |line| {
                on.write_all(line.as_bytes()).is_ok() && on.write_all(b"\n").is_ok()
            })
        });
        let (send, stored) = channel();
        std::thread::spawn(move || each(to, &receiver, |_| send.send(Instant::now()).is_ok()));
        Ok(Self {
            sender,
            stream,
            stored,
        })
    }

    /// Saves one line and sends it; how long until it is stored at the other end.
    pub(crate) fn send(&mut self, line: &str) -> Result<Duration> {
        let began = Instant::now();
        store(&self.sender, line)?;
        self.stream.write_all(format!("{line}\n").as_bytes())?;
        let stored = self.stored.recv_timeout(WITHIN);
        let stored = stored.context("the baseline does not answer")?;
        Ok(stored.saturating_duration_since(began))
    }
}

fn connect(listener: &TcpListener) -> Result<TcpStream> {
    let stream = TcpStream::connect(listener.local_addr()?)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Stores each line that comes, for as long as `then` has it so.
fn each(from: TcpStream, database: &Connection, mut then: impl FnMut(&str) -> bool) -> Result<()> {
    for line in BufReader::new(from).lines() {
        let line = line?;
        store(database, &line)?;
        if !then(&line) {
            break;
        }
    }
    Ok(())
}

/// One transaction, synced.
fn store(database: &Connection, line: &str) -> Result<()> {
    let mut insert = database.prepare_cached("INSERT INTO record (body) VALUES (?1)")?;
    insert.execute([line])?;
    Ok(())
}
