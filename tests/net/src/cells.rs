//! The cells: one thing is wrong in each, and how long it may take.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::kernel::Weather;
use crate::proxy::Trouble;

/// What makes the link bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// The relay.
    Relay(Trouble),
    /// The kernel.
    Kernel(Weather),
}

/// A link that is bad in one way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    pub(crate) link: Link,
    pub(crate) deadline: Duration,
    /// Quick, and needs no rights.
    short: bool,
}

impl Link {
    /// The cell in which nothing is wrong, against which bytes are compared.
    pub(crate) const fn fair(self) -> &'static str {
        match self {
            Self::Relay(_) => "clean",
            Self::Kernel(_) => "wire",
        }
    }
}

const fn relay(name: &'static str, trouble: Trouble, seconds: u64, short: bool) -> Cell {
    Cell {
        name,
        link: Link::Relay(trouble),
        deadline: Duration::from_secs(seconds),
        short,
    }
}

const fn kernel(name: &'static str, weather: Weather, seconds: u64) -> Cell {
    Cell {
        name,
        link: Link::Kernel(weather),
        deadline: Duration::from_secs(seconds),
        short: false,
    }
}

/// The slow ones first, so that the quick ones fill the gaps.
const ALL: [Cell; 23] = [
    kernel("rate-9600", Weather::Rate(9_600), 900),
    kernel("loss-40", Weather::Loss(40), 900),
    kernel("rate-16000", Weather::Rate(16_000), 600),
    kernel("rate-32000", Weather::Rate(32_000), 300),
    kernel("rate-64000", Weather::Rate(64_000), 200),
    kernel("loss-20", Weather::Loss(20), 300),
    kernel("loss-10", Weather::Loss(10), 180),
    kernel("loss-5", Weather::Loss(5), 120),
    kernel("wire", Weather::Fair, 60),
    relay("half-open-60k", Trouble::HalfOpen(60_000), 1_800, false),
    relay("half-open-100k", Trouble::HalfOpen(100_000), 600, false),
    relay("stall-40s", Trouble::Stall(64_000, 40_000), 600, false),
    relay("flap-30s-10s", Trouble::Flap(30_000, 10_000), 120, false),
    relay("round-trip-2s", Trouble::RoundTrip(2_000), 180, false),
    relay("reset-24k", Trouble::Reset(24_000), 600, false),
    relay("stall-5s", Trouble::Stall(32_000, 5_000), 180, false),
    relay("round-trip-600ms", Trouble::RoundTrip(600), 60, false),
    relay("flap-1s-2s", Trouble::Flap(1_000, 2_000), 240, false),
    relay("reset-32k", Trouble::Reset(32_000), 180, true),
    relay("round-trip-300ms", Trouble::RoundTrip(300), 60, true),
    relay("stall-1s", Trouble::Stall(16_000, 1_000), 60, true),
    relay("flap-250ms-300ms", Trouble::Flap(250, 300), 120, true),
    relay("clean", Trouble::None, 30, true),
];

/// Those that were asked for; all, if none was.
pub(crate) fn chosen(short: bool, names: &[String]) -> Result<Vec<Cell>> {
    if let Some(unknown) = names
        .iter()
        .find(|it| ALL.iter().all(|cell| cell.name != **it))
    {
        let known: Vec<_> = ALL.iter().map(|cell| cell.name).collect();
        bail!("there is no cell {unknown}; there are {}", known.join(", "));
    }
    let mut cells = ALL.to_vec();
    cells.retain(|cell| cell.short || !short);
    if !names.is_empty() {
        // What bytes are compared with is run beside them.
        let fair: Vec<_> = ALL
            .iter()
            .filter(|cell| names.iter().any(|name| name == cell.name))
            .map(|cell| cell.link.fair())
            .collect();
        cells.retain(|cell| names.iter().any(|it| it == cell.name) || fair.contains(&cell.name));
    }
    Ok(cells)
}
