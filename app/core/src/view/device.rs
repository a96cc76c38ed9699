//! The device and its vaults, before and after unlocking.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the app can do at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppState {
    /// Not enrolled: the first screen asks for the enrolment code.
    New,
    /// Enrolled, nobody has a vault here yet: sign in and choose a PIN.
    Enrolled,
    /// A vault exists and is locked.
    Locked,
    /// A vault is open.
    Open,
}

/// Which words and layout the device gets ("on this phone", "on this tablet").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormFactor {
    /// Held in one hand.
    Phone,
    /// The supervisor's tablet.
    Tablet,
}

/// What the first screen needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    /// What the app can do now.
    pub state: AppState,
    /// Phone or tablet, as enrolled; a phone until then.
    pub form_factor: FormFactor,
    /// True where the PIN is not strengthened by a key store of the platform.
    pub reduced_protection: bool,
    /// The vaults on this device.
    pub vaults: Vec<VaultView>,
    /// The host name of the server, once enrolled.
    pub server: Option<String>,
}

/// One officer's vault on this device, as shown while locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultView {
    /// Identifies the vault to `unlock`.
    pub id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Attempts left before the next wait.
    pub tries_left: u32,
    /// Until when no attempt is taken, if a wait is on.
    #[ts(type = "number | null")]
    pub wait_until: Option<i64>,
    /// What was submitted and how it stands; none before the device is enrolled.
    pub spool: Option<SpoolView>,
}

/// The answer to a successful enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnrolledView {
    /// The name the administrator gave the device.
    pub device: String,
    /// The force the server belongs to.
    pub force: String,
}

/// How what was submitted stands, while the vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SpoolState {
    /// Nothing was waiting when the vault was locked.
    Nothing,
    /// It is sealed, and waits for a connection.
    Waiting,
    /// It is being sent.
    Sending,
    /// The server has received it.
    Received,
    /// Some of it can only be sent once the vault is open.
    NeedsUnlock,
}

/// What of a locked vault waits, and what of it has been received meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpoolView {
    /// Of words and decisions.
    pub state: SpoolState,
    /// Photos that go after the vault is next open.
    pub photos: u32,
    /// Since when the oldest of what waits does.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// When the server last received something while it was locked.
    #[ts(type = "number | null")]
    pub received_at: Option<i64>,
    /// When the next attempt is made.
    #[ts(type = "number | null")]
    pub next_try_at: Option<i64>,
}

/// How a request for the key of a vault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryState {
    /// Nobody has answered it yet.
    Waiting,
    /// The key is here: a new PIN is next.
    Answered,
}

/// A request for the key of a vault whose PIN was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// What the officer tells whoever holds the escrow key.
    pub code: String,
    /// Until when it can be used.
    #[ts(type = "number")]
    pub expires: i64,
    /// How it stands.
    pub state: RecoveryState,
}

/// A file of unsent work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnsentView {
    /// Where it lies.
    pub path: String,
    /// Entries in it.
    pub entries: u32,
    /// Photos in it.
    pub photos: u32,
    /// Photos that it names and whose bytes this device has no more.
    pub photos_missing: u32,
    /// Bytes of the file.
    #[ts(type = "number")]
    pub bytes: u64,
}
