//! The clock and randomness, the only places that read them.

use std::fmt;
use std::sync::Arc;

use shared::ids::BootId;
use shared::time::UnixMs;

/// The clocks of a device.
pub trait Clock: Send + Sync {
    /// The wall clock, which people and networks may set.
    fn now(&self) -> UnixMs;

    /// The current boot, and milliseconds since it, sleep included; nothing sets this one.
    fn boot(&self) -> (BootId, u64);
}

/// A source of secure randomness.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// What a device has around it.
#[derive(Clone)]
pub struct Env {
    /// Its clocks.
    pub clock: Arc<dyn Clock>,
    /// Its randomness.
    pub random: Arc<dyn Random>,
}

impl Env {
    /// The real one.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom),
        }
    }

    /// The wall clock.
    pub fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.random.fill(&mut out);
        out
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}

/// The operating system's clocks.
#[derive(Debug)]
pub struct SystemClock {
    boot: BootId,
}

impl SystemClock {
    /// Reads which boot this is. Where the system does not say, a new boot is assumed with
    /// each start of the process, which shortens no lease and no waiting time.
    pub fn new() -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .ok()
            .and_then(|text| text.trim().replace('-', "").parse().ok())
            .unwrap_or_else(|| {
                let mut bytes = [0; 16];
                SystemRandom.fill(&mut bytes);
                BootId::from_bytes(bytes)
            });
        Self { boot }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UnixMs {
        let now = jiff::Timestamp::now();
        UnixMs(now.as_millisecond())
    }

    fn boot(&self) -> (BootId, u64) {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let ms = time
            .tv_sec
            .saturating_mul(1000)
            .saturating_add(time.tv_nsec / 1_000_000);
        (self.boot, u64::try_from(ms).unwrap_or(0))
    }
}

/// The operating system's randomness.
#[derive(Debug)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no key and no identifier is safe; there is nothing to go on with.
        if getrandom::fill(buffer).is_err() {
            std::process::abort();
        }
    }
}
