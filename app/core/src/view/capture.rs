//! Places, authorisations, encounters, entries of notes, and what a search is asked for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::draft::{AreaView, PlaceView};

/// Another record or draft that belongs with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkedView {
    /// Its id.
    pub id: String,
    /// True if it is still a draft.
    pub draft: bool,
    /// `stop_search` or `note`.
    pub kind: String,
    /// What it is headed with; blank if nothing says yet.
    pub title: String,
    /// For a search: what was searched.
    pub subject: Option<String>,
    /// When it happened, or was begun.
    #[ts(type = "number")]
    pub at: i64,
}

/// Coordinates for a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceInput {
    /// A code of `place_sources`: `gps`, `pin`, `grid` or `again`.
    pub source: String,
    /// Latitude in 1e-7 degrees, unless `grid` says where.
    #[ts(type = "number | null")]
    pub lat_e7: Option<i64>,
    /// Longitude in 1e-7 degrees.
    #[ts(type = "number | null")]
    pub lon_e7: Option<i64>,
    /// How exact it is, in metres.
    #[ts(type = "number | null")]
    pub accuracy_m: Option<i64>,
    /// A grid reference as typed.
    pub grid: Option<String>,
    /// When the device found it; now, if that is not known.
    #[ts(type = "number | null")]
    pub fix_at: Option<i64>,
    /// True for a fix that nobody asked for: it gives way to coordinates that are there.
    pub late: bool,
}

/// What is known of a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhereView {
    /// Its grid reference.
    pub grid: Option<String>,
    /// Its ward and district.
    pub ward: Option<AreaView>,
}

/// A place of one of one's own last records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecentPlaceView {
    /// The officer's words for it.
    pub text: String,
    /// Its coordinates, if it had any.
    pub place: Option<PlaceView>,
    /// When it was last used.
    #[ts(type = "number")]
    pub at: i64,
}

/// An authorisation that the device knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuthorisationView {
    /// The force's reference, which the record's field `authorisation` holds.
    pub reference: String,
    /// The power.
    pub power: String,
    /// The power's label.
    pub power_label: String,
    /// Where, in words.
    pub locality: String,
    /// From when.
    #[ts(type = "number")]
    pub from: i64,
    /// Until when, that moment excluded; extensions included.
    #[ts(type = "number")]
    pub until: i64,
    /// The rank of who gave it, in words.
    pub rank: String,
    /// Who gave it.
    pub by: Option<String>,
    /// The named operation.
    pub operation: Option<String>,
    /// How this place and the present stand to it: a code of `authorisation_checks`.
    pub cover: String,
}

/// An entry that is added to a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EntryInput {
    /// The record.
    pub record_id: String,
    /// The words.
    pub text: String,
    /// When what they tell of happened, where that is another time.
    #[ts(type = "number | null")]
    pub happened_at: Option<i64>,
    /// What they put right: a field's key, such as `text`, or the id of an addendum.
    pub corrects: Option<String>,
    /// The words there that no longer hold; all of them if none are given.
    pub quote: Option<String>,
}

/// What is looked for on the device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindInput {
    /// The beginnings of words.
    pub text: String,
    /// One's own alone.
    pub own: bool,
    /// `stop_search` or `note`.
    pub kind: Option<String>,
    /// A code of `subjects`.
    pub subject: Option<String>,
    /// A state of delivery or of review, as rows have them.
    pub state: Option<String>,
    /// Happened at this time or later.
    #[ts(type = "number | null")]
    pub from: Option<i64>,
    /// Happened before this time.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}
