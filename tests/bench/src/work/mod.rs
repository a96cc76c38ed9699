//! The workloads.

mod capture;
mod guard;
mod import;
mod painted;
mod photo;
mod review;
mod save;
mod screen;
mod steps;
mod w1;
mod w2;
mod w2null;
mod w3;
mod w4;
mod w5;
mod w6;
mod w7;

use anyhow::Result;
use clap::ValueEnum;

use crate::Bench;
use crate::report::Measured;

pub(crate) use w7::start_to_list;

/// A workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// A submission and a correction on the device, synced to the disk
    Save,
    /// 10,000 records on the device: start, list, search
    W7,
    /// An exchange with nothing to do
    W2null,
    /// 10,000 in step, and ten corrections
    W2,
    /// From a record saved on one device until it is stored on another
    W3,
    /// Many devices in the same moment
    W4,
    /// An empty device fetches 10,000 records
    W5,
    /// 1,000 records corrected on two devices while offline
    W6,
    /// 1,000 new records of one device until they are received
    W1,
    /// The preview of a photo
    Photo,
    /// A queue of 5,000, a difference, 100 approvals synced
    Review,
    /// From acceptance to the control room's screen
    Screen,
    /// Import of published searches
    Import,
    /// What the guard in front of Automerge costs
    Guard,
    /// Touches and seconds of real situations, and what typing is lost to kills
    Capture,
}

impl Workload {
    /// All, the quick ones first.
    pub(crate) const ALL: [Self; 15] = [
        Self::Guard,
        Self::Save,
        Self::Photo,
        Self::Screen,
        Self::Import,
        Self::W3,
        Self::W1,
        Self::W6,
        Self::Review,
        Self::W2null,
        Self::W2,
        Self::W7,
        Self::W5,
        Self::W4,
        Self::Capture,
    ];

    /// Its name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::W7 => "w7",
            Self::W2null => "w2null",
            Self::W2 => "w2",
            Self::W3 => "w3",
            Self::W4 => "w4",
            Self::W5 => "w5",
            Self::W6 => "w6",
            Self::Photo => "photo",
            Self::Review => "review",
            Self::W1 => "w1",
            Self::Screen => "screen",
            Self::Import => "import",
            Self::Guard => "guard",
            Self::Capture => "capture",
        }
    }

    /// Does it and measures it.
    pub(crate) async fn measure(self, bench: &Bench) -> Result<Measured> {
        match self {
            Self::Save => save::measure(bench).await,
            Self::W7 => w7::measure(bench).await,
            Self::W2null => w2null::measure(bench).await,
            Self::W2 => w2::measure(bench).await,
            Self::W3 => w3::measure(bench).await,
            Self::W4 => w4::measure(bench).await,
            Self::W5 => w5::measure(bench).await,
            Self::W6 => w6::measure(bench).await,
            Self::Photo => photo::measure(bench).await,
            Self::Review => review::measure(bench).await,
            Self::W1 => w1::measure(bench).await,
            Self::Screen => screen::measure(bench).await,
            Self::Import => import::measure(bench),
            Self::Guard => guard::measure(bench),
            Self::Capture => capture::measure(bench).await,
        }
    }
}
