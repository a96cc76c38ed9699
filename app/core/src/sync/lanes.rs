//! How much of what a round may move, by the kind of network.
//!
//! The order is fixed: the mailbox and record entries, both ways; photos taken here; photos that
//! a reviewer will want; and what was there before this device was given it. A later lane waits
//! for the earlier ones, and where bytes cost money the later lanes are narrow.

use std::time::Duration;

use crate::core::Ask;
use crate::env::NetworkKind;

/// What one round may move in each lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lanes {
    /// Bytes of mail and entries in one answer.
    pub entries: u32,
    /// Bytes of photos taken here, after which no further one is begun. The first always is: a
    /// photo is evidence.
    pub uploads: u64,
    /// Bytes of others' photos, after which no further one is fetched.
    pub downloads: u64,
    /// Answers with history.
    pub backfills: u32,
    /// How long commits are gathered before they are sent.
    pub gather: Duration,
}

impl Lanes {
    /// Where bytes cost nothing.
    pub const UNMETERED: Self = Self {
        entries: 1 << 20,
        uploads: u64::MAX,
        downloads: 256 << 20,
        backfills: u32::MAX,
        gather: Duration::ZERO,
    };

    /// Where they are paid for.
    pub const METERED: Self = Self {
        entries: 256 << 10,
        uploads: 16 << 20,
        downloads: 0,
        backfills: 4,
        gather: Duration::from_millis(50),
    };

    /// The lanes of a kind of network.
    pub const fn of(kind: NetworkKind) -> Self {
        match kind {
            NetworkKind::Unmetered => Self::UNMETERED,
            NetworkKind::Metered => Self::METERED,
        }
    }

    /// What exchanges of words ask for.
    pub const fn words(&self) -> Ask {
        Ask {
            budget: self.entries,
            backfills: false,
            push: true,
        }
    }

    /// What exchanges of history ask for.
    pub const fn history(&self) -> Ask {
        Ask {
            budget: self.entries,
            backfills: true,
            push: true,
        }
    }
}
