//! Advice on a draft: it points at words and gives the reason, blocks nothing and gives no
//! score. The words live in a list that the force replaces.

use super::{Fields, Kind, age_band, field, is_vehicle_only};
use crate::codes::{CodeLists, names};
use crate::time::UnixMs;

/// After this long a record counts as late and asks why. The law has no number of hours (Code A
/// 4.1 says on the spot, else as soon as practicable); this is the product's default.
pub const LATE_AFTER_MS: i64 = 60 * 60 * 1000;

/// Grounds of fewer words seldom let somebody else judge them.
const SHORT_WORDS: usize = 8;

/// What is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdviceCode {
    /// The grounds are very short.
    Short,
    /// A phrase is about the place, not about the person.
    PlaceNotPerson,
    /// A phrase says little.
    Generic,
    /// The object is not what this power is for.
    PowerObject,
    /// The officer's own view of ethnicity is blank.
    OfficerViewMissing,
    /// Neither video nor a reason for none.
    NoVideo,
    /// The safeguards for children apply.
    Under18,
    /// Recorded late without a reason.
    LateRecord,
    /// The officer's role does not have this power.
    PowerNotAllowed,
}

impl AdviceCode {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::PlaceNotPerson => "place_not_person",
            Self::Generic => "generic",
            Self::PowerObject => "power_object",
            Self::OfficerViewMissing => "officer_view_missing",
            Self::NoVideo => "no_video",
            Self::Under18 => "under_18",
            Self::LateRecord => "late_record",
            Self::PowerNotAllowed => "power_not_allowed",
        }
    }
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The field it is about.
    pub field: &'static str,
    /// What it is.
    pub code: AdviceCode,
    /// The phrase of the list that it points at.
    pub phrase: Option<String>,
}

/// What advice depends on besides the record.
#[derive(Debug, Clone, Copy)]
pub struct AdviceContext<'a> {
    /// Rank or role of the officer, as the list of powers names it ("PC", "PCSO").
    pub role: &'a str,
    /// The time now.
    pub now: UnixMs,
}

/// Advice on a record, in the order of the pages. Notes get none.
pub fn advice(
    kind: Kind,
    fields: &Fields,
    lists: &CodeLists,
    context: &AdviceContext<'_>,
) -> Vec<Advice> {
    if kind == Kind::Note {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut add = |field, code, phrase| {
        all.push(Advice {
            field,
            code,
            phrase,
        })
    };
    if is_late(fields, context.now) {
        add(field::SEARCHED_AT, AdviceCode::LateRecord, None);
    }
    let power = fields
        .get_text(field::POWER)
        .and_then(|it| lists.get(names::POWERS, it));
    if let Some(power) = power {
        let object = fields.get_text(field::OBJECT);
        let fits = |object| power.objects.is_empty() || power.objects.iter().any(|it| it == object);
        if object.is_some_and(|it| !fits(it)) {
            add(field::POWER, AdviceCode::PowerObject, None);
        }
        if !power.allowed_for(context.role) {
            add(field::POWER, AdviceCode::PowerNotAllowed, None);
        }
    }
    if let Some(grounds) = fields.get_text(field::GROUNDS) {
        if grounds.split_whitespace().count() < SHORT_WORDS {
            add(field::GROUNDS, AdviceCode::Short, None);
        }
        for (code, phrase) in phrases(grounds, lists) {
            add(field::GROUNDS, code, Some(phrase));
        }
    }
    if !is_vehicle_only(fields)
        && fields.get_text(field::SELF_ETHNICITY).is_some()
        && fields.get_text(field::OFFICER_ETHNICITY).is_none()
    {
        add(
            field::OFFICER_ETHNICITY,
            AdviceCode::OfficerViewMissing,
            None,
        );
    }
    if age_band(fields).is_some_and(|it| it.is_under_18()) {
        let keys = [field::BIRTH_DATE, field::AGE];
        let key = keys.into_iter().find(|it| fields.get(it).is_some());
        add(key.unwrap_or(field::AGE_BAND), AdviceCode::Under18, None);
    }
    let blank = |key| fields.get_text(key).is_none();
    if blank(field::VIDEO) && blank(field::VIDEO_REASON) {
        add(field::VIDEO, AdviceCode::NoVideo, None);
    }
    all
}

fn is_late(fields: &Fields, now: UnixMs) -> bool {
    let Some(searched) = fields.get_time(field::SEARCHED_AT) else {
        return false;
    };
    let done = fields.get_time(field::COMPLETED_AT).unwrap_or(now);
    done.since(searched) > LATE_AFTER_MS && fields.get_text(field::NOT_ON_SPOT_REASON).is_none()
}

/// The listed phrases that occur as whole words, whatever the case and spacing.
fn phrases(grounds: &str, lists: &CodeLists) -> Vec<(AdviceCode, String)> {
    let words = |text: &str| {
        let lower = text.to_lowercase();
        let words = lower
            .split(|it: char| !it.is_alphanumeric())
            .filter(|it| !it.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    let grounds = words(grounds);
    let Some(list) = lists.list(names::GROUNDS_PHRASES) else {
        return Vec::new();
    };
    let found = list
        .codes
        .iter()
        .filter(|it| grounds.contains(&words(&it.label)));
    found
        .map(|it| {
            let code = match it.advice.as_deref() {
                Some("place_not_person") => AdviceCode::PlaceNotPerson,
                _ => AdviceCode::Generic,
            };
            (code, it.label.clone())
        })
        .collect()
}
