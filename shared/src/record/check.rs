//! The hard stops: what keeps a draft from being a record.

use super::asks::basis;
use super::catalogue::{FieldDef, FieldType, catalogue};
use super::{Fields, Kind, Scalar, field};
use crate::codes::CodeLists;
use crate::ids::OfficerId;
use crate::time::UnixMs;

/// Clocks of phones differ; a time so far ahead is still now.
const CLOCK_SLACK_MS: i64 = 10 * 60 * 1000;
/// 2000-01-01T00:00:00Z: earlier times are a broken clock.
const EARLIEST_MS: i64 = 946_684_800_000;

/// 2026-11-01T00:00:00Z: this was written later, so a clock that says less is wrong.
const WRITTEN_MS: i64 = 1_793_491_200_000;
/// Longest code, in bytes: what a list may hold.
const CODE_BYTES: usize = 64;

/// The latest time that is not in the future. A clock that is wrong by years knows nothing of
/// it, and the officer who types the right date in spite of it is not stopped.
fn latest(now: UnixMs) -> i64 {
    if now.0 < WRITTEN_MS {
        i64::MAX
    } else {
        now.plus(CLOCK_SLACK_MS).0
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// The law asks for it and it is blank.
    Missing,
    /// More characters than allowed.
    TooLong,
    /// Not a code at all.
    UnknownCode,
    /// Neither a time nor a day.
    NotATime,
    /// A value that cannot be.
    OutOfRange,
}

impl ProblemCode {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too_long",
            Self::UnknownCode => "unknown_code",
            Self::NotATime => "not_a_time",
            Self::OutOfRange => "out_of_range",
        }
    }
}

/// A hard stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub code: ProblemCode,
}

/// Whether only a vehicle was searched, so that no person's ethnicity belongs to the record
/// (PACE Code A 4.5 to 4.8; published vehicle searches leave all person fields blank).
pub fn is_vehicle_only(fields: &Fields) -> bool {
    matches!(
        fields.get_text(field::SUBJECT),
        Some("vehicle" | "unattended_vehicle")
    )
}

/// One required item: the field that a problem names, how many of the law's items it stands
/// for, and whether it is there.
struct Item {
    field: &'static str,
    counts: u32,
    done: bool,
}

/// What must be in the record.
///
/// A search has the seven items of PACE 1984 s.3 as amended on 7 March 2011: date, time, place,
/// ethnicity, object, grounds, and who searched. Grounds are replaced by the authorisation where
/// the power needs no suspicion (Code A 4.3). Name, address and date of birth are never
/// required (Code A 4.3A). A note needs its text.
fn items(kind: Kind, fields: &Fields, lists: &CodeLists) -> Vec<Item> {
    let text = |key: &'static str| Item {
        field: key,
        counts: 1,
        done: fields.get_text(key).is_some(),
    };
    if kind == Kind::Note {
        return vec![text(field::TEXT)];
    }
    let coordinates = fields.get_int(field::PLACE_LAT_E7).is_some()
        && fields.get_int(field::PLACE_LON_E7).is_some();
    let mut items = vec![
        Item {
            field: field::SEARCHED_AT,
            counts: 2,
            done: fields.get_int(field::SEARCHED_AT).is_some(),
        },
        Item {
            field: field::PLACE_TEXT,
            counts: 1,
            done: coordinates || fields.get_text(field::PLACE_TEXT).is_some(),
        },
        text(field::OBJECT),
        text(basis(fields, lists).field()),
        text(field::SEARCHED_BY),
    ];
    if !is_vehicle_only(fields) {
        items.insert(2, text(field::SELF_ETHNICITY));
    }
    items
}

/// How many of the required items are there, and of how many.
pub fn required(kind: Kind, fields: &Fields, lists: &CodeLists) -> (u32, u32) {
    let items = items(kind, fields, lists);
    let done = items.iter().filter(|it| it.done).map(|it| it.counts).sum();
    (done, items.iter().map(|it| it.counts).sum())
}

/// The hard stops: what is missing first, in the order of the pages, then what is wrong. None
/// means that this is a record.
pub fn problems(kind: Kind, fields: &Fields, lists: &CodeLists, now: UnixMs) -> Vec<Problem> {
    let missing = items(kind, fields, lists)
        .into_iter()
        .filter(|it| !it.done)
        .map(|it| Problem {
            field: it.field,
            code: ProblemCode::Missing,
        });
    let wrong = catalogue(kind).iter().filter_map(|def| {
        let code = fault(def, fields.get(def.key)?, now)?;
        Some(Problem {
            field: def.key,
            code,
        })
    });
    let mut problems: Vec<_> = missing.chain(wrong).collect();
    for (one, other) in [
        (field::PLACE_LAT_E7, field::PLACE_LON_E7),
        (field::PLACE_LON_E7, field::PLACE_LAT_E7),
    ] {
        if fields.get(one).is_none() && fields.get(other).is_some() {
            problems.push(Problem {
                field: one,
                code: ProblemCode::Missing,
            });
        }
    }
    // A value of the wrong type is both missing and wrong; once is enough.
    let mut seen = std::collections::BTreeSet::new();
    problems.retain(|it| seen.insert(it.field));
    problems
}

/// What is wrong with a value that is there.
///
/// A code that the list does not have is none of these: lists change while a draft is open, and
/// the search has happened. It is recorded, and [`advice`](super::advice) points at it.
fn fault(def: &FieldDef, value: &Scalar, now: UnixMs) -> Option<ProblemCode> {
    use ProblemCode::{NotATime, OutOfRange, TooLong, UnknownCode};
    let wrong = |ok: bool, code| (!ok).then_some(code);
    if value.as_text().is_some_and(|it| it.trim().is_empty()) {
        return None;
    }
    match (def.ty, value) {
        (FieldType::Text { cap }, Scalar::Text(text)) => {
            wrong(text.chars().count() <= cap, TooLong)
        }
        (FieldType::Code(_), Scalar::Text(code)) => wrong(code.len() <= CODE_BYTES, UnknownCode),
        (FieldType::Code(_), _) => Some(UnknownCode),
        (FieldType::Time, Scalar::Int(ms)) => {
            wrong((EARLIEST_MS..=latest(now)).contains(ms), OutOfRange)
        }
        (FieldType::Date, Scalar::Text(day)) => match day.parse::<jiff::civil::Date>() {
            Ok(it) => {
                let today = super::london(UnixMs(latest(now))).date();
                wrong(
                    day.len() == 10 && it.year() >= 1880 && it <= today,
                    OutOfRange,
                )
            }
            Err(_) => Some(NotATime),
        },
        (FieldType::Time | FieldType::Date, _) => Some(NotATime),
        (FieldType::Int { min, max }, Scalar::Int(it)) => {
            wrong((min..=max).contains(it), OutOfRange)
        }
        (FieldType::CoordLat, Scalar::Int(it)) => {
            wrong((-900_000_000..=900_000_000).contains(it), OutOfRange)
        }
        (FieldType::CoordLon, Scalar::Int(it)) => {
            wrong((-1_800_000_000..=1_800_000_000).contains(it), OutOfRange)
        }
        (FieldType::Officer, Scalar::Text(id)) => {
            wrong(id.parse::<OfficerId>().is_ok(), OutOfRange)
        }
        (FieldType::Bool, Scalar::Bool(_)) => None,
        _ => Some(OutOfRange),
    }
}
