//! Many devices at once, each with one POST on a connection of its own, and a server that
//! commits what has come together and then acknowledges it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use rusqlite::Connection;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

use super::http::head;
use super::transfer::{insert, packed, table};

/// Bodies that are committed together at most.
const GROUP: usize = 4096;
/// How often one push is tried: with so many at once, some connections are reset.
const TRIES: u32 = 10;
/// Bodies that wait at most.
const WAITING: usize = 16_384;

type Arrived = (Vec<u8>, oneshot::Sender<()>);

/// Serves until the process ends. The first line says where.
pub(crate) async fn serve(folder: &Path) -> Result<()> {
    let (send, arrived) = mpsc::channel(WAITING);
    let conn = table(folder)?;
    std::thread::spawn(move || commit(conn, arrived));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?);
    while let Ok((stream, _)) = listener.accept().await {
        let send = send.clone();
        tokio::spawn(async move {
            // A client that goes away is no reason to stop.
            let _ = answer(stream, &send).await;
        });
    }
    Ok(())
}

async fn answer(stream: TcpStream, send: &mpsc::Sender<Arrived>) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line).await? > 2 {
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await?;
    let (done, committed) = oneshot::channel();
    send.send((body, done)).await?;
    committed.await?;
    let mut stream = reader.into_inner();
    Ok(stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?)
}

/// Commits what has come, and acknowledges it.
fn commit(conn: Connection, mut arrived: mpsc::Receiver<Arrived>) -> Result<()> {
    let mut group = Vec::new();
    while arrived.blocking_recv_many(&mut group, GROUP) > 0 {
        let tx = conn.unchecked_transaction()?;
        for (body, _) in &group {
            insert(&tx, body)?;
        }
        tx.commit()?;
        for (_, done) in group.drain(..) {
            // A client that has gone away does not hear it.
            let _ = done.send(());
        }
    }
    Ok(())
}

/// Sends the records of all devices at once; the seconds until the last one is acknowledged.
pub(crate) async fn storm(address: SocketAddr, devices: &[Vec<String>]) -> Result<f64> {
    let gate = Arc::new(Semaphore::new(0));
    let mut pushes = JoinSet::new();
    for lines in devices {
        let (body, gate) = (packed(lines)?, gate.clone());
        pushes.spawn(async move {
            let _go = gate.acquire().await?;
            let mut tries = 1;
            while let Err(error) = push(address, &body).await {
                anyhow::ensure!(tries < TRIES, error);
                tries += 1;
            }
            anyhow::Ok(())
        });
    }
    let began = Instant::now();
    gate.add_permits(devices.len());
    while let Some(pushed) = pushes.join_next().await {
        pushed??;
    }
    Ok(began.elapsed().as_secs_f64())
}

async fn push(address: SocketAddr, body: &[u8]) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(head(body.len()).as_bytes()).await?;
    stream.write_all(body).await?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await?;
    line.starts_with("HTTP/1.1 204")
        .then_some(())
        .context("the baseline does not acknowledge")
}
