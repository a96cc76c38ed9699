//! Where everything is: the strip under the bar, and the screen it opens.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is known of the way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// The last exchange worked.
    Connected,
    /// No network, or nobody at the other end of it.
    NoConnection,
    /// The network is there, the server does not answer or is busy.
    ServerSilent,
    /// The server wants the password again; own work still sends.
    SignIn,
    /// This device was revoked: it only sends, into a sealed quarantine.
    Revoked,
    /// This app is too old to read news; own work still sends.
    Upgrade,
    /// The list of entries has split: a copy of the vault exists, or an old state of it was
    /// restored. Signing in begins a new list; nothing is sent before.
    Split,
}

impl ConnectionState {
    /// True if the server did not answer.
    pub const fn is_cut_off(self) -> bool {
        matches!(self, Self::NoConnection | Self::ServerSilent)
    }
}

/// The way to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// What is known.
    pub state: ConnectionState,
    /// Since when it is so.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// When the next attempt is made.
    #[ts(type = "number | null")]
    pub next_try_at: Option<i64>,
    /// When the last exchange ended well.
    #[ts(type = "number | null")]
    pub last_exchange_at: Option<i64>,
}

/// The strip under the bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// The way to the server.
    pub connection: ConnectionView,
    /// Records with entries not yet received.
    pub waiting_records: u32,
    /// Decisions (reviews) not yet received.
    pub waiting_decisions: u32,
    /// Photos not yet received.
    pub waiting_photos: u32,
    /// Since when the oldest of them waits.
    #[ts(type = "number | null")]
    pub oldest_waiting: Option<i64>,
    /// Photos are to go over Wi-Fi only.
    pub photos_over_wifi: bool,
    /// Photos wait for it now.
    pub photos_wait: bool,
    /// True while bytes move.
    pub moving: bool,
    /// Server time minus device time, once known and over two minutes.
    #[ts(type = "number | null")]
    pub clock_off_ms: Option<i64>,
    /// Free bytes where the records are, once they are few.
    #[ts(type = "number | null")]
    pub free_bytes: Option<i64>,
    /// For how long others' records are shown.
    pub lease: LeaseView,
}

/// How long what others wrote may be shown without hearing the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeaseView {
    /// True once others' records are locked until the next exchange. Capture goes on.
    pub over: bool,
    /// Until when they are shown, if the server is not heard before.
    #[ts(type = "number")]
    pub until: i64,
}

/// One thing on the sending screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendingRow {
    /// The record, if it belongs to one.
    pub record_id: Option<String>,
    /// `record`, `decision`, `photo`, `other`.
    pub kind: String,
    /// The record's title.
    pub title: String,
    /// Bytes still to send.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Since when it waits, or when it was received.
    #[ts(type = "number")]
    pub at: i64,
    /// `saved`, `sending`, `sent`, `parked`, `held`, `not_accepted`, `received`.
    pub state: String,
    /// The reason of `held` and `not_accepted`; `wifi` of a photo that waits for Wi-Fi.
    pub reason: Option<String>,
}

/// The sending screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendingView {
    /// The strip.
    pub status: StatusView,
    /// Only here.
    pub waiting: Vec<SendingRow>,
    /// Received but not accepted: held for checking, or not accepted.
    pub held: Vec<SendingRow>,
    /// Accepted today.
    pub received: Vec<SendingRow>,
    /// What only somebody who looks into a fault wants to know.
    pub details: DetailsView,
}

/// Numbers for whoever looks into a fault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DetailsView {
    /// How often a digest did not fit, since the vault was made.
    pub repairs: u32,
    /// Accepted entries here that the server is not known to have.
    pub unknown: u32,
    /// Others' records here that no scope given to this device confirms.
    pub adrift: u32,
    /// Entries kept unopened: refused by the guard, or waiting for others.
    pub unopened: u32,
    /// Attempts in a row that failed.
    pub failures: u32,
    /// How often the list of entries has split.
    pub splits: u32,
}
