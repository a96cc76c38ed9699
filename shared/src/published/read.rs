//! Reading published files, clean or not. Every line becomes a row or an error with its number:
//! nothing is dropped in silence.

use std::collections::VecDeque;
use std::io::{self, Read};

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::{Column, NotARow, Row};

/// Longest line and longest text, in bytes.
const LINE_BYTES: usize = 64 * 1024;
const TEXT_BYTES: usize = 1_000;

/// A line that is no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LineError {
    /// Its number in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: LineReason,
}

/// Why a line is no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineReason {
    /// The heading again, where files were put together.
    #[error("the heading again")]
    StrayHeading,
    /// A column that the format does not have. The others are read.
    #[error("unknown column {0:?}")]
    ForeignColumn(String),
    /// A column of the format that the file does not have. It is read as blank.
    #[error("no column {0:?}")]
    MissingColumn(&'static str),
    /// Not a file of this format: type or date is missing. Nothing else is read.
    #[error("not a file of published searches")]
    NotThisFormat,
    /// Another number of columns than the heading.
    #[error("{found} columns, expected {expected}")]
    ColumnCount {
        /// Columns of the line.
        found: u64,
        /// Columns of the heading.
        expected: u64,
    },
    /// The date is no time.
    #[error("the date is not a time")]
    BadDate,
    /// Latitude and longitude are not two numbers, or one is blank.
    #[error("the place is not a latitude and a longitude")]
    BadPlace,
    /// A text that is too long.
    #[error("a text of more than 1,000 bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotText,
    /// The file could not be read further.
    #[error("the file could not be read further")]
    Unreadable,
}

impl LineReason {
    /// A stable name for reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::StrayHeading => "stray_heading",
            Self::ForeignColumn(_) => "foreign_column",
            Self::MissingColumn(_) => "missing_column",
            Self::NotThisFormat => "not_this_format",
            Self::ColumnCount { .. } => "column_count",
            Self::BadDate => "bad_date",
            Self::BadPlace => "bad_place",
            Self::TooLong => "too_long",
            Self::NotText => "not_text",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Reads a published file, one row at a time.
pub fn read<R: Read>(input: R) -> Reader<R> {
    let input = Bounded {
        input,
        read: 0,
        line_bytes: 0,
        ends: VecDeque::new(),
        passed: 0,
    };
    let csv = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(input);
    Reader {
        csv,
        heading: None,
        pending: Vec::new(),
        ended: false,
        record: StringRecord::new(),
    }
}

/// The rows of a file, and its errors where they occur.
pub struct Reader<R> {
    csv: csv::Reader<Bounded<R>>,
    heading: Option<Heading>,
    pending: Vec<LineError>,
    ended: bool,
    record: StringRecord,
}

/// Where the columns stand in this file.
struct Heading {
    texts: StringRecord,
    places: [Option<usize>; 15],
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Row, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(error) = self.pending.pop() {
                return Some(Err(error));
            }
            if self.ended {
                return None;
            }
            match self.csv.read_record(&mut self.record) {
                Ok(false) => self.ended = true,
                Ok(true) => {
                    let start = self.record.position().map_or(0, csv::Position::byte);
                    let line = self.csv.get_mut().line_at(start);
                    match &self.heading {
                        None => self.begin(line),
                        Some(heading) => return Some(row(heading, line, &self.record)),
                    }
                }
                Err(error) => return Some(Err(self.failed(&error))),
            }
        }
    }
}

impl<R: Read> Reader<R> {
    /// Takes the first line as the heading and notes what is odd about it.
    fn begin(&mut self, line: u64) {
        let mut texts = self.record.clone();
        if let Some(first) = texts.get(0).and_then(|it| it.strip_prefix('\u{feff}')) {
            let rest = texts.iter().skip(1);
            texts = std::iter::once(first)
                .chain(rest)
                .map(str::to_owned)
                .collect();
        }
        let find = |column: Column| texts.iter().position(|it| it == column.heading());
        let places = Column::ALL.map(find);
        let mut report = |reason| self.pending.push(LineError { line, reason });
        if find(Column::Type).is_none() || find(Column::Date).is_none() {
            report(LineReason::NotThisFormat);
            self.ended = true;
            return;
        }
        for column in Column::ALL {
            if find(column).is_none() {
                report(LineReason::MissingColumn(column.heading()));
            }
        }
        for (place, text) in texts.iter().enumerate() {
            if !places.contains(&Some(place)) {
                let name = text.chars().take(100).collect();
                report(LineReason::ForeignColumn(name));
            }
        }
        self.pending.reverse();
        self.heading = Some(Heading { texts, places });
    }

    fn failed(&mut self, error: &csv::Error) -> LineError {
        let reason = if let ErrorKind::Utf8 { .. } = error.kind() {
            LineReason::NotText
        } else {
            self.ended = true;
            LineReason::Unreadable
        };
        let last = self.csv.position().byte();
        let start = error.position().map_or(last, csv::Position::byte);
        LineError {
            line: self.csv.get_mut().line_at(start),
            reason,
        }
    }
}

fn row(heading: &Heading, line: u64, record: &StringRecord) -> Result<Row, LineError> {
    let fail = |reason| Err(LineError { line, reason });
    if record == &heading.texts {
        return fail(LineReason::StrayHeading);
    }
    if record.len() != heading.texts.len() {
        let (found, expected) = (record.len() as u64, heading.texts.len() as u64);
        return fail(LineReason::ColumnCount { found, expected });
    }
    if record.iter().any(|it| it.len() > TEXT_BYTES) {
        return fail(LineReason::TooLong);
    }
    let text = |place: Option<usize>| place.and_then(|it| record.get(it)).unwrap_or_default();
    let texts = heading.places.map(|place| text(place).to_owned());
    Row::new(line, texts).or_else(|fault| {
        fail(match fault {
            NotARow::Date => LineReason::BadDate,
            NotARow::Place => LineReason::BadPlace,
        })
    })
}

/// Counts lines, and ends reading at one that is too long before it is held in memory.
///
/// The CSV reader counts lines as well, but takes a record to begin before the line feed that
/// ends the one before it.
struct Bounded<R> {
    input: R,
    read: u64,
    line_bytes: usize,
    /// Where the line feeds stand that were read and not yet passed.
    ends: VecDeque<u64>,
    passed: u64,
}

impl<R> Bounded<R> {
    /// The line that begins at or right after a byte. Bytes are asked for in rising order.
    fn line_at(&mut self, byte: u64) -> u64 {
        while self.ends.pop_front_if(|end| *end <= byte).is_some() {
            self.passed += 1;
        }
        self.passed + 1
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(into)?;
        for part in into[..count].split_inclusive(|it| *it == b'\n') {
            self.read += part.len() as u64;
            self.line_bytes += part.len();
            if self.line_bytes > LINE_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "line too long"));
            }
            if part.ends_with(b"\n") {
                self.line_bytes = 0;
                self.ends.push_back(self.read - 1);
            }
        }
        Ok(count)
    }
}
