//! Fields of a record: keys and scalar values.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One value. What it says is about a person, so [`fmt::Debug`] prints its type only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Yes or no.
    Bool(bool),
    /// A whole number: a count, a time in milliseconds, a coordinate in 1e-7 degrees.
    Int(i64),
    /// A text or a code.
    Text(String),
}

impl Scalar {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(it) => Some(it),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(it) => Some(*it),
            _ => None,
        }
    }

    /// The answer, if it is yes or no.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(it) => Some(*it),
            _ => None,
        }
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool(_) => "Bool(…)",
            Self::Int(_) => "Int(…)",
            Self::Text(_) => "Text(…)",
        })
    }
}

impl From<bool> for Scalar {
    fn from(it: bool) -> Self {
        Self::Bool(it)
    }
}

impl From<i32> for Scalar {
    fn from(it: i32) -> Self {
        Self::Int(it.into())
    }
}

impl From<i64> for Scalar {
    fn from(it: i64) -> Self {
        Self::Int(it)
    }
}

impl From<crate::time::UnixMs> for Scalar {
    fn from(it: crate::time::UnixMs) -> Self {
        Self::Int(it.0)
    }
}

impl From<crate::ids::OfficerId> for Scalar {
    fn from(it: crate::ids::OfficerId) -> Self {
        Self::Text(it.to_string())
    }
}

impl From<&str> for Scalar {
    fn from(it: &str) -> Self {
        Self::Text(it.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

/// The fields of a record. A blank is an absent key.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, Scalar>);

impl Fields {
    /// No fields.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// A value.
    pub fn get(&self, key: &str) -> Option<&Scalar> {
        self.0.get(key)
    }

    /// A text that is more than blanks.
    pub fn get_text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text().filter(|it| !it.trim().is_empty())
    }

    /// A number.
    pub fn get_int(&self, key: &str) -> Option<i64> {
        self.get(key)?.as_int()
    }

    /// Yes or no.
    pub fn get_bool(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// A time.
    pub fn get_time(&self, key: &str) -> Option<crate::time::UnixMs> {
        self.get_int(key).map(crate::time::UnixMs)
    }

    /// Sets a value.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Scalar>) {
        self.0.insert(key.into(), value.into());
    }

    /// Makes a field blank and gives back what was there.
    pub fn remove(&mut self, key: &str) -> Option<Scalar> {
        self.0.remove(key)
    }

    /// All fields, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Scalar)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Prints keys only: the values are about a person.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fields")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<K: Into<String>, V: Into<Scalar>> FromIterator<(K, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl IntoIterator for Fields {
    type Item = (String, Scalar);
    type IntoIter = std::collections::btree_map::IntoIter<String, Scalar>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The keys. They are names in stored documents, so none is ever given another meaning.
pub mod field {
    macro_rules! keys {
        ($($name:ident = $key:literal, $doc:literal;)*) => {
            $(#[doc = $doc] pub const $name: &str = $key;)*
        };
    }

    keys! {
        REFERENCE = "reference", "The unique reference given to the person at once.";
        ENCOUNTER = "encounter", "The encounter; searches of one encounter share it.";
        SEARCHED_AT = "searched_at", "Date and time of the search (PACE s.3).";
        STARTED_AT = "started_at", "When recording began.";
        COMPLETED_AT = "completed_at", "When recording was done.";
        NOT_ON_SPOT_REASON = "not_on_spot_reason", "Why not recorded on the spot (Code A 4.1).";
        SUBJECT = "subject", "Person, vehicle, both, or unattended vehicle.";
        PLACE_TEXT = "place_text", "The place in the officer's words.";
        PLACE_LAT_E7 = "place_lat_e7", "Latitude in 1e-7 degrees.";
        PLACE_LON_E7 = "place_lon_e7", "Longitude in 1e-7 degrees.";
        PLACE_ACCURACY_M = "place_accuracy_m", "Accuracy of the coordinates in metres.";
        PLACE_SOURCE = "place_source", "Where the coordinates come from.";
        PLACE_FIX_AT = "place_fix_at", "When the device found the coordinates.";
        PLACE_LATER = "place_later", "The place as put right later, beside the officer's words.";
        OBJECT = "object", "What was looked for.";
        POWER = "power", "The legal power.";
        AUTHORISATION = "authorisation", "The authorisation or order, for powers without suspicion.";
        AUTHORISATION_CHECK = "authorisation_check", "Whether it covered this place and time.";
        FACE_COVERING = "face_covering_removed", "Whether a face covering was removed (s.60AA).";
        GROUNDS = "grounds", "The grounds, briefly but informatively (Code A 4.6).";
        GOWISELY = "gowisely", "The letters that were said, GOWISELY for all.";
        GOWISELY_TIMES = "gowisely_times", "When each letter was said first.";
        GOWISELY_AT = "gowisely_at", "When they were said.";
        SEX = "sex", "Sex.";
        PERCEIVED_SEX = "perceived_sex", "The officer's own view of the sex.";
        AGE_BAND = "age_band", "Band of age, as it appears.";
        AGE = "age", "Stated or apparent age in years.";
        AGE_BASIS = "age_basis", "How the age is known.";
        BIRTH_DATE = "birth_date", "Date of birth; need not be given.";
        SELF_ETHNICITY = "self_ethnicity", "Self-defined ethnicity, NS for not stated.";
        ETHNICITY_REASON = "ethnicity_reason", "Why it was not stated.";
        OFFICER_ETHNICITY = "officer_ethnicity", "The officer's own view.";
        NAME = "name", "Name; need not be given.";
        ADDRESS = "address", "Address; need not be given.";
        DESCRIPTION = "description", "Description of the person.";
        VEHICLE_PLATE = "vehicle_plate", "Registration of the vehicle.";
        VEHICLE_DESCRIPTION = "vehicle_description", "Description of the vehicle.";
        NOTICE = "notice", "The notice left with an unattended vehicle (PACE s.2(6)).";
        NOTICE_REASON = "notice_reason", "Why none was left, or not inside.";
        LEFT_SECURE = "left_secure", "Whether the vehicle was left secure.";
        DAMAGE = "damage", "Injury or damage caused.";
        EXTENT = "extent", "How much clothing was removed.";
        EXTENT_REASON = "extent_reason", "Why the search went further than outer clothing.";
        EXTENT_PLACE = "extent_place", "Where a search beyond outer clothing was made.";
        EXTENT_OFFICER_SEX = "extent_officer_sex", "Sex of the officer who made it.";
        EXTENT_OPPOSITE_SEX = "extent_opposite_sex", "Whether somebody of the other sex was there.";
        EXTENT_HEADGEAR_ONLY = "extent_headgear_only", "Whether it was headgear or footwear alone.";
        EXTENT_SUPERVISOR = "extent_supervisor", "The supervisor who was asked.";
        APPROPRIATE_ADULT = "appropriate_adult", "Whether an appropriate adult was there.";
        ADULT_REASON = "appropriate_adult_reason", "Why no appropriate adult was there.";
        FOUND = "found", "Whether something was found.";
        FOUND_WHAT = "found_what", "What was found.";
        EXHIBIT = "exhibit", "Exhibit marks and seals.";
        WEAPON_FOUND = "weapon_found", "Whether a weapon was found.";
        OUTCOME = "outcome", "What came of the search.";
        OUTCOME_LINKED = "outcome_linked", "Whether the outcome has to do with the object.";
        FORCE_USED = "force_used", "Whether force was used.";
        HANDCUFFS = "handcuffs", "Handcuffs.";
        FORCE_REFERENCE = "force_reference", "The use of force form.";
        VIDEO = "video", "Clip or camera.";
        VIDEO_REASON = "video_reason", "Why there is no video.";
        COPY = "copy", "How the copy was given (Code A 4.2).";
        COPY_REASON = "copy_reason", "Why it was not given.";
        RECEIPT_HASH = "receipt_hash", "SHA-256 of the secret on the person's receipt.";
        OFFICER_SAFETY = "officer_safety", "Whether others should take care.";
        OFFICER_SAFETY_TEXT = "officer_safety_text", "Of what they should take care.";
        IDENTITY_PROTECTED = "identity_protected", "Names withheld (Code A 4.4).";
        IDENTITY_REASON = "identity_reason", "Why names are withheld.";
        CUSTODY_REFERENCE = "custody_reference", "The custody record.";
        CRIME_REFERENCE = "crime_reference", "The crime.";
        INCIDENT_LOG = "incident_log", "The control room's log number.";
        OPERATION = "operation", "The named operation.";
        SEARCHED_BY = "searched_by", "The officer who searched.";
        SEARCHED_BY_LABEL = "searched_by_label", "That officer's rank, number and name.";
        RECORDED_BY = "recorded_by", "The officer who made the record.";
        RECORDED_BY_LABEL = "recorded_by_label", "That officer's rank, number and name.";
        OFFICERS_PRESENT = "officers_present", "Other officers who were there.";
        STATION = "station", "The station.";
        CATEGORY = "category", "Kind of note.";
        TEXT = "text", "The text of a note.";
        HAPPENED_AT = "happened_at", "When it happened.";
        LINKED_RECORD = "linked_record", "The record a note belongs to.";
        LINKED_RECORDS = "linked_records", "References of the records a note speaks of.";
        PEOPLE = "people", "People a note speaks of.";
        VEHICLES = "vehicles", "Vehicles a note speaks of.";
    }
}
