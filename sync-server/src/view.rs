//! What the control room's page reads, as JSON. Shapes only; [`crate::service`] fills them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody signed in to the control room's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleMe {
    /// The officer's id.
    pub id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Role.
    pub role: String,
    /// The team's name.
    pub team: String,
    /// The name of the force.
    pub force: String,
    /// When the session ends, in ms since 1970.
    pub expires: i64,
}

/// One record in the list. The latest state of each is all that the list holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleRecord {
    /// The record.
    pub id: String,
    /// Its place in the order of acceptance when it last changed.
    pub position: u64,
    /// `stop_search` or `note`.
    pub kind: String,
    /// The reference on the person's copy.
    pub reference: Option<String>,
    /// When its submission was received, in ms since 1970.
    pub received_at: i64,
    /// When it happened.
    pub happened_at: Option<i64>,
    /// For the first line.
    pub title: String,
    /// Who or what was searched.
    pub subject: Option<String>,
    /// The author's label.
    pub officer: String,
    /// The author's team.
    pub team: Option<String>,
    /// Where, in words.
    pub place_text: Option<String>,
    /// Degrees.
    pub lat: Option<f64>,
    /// Degrees.
    pub lon: Option<f64>,
    /// Metres.
    pub accuracy_m: Option<i64>,
    /// The ward it lies in.
    pub ward: Option<String>,
    /// The district of that ward.
    pub district: Option<String>,
    /// Outcome code.
    pub outcome: Option<String>,
    /// Outcome in words.
    pub outcome_label: Option<String>,
    /// Power in words.
    pub power_label: Option<String>,
    /// Number of the incident log: the control room's, or else what the officer wrote.
    pub incident_log: Option<String>,
    /// Operation.
    pub operation: Option<String>,
    /// `officer_safety`, `arrest`, `weapon_found`, `under_18`.
    pub flags: Vec<String>,
    /// Photos it names.
    pub photos: u32,
    /// Photos of those that are stored.
    pub photos_here: u32,
    /// `submitted`, `approved`, `returned`, `escalated`, `amended` or `withdrawn`.
    pub status: String,
    /// Who brought it into that state.
    pub status_by: Option<String>,
    /// True if values compete.
    pub conflict: bool,
    /// Accepted changes so far.
    pub version: u32,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleRecords {
    /// The lineage of the server's database: positions of another one mean nothing.
    pub epoch: String,
    /// Continue after this.
    pub position: u64,
    /// By position.
    pub records: Vec<ConsoleRecord>,
    /// True if there is more after the position.
    pub more: bool,
}

/// A record in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleRecordDetail {
    /// As in the list.
    pub record: ConsoleRecord,
    /// Its fields: text, number or boolean.
    pub fields: BTreeMap<String, serde_json::Value>,
    /// The words for coded fields.
    pub labels: BTreeMap<String, String>,
    /// What was added to it.
    pub addenda: Vec<ConsoleAddendum>,
    /// Its photos.
    pub photos: Vec<ConsolePhoto>,
    /// What happened to it, oldest first.
    pub timeline: Vec<ConsoleEvent>,
    /// Fields in which values compete.
    pub conflicts: Vec<ConsoleConflict>,
}

/// A text added to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleAddendum {
    /// The words.
    pub text: String,
    /// Who.
    pub by: String,
    /// When, in ms since 1970.
    pub at: i64,
}

/// A photo of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsolePhoto {
    /// The photo.
    pub id: String,
    /// SHA-256 of its original bytes.
    pub sha256: String,
    /// Its caption.
    pub caption: Option<String>,
    /// True if it is stored.
    pub here: bool,
    /// Its size.
    pub bytes: u64,
}

/// One thing that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleEvent {
    /// `created`, `changed`, `submitted`, `approved`, `returned`, `escalated`, `withdrawn`,
    /// `receipt_given`, `shared`, `unshared`, `moved`, `log_number`, `released` or `upheld`.
    pub code: String,
    /// Who.
    pub by: String,
    /// When, by the device's best estimate, in ms since 1970.
    pub device_time: i64,
    /// When the server received it.
    pub server_time: i64,
    /// The words that came with it.
    pub text: Option<String>,
    /// Reason codes.
    pub reasons: Vec<String>,
}

/// A notice of the control room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleNotice {
    /// Its entry.
    pub id: String,
    /// Who says it.
    pub by: String,
    /// What.
    pub text: String,
    /// Since when, in ms since 1970.
    pub at: i64,
    /// Until when it is shown, in ms since 1970.
    pub until: i64,
}

/// Notices that are not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleNotices {
    /// The newest first.
    pub notices: Vec<ConsoleNotice>,
}

/// Values that compete for one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleConflict {
    /// The field.
    pub field: String,
    /// The values.
    pub options: Vec<ConsoleOption>,
}

/// One of the competing values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleOption {
    /// Text, number, boolean, or null where the field was cleared.
    pub value: serde_json::Value,
    /// Who wrote it.
    pub by: Option<String>,
    /// When, in ms since 1970.
    pub at: Option<i64>,
}

/// A device as the control room sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleDevice {
    /// The device.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `phone` or `tablet`.
    pub form_factor: String,
    /// Who signed in on it last.
    pub officer: Option<String>,
    /// When the server heard of it last, in ms since 1970.
    pub last_heard: Option<i64>,
    /// Entries that waited on it then.
    pub waiting: u32,
    /// Photos that waited on it then.
    pub waiting_photos: u32,
    /// Since when the oldest of them waited.
    pub oldest_waiting: Option<i64>,
    /// True once it was revoked.
    pub revoked: bool,
}

/// All devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleDevices {
    /// The server's clock, in ms since 1970.
    pub server_time: i64,
    /// By name.
    pub devices: Vec<ConsoleDevice>,
}

/// One search as a force published it. Not a record of this force's officers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleSearch {
    /// When, in ms since 1970.
    pub at: Option<i64>,
    /// Degrees.
    pub lat: Option<f64>,
    /// Degrees.
    pub lon: Option<f64>,
    /// The columns as they were published, by name.
    pub columns: BTreeMap<String, String>,
}

/// Published searches, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsoleSearches {
    /// How many there are in all.
    pub total: u64,
    /// The newest of them.
    pub searches: Vec<ConsoleSearch>,
}

/// A person with an account, for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonRow {
    /// The person.
    pub id: String,
    /// Collar number.
    pub collar: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// Role.
    pub role: String,
    /// The team's name.
    pub team: String,
    /// The station.
    pub station: String,
    /// False once the account was ended.
    pub active: bool,
}

/// A device as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedDevice {
    /// What the page shows too.
    #[serde(flatten)]
    pub device: ConsoleDevice,
    /// Entries sent after it was revoked, which wait for a person.
    pub sealed: u64,
    /// Entries of logs that have split, kept as evidence.
    pub evidence: u64,
}

/// Figures for /metrics and the operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Entries received.
    pub received: u64,
    /// Entries accepted (the acceptance position).
    pub accepted: u64,
    /// Entries received and not yet judged.
    pub pending: u64,
    /// Entries parked.
    pub parked: u64,
    /// Of those, how many are over what may be parked for want of what they build on.
    pub over_limits: u64,
    /// When the one that has been parked for longest was received, in ms since 1970; 0 for none.
    pub parked_since: u64,
    /// Entries quarantined.
    pub quarantined: u64,
    /// Entries that a supervisor keeps out for good.
    pub upheld: u64,
    /// Entries whose place another one took.
    pub superseded: u64,
    /// Entries rejected, those of erased records aside.
    pub rejected: u64,
    /// Entries of revoked devices that wait for a person.
    pub sealed: u64,
    /// Entries whose record was erased.
    pub erased: u64,
    /// The receive position that a backup or a replica covers.
    pub horizon: u64,
    /// Records.
    pub records: u64,
    /// Photos named by records and stored.
    pub photos: u64,
    /// Devices that are not revoked.
    pub devices: u64,
    /// Rows of the audit.
    pub audit: u64,
}
