//! The plain rows that lists, search and map read. A projection is derived from a document and
//! can be derived again at any time; nothing else is ever computed from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::area::{AreaRef, Areas};
use crate::codes::{CodeLists, names};
use crate::doc::Content;
use crate::hash::BlobHash;
use crate::ids::PhotoId;
use crate::record::{Fields, Kind, Scalar, age_band, field, value_label};
use crate::time::UnixMs;

/// What a list points out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Others should take care.
    pub officer_safety: bool,
    /// Somebody was arrested.
    pub arrest: bool,
    /// A weapon was found.
    pub weapon_found: bool,
    /// The person is a child.
    pub under_18: bool,
    /// More than outer clothing was removed.
    pub more_than_outer: bool,
    /// Force was used.
    pub force_used: bool,
    /// A search without video.
    pub no_video: bool,
}

/// Longest first line of a note that a list shows, in characters.
const LINE_CHARS: usize = 80;

/// One record as a row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// What is recorded.
    pub kind: Kind,
    /// The reference that the person was given.
    pub reference: Option<String>,
    /// The code of the title: object of a search, category of a note.
    pub title_code: Option<String>,
    /// What a row is headed with.
    pub title: String,
    /// A note's first words, which its author's colleagues see in place of the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Person, vehicle or both.
    pub subject: Option<String>,
    /// When it happened.
    pub happened_at: Option<UnixMs>,
    /// When recording began.
    pub started_at: Option<UnixMs>,
    /// When recording was done.
    pub completed_at: Option<UnixMs>,
    /// Where, in words.
    pub place_text: Option<String>,
    /// Latitude in 1e-7 degrees.
    pub lat_e7: Option<i64>,
    /// Longitude in 1e-7 degrees.
    pub lon_e7: Option<i64>,
    /// Accuracy in metres.
    pub accuracy_m: Option<i64>,
    /// What was looked for.
    pub object: Option<String>,
    /// The power.
    pub power: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// The control room's log number.
    pub incident_log: Option<String>,
    /// The named operation.
    pub operation: Option<String>,
    /// The ward, if the place lies in one.
    pub ward: Option<AreaRef>,
    /// What a list points out.
    pub flags: Flags,
    /// Photos: id, hash of the original, bytes.
    pub photos: Vec<(PhotoId, BlobHash, u64)>,
    /// Whether somebody has to choose between values.
    pub conflict: bool,
    /// All words that a search should find.
    pub search_text: String,
}

/// What a list and a search need of a record that is not opened yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// What is recorded.
    pub kind: Kind,
    /// What a row is headed with.
    pub title: String,
    /// A note's first words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Person, vehicle or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_text: Option<String>,
    /// When it happened, or recording was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<UnixMs>,
    /// What a list points out.
    pub flags: Flags,
    /// How many photos it names.
    pub photos: u32,
    /// Whether somebody has to choose between values.
    pub conflict: bool,
    /// All words that a search should find.
    pub search_text: String,
}

impl From<Projection> for Summary {
    fn from(row: Projection) -> Self {
        Self {
            kind: row.kind,
            title: row.title,
            line: row.line,
            subject: row.subject,
            place_text: row.place_text,
            at: row.happened_at.or(row.completed_at),
            flags: row.flags,
            photos: u32::try_from(row.photos.len()).unwrap_or(u32::MAX),
            conflict: row.conflict,
            search_text: row.search_text,
        }
    }
}

/// Prints no content.
impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Summary")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Prints no content: words and place are about a person.
impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Projection")
            .field("kind", &self.kind)
            .field("reference", &self.reference)
            .field("photos", &self.photos.len())
            .field("conflict", &self.conflict)
            .finish_non_exhaustive()
    }
}

/// Derives the row of a record. The same content, lists and areas give the same row.
pub fn project(content: &Content, lists: &CodeLists, areas: Option<&Areas>) -> Projection {
    let fields = &content.fields;
    let text = |key| fields.get_text(key).map(str::to_owned);
    let (lat_e7, lon_e7) = match (
        fields.get_int(field::PLACE_LAT_E7),
        fields.get_int(field::PLACE_LON_E7),
    ) {
        (Some(lat), Some(lon)) => (Some(lat), Some(lon)),
        _ => (None, None),
    };
    let ward = areas
        .zip(lat_e7.zip(lon_e7))
        .and_then(|(areas, (lat, lon))| areas.at_e7(lat, lon));
    let (title_code, title, happened_at) = match content.kind {
        Kind::StopSearch => {
            let code = text(field::OBJECT);
            let title = code
                .as_deref()
                .map(|it| lists.label(names::OBJECTS, it).to_owned());
            (
                code,
                title.unwrap_or_else(|| "Stop and search".into()),
                field::SEARCHED_AT,
            )
        }
        Kind::Note => {
            let code = text(field::CATEGORY);
            let title = code
                .as_deref()
                .map(|it| lists.label(names::NOTE_CATEGORIES, it).to_owned());
            (
                code,
                title.unwrap_or_else(|| "Note".into()),
                field::HAPPENED_AT,
            )
        }
    };
    Projection {
        kind: content.kind,
        reference: text(field::REFERENCE),
        title_code,
        title,
        line: line(content),
        subject: text(field::SUBJECT),
        happened_at: fields
            .get_time(happened_at)
            .or_else(|| fields.get_time(field::STARTED_AT)),
        started_at: fields.get_time(field::STARTED_AT),
        completed_at: fields.get_time(field::COMPLETED_AT),
        place_text: text(field::PLACE_TEXT),
        lat_e7,
        lon_e7,
        accuracy_m: fields.get_int(field::PLACE_ACCURACY_M),
        object: text(field::OBJECT),
        power: text(field::POWER),
        outcome: text(field::OUTCOME),
        incident_log: text(field::INCIDENT_LOG),
        operation: text(field::OPERATION),
        ward: ward.cloned(),
        flags: flags(content.kind, fields),
        photos: content
            .photos
            .iter()
            .map(|(id, it)| (*id, it.sha256, it.bytes))
            .collect(),
        conflict: !content.conflicts.is_empty(),
        search_text: search_text(content, lists, ward),
    }
}

fn line(content: &Content) -> Option<String> {
    let text = match content.kind {
        Kind::StopSearch => None,
        Kind::Note => content.fields.get_text(field::TEXT),
    };
    let line = text?.trim().lines().next()?;
    Some(line.chars().take(LINE_CHARS).collect())
}

fn flags(kind: Kind, fields: &Fields) -> Flags {
    let yes = |key| fields.get_bool(key) == Some(true);
    Flags {
        officer_safety: yes(field::OFFICER_SAFETY),
        arrest: fields.get_text(field::OUTCOME) == Some("arrest"),
        weapon_found: yes(field::WEAPON_FOUND),
        under_18: age_band(fields).is_some_and(|it| it.is_under_18()),
        more_than_outer: matches!(fields.get_text(field::EXTENT), Some("mts" | "eip")),
        force_used: yes(field::FORCE_USED),
        no_video: kind == Kind::StopSearch && fields.get_text(field::VIDEO).is_none(),
    }
}

/// Every text, the labels of every code, and a plate without its spaces too. What two people
/// wrote while apart is found by the words of both.
fn search_text(content: &Content, lists: &CodeLists, ward: Option<&AreaRef>) -> String {
    let mut words: Vec<String> = Vec::new();
    let conflicting = content.conflicts.iter().flat_map(|(key, values)| {
        values
            .iter()
            .filter_map(move |it| Some((key.as_str(), it.value.as_ref()?)))
    });
    for (key, value) in content.fields.iter().chain(conflicting) {
        let Scalar::Text(text) = value else { continue };
        // Identifiers of officers are not words that people type. Those of encounters and of
        // records that a note names are how the ones that belong together are found.
        if matches!(
            key,
            field::SEARCHED_BY | field::RECORDED_BY | field::RECEIPT_HASH
        ) {
            continue;
        }
        if key == field::VEHICLE_PLATE {
            words.push(text.split_whitespace().collect());
        }
        words.push(value_label(content.kind, key, value, lists).unwrap_or_else(|| text.clone()));
    }
    words.extend(content.photos.values().filter_map(|it| it.caption.clone()));
    words.extend(content.addenda.iter().map(|it| it.text.clone()));
    if let Some(ward) = ward {
        words.push(ward.name.clone());
        words.extend(ward.district.clone());
    }
    words.dedup();
    words.join("\n")
}

#[cfg(test)]
mod tests;
