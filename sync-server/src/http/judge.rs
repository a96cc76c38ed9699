//! Background work: judging what was received, and noticing what other processes wrote.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::state::Receiving;
use crate::service::Server;

/// How long judging steps aside for receiving before it does one entry all the same: receipts
/// go first, and verdicts still come under constant load.
const YIELD_MAX: Duration = Duration::from_millis(40);
/// What one sitting takes at most, in entries and in time: whoever wants to write waits for it.
const SITTING_ENTRIES: u32 = 512;
const SITTING: Duration = Duration::from_millis(100);
/// How long it sleeps with nothing to do; receipts wake it sooner.
const IDLE: Duration = Duration::from_secs(1);

/// The judge's thread. Ends when asked or dropped.
pub(super) struct Judge {
    stop: Arc<AtomicBool>,
    receiving: Arc<Receiving>,
    thread: Option<JoinHandle<()>>,
}

impl Judge {
    /// Starts the thread.
    pub(super) fn start(server: Arc<Server>, receiving: Arc<Receiving>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopping, waking) = (stop.clone(), receiving.clone());
        let thread = std::thread::Builder::new()
            .name("judge".into())
            .spawn(move || {
                let mut looked = Instant::now();
                while !stopping.load(Ordering::Relaxed) {
                    if looked.elapsed() >= IDLE {
                        looked = Instant::now();
                        look_outside(&server);
                    }
                    if !step(&server, &waking) {
                        waking.wait(IDLE);
                    }
                }
            })?;
        Ok(Self {
            stop,
            receiving,
            thread: Some(thread),
        })
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.receiving.wake();
        if let Some(thread) = self.thread.take() {
            // It catches its panics, and a sitting is short.
            let _ = thread.join();
        }
    }
}

/// Judges for one sitting; false if there was nothing, or if it could not be done now.
fn step(server: &Server, receiving: &Receiving) -> bool {
    let began = Instant::now();
    // A look each millisecond: receiving comes and goes in less than it takes to be woken twice.
    while receiving.busy() && began.elapsed() < YIELD_MAX {
        std::thread::sleep(Duration::from_millis(1));
    }
    let started = Instant::now();
    // Whatever is received meanwhile ends the sitting after the entry at hand.
    let mut goes_on = || !receiving.busy() && started.elapsed() < SITTING;
    let sitting = || server.judge_some(SITTING_ENTRIES, &mut goes_on);
    match catch_unwind(AssertUnwindSafe(sitting)) {
        Ok(Ok(judged)) => {
            if judged > 0 {
                metrics::counter!("beatbook_judged_total").increment(judged);
                metrics::histogram!("beatbook_judge_seconds")
                    .record(started.elapsed().as_secs_f64());
            }
            judged > 0
        }
        Ok(Err(error)) => {
            metrics::counter!("beatbook_judge_failures_total").increment(1);
            tracing::error!(%error, "judging failed; it is tried again");
            false
        }
        Err(_) => {
            metrics::counter!("beatbook_judge_failures_total").increment(1);
            tracing::error!("judging panicked; it is tried again");
            false
        }
    }
}

fn look_outside(server: &Server) {
    if let Err(error) = server.look_outside() {
        tracing::error!(%error, "could not read what other processes wrote");
    }
    if let Err(error) = server.keep_up() {
        tracing::error!(%error, "could not write down what was done");
    }
}
