//! Lineages, erasure, sealed work, evidence, recovery and postings.

use shared::hash::{BlobHash, ChangeHash, HeaderHash};
use shared::ids::{
    AcceptPos, ActorId, DeviceId, Epoch, LogId, OfficerId, OperationId, ReceivePos, RecordId,
    TeamId,
};
use shared::log::{Entry, Header};
use shared::policy::{Acting, Role};
use shared::time::UnixMs;

use super::{Incoming, Refusal};

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditRow {
    /// Its place, from 1.
    pub seq: u64,
    /// When.
    pub at: UnixMs,
    /// What.
    pub kind: String,
    /// By whom, or about whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// On which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// About which record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// Codes and numbers.
    pub detail: String,
    /// Over all this and the row before, hexadecimal.
    pub hash: String,
}

/// What a copy of the database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its lineage.
    pub epoch: Epoch,
    /// The last receipt in it.
    pub receive: ReceivePos,
    /// The last acceptance in it.
    pub accept: AcceptPos,
    /// Rows of its audit.
    pub audit: u64,
    /// The photos that it has as stored.
    pub photos: Vec<BlobHash>,
    /// True if pages, references and the audit's chain hold.
    pub sound: bool,
}

/// A log.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// Which.
    pub id: LogId,
    /// The bytes of its descriptor.
    pub descriptor: Vec<u8>,
    /// The key that signs its commits.
    pub key: Vec<u8>,
    /// The descriptor's hash, with which the chain begins.
    pub start: HeaderHash,
}

/// An entry of a log.
#[derive(Debug, Clone)]
pub struct LogEntry {
    /// Its hash, as it was at receipt.
    pub hash: HeaderHash,
    /// Header, salt and payload.
    pub entry: Entry,
    /// What became of its payload.
    pub body: Body,
}

/// What became of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// It is here.
    Here,
    /// It is here, and is not the one that the header names.
    Mismatch,
    /// It was erased.
    Erased,
    /// It is sealed.
    Sealed,
}

/// A record to be erased, as the ledger has it.
#[derive(Debug, Clone)]
pub struct NewErasure {
    /// The line's number.
    pub number: u64,
    /// The record.
    pub record: RecordId,
    /// The line.
    pub line: String,
}

/// What an erasure destroyed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wiped {
    /// Entries that lost their payload.
    pub entries: u64,
    /// Vaults that were told to destroy their copy.
    pub vaults: Vec<LogId>,
    /// Uploads that were open for it.
    pub uploads: Vec<(DeviceId, BlobHash)>,
}

/// An entry of a revoked device: its header, and the rest sealed.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its place in the order of receipt.
    pub position: ReceivePos,
    /// Its header.
    pub header: Header,
    /// The header's bytes.
    pub header_bytes: Vec<u8>,
    /// The officer of its log.
    pub officer: OfficerId,
    /// Salt and payload, sealed.
    pub body: Vec<u8>,
}

/// A sealed entry that was opened.
#[derive(Debug, Clone)]
pub struct Unsealed {
    /// Its place in the order of receipt.
    pub position: ReceivePos,
    /// Its salt.
    pub salt: [u8; 16],
    /// Its payload.
    pub payload: Vec<u8>,
    /// Of a change that passed preflight: its hash and actor.
    pub change: Option<(ChangeHash, ActorId)>,
    /// Rejected at once, for this.
    pub rejected: Option<Refusal>,
}

/// The tail of a log that has split.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The device that brings it.
    pub device: DeviceId,
    /// The log.
    pub log: LogId,
    /// Its entries, sealed where a revoked device brings them.
    pub entries: Vec<Incoming>,
}

/// What became of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept; so many entries of it are new.
    Stored(u64),
    /// The log has as much of it as is kept.
    Full,
    /// Not a log of this device.
    UnknownLog,
}

/// A request for the key of a vault.
#[derive(Clone)]
pub struct NewRecovery {
    /// The hash of its code.
    pub code: [u8; 32],
    /// The vault's log.
    pub log: LogId,
    /// The key, wrapped to the escrow key.
    pub wrap: Vec<u8>,
    /// To whom the answer is sealed.
    pub recipient: String,
    /// When it expires.
    pub expires: UnixMs,
    /// Requests that one vault may make since a time.
    pub most: (u32, UnixMs),
}

/// A request that waits for a person.
#[derive(Clone)]
pub struct Recovery {
    /// The vault's log.
    pub log: LogId,
    /// Whose.
    pub officer: OfficerId,
    /// On which device.
    pub device: DeviceId,
    /// The key, wrapped to the escrow key.
    pub wrap: Vec<u8>,
    /// To whom the answer is sealed.
    pub recipient: String,
}

/// What becomes of somebody's posting; what is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct PostingChange {
    /// Another role.
    pub role: Option<Role>,
    /// Another team: the id it gets if there is none of this name, and the name.
    pub team: Option<(TeamId, String)>,
    /// Another title.
    pub title: Option<String>,
    /// Another station.
    pub station: Option<String>,
    /// All acting ranks and covers.
    pub acting: Option<Vec<Acting>>,
    /// All operations.
    pub operations: Option<Vec<OperationId>>,
}
