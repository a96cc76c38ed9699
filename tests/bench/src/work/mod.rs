//! The workloads.

mod guard;
mod import;
mod painted;
mod save;
mod screen;
mod w1;
mod w2null;
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
    /// 1,000 new records of one device until they are received
    W1,
    /// From acceptance to the control room's screen
    Screen,
    /// Import of published searches
    Import,
    /// What the guard in front of Automerge costs
    Guard,
}

impl Workload {
    /// All, the quick ones first.
    pub(crate) const ALL: [Self; 7] = [
        Self::Guard,
        Self::Save,
        Self::Screen,
        Self::Import,
        Self::W1,
        Self::W2null,
        Self::W7,
    ];

    /// Its name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::W7 => "w7",
            Self::W2null => "w2null",
            Self::W1 => "w1",
            Self::Screen => "screen",
            Self::Import => "import",
            Self::Guard => "guard",
        }
    }

    /// Does it and measures it.
    pub(crate) async fn measure(self, bench: &Bench) -> Result<Measured> {
        match self {
            Self::Save => save::measure(bench).await,
            Self::W7 => w7::measure(bench).await,
            Self::W2null => w2null::measure(bench).await,
            Self::W1 => w1::measure(bench).await,
            Self::Screen => screen::measure(bench).await,
            Self::Import => import::measure(bench),
            Self::Guard => guard::measure(bench),
        }
    }
}
