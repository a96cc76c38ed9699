//! The network between one device and the server: a TCP relay that can be cut.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// One device's way to the server. It has a thread of its own, so that a test that is busy
/// does not slow the network down.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    open: Arc<watch::Sender<bool>>,
}

impl Link {
    /// Opens a way to the server, which listens at `port` whenever it runs.
    pub fn open(port: u16) -> Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (open, state) = watch::channel(true);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("link".to_owned())
            .spawn(move || runtime.block_on(relay(listener, port, state)))
            .context("the relay cannot be started")?;
        Ok(Self {
            address,
            open: Arc::new(open),
        })
    }

    /// Where the device thinks that the server is.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Breaks all connections and lets no new one through.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.open.send_replace(true);
    }
}

/// Runs until the `Link` is dropped.
async fn relay(listener: std::net::TcpListener, port: u16, mut state: watch::Receiver<bool>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let device = tokio::select! {
            accepted = listener.accept() => accepted,
            gone = state.changed() => {
                if gone.is_err() { return }
                continue;
            }
        };
        if let Ok((device, _)) = device
            && *state.borrow()
        {
            tokio::spawn(carry(device, port, state.clone()));
        }
    }
}

async fn carry(mut device: TcpStream, port: u16, mut state: watch::Receiver<bool>) {
    // Nobody listens while the server is down: dropping the device's end tells it so.
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else {
        return;
    };
    tokio::select! {
        _ = copy_bidirectional(&mut device, &mut server) => {}
        _ = state.wait_for(|open| !open) => {}
    }
}
