//! Capturing: drafts, lists, problems and the receipt.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::capture::LinkedView;
use super::record::{FieldMap, PhotoView};

/// An unfinished record on the home screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftRow {
    /// The draft's id, which becomes the record's.
    pub id: String,
    /// `stop_search` or `note`.
    pub kind: String,
    /// The place as typed so far.
    pub place: Option<String>,
    /// When it was begun.
    #[ts(type = "number")]
    pub started_at: i64,
    /// How far the required items are.
    pub required: RequiredView,
}

/// How many of the required items are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequiredView {
    /// Present.
    pub done: u32,
    /// In all: seven for a search (PACE s.3).
    pub of: u32,
}

/// A draft being worked on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftView {
    /// The draft's id, which becomes the record's.
    pub id: String,
    /// `stop_search` or `note`.
    pub kind: String,
    /// The reference given to the person, minted on this device.
    pub reference: String,
    /// The fields typed so far.
    pub fields: FieldMap,
    /// Photos attached so far.
    pub photos: Vec<PhotoView>,
    /// How far the required items are.
    pub required: RequiredView,
    /// What stands between this draft and a record.
    pub problems: Vec<ProblemView>,
    /// What a supervisor might ask; never a hurdle.
    pub advice: Vec<AdviceView>,
    /// When the last keystroke was committed to the encrypted store.
    #[ts(type = "number")]
    pub saved_at: i64,
    /// The last page the officer was on, to continue there.
    pub page: Option<String>,
    /// What the power rests on: `grounds`, `authorisation` or `order`.
    pub basis: String,
    /// The fields that these answers open, in the order of the pages; no others are asked for.
    pub asks: Vec<String>,
    /// The code of practice that governs the power: `code_a` or `terrorism`.
    pub governing: Option<String>,
    /// How place and time stand to the authorisation named: a code of `authorisation_checks`.
    pub cover: Option<String>,
    /// The grid reference of the coordinates.
    pub grid: Option<String>,
    /// The ward of the coordinates.
    pub ward: Option<AreaView>,
    /// The other records and drafts of the same encounter.
    pub encounter: Vec<LinkedView>,
    /// True if there is a step to take back with `draft_undo`.
    pub can_undo: bool,
}

/// One reason why a draft is not yet a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProblemView {
    /// The field it is about.
    pub field: String,
    /// A stable code; the words are the front-end's.
    pub code: String,
}

/// Advice about a field; blocks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdviceView {
    /// The field it is about.
    pub field: String,
    /// A stable code; the words are the front-end's.
    pub code: String,
    /// The words in the text it points at, if any.
    pub phrase: Option<String>,
}

/// A code list with its entries in the force's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeListView {
    /// For example `objects`, `powers`, `self_ethnicities`.
    pub name: String,
    /// Entries in effect now.
    pub codes: Vec<CodeView>,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    /// The stored code.
    pub code: String,
    /// What officers read.
    pub label: String,
    /// A second line, for example the governing Act.
    pub detail: Option<String>,
    /// The group it is listed under, where the list has groups.
    pub group: Option<String>,
    /// For an object of search: the power usually set with it.
    pub power: Option<String>,
    /// For a power: false where it needs an authorisation instead of individual grounds.
    pub suspicion: Option<bool>,
    /// For a power: `grounds`, `authorisation` or `order`.
    pub basis: Option<String>,
    /// For a power: the code of practice that governs it.
    pub governing: Option<String>,
}

/// A phrase that a hint points at while grounds are typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HintView {
    /// Lower-case phrase looked for.
    pub phrase: String,
    /// The advice code.
    pub code: String,
}

/// Everything a form chooses from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListsView {
    /// Version of the lists: the number under which the server gave them out, or the app's own
    /// version where it is only those that the app was built with.
    pub version: String,
    /// When lists of the force came to this device; none where none has.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// All lists.
    pub lists: Vec<CodeListView>,
    /// Phrases for hints on grounds.
    pub hints: Vec<HintView>,
    /// What the force decides for itself.
    pub settings: SettingsView,
}

/// Of the force's settings those that screens follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// True if each item of GOWISELY is confirmed by itself, false if all are in one touch.
    pub gowisely_items: bool,
}

/// Where a point lies, for the page that asks where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AreaView {
    /// Ward code.
    pub code: String,
    /// Ward name.
    pub name: String,
    /// District name.
    pub district: String,
}

/// What the person searched is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// The record.
    pub record_id: String,
    /// The reference.
    pub reference: String,
    /// The officer's name and number, or the number alone where identity is protected.
    pub officer: String,
    /// The station.
    pub station: String,
    /// The power's label.
    pub power: String,
    /// The object's label.
    pub object: String,
    /// When the search was.
    #[ts(type = "number")]
    pub searched_at: i64,
    /// The place in the officer's words.
    pub place: String,
    /// Last day on which the record can be asked for, as YYYY-MM-DD.
    pub copy_until: String,
    /// A QR code as a data-free list of rows of 0 and 1, dark is 1. It holds `url`, or words
    /// where there is none.
    pub qr: Vec<String>,
    /// The person's page, which opens once the server has the record.
    pub url: Option<String>,
    /// True if the officer's name is withheld.
    pub identity_protected: bool,
    /// How the copy was given, so far: a code of `copy_given`.
    pub copy: Option<String>,
}

/// What the device knows of where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HereView {
    /// `found`, `none` as long as there is no fix, `refused` where the app may not know.
    pub state: String,
    /// The last fix.
    pub place: Option<PlaceView>,
    /// When it was found.
    #[ts(type = "number | null")]
    pub fix_at: Option<i64>,
}

/// A position fix of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Latitude in 1e-7 degrees.
    #[ts(type = "number")]
    pub lat_e7: i64,
    /// Longitude in 1e-7 degrees.
    #[ts(type = "number")]
    pub lon_e7: i64,
    /// How exact it is, in metres.
    #[ts(type = "number")]
    pub accuracy_m: i64,
}
