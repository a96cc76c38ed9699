//! When to try: after each commit here, when the live channel says that something moved, when
//! the officer asks, and after a while.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use shared::time::UnixMs;
use shared::wire::{Credential, Protocol};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::core::Core;
use crate::sync::{Backoff, Lanes, SyncOutcome, sync_once};
use crate::view::ConnectionState;

/// How often the server is asked for news while nothing happens and no live channel wakes us.
const IDLE: Duration = Duration::from_secs(60);

/// Between two batches of history that are opened: whoever uses the app comes first.
const BREATH: Duration = Duration::from_millis(10);

/// A running loop. Dropping it ends it.
#[derive(Debug)]
pub struct Driver {
    task: JoinHandle<()>,
    signals: Arc<Signals>,
}

#[derive(Debug, Default)]
struct Signals {
    /// Something moved: now is a good time, unless a wait is on.
    wake: Notify,
    /// Somebody asked: wait no longer.
    now: Notify,
}

impl Driver {
    /// Starts the loop on the current runtime. Each item of `wakes` says that something moved
    /// at the server.
    pub fn start<P: Protocol + 'static>(
        core: Arc<Core>,
        protocol: Arc<P>,
        device: String,
        wakes: impl Stream<Item = ()> + Send + 'static,
    ) -> Self {
        let signals = Arc::new(Signals::default());
        let run = Run {
            core,
            protocol,
            device,
            signals: Arc::clone(&signals),
        };
        let task = tokio::spawn(async move { run.forever(wakes).await });
        Self { task, signals }
    }

    /// Something moved.
    pub fn wake(&self) {
        self.signals.wake.notify_one();
    }

    /// Tries at once, whatever wait is on.
    pub fn try_now(&self) {
        self.signals.now.notify_one();
    }

    /// Ends the loop. What was on the wire is sent again next time.
    pub fn stop(self) {
        self.task.abort();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How long to wait after a failure.
#[derive(Clone, Copy)]
struct Failed {
    /// Unless somebody asks.
    wait: Duration,
    /// In any case: the server has asked for it.
    least: Duration,
}

impl Failed {
    const fn after(ms: u64, least_ms: u64) -> Self {
        Self {
            wait: Duration::from_millis(ms),
            least: Duration::from_millis(least_ms),
        }
    }
}

struct Run<P> {
    core: Arc<Core>,
    protocol: Arc<P>,
    device: String,
    signals: Arc<Signals>,
}

impl<P: Protocol> Run<P> {
    async fn forever(&self, wakes: impl Stream<Item = ()> + Send) {
        let mut wakes = pin!(wakes.fuse());
        let mut backoff = Backoff::new();
        loop {
            let failed = self.once(&mut backoff).await;
            self.core.failures(backoff.failures());
            let wait = failed.map_or(IDLE, |it| it.wait);
            let least = tokio::time::sleep(failed.map_or(Duration::ZERO, |it| it.least));
            let failed = failed.is_some();
            let ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            self.core
                .next_try(failed.then(|| self.core.env().now().plus(ms)));
            let timer = tokio::time::sleep(wait);
            if failed {
                // A wait after a failure is cut short by a person, and by the live channel,
                // which shows that the server is back; not by a commit.
                tokio::select! {
                    () = timer => {}
                    () = self.signals.now.notified() => backoff.reset(),
                    Some(()) = wakes.next() => backoff.reset(),
                    () = self.open_history() => {}
                }
                // What the server asked for is kept to, whoever asks for less.
                least.await;
            } else {
                tokio::select! {
                    () = timer => {}
                    () = self.signals.now.notified() => {}
                    () = self.signals.wake.notified() => {}
                    () = self.core.committed() => self.gather().await,
                    Some(()) = wakes.next() => {}
                    () = self.open_history() => {}
                }
            }
            self.core.next_try(None::<UnixMs>);
        }
    }

    /// Opens what came as history, a little at a time, and then does nothing for ever: whatever
    /// else there is to do comes first.
    async fn open_history(&self) {
        loop {
            tokio::time::sleep(BREATH).await;
            match self.core.open_some() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(code = error.code(), "history was not opened");
                    break;
                }
            }
        }
        std::future::pending().await
    }

    /// Waits for what is committed right after, where each exchange costs money. Elsewhere the
    /// first goes at once, and what is committed while it is under way goes together.
    async fn gather(&self) {
        let gather = Lanes::of(self.core.env().network.kind()).gather;
        if !gather.is_zero() {
            tokio::time::sleep(gather).await;
        }
    }

    /// One round; how long to wait if it failed.
    async fn once(&self, backoff: &mut Backoff) -> Option<Failed> {
        let session = match self.core.session() {
            Ok(session) => session,
            Err(error) => {
                tracing::warn!(code = error.code(), "the vault does not read");
                None
            }
        };
        let credential = Credential {
            device: self.device.clone(),
            session,
        };
        // What no check foresaw must not end the loop for good: transactions roll back when
        // dropped, and the next round begins anew.
        let round = sync_once(&self.core, &*self.protocol, &credential);
        let outcome = AssertUnwindSafe(round).catch_unwind().await;
        let outcome = outcome.unwrap_or_else(|_| {
            self.core.link(ConnectionState::ServerSilent);
            SyncOutcome::Stuck
        });
        let random = u64::from_le_bytes(self.core.env().bytes());
        match outcome {
            SyncOutcome::Idle => {
                backoff.reset();
                None
            }
            SyncOutcome::Failed {
                error,
                retry_after_ms,
            } => {
                tracing::debug!(%error, "no exchange");
                let ms = backoff.next(random, retry_after_ms);
                Some(Failed::after(ms, retry_after_ms.unwrap_or(0)))
            }
            SyncOutcome::Local(error) => {
                tracing::warn!(code = error.code(), "the device could not go on");
                Some(Failed::after(backoff.next(random, None), 0))
            }
            SyncOutcome::Stuck => {
                tracing::warn!("the server answers and nothing comes of it");
                Some(Failed::after(backoff.next(random, None), 0))
            }
        }
    }
}

#[cfg(test)]
mod tests;
