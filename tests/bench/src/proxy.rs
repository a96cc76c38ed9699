//! A proxy that counts the bytes of TCP connections and their round trips, and can be slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What went through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic {
    /// Bytes from the client.
    pub(crate) up: u64,
    /// Bytes to the client.
    pub(crate) down: u64,
    /// How often the server answered something: the round trips.
    pub(crate) round_trips: u64,
}

#[derive(Debug, Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    round_trips: AtomicU64,
    asked: AtomicBool,
}

/// A running proxy. It ends when this is dropped.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts one before a server; each direction takes this long.
    pub(crate) async fn start(to: SocketAddr, delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let shared = counts.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counts = shared.clone();
                tokio::spawn(async move {
                    if delay > Duration::ZERO {
                        // Connecting is a round trip of its own.
                        tokio::time::sleep(2 * delay).await;
                    }
                    if let Ok(server) = TcpStream::connect(to).await {
                        join(client, server, &counts, delay);
                    }
                });
            }
        });
        Ok(Self {
            address,
            counts,
            task,
        })
    }

    /// Its address, as devices write it.
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// What went through since this was last asked.
    pub(crate) fn take(&self) -> Traffic {
        self.counts.asked.store(false, Ordering::SeqCst);
        Traffic {
            up: self.counts.up.swap(0, Ordering::SeqCst),
            down: self.counts.down.swap(0, Ordering::SeqCst),
            round_trips: self.counts.round_trips.swap(0, Ordering::SeqCst),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Counts {
    fn up(&self, bytes: usize) {
        self.up.fetch_add(bytes as u64, Ordering::SeqCst);
        self.asked.store(true, Ordering::SeqCst);
    }

    fn down(&self, bytes: usize) {
        self.down.fetch_add(bytes as u64, Ordering::SeqCst);
        if self.asked.swap(false, Ordering::SeqCst) {
            self.round_trips.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn join(client: TcpStream, server: TcpStream, counts: &Arc<Counts>, delay: Duration) {
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (client_in, client_out) = client.into_split();
    let (server_in, server_out) = server.into_split();
    let (up, down) = (counts.clone(), counts.clone());
    pass(client_in, server_out, delay, move |bytes| up.up(bytes));
    pass(server_in, client_out, delay, move |bytes| down.down(bytes));
}

/// Passes on one direction. Reading does not wait for writing, so that delay costs no width.
fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    delay: Duration,
    count: impl Fn(usize) + Send + 'static,
) {
    let (send, mut parts) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            count(length);
            if send
                .send((Instant::now() + delay, buffer[..length].to_vec()))
                .is_err()
            {
                return;
            }
        }
    });
    tokio::spawn(async move {
        while let Some((due, part)) = parts.recv().await {
            if delay > Duration::ZERO {
                tokio::time::sleep_until(due).await;
            }
            if to.write_all(&part).await.is_err() {
                return;
            }
        }
    });
}
