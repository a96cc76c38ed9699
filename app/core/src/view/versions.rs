//! The versions of a record, and what differs between two.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::record::{FieldMap, FieldValue};

/// Who made a version, when and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MadeView {
    /// 1 is the first one written.
    pub number: u32,
    /// Who.
    pub by: Option<String>,
    /// On which device: the first characters of its name.
    pub device: Option<String>,
    /// True if that is this device.
    pub here: bool,
    /// When, by that device.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// When the server received it.
    #[ts(type = "number | null")]
    pub received_at: Option<i64>,
    /// True once the server has accepted it.
    pub accepted: bool,
}

/// An earlier state of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// 1 is the first one written.
    pub number: u32,
    /// Who made it.
    pub made: MadeView,
    /// Its fields.
    pub fields: FieldMap,
    /// What officers read for each coded field.
    pub labels: BTreeMap<String, String>,
    /// The additions it had.
    pub addenda: Vec<String>,
    /// How many photos it named.
    pub photos: u32,
}

/// A field that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparedView {
    /// The field.
    pub field: String,
    /// What it was; none if it was blank.
    pub before: Option<FieldValue>,
    /// What it is; none if it is blank.
    pub after: Option<FieldValue>,
    /// What officers read for what it was, of a coded field.
    pub before_label: Option<String>,
    /// What officers read for what it is, of a coded field.
    pub after_label: Option<String>,
}

/// What differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonView {
    /// The one.
    pub before: MadeView,
    /// The other.
    pub after: MadeView,
    /// Fields that differ.
    pub fields: Vec<ComparedView>,
    /// Additions that the other has and the one has not.
    pub addenda: Vec<String>,
    /// Photos likewise, by their ids.
    pub photos: Vec<String>,
}
