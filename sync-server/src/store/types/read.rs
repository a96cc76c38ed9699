//! Photos, the control room, imports and the audit.

use shared::hash::{BlobHash, ChangeHash};
use shared::ids::{AcceptPos, DeviceId, LogId, OfficerId, RecordId, TeamId};
use shared::log::EntryKind;
use shared::record::Kind;
use shared::status::Facts;
use shared::time::UnixMs;

use super::Counters;

/// An upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// By this device.
    pub device: DeviceId,
    /// Of this photo.
    pub blob: BlobHash,
    /// For this record.
    pub record: RecordId,
    /// Its size as announced.
    pub bytes: u64,
}

/// How a device stands to a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Named by an accepted change, or the record is one of this device's officers.
    pub allowed: bool,
    /// This device has brought the photo already.
    pub brought: bool,
    /// Uploads this device has open.
    pub open: u32,
}

/// Who wants to see a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A vault, by its log.
    Vault(LogId),
    /// The control room, looking at this record.
    Console(RecordId),
}

/// What a reader may know of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoAccess {
    /// No record that they may read names it.
    No,
    /// They may see it, and it has not arrived.
    NotHere,
    /// They may see it.
    Here,
}

/// What the control room's list is asked for.
#[derive(Debug, Clone, Copy)]
pub enum ListQuery {
    /// What changed after a position.
    After(AcceptPos, u32),
    /// What was received since a time, the newest of it.
    Since(UnixMs, u32),
    /// One record.
    One(RecordId),
}

/// A part of the control room's list: one snapshot.
#[derive(Debug, Clone)]
pub struct ConsoleList {
    /// The counters of the snapshot.
    pub counters: Counters,
    /// By position.
    pub rows: Vec<ConsoleRow>,
    /// True if there is more after the last.
    pub more: bool,
}

/// A row of the list.
#[derive(Debug, Clone)]
pub struct ConsoleRow {
    /// The record.
    pub id: RecordId,
    /// When it last changed, in the order of acceptance.
    pub position: AcceptPos,
    /// Its kind.
    pub kind: Kind,
    /// Its author.
    pub author: OfficerId,
    /// Its team.
    pub team: Option<TeamId>,
    /// When its submission was received.
    pub received: UnixMs,
    /// Accepted changes.
    pub changes: u32,
    /// The projection, as JSON.
    pub projection: String,
    /// The number that the control room gave it.
    pub log_number: Option<String>,
    /// Photos of its manifest that are stored.
    pub photos_here: Vec<BlobHash>,
    /// What its status follows from.
    pub facts: Facts,
    /// Who withdrew it.
    pub withdrawn_by: Option<OfficerId>,
}

/// A record in full.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The row of the list.
    pub row: ConsoleRow,
    /// The document.
    pub snapshot: Vec<u8>,
    /// Its accepted entries, in order.
    pub entries: Vec<DetailEntry>,
}

/// An accepted entry of a record.
#[derive(Debug, Clone)]
pub struct DetailEntry {
    /// What it is.
    pub kind: EntryKind,
    /// Who.
    pub officer: OfficerId,
    /// When, by the device's best estimate.
    pub at: UnixMs,
    /// When it was received.
    pub received: UnixMs,
    /// Of a change: its hash.
    pub change: Option<ChangeHash>,
    /// The payload.
    pub payload: Vec<u8>,
}

/// A submitted record of a reference, for the person who holds the receipt.
#[derive(Debug, Clone)]
pub struct Referenced {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// The document.
    pub snapshot: Vec<u8>,
    /// When its submission was received.
    pub received: UnixMs,
    /// True if its author has taken it back.
    pub withdrawn: bool,
}

/// A published search.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedRow {
    /// Its line in the file.
    pub line: u64,
    /// When.
    pub at: Option<UnixMs>,
    /// Degrees.
    pub lat: Option<f64>,
    /// Degrees.
    pub lon: Option<f64>,
    /// The columns as published: a JSON object of strings.
    pub columns: String,
}

/// Something for the audit. No personal data beyond ids.
#[derive(Debug, Clone, Default)]
pub struct AuditEvent {
    /// What happened.
    pub kind: &'static str,
    /// Who did it.
    pub officer: Option<OfficerId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// To which record.
    pub record: Option<RecordId>,
    /// Codes and numbers.
    pub detail: String,
}
