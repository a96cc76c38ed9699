//! A link that is bad in user space: a TCP relay between device and server that delays, stalls,
//! resets, goes silent, or goes away for a while.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// What is wrong with the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing.
    None,
    /// A round trip takes so many milliseconds.
    RoundTrip(u64),
    /// After so many bytes of one direction it stands still for so many milliseconds.
    Stall(u64, u64),
    /// A connection is reset after about so many bytes.
    Reset(u64),
    /// After about so many bytes nothing of a connection gets through any more, and neither end
    /// is told.
    HalfOpen(u64),
    /// Up for so many milliseconds, then gone for so many.
    Flap(u64, u64),
}

/// Bytes read at once.
const PIECE: usize = 2 << 10;
/// Pieces on the way in one direction: what a mobile network would keep for a device.
const ON_THE_WAY: usize = 128;

/// What has happened so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Bytes that got through, both ways.
    pub(crate) bytes: AtomicU64,
    /// How often the trouble struck.
    pub(crate) struck: AtomicU64,
}

/// The relay; it ends when this is dropped.
pub(crate) struct Proxy {
    /// Where the device thinks that the server is.
    pub(crate) address: SocketAddr,
    pub(crate) counts: Arc<Counts>,
    bad: Arc<AtomicBool>,
    _end: watch::Sender<()>,
}

struct Relay {
    server: SocketAddr,
    trouble: Trouble,
    bad: Arc<AtomicBool>,
    counts: Arc<Counts>,
    up: watch::Sender<bool>,
}

impl Proxy {
    /// Starts it; good, until it is made bad.
    pub(crate) fn start(server: SocketAddr, trouble: Trouble) -> Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (end, ended) = watch::channel(());
        let (bad, counts) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(Counts::default()),
        );
        let relay = Arc::new(Relay {
            server,
            trouble,
            bad: bad.clone(),
            counts: counts.clone(),
            up: watch::channel(true).0,
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("proxy".to_owned())
            .spawn(move || runtime.block_on(relay.run(listener, ended)))
            .context("the relay cannot be started")?;
        Ok(Self {
            address,
            counts,
            bad,
            _end: end,
        })
    }

    /// From here on the link is as bad as it was said to be.
    pub(crate) fn make_bad(&self) {
        self.bad.store(true, Ordering::Relaxed);
    }
}

impl Relay {
    async fn run(self: Arc<Self>, listener: std::net::TcpListener, mut ended: watch::Receiver<()>) {
        let Ok(listener) = TcpListener::from_std(listener) else {
            return;
        };
        if let Trouble::Flap(up, down) = self.trouble {
            tokio::spawn(self.clone().flap(up, down));
        }
        let mut number = 0;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = ended.changed() => return,
            };
            let Ok((device, _)) = accepted else { continue };
            if *self.up.borrow() {
                number += 1;
                tokio::spawn(self.clone().connection(device, number));
            } else {
                // As a network that is not there: refused.
                let _ = device.set_zero_linger();
            }
        }
    }

    fn bad(&self) -> bool {
        self.bad.load(Ordering::Relaxed)
    }

    fn struck(&self) {
        self.counts.struck.fetch_add(1, Ordering::Relaxed);
    }

    /// It is gone first: quick work would be done before it goes.
    async fn flap(self: Arc<Self>, up: u64, down: u64) {
        loop {
            if self.bad() {
                self.struck();
                self.up.send_replace(false);
                sleep(Duration::from_millis(down)).await;
                self.up.send_replace(true);
                sleep(Duration::from_millis(up)).await;
            } else {
                sleep(Duration::from_millis(1)).await;
            }
        }
    }

    async fn connection(self: Arc<Self>, device: TcpStream, number: u64) {
        let Ok(server) = TcpStream::connect(self.server).await else {
            return;
        };
        let _ = (device.set_nodelay(true), server.set_nodelay(true));
        if let Trouble::Reset(_) | Trouble::Flap(..) = self.trouble {
            // Whoever drops it resets it.
            let _ = (device.set_zero_linger(), server.set_zero_linger());
        }
        let cut = Arc::new(Cut::of(self.trouble, number));
        let (from_device, to_device) = device.into_split();
        let (from_server, to_server) = server.into_split();
        let up = self.clone().carry(from_device, to_server, cut.clone());
        let down = self.clone().carry(from_server, to_device, cut.clone());
        let mut alive = self.up.subscribe();
        tokio::select! {
            // Either end has closed, or both directions have.
            ends = async { tokio::join!(up, down) } => { let ((), ()) = ends; }
            _ = alive.wait_for(|up| !up) => {}
            () = cut.due.notified() => {}
        }
    }

    /// One direction: read, then written when it is due.
    async fn carry(self: Arc<Self>, from: OwnedReadHalf, to: OwnedWriteHalf, cut: Arc<Cut>) {
        let (send, due) = mpsc::channel(ON_THE_WAY);
        let writing = self.write(to, due, &cut);
        let reading = self.read(from, send);
        tokio::join!(reading, writing);
    }

    /// What has got so far is counted here: what was only on its way is lost with the connection.
    async fn write(&self, mut to: OwnedWriteHalf, mut pieces: mpsc::Receiver<Piece>, cut: &Cut) {
        while let Some(piece) = pieces.recv().await {
            sleep_until(piece.due).await;
            if self.bad() && !self.passes(cut, piece.bytes.len() as u64) {
                // Where the link is only silent, both ends stay open and hear nothing, until
                // they give up themselves.
                std::future::pending::<()>().await;
            }
            let length = piece.bytes.len() as u64;
            self.counts.bytes.fetch_add(length, Ordering::Relaxed);
            if to.write_all(&piece.bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    }

    /// True until the connection's bytes are used up; the first that is not ends it.
    fn passes(&self, cut: &Cut, length: u64) -> bool {
        let order = Ordering::Relaxed;
        let less = |left: u64| left.checked_sub(length);
        if cut.left.fetch_update(order, order, less).is_ok() {
            return true;
        }
        if cut.left.swap(0, order) > 0 {
            self.struck();
            if let Trouble::Reset(_) = self.trouble {
                cut.due.notify_one();
            }
        }
        false
    }

    async fn read(&self, mut from: OwnedReadHalf, send: mpsc::Sender<Piece>) {
        let mut since_stall = 0;
        let mut piece = [0; PIECE];
        while let Ok(length @ 1..) = from.read(&mut piece).await {
            let mut due = Instant::now();
            if self.bad() {
                match self.trouble {
                    Trouble::RoundTrip(ms) => {
                        due += Duration::from_millis(ms / 2);
                        self.struck();
                    }
                    Trouble::Stall(every, ms) => {
                        since_stall += length as u64;
                        if since_stall >= every {
                            since_stall = 0;
                            self.struck();
                            sleep(Duration::from_millis(ms)).await;
                        }
                    }
                    Trouble::None
                    | Trouble::Reset(_)
                    | Trouble::HalfOpen(_)
                    | Trouble::Flap(..) => {}
                }
            }
            let bytes = piece[..length].to_vec();
            if send.send(Piece { due, bytes }).await.is_err() {
                return;
            }
        }
    }
}

struct Piece {
    due: Instant,
    bytes: Vec<u8>,
}

/// After how many bytes a connection ends.
struct Cut {
    left: AtomicU64,
    due: Notify,
}

impl Cut {
    /// Spread from half to one and a half of what was said; the same in each run.
    fn of(trouble: Trouble, number: u64) -> Self {
        let about = match trouble {
            Trouble::Reset(about) | Trouble::HalfOpen(about) => about,
            _ => u64::MAX >> 1,
        };
        let random = u64::from(ChaCha8Rng::seed_from_u64(number).next_u32());
        Self {
            left: AtomicU64::new(about / 2 + random % about),
            due: Notify::new(),
        }
    }
}
