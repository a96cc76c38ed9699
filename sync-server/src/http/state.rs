//! What all handlers share, and the one way in which they call the server.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use shared::hash::{BlobHash, sha256};
use shared::wire::{ErrorCode, WireError};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, watch};

use super::problem::Problem;
use super::rate::Attempts;
use crate::service::Server;

/// Locks over which uploads are spread by their hash.
const UPLOAD_TURNS: usize = 64;

/// How the HTTP side is set.
#[derive(Debug, Clone)]
pub struct Options {
    /// False when the page is served over plain HTTP: cookies are then not marked Secure.
    pub secure: bool,
    /// Calls that may be in the server at once, most of them waiting for a thread; above that,
    /// clients are told to come back.
    pub calls_max: usize,
    /// Calls that run at once, the others wait for them.
    pub threads: usize,
    /// KiB that bodies may take while they arrive and wait, all together.
    pub bodies_kib: usize,
    /// Live channels that may be open at once.
    pub live_max: usize,
    /// Live channels of one device, or of one session of the page.
    pub live_each: usize,
    /// Password checks at once: each takes memory and a processor.
    pub password_checks_max: usize,
    /// Previews made at once: each may take 256 MiB while its picture is decoded.
    pub previews_max: usize,
    /// How long a password check or a preview waits for its turn.
    pub turn_within: Duration,
    /// Failed attempts to enrol or sign in that one address has a minute.
    pub attempts_per_minute: u32,
    /// Receipts that one address may look at in a minute.
    pub receipts_per_minute: u32,
    /// How often live channels show that they are alive.
    pub beat: Duration,
    /// How long a body may be silent while it arrives.
    pub body_silence: Duration,
    /// How long the head of a request may take, and an idle connection be kept.
    pub head_within: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            secure: true,
            calls_max: 16_384,
            threads: 48,
            bodies_kib: 256 * 1024,
            live_max: 16_384,
            live_each: 16,
            password_checks_max: 4,
            previews_max: 2,
            turn_within: Duration::from_secs(20),
            attempts_per_minute: 20,
            receipts_per_minute: 30,
            beat: Duration::from_secs(5),
            body_silence: Duration::from_secs(30),
            head_within: Duration::from_secs(30),
        }
    }
}

/// What all handlers share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The inside of [`App`].
pub struct Shared {
    /// The server itself.
    pub(super) server: Arc<Server>,
    /// How this is set.
    pub(super) options: Options,
    /// Failed attempts by address.
    pub(super) attempts: Attempts,
    /// Looks at receipts by address.
    pub(super) receipts: Attempts,
    /// Wakes the judge.
    pub(super) receiving: Arc<Receiving>,
    /// True once the server is stopping.
    pub(super) stopping: watch::Receiver<bool>,
    /// Where metrics are read, if somebody records them.
    pub(super) metrics: Option<PrometheusHandle>,
    pub(super) bodies: Arc<Semaphore>,
    calls: Arc<Semaphore>,
    threads: Arc<Semaphore>,
    uploads: [Arc<Mutex<()>>; UPLOAD_TURNS],
    live: Arc<Semaphore>,
    callers: Arc<Callers>,
    passwords: Arc<Semaphore>,
    previews: Arc<Semaphore>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Everything the handlers need.
    pub fn new(
        server: Arc<Server>,
        options: Options,
        receiving: Arc<Receiving>,
        stopping: watch::Receiver<bool>,
        metrics: Option<PrometheusHandle>,
    ) -> Self {
        Self(Arc::new(Shared {
            server,
            attempts: Attempts::new(options.attempts_per_minute),
            receipts: Attempts::new(options.receipts_per_minute),
            receiving,
            stopping,
            metrics,
            bodies: Arc::new(Semaphore::new(options.bodies_kib)),
            calls: Arc::new(Semaphore::new(options.calls_max)),
            threads: Arc::new(Semaphore::new(options.threads)),
            uploads: std::array::from_fn(|_| Arc::default()),
            live: Arc::new(Semaphore::new(options.live_max)),
            callers: Arc::default(),
            passwords: Arc::new(Semaphore::new(options.password_checks_max)),
            previews: Arc::new(Semaphore::new(options.previews_max)),
            options,
        }))
    }

    /// Calls the server on a thread that may block. Refuses at once when too many are in.
    pub(super) async fn call<T, F>(&self, work: F) -> Result<T, Problem>
    where
        F: FnOnce(&Server) -> Result<T, WireError> + Send + 'static,
        T: Send + 'static,
    {
        let permit = self.calls.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Problem::busy())?;
        // Not the runtime's own limit of threads: a call that stores a photo asks the runtime
        // for one more, and with all of them in calls it would wait for ever.
        let thread = self.threads.clone().acquire_owned().await;
        let thread = thread.map_err(|_| Problem::busy())?;
        let server = self.server.clone();
        let answer = tokio::task::spawn_blocking(move || {
            // The place is held until the work is done, also when nobody waits any more.
            let _places = (permit, thread);
            work(&server)
        });
        match answer.await {
            Ok(answer) => answer.map_err(Problem::from),
            Err(_) => Err(Problem::new(ErrorCode::Internal)),
        }
    }

    /// A turn to check a password. Waits a little: a queue at the start of a shift is normal.
    pub(super) async fn password_turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.turn(&self.passwords).await
    }

    /// A turn to make a preview. It is held from before the thread until the preview is made.
    pub(super) async fn preview_turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.turn(&self.previews).await
    }

    async fn turn(&self, of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = of.clone().acquire_owned();
        match tokio::time::timeout(self.options.turn_within, turn).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Problem::busy()),
        }
    }

    /// A turn to read or write an upload. A line that was cut may still be storing its last
    /// bytes when the next one asks where to go on.
    pub(super) async fn upload_turn(&self, blob: BlobHash) -> OwnedMutexGuard<()> {
        let place = usize::from(blob.as_bytes()[0]) % UPLOAD_TURNS;
        self.uploads[place].clone().lock_owned().await
    }

    /// Live channels that are open.
    pub(super) fn live_open(&self) -> usize {
        self.options
            .live_max
            .saturating_sub(self.live.available_permits())
    }

    /// A place for a live channel of a caller, who is known by now.
    pub(super) fn live_place(&self, token: &str) -> Result<LivePlace, Problem> {
        let caller = sha256(&[token.as_bytes()]);
        let Ok(mut open) = self.callers.0.lock() else {
            return Err(Problem::busy());
        };
        let count = open.entry(caller).or_default();
        if *count >= self.options.live_each {
            return Err(Problem::new(ErrorCode::SlowDown).after(30));
        }
        let place = self.live.clone().try_acquire_owned();
        let place = place.map_err(|_| Problem::busy().after(30))?;
        *count += 1;
        drop(open);
        Ok(LivePlace {
            callers: self.callers.clone(),
            caller,
            _place: place,
        })
    }
}

/// The open live channels of each caller, by the hash of what they show.
#[derive(Default)]
struct Callers(std::sync::Mutex<HashMap<[u8; 32], usize>>);

/// A place for one live channel.
pub(super) struct LivePlace {
    callers: Arc<Callers>,
    caller: [u8; 32],
    _place: OwnedSemaphorePermit,
}

impl Drop for LivePlace {
    fn drop(&mut self) {
        let Ok(mut open) = self.callers.0.lock() else {
            return;
        };
        match open.get_mut(&self.caller) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&self.caller)),
        }
    }
}

/// What is being received at the moment: judging yields to it.
#[derive(Debug, Default)]
pub struct Receiving {
    now: AtomicUsize,
    wake: std::sync::Mutex<bool>,
    woken: std::sync::Condvar,
}

impl Receiving {
    /// Counts one receipt until the guard is dropped, which also wakes the judge.
    pub fn begin(self: &Arc<Self>) -> ReceivingGuard {
        self.now.fetch_add(1, Ordering::Relaxed);
        ReceivingGuard(self.clone())
    }

    /// True while something is being received.
    pub fn busy(&self) -> bool {
        self.now.load(Ordering::Relaxed) > 0
    }

    /// Wakes whoever waits.
    pub fn wake(&self) {
        if let Ok(mut wake) = self.wake.lock() {
            *wake = true;
            self.woken.notify_one();
        }
    }

    /// Waits until woken, and no longer than this.
    pub fn wait(&self, at_most: Duration) {
        let Ok(wake) = self.wake.lock() else { return };
        if let Ok((mut wake, _)) = self
            .woken
            .wait_timeout_while(wake, at_most, |woken| !*woken)
        {
            *wake = false;
        }
    }
}

/// One receipt under way.
pub struct ReceivingGuard(Arc<Receiving>);

impl Drop for ReceivingGuard {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
        self.0.wake();
    }
}
