//! The faults one can arm, and the record of those that really struck.

/// Faults to arm on a disk. The counted ones strike once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// The disk has room for this many bytes more than it holds now. Deleting and
    /// truncating give room back; overwriting needs none.
    pub full_after_bytes: Option<u64>,
    /// The n-th next write fails (1 is the next one), after part of it happened.
    pub fail_write_in: Option<u32>,
    /// The n-th next sync fails (1 is the next one), and its writes are lost.
    pub fail_sync_in: Option<u32>,
    /// Syncs report success and do nothing.
    pub lying_sync: bool,
}

/// What the end of a process takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lose {
    /// Nothing: only the process ends, as by kill -9.
    Nothing,
    /// Everything that was not synced.
    All,
    /// A seeded part of what was not synced, sector by sector and out of order.
    Torn,
}

/// How often each fault has struck since the disk was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fired {
    /// Writes refused for want of room.
    pub full: u64,
    /// Writes that failed.
    pub write: u64,
    /// Syncs that failed.
    pub sync: u64,
    /// Syncs that had something to do, did nothing and said otherwise.
    pub lied: u64,
    /// Power cuts that took something away.
    pub lost: u64,
    /// Power cuts that struck in the middle of an operation.
    pub cut: u64,
}

/// Counts a once-only fault down; true when it strikes.
pub(crate) fn strikes(countdown: &mut Option<u32>) -> bool {
    match countdown {
        None => false,
        Some(0 | 1) => {
            *countdown = None;
            true
        }
        Some(left) => {
            *left -= 1;
            false
        }
    }
}
