//! Which fields there are, of which type, and how concurrent values of them meet.

use std::sync::LazyLock;

use super::field::*;
use super::{Kind, NOTE_TEXT_CHARS, Scalar, TEXT_CHARS};
use crate::codes::{CodeLists, names};

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Text of at most so many characters.
    Text {
        /// Most characters.
        cap: usize,
    },
    /// A code of this list.
    Code(&'static str),
    /// Milliseconds since 1970 UTC.
    Time,
    /// A whole number, bounds included.
    Int {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// Yes or no.
    Bool,
    /// A day, YYYY-MM-DD.
    Date,
    /// Latitude in 1e-7 degrees.
    CoordLat,
    /// Longitude in 1e-7 degrees.
    CoordLon,
    /// An officer's identifier in hexadecimal.
    Officer,
}

impl FieldType {
    /// Whether a value has the right type. What it says is another matter.
    pub const fn takes(&self, value: &Scalar) -> bool {
        match self {
            Self::Text { .. } | Self::Code(_) | Self::Date | Self::Officer => {
                matches!(value, Scalar::Text(_))
            }
            Self::Time | Self::Int { .. } | Self::CoordLat | Self::CoordLon => {
                matches!(value, Scalar::Int(_))
            }
            Self::Bool => matches!(value, Scalar::Bool(_)),
        }
    }
}

/// How concurrent changes of a field meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// Both values stay and a person picks.
    Scalar,
    /// Both people's edits go into one text.
    Text,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct FieldDef {
    /// Its key.
    pub key: &'static str,
    /// The kinds of record that have it.
    pub kinds: &'static [Kind],
    /// What it holds.
    pub ty: FieldType,
    /// How concurrent changes meet.
    pub merge: Merge,
}

const SEARCH: &[Kind] = &[Kind::StopSearch];
const NOTE: &[Kind] = &[Kind::Note];
const BOTH: &[Kind] = &[Kind::StopSearch, Kind::Note];
/// Long text.
const LONG: FieldType = FieldType::Text { cap: TEXT_CHARS };
/// A line: a place, a name, a label.
const LINE: FieldType = FieldType::Text { cap: 500 };
/// A reference number.
const SHORT: FieldType = FieldType::Text { cap: 100 };

const fn def(key: &'static str, kinds: &'static [Kind], ty: FieldType) -> FieldDef {
    FieldDef {
        key,
        kinds,
        ty,
        merge: Merge::Scalar,
    }
}

const fn code(key: &'static str, kinds: &'static [Kind], list: &'static str) -> FieldDef {
    def(key, kinds, FieldType::Code(list))
}

const ALL: &[FieldDef] = &[
    def(REFERENCE, BOTH, SHORT),
    def(ENCOUNTER, SEARCH, SHORT),
    def(SEARCHED_AT, SEARCH, FieldType::Time),
    def(STARTED_AT, BOTH, FieldType::Time),
    def(COMPLETED_AT, BOTH, FieldType::Time),
    def(NOT_ON_SPOT_REASON, SEARCH, LINE),
    code(SUBJECT, SEARCH, names::SUBJECTS),
    def(PLACE_TEXT, BOTH, LINE),
    def(PLACE_LAT_E7, BOTH, FieldType::CoordLat),
    def(PLACE_LON_E7, BOTH, FieldType::CoordLon),
    def(
        PLACE_ACCURACY_M,
        BOTH,
        FieldType::Int {
            min: 0,
            max: 1_000_000,
        },
    ),
    code(PLACE_SOURCE, BOTH, names::PLACE_SOURCES),
    def(PLACE_FIX_AT, BOTH, FieldType::Time),
    def(PLACE_LATER, BOTH, LINE),
    code(OBJECT, SEARCH, names::OBJECTS),
    code(POWER, SEARCH, names::POWERS),
    def(AUTHORISATION, SEARCH, LINE),
    code(AUTHORISATION_CHECK, SEARCH, names::AUTHORISATION_CHECKS),
    def(FACE_COVERING, SEARCH, FieldType::Bool),
    def(GROUNDS, SEARCH, LONG),
    def(GOWISELY, SEARCH, SHORT),
    def(GOWISELY_TIMES, SEARCH, LINE),
    def(GOWISELY_AT, SEARCH, FieldType::Time),
    code(SEX, SEARCH, names::SEXES),
    code(PERCEIVED_SEX, SEARCH, names::SEXES),
    code(AGE_BAND, SEARCH, names::AGE_BANDS),
    def(AGE, SEARCH, FieldType::Int { min: 0, max: 130 }),
    code(AGE_BASIS, SEARCH, names::AGE_BASES),
    def(BIRTH_DATE, SEARCH, FieldType::Date),
    code(SELF_ETHNICITY, SEARCH, names::SELF_ETHNICITIES),
    code(ETHNICITY_REASON, SEARCH, names::ETHNICITY_REASONS),
    code(OFFICER_ETHNICITY, SEARCH, names::OFFICER_ETHNICITIES),
    def(NAME, SEARCH, LINE),
    def(ADDRESS, SEARCH, LINE),
    def(DESCRIPTION, SEARCH, LONG),
    def(VEHICLE_PLATE, SEARCH, SHORT),
    def(VEHICLE_DESCRIPTION, SEARCH, LINE),
    code(NOTICE, SEARCH, names::NOTICES),
    def(NOTICE_REASON, SEARCH, LINE),
    def(LEFT_SECURE, SEARCH, FieldType::Bool),
    def(DAMAGE, SEARCH, LINE),
    code(EXTENT, SEARCH, names::EXTENTS),
    def(EXTENT_REASON, SEARCH, LINE),
    code(EXTENT_PLACE, SEARCH, names::EXTENT_PLACES),
    code(EXTENT_OFFICER_SEX, SEARCH, names::SEXES),
    def(EXTENT_OPPOSITE_SEX, SEARCH, FieldType::Bool),
    def(EXTENT_HEADGEAR_ONLY, SEARCH, FieldType::Bool),
    def(EXTENT_SUPERVISOR, SEARCH, LINE),
    def(APPROPRIATE_ADULT, SEARCH, FieldType::Bool),
    def(ADULT_REASON, SEARCH, LINE),
    code(FOUND, SEARCH, names::FOUND),
    def(FOUND_WHAT, SEARCH, LONG),
    def(EXHIBIT, SEARCH, LINE),
    def(WEAPON_FOUND, SEARCH, FieldType::Bool),
    code(OUTCOME, SEARCH, names::OUTCOMES),
    def(OUTCOME_LINKED, SEARCH, FieldType::Bool),
    def(FORCE_USED, SEARCH, FieldType::Bool),
    code(HANDCUFFS, SEARCH, names::HANDCUFFS),
    def(FORCE_REFERENCE, SEARCH, SHORT),
    def(VIDEO, SEARCH, SHORT),
    code(VIDEO_REASON, SEARCH, names::VIDEO_REASONS),
    code(COPY, SEARCH, names::COPY_GIVEN),
    def(COPY_REASON, SEARCH, LINE),
    def(RECEIPT_HASH, SEARCH, SHORT),
    def(OFFICER_SAFETY, BOTH, FieldType::Bool),
    def(OFFICER_SAFETY_TEXT, BOTH, LINE),
    def(IDENTITY_PROTECTED, SEARCH, FieldType::Bool),
    code(IDENTITY_REASON, SEARCH, names::IDENTITY_REASONS),
    def(CUSTODY_REFERENCE, SEARCH, SHORT),
    def(CRIME_REFERENCE, SEARCH, SHORT),
    def(INCIDENT_LOG, BOTH, SHORT),
    def(OPERATION, BOTH, SHORT),
    def(SEARCHED_BY, SEARCH, FieldType::Officer),
    def(SEARCHED_BY_LABEL, SEARCH, LINE),
    def(RECORDED_BY, BOTH, FieldType::Officer),
    def(RECORDED_BY_LABEL, BOTH, LINE),
    def(OFFICERS_PRESENT, BOTH, LINE),
    def(STATION, BOTH, SHORT),
    code(CATEGORY, NOTE, names::NOTE_CATEGORIES),
    FieldDef {
        key: TEXT,
        kinds: NOTE,
        ty: FieldType::Text {
            cap: NOTE_TEXT_CHARS,
        },
        merge: Merge::Text,
    },
    def(HAPPENED_AT, NOTE, FieldType::Time),
    def(LINKED_RECORD, NOTE, SHORT),
    def(LINKED_RECORDS, NOTE, LINE),
    def(PEOPLE, NOTE, LONG),
    def(VEHICLES, NOTE, LINE),
];

/// The fields of a kind of record.
pub fn catalogue(kind: Kind) -> &'static [FieldDef] {
    static BY_KIND: LazyLock<[Vec<FieldDef>; 2]> = LazyLock::new(|| {
        Kind::ALL.map(|kind| {
            ALL.iter()
                .filter(|it| it.kinds.contains(&kind))
                .copied()
                .collect()
        })
    });
    match kind {
        Kind::StopSearch => &BY_KIND[0],
        Kind::Note => &BY_KIND[1],
    }
}

/// One field of a kind of record.
pub fn field_def(kind: Kind, key: &str) -> Option<&'static FieldDef> {
    catalogue(kind).iter().find(|it| it.key == key)
}

/// What people read for a coded value; nothing for fields that are not coded.
pub fn value_label(kind: Kind, key: &str, value: &Scalar, lists: &CodeLists) -> Option<String> {
    match field_def(kind, key)?.ty {
        FieldType::Code(list) => value
            .as_text()
            .map(|code| lists.label(list, code).to_owned()),
        _ => None,
    }
}
