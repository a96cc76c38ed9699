//! Virtual time: one timeline for the world, and clocks that read it, each wrong in its own way.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shared::ids::BootId;
use shared::time::UnixMs;

/// When every world begins: 22 November 2026, 21:00 UTC.
const START: i64 = 1_795_381_200_000;

/// The world's own time, in milliseconds, which only the world moves.
#[derive(Clone)]
pub struct Timeline(Arc<AtomicI64>);

impl Timeline {
    /// At the start.
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    /// What it is now.
    pub fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Moves on.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}

/// A node's clocks: a wall clock that may jump, and boot time that never does.
pub struct NodeClock {
    timeline: Timeline,
    offset: AtomicI64,
    boot: Mutex<(BootId, i64)>,
}

impl NodeClock {
    /// Right, and booted now.
    pub fn new(timeline: Timeline, boot: BootId) -> Self {
        let since = timeline.now();
        Self {
            timeline,
            offset: AtomicI64::new(0),
            boot: Mutex::new((boot, since)),
        }
    }

    /// Sets the wall clock wrong by so much.
    pub fn jump(&self, offset: i64) {
        self.offset.store(offset, Ordering::Relaxed);
    }

    /// Starts a new boot.
    pub fn reboot(&self, boot: BootId) {
        *self.boot.lock().unwrap_or_else(PoisonError::into_inner) = (boot, self.timeline.now());
    }

    fn wall(&self) -> UnixMs {
        UnixMs(self.timeline.now() + self.offset.load(Ordering::Relaxed))
    }
}

impl app_core::env::Clock for NodeClock {
    fn now(&self) -> UnixMs {
        self.wall()
    }

    fn boot(&self) -> (BootId, u64) {
        let (boot, since) = *self.boot.lock().unwrap_or_else(PoisonError::into_inner);
        (
            boot,
            u64::try_from(self.timeline.now() - since).unwrap_or(0),
        )
    }
}

impl sync_server::env::Clock for NodeClock {
    fn now(&self) -> UnixMs {
        self.wall()
    }
}
