//! Records as listed and as read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::capture::LinkedView;
use super::draft::DraftRow;
use super::held::{HeldView, ShareView};
use super::people::PersonView;
use super::review::ReviewPanel;
use super::sending::StatusView;
use super::versions::MadeView;

/// A scalar of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum FieldValue {
    /// Yes or no.
    Bool(bool),
    /// A number: a count, a time in milliseconds, a coordinate in 1e-7 degrees.
    Int(#[ts(type = "number")] i64),
    /// A code or a text.
    Text(String),
}

/// Fields by key; an absent key is a blank.
pub type FieldMap = BTreeMap<String, Option<FieldValue>>;

/// One state with what its words need. The code is a row of the table of states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateView {
    /// `draft`, `saved`, `sending`, `sent`, `parked`, `received`, `received_photos_here`,
    /// `held`, `not_accepted`, `submitted`, `returned`, `approved_here`, `returned_here`,
    /// `escalated_here`, `approved`, `escalated`, `amended`, `answered`, `conflict`, `withdrawn`,
    /// `newer`.
    pub code: String,
    /// When it became so.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// Who made it so.
    pub by: Option<String>,
    /// How many photos it is about.
    pub photos: Option<u32>,
    /// A reason code, for `held` and `not_accepted`.
    pub reason: Option<String>,
}

/// A record in a list. Never holds a name, plate or date of birth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    /// The record's id.
    pub id: String,
    /// `stop_search` or `note`.
    pub kind: String,
    /// The object's label, or the note's first words.
    pub title: String,
    /// For a search: `person`, `vehicle`, `person_and_vehicle`, `unattended_vehicle`.
    pub subject: Option<String>,
    /// The place in the officer's words.
    pub place: Option<String>,
    /// How many photos it names.
    pub photos: u32,
    /// Whose record, where it is not the reader's own.
    pub officer: Option<String>,
    /// When it happened.
    #[ts(type = "number")]
    pub happened_at: i64,
    /// Where the words are.
    pub delivery: StateView,
    /// What the review says.
    pub review: Option<StateView>,
    /// Which of the two a list shows: `delivery` or `review`.
    pub shown: String,
}

/// Something for the officer to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TodoView {
    /// The record it is about.
    pub record_id: String,
    /// `returned`, `conflict`, `held`, `not_accepted`, `confirm`, `begun`.
    pub code: String,
    /// Who asked.
    pub by: Option<String>,
    /// Their words.
    pub text: Option<String>,
    /// Of a return: its reasons, codes and `field:` with the key of a field that is meant.
    pub reasons: Vec<String>,
    /// The record's title.
    pub title: String,
    /// Since when.
    #[ts(type = "number")]
    pub at: i64,
}

/// The home screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HomeView {
    /// The signed-in person.
    pub person: PersonView,
    /// Connection and what waits.
    pub status: StatusView,
    /// Unfinished records, newest first.
    pub drafts: Vec<DraftRow>,
    /// What wants this person.
    pub todo: Vec<TodoView>,
    /// The newest of their own records.
    pub records: Vec<RecordRow>,
    /// What colleagues share with them, the newest.
    pub shared: Vec<RecordRow>,
    /// How many of their own there are in all.
    pub total: u32,
    /// How many records wait for this person's review; 0 for officers.
    pub to_review: u32,
    /// What was removed from this device and is not yet known to have been read.
    pub removed: Vec<RemovedView>,
}

/// Copies of records that were removed from this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovedView {
    /// `author`, `team`, `shared`, `operation`: the access that ended; `erased`: the server
    /// destroyed them.
    pub why: String,
    /// How many.
    pub records: u32,
}

/// The answer to a search on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchView {
    /// Hits, newest first, at most 50.
    pub records: Vec<RecordRow>,
    /// How many records the search looked through.
    pub searched: u32,
    /// The oldest of them.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
}

/// A photo of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhotoView {
    /// The photo's id.
    pub id: String,
    /// SHA-256 of the original, hexadecimal.
    pub sha256: String,
    /// Its caption.
    pub caption: Option<String>,
    /// Bytes of the original.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When it was taken or added.
    #[ts(type = "number")]
    pub taken_at: i64,
    /// `saved`, `sending`, `received`, or `elsewhere` (named by the record, bytes not here).
    pub state: String,
    /// Bytes sent so far, while `sending`.
    #[ts(type = "number")]
    pub sent: u64,
    /// True if a preview can be fetched with `photo_preview`.
    pub preview: bool,
}

/// One value of a field in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OptionView {
    /// The value.
    pub value: Option<FieldValue>,
    /// Who wrote it.
    pub by: Option<String>,
    /// True if that is the reader.
    pub mine: bool,
    /// True if it was written on this device.
    pub here: bool,
    /// When, by the writing device.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
}

/// A field with several concurrent values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// The field.
    pub field: String,
    /// Its values, in no order of merit.
    pub options: Vec<OptionView>,
}

/// Something added after submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddendumView {
    /// Its id.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Who added it.
    pub by: String,
    /// When, by the writing device.
    #[ts(type = "number")]
    pub at: i64,
    /// When what it tells of happened, where that is another time.
    #[ts(type = "number | null")]
    pub happened_at: Option<i64>,
    /// What it puts right: a field's key or the id of an addendum, shown struck through.
    pub corrects: Option<String>,
    /// The words there that no longer hold; all of them if none are given.
    pub quote: Option<String>,
}

/// One line of a record's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// `written`, `changed`, `added`, `submitted`, `received`, `approved`, `returned`,
    /// `escalated`, `withdrawn`, `held`, `not_accepted`, `shared`, `unshared`, `moved`,
    /// `log_number`, `released`, `upheld`.
    pub code: String,
    /// Who.
    pub by: Option<String>,
    /// When, by the device that did it.
    #[ts(type = "number")]
    pub device_time: i64,
    /// When the server received it, if it has.
    #[ts(type = "number | null")]
    pub server_time: Option<i64>,
    /// On which device: the first characters of its name; none for what the server itself says.
    pub device: Option<String>,
    /// True if that is this device.
    pub here: bool,
    /// The version that it made, if it made one.
    pub version: Option<u32>,
    /// The words that belong to it.
    pub text: Option<String>,
    /// Reasons of a return: codes, and `field:` with the key of a field that is meant.
    pub reasons: Vec<String>,
    /// True once the server has accepted it.
    pub accepted: bool,
}

/// A record being read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    /// The list row of it.
    pub row: RecordRow,
    /// The reference.
    pub reference: String,
    /// The author.
    pub officer: String,
    /// True if the reader wrote it.
    pub own: bool,
    /// Its fields, labels of codes beside them in `labels`.
    pub fields: FieldMap,
    /// What officers read for each coded field.
    pub labels: BTreeMap<String, String>,
    /// Ward and district of the place.
    pub ward: Option<String>,
    /// Photos it names.
    pub photos: Vec<PhotoView>,
    /// The grid reference of the place.
    pub grid: Option<String>,
    /// The other records and drafts of the same encounter.
    pub encounter: Vec<LinkedView>,
    /// Notes that name this record.
    pub notes: Vec<LinkedView>,
    /// Added after submission.
    pub addenda: Vec<AddendumView>,
    /// Fields with several concurrent values.
    pub conflicts: Vec<ConflictView>,
    /// Its history, oldest first.
    pub timeline: Vec<TimelineView>,
    /// Which version this is.
    pub version: u32,
    /// The heads shown, which a review of this screen is bound to.
    pub heads: Vec<String>,
    /// True if the reader may add to it.
    pub can_add: bool,
    /// True if the reader may withdraw it.
    pub can_withdraw: bool,
    /// True if the reader may share it with a colleague.
    pub can_share: bool,
    /// True if it was shared before it was submitted, and waits for `submit_record`.
    pub can_submit: bool,
    /// The colleagues with whom its author shares it.
    pub shared: Vec<ShareView>,
    /// Words of the reader's own that the server keeps out.
    pub held: Option<HeldView>,
    /// What the reader has begun to write below it and not signed, by form: `edit`, `add`,
    /// `choose`, `withdraw`, `approve`, `return`, `escalate`.
    pub begun: BTreeMap<String, FieldMap>,
    /// Its versions, the first written first.
    pub versions: Vec<MadeView>,
    /// True if something of it is only on this device.
    pub unsent: bool,
    /// Present for a reader who reviews.
    pub review: Option<ReviewPanel>,
    /// True for another's record: reading it is logged.
    pub logged: bool,
}
