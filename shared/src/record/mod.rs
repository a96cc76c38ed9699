//! What officers record, as plain values: a stop and search or an incident note.
//!
//! A record holds fields, each a key and a [`Scalar`]; a blank is an absent key. The
//! [`catalogue`] says which keys there are. [`problems`] are the hard stops of the law and of
//! the format, [`advice`] only points at words. Nothing here stores, sends or reads a clock.

mod advice;
mod age;
mod asks;
mod catalogue;
mod check;
mod day;
mod fields;
mod phrases;
mod receipt;
mod reference;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use advice::{Advice, AdviceCode, AdviceContext, LATE_AFTER_MS, advice, cover};
pub use age::{AgeBand, age_band};
pub use asks::{Basis, asks, basis, is_further};
pub use catalogue::{FieldDef, FieldType, Merge, catalogue, field_def, value_label};
pub use check::{Problem, ProblemCode, is_vehicle_only, problems, required};
pub use day::{copy_can_be_asked_for, copy_until, london, month, search_day};
pub use fields::{Fields, Scalar, field};
pub use receipt::ReceiptSecret;
pub use reference::{BadReference, Reference, WEST_MIDLANDS};

/// Most characters of a text field.
pub const TEXT_CHARS: usize = 10_000;

/// Most characters of a note's text: each is an operation, and one change may have 20,000 with
/// those of the other fields.
pub const NOTE_TEXT_CHARS: usize = 19_900;

/// Most photos of a record.
pub const PHOTOS: usize = 50;

/// Most addenda of a record.
pub const ADDENDA: usize = 200;

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A stop and search.
    StopSearch,
    /// An incident note.
    Note,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::StopSearch, Self::Note];

    /// Its name in documents, messages and stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StopSearch => "stop_search",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of record")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|it| it.as_str() == text)
            .ok_or(UnknownKind)
    }
}
