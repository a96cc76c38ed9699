//! What devices push, and the news they are given.

use shared::hash::{ChangeHash, HeaderHash};
use shared::ids::{AcceptPos, ActorId, DeviceId, LogId, OfficerId, ReceivePos, Seq};
use shared::log::Verified;
use shared::time::UnixMs;
use shared::wire::{
    BackfillPage, Cursors, FeedItem, MailItem, ReferenceItem, ScopeDigest, VerdictCode, Waiting,
};

use super::Counters;

/// Where a segment continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The log's device.
    pub device: DeviceId,
    /// The log's officer.
    pub officer: OfficerId,
    /// The log's key.
    pub key: Vec<u8>,
    /// The next sequence to be received.
    pub next: Seq,
    /// The hash before the segment's first entry; none if that was not received yet.
    pub previous: Option<HeaderHash>,
}

/// Entries to be received, with what the guard said of each.
#[derive(Debug, Clone)]
pub struct Push {
    /// The device that sends them.
    pub device: DeviceId,
    /// The log.
    pub log: LogId,
    /// The entries, in log order.
    pub entries: Vec<Incoming>,
    /// The signature of the commit they end at.
    pub signature: Vec<u8>,
    /// What the device says waits, if it says so.
    pub waiting: Option<Waiting>,
}

impl Push {
    /// The sign of life in it.
    pub const fn heard(&self) -> Heard {
        Heard {
            device: self.device,
            waiting: self.waiting,
        }
    }
}

/// One entry to be received.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Header, hash and payload.
    pub verified: Verified,
    /// Of a change that passed preflight: its hash and actor.
    pub change: Option<(ChangeHash, ActorId)>,
    /// Rejected at receipt for this.
    pub rejected: Option<Refusal>,
    /// Of an entry from a revoked device: salt and payload, sealed. Then neither is kept as it
    /// is, and nothing is judged before a person has let it.
    pub sealed: Option<Vec<u8>>,
}

/// Why an entry can never be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The verdict's code.
    pub code: VerdictCode,
    /// A finer code, for the audit.
    pub detail: &'static str,
}

impl Refusal {
    /// For this reason.
    pub const fn new(code: VerdictCode, detail: &'static str) -> Self {
        Self { code, detail }
    }
}

/// What became of entries to be received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// All are durable; so many of them are new.
    Stored {
        /// How many were not there before.
        new: usize,
    },
    /// They begin after what is there.
    Gap,
    /// Another entry stands at this place.
    Fork(Seq),
    /// Not a log of this device.
    UnknownLog,
}

/// A sign of life.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// Of which device.
    pub device: DeviceId,
    /// What it says waits, if it says so.
    pub waiting: Option<Waiting>,
}

/// What a vault asks for.
#[derive(Debug, Clone)]
pub struct NewsQuery {
    /// The vault's log.
    pub log: LogId,
    /// The device that asks.
    pub device: DeviceId,
    /// How far it has come; none if it may have no news.
    pub cursors: Option<Cursors>,
    /// The sequence it holds a receipt for.
    pub received: Option<Seq>,
    /// Bytes of news at most; one item is always given.
    pub budget: usize,
    /// True if the digests are wanted, once there is no more.
    pub digests: bool,
}

/// The last receipt of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The log.
    pub log: LogId,
    /// The last received sequence.
    pub seq: Seq,
    /// Its hash.
    pub header: HeaderHash,
    /// Its place in the order of receipt.
    pub position: ReceivePos,
    /// When it was received.
    pub at: UnixMs,
}

/// The news for a vault.
#[derive(Debug, Clone)]
pub struct News {
    /// The counters of the snapshot.
    pub counters: Counters,
    /// The receipt, if the log is further than the device knew.
    pub receipt: Option<Receipt>,
    /// Mail.
    pub mail: Vec<MailItem>,
    /// Reference data.
    pub reference: Vec<ReferenceItem>,
    /// The records stream.
    pub feed: Vec<FeedItem>,
    /// The records cursor after that.
    pub records: AcceptPos,
    /// Pages of backfills.
    pub backfills: Vec<BackfillPage>,
    /// The digest of each scope granted, if they were asked for and there is no more.
    pub digests: Option<Vec<ScopeDigest>>,
    /// True if more of anything is there.
    pub more: bool,
}
