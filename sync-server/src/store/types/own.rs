//! Logs that the server holds, and what the control room says to everybody.

use serde::Serialize;
use shared::hash::HeaderHash;
use shared::ids::{DeviceId, LogId, OfficerId, Seq};
use shared::time::UnixMs;

/// The log that the server holds for somebody who acts in the browser.
#[derive(Debug, Clone, Copy)]
pub struct OwnLog<'a> {
    /// For whom.
    pub officer: OfficerId,
    /// The server's key, which signs it.
    pub key: &'a [u8],
    /// The id it gets if there is none.
    pub new_log: LogId,
    /// The id that the server gets as a device, if it has none.
    pub new_device: DeviceId,
    /// The hash of a credential that nobody has.
    pub no_credential: [u8; 32],
}

/// Where that log continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnPlace {
    /// The server as a device.
    pub device: DeviceId,
    /// The log.
    pub log: LogId,
    /// The next sequence.
    pub next: Seq,
    /// The hash before it.
    pub previous: HeaderHash,
}

/// A notice of the control room, as the item `notices` of the reference stream has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeRow {
    /// The entry: log and sequence.
    pub id: String,
    /// Who says it.
    pub officer: OfficerId,
    /// What.
    pub text: String,
    /// Since when.
    pub at: UnixMs,
    /// Until when it is shown.
    pub until: UnixMs,
}
