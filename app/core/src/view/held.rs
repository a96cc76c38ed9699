//! What the server keeps out: to its officer, and to the supervisor who decides about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::record::FieldMap;

/// Words of the reader's own that the server keeps out. They are kept here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldView {
    /// `held` while a supervisor may still let them in, `not_accepted` if nobody can any more.
    pub code: String,
    /// Why: the code of the verdict.
    pub reason: Option<String>,
    /// Since when.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// True if the whole record is kept out: what the record shows is what is kept.
    pub whole: bool,
    /// The fields that they say, beside what stands.
    pub fields: FieldMap,
    /// What officers read for each coded field.
    pub labels: BTreeMap<String, String>,
    /// Additions among them.
    pub addenda: Vec<String>,
    /// How many photos they name.
    pub photos: u32,
}

/// A statement that its officer has to sign again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmView {
    /// Names it to `confirm`.
    pub entry: String,
    /// The record.
    pub record_id: String,
    /// The record's title.
    pub title: String,
    /// `submission`, `review`, `withdrawal`, `receipt_given`, `share`, `scope_change`.
    pub kind: String,
    /// Of a review `approve`, `return` or `escalate`; of a share `given` or `ended`; of a copy how
    /// it was offered.
    pub what: Option<String>,
    /// The words that belong to it.
    pub text: Option<String>,
    /// Why again: `split` (the list of entries had split) or `held` (what it was about is kept
    /// out).
    pub reason: String,
    /// When it was signed.
    #[ts(type = "number")]
    pub at: i64,
}

/// A held entry of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldTaskView {
    /// Names it to `release` and `uphold`.
    pub entry: String,
    /// The record, if it is about one.
    pub record_id: Option<String>,
    /// True if the record can be read on this device.
    pub here: bool,
    /// Who wrote it.
    pub officer: String,
    /// `change`, `submission`, `review`, `withdrawal`, `receipt_given`, `share`, `scope_change`,
    /// `log_number`, `release`, `uphold`, `other`.
    pub kind: String,
    /// Why it is held: the code of the verdict.
    pub reason: String,
    /// When the server received it.
    #[ts(type = "number")]
    pub received_at: i64,
    /// The title of the record as it would be with it.
    pub title: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// Its place, in words.
    pub place: Option<String>,
    /// When it happened.
    #[ts(type = "number | null")]
    pub happened_at: Option<i64>,
    /// The label of the object, of a search.
    pub object: Option<String>,
    /// The label of the power, of a search.
    pub power: Option<String>,
    /// True if it was ruled on here, and the server has not answered yet.
    pub answered: bool,
    /// `release` or `uphold`, if the reader has begun to write why.
    pub begun_act: Option<String>,
    /// The words so far.
    pub begun: Option<String>,
}

/// The held entries of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldTasksView {
    /// The entries, the oldest first.
    pub rows: Vec<HeldTaskView>,
    /// True if they can be ruled on now: the device is connected.
    pub connected: bool,
}

/// A colleague with whom a record is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShareView {
    /// The officer's id.
    pub officer_id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// When it was shared.
    #[ts(type = "number")]
    pub at: i64,
    /// True once the server has accepted it.
    pub accepted: bool,
}

/// Somebody to share a record with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColleagueView {
    /// The officer's id.
    pub id: String,
    /// For example "PC 4417 Patel".
    pub label: String,
    /// The team's name.
    pub team: String,
}
