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

/// What moving bytes costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkKind {
    /// Nothing.
    Unmetered,
    /// They are paid for.
    Metered,
}

/// The network that a device is on.
pub trait Network: Send + Sync {
    /// What moving bytes on it costs.
    fn kind(&self) -> NetworkKind;
}

/// A network that stays what it is.
#[derive(Debug)]
pub struct Steady(pub NetworkKind);

impl Network for Steady {
    fn kind(&self) -> NetworkKind {
        self.0
    }
}

/// What a device has around it.
#[derive(Clone)]
pub struct Env {
    /// Its clocks.
    pub clock: Arc<dyn Clock>,
    /// Its randomness.
    pub random: Arc<dyn Random>,
    /// Its network.
    pub network: Arc<dyn Network>,
}

impl Env {
    /// The real one.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom),
            network: Arc::new(SystemNetwork),
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

/// The network of the operating system: metered where the way out is a modem.
#[derive(Debug)]
pub struct SystemNetwork;

/// How the kernel names modems.
const MODEMS: [&str; 5] = ["ww", "ppp", "rmnet", "ccmni", "usb"];

impl Network for SystemNetwork {
    fn kind(&self) -> NetworkKind {
        let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
        kind_of(&routes)
    }
}

/// The kind of the interface with the best default route, of a table as Linux prints it. Where
/// there is none, nothing is paid for.
fn kind_of(routes: &str) -> NetworkKind {
    let lines = routes.lines().skip(1);
    let default = lines.filter_map(|line| {
        let mut columns = line.split_whitespace();
        let (name, to) = (columns.next()?, columns.next()?);
        let metric: u32 = columns.nth(4)?.parse().ok()?;
        (to == "00000000").then_some((metric, name))
    });
    let best = default.min_by_key(|(metric, _)| *metric);
    let modem = |name: &str| MODEMS.iter().any(|it| name.starts_with(it));
    if best.is_some_and(|(_, name)| modem(name)) {
        NetworkKind::Metered
    } else {
        NetworkKind::Unmetered
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modem_is_paid_for_unless_there_is_a_better_way_out() {
        let head = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n";
        let modem = "wwan0 00000000 0101A8C0 0003 0 0 700 00000000 0 0 0\n";
        let cable = "eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0\n";
        let local = "wwan0 0001A8C0 00000000 0001 0 0 1 00FFFFFF 0 0 0\n";
        let kind = |lines: &[&str]| kind_of(&format!("{head}{}", lines.concat()));
        assert_eq!(kind(&[modem, local]), NetworkKind::Metered);
        assert_eq!(kind(&[modem, cable, local]), NetworkKind::Unmetered);
        assert_eq!(kind(&[local]), NetworkKind::Unmetered);
        assert_eq!(kind_of("nonsense"), NetworkKind::Unmetered);
    }
}
