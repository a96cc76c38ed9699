//! Searches as data.police.uk publishes them: one CSV file a force and month, 15 columns, CRLF.
//!
//! A [`Row`] keeps the text of every column as it was published, so a file that is read and
//! written again is the same to the byte: blank stays different from False, old vocabulary
//! from new, and equal rows stay two, since anonymity makes people who were searched together
//! look alike. What the texts mean is asked of the code lists when it is needed.

mod read;
mod sample;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use crate::codes::{Code, CodeLists, names};
use crate::record::month;
use crate::time::UnixMs;

pub use read::{LineError, LineReason, Reader, read};
pub use sample::{sample, sample_areas};
pub use write::{file_name, write};

/// The columns, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Person, vehicle or both.
    Type,
    /// When, in UTC.
    Date,
    /// Whether it was part of an operation.
    PartOfOperation,
    /// The operation.
    Operation,
    /// Latitude of a nearby map point.
    Latitude,
    /// Longitude of a nearby map point.
    Longitude,
    /// Sex.
    Gender,
    /// Band of age.
    AgeRange,
    /// Ethnicity as the person says.
    SelfEthnicity,
    /// Ethnicity as the officer sees it.
    OfficerEthnicity,
    /// The power.
    Legislation,
    /// What was looked for.
    Object,
    /// What came of it.
    Outcome,
    /// Whether that has to do with the object.
    OutcomeLinked,
    /// Whether more than outer clothing was removed.
    MoreThanOuter,
}

impl Column {
    /// All, in their order.
    pub const ALL: [Self; 15] = [
        Self::Type,
        Self::Date,
        Self::PartOfOperation,
        Self::Operation,
        Self::Latitude,
        Self::Longitude,
        Self::Gender,
        Self::AgeRange,
        Self::SelfEthnicity,
        Self::OfficerEthnicity,
        Self::Legislation,
        Self::Object,
        Self::Outcome,
        Self::OutcomeLinked,
        Self::MoreThanOuter,
    ];

    /// Its heading in the files.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Type => "Type",
            Self::Date => "Date",
            Self::PartOfOperation => "Part of a policing operation",
            Self::Operation => "Policing operation",
            Self::Latitude => "Latitude",
            Self::Longitude => "Longitude",
            Self::Gender => "Gender",
            Self::AgeRange => "Age range",
            Self::SelfEthnicity => "Self-defined ethnicity",
            Self::OfficerEthnicity => "Officer-defined ethnicity",
            Self::Legislation => "Legislation",
            Self::Object => "Object of search",
            Self::Outcome => "Outcome",
            Self::OutcomeLinked => "Outcome linked to object of search",
            Self::MoreThanOuter => "Removal of more than just outer clothing",
        }
    }

    /// The code list whose published texts it holds.
    pub const fn list(self) -> Option<&'static str> {
        match self {
            Self::Type => Some(names::SUBJECTS),
            Self::Gender => Some(names::SEXES),
            Self::AgeRange => Some(names::AGE_BANDS),
            Self::SelfEthnicity => Some(names::SELF_ETHNICITIES),
            Self::OfficerEthnicity => Some(names::OFFICER_ETHNICITIES),
            Self::Legislation => Some(names::POWERS),
            Self::Object => Some(names::OBJECTS),
            Self::Outcome => Some(names::OUTCOMES),
            _ => None,
        }
    }
}

/// One published search. Public data, with the exact place and the person left out by the
/// publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    line: u64,
    at: UnixMs,
    place: Option<(i64, i64)>,
    texts: [String; 15],
}

/// Why texts make no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotARow {
    Date,
    Place,
}

impl Row {
    /// A row of texts, checked as far as a search needs a time and a place needs two numbers.
    fn new(line: u64, texts: [String; 15]) -> Result<Self, NotARow> {
        let date = texts[Column::Date as usize].parse::<jiff::Timestamp>();
        let at = UnixMs(date.map_err(|_| NotARow::Date)?.as_millisecond());
        let (lat, lon) = (
            &texts[Column::Latitude as usize],
            &texts[Column::Longitude as usize],
        );
        let place = if lat.is_empty() && lon.is_empty() {
            None
        } else {
            let lat = e7(lat, 90).ok_or(NotARow::Place)?;
            Some((lat, e7(lon, 180).ok_or(NotARow::Place)?))
        };
        Ok(Self {
            line,
            at,
            place,
            texts,
        })
    }

    /// The line of the file it came from.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The published text of a column.
    pub fn get(&self, column: Column) -> &str {
        &self.texts[column as usize]
    }

    /// All published texts.
    pub const fn texts(&self) -> &[String; 15] {
        &self.texts
    }

    /// When. Some forces publish days only, so midnight is over-represented.
    pub const fn at(&self) -> UnixMs {
        self.at
    }

    /// The month whose file it belongs to, on British local time.
    pub fn month(&self) -> String {
        month(self.at)
    }

    /// Latitude and longitude in 1e-7 degrees.
    pub const fn place_e7(&self) -> Option<(i64, i64)> {
        self.place
    }

    /// Latitude and longitude in degrees.
    pub fn place(&self) -> Option<(f64, f64)> {
        let degrees = |column| self.get(column).parse().ok();
        self.place
            .and(degrees(Column::Latitude).zip(degrees(Column::Longitude)))
    }

    /// The code that a column's text means.
    pub fn code<'a>(&self, column: Column, lists: &'a CodeLists) -> Option<&'a Code> {
        lists.code_of_published(column.list()?, self.get(column))
    }

    /// What a column says if it says True or False. Blank means not provided.
    pub fn flag(&self, column: Column) -> Option<bool> {
        match self.get(column) {
            "True" => Some(true),
            "False" => Some(false),
            _ => None,
        }
    }

    /// Columns whose text no list knows. They are kept as they are and reported.
    pub fn unknown<'a>(
        &'a self,
        lists: &'a CodeLists,
    ) -> impl Iterator<Item = (Column, &'a str)> + 'a {
        let texts = Column::ALL
            .into_iter()
            .map(|column| (column, self.get(column)));
        texts.filter(|(column, text)| match column {
            _ if text.is_empty() => false,
            Column::PartOfOperation | Column::OutcomeLinked | Column::MoreThanOuter => {
                self.flag(*column).is_none()
            }
            _ => column.list().is_some() && self.code(*column, lists).is_none(),
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts.join(","))
    }
}

/// A decimal number of degrees in 1e-7 degrees, without the detour through floats.
fn e7(text: &str, limit: i64) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digits_only = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !digits_only(whole) || !digits_only(part) {
        return None;
    }
    let part = part.get(..part.len().min(7))?;
    let value = format!("{whole}{part:0<7}").parse::<i64>().ok()?;
    (value <= limit * 10_000_000).then_some(if negative { -value } else { value })
}
