//! Reading lists, the built-in ones and those a server sends, under the same limits.

use std::collections::{BTreeMap, BTreeSet};

use super::{AuthorisationRule, Code, CodeList, CodeLists};

/// Most lists.
const LISTS: usize = 64;
/// Most entries of a list.
const CODES: usize = 1_000;
/// Longest code or name, in bytes.
const CODE_BYTES: usize = 64;
/// Longest label, in bytes.
const LABEL_BYTES: usize = 400;
/// Largest text a whole set may be read from, in bytes.
const TEXT_BYTES: usize = 2 * 1024 * 1024;

/// Why lists were not taken over.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not JSON, or not the JSON of lists.
    #[error("not a code list: {0}")]
    Json(#[from] serde_json::Error),
    /// Too large to be read at all.
    #[error("code lists of {0} bytes")]
    TooLarge(usize),
    /// Too many lists.
    #[error("{0} code lists")]
    TooManyLists(usize),
    /// Too many entries.
    #[error("list {list} has {codes} entries")]
    TooManyCodes {
        /// The list.
        list: String,
        /// Its entries.
        codes: usize,
    },
    /// A name, code or label is blank or too long, or a day is not a day.
    #[error("list {list}, entry {place}: {what} is blank, too long or badly formed")]
    BadEntry {
        /// The list.
        list: String,
        /// Which entry, from 0.
        place: usize,
        /// Which member.
        what: &'static str,
    },
    /// The same code twice.
    #[error("list {list} has {code} twice")]
    Twice {
        /// The list.
        list: String,
        /// The code.
        code: String,
    },
}

impl CodeLists {
    /// Reads a JSON array of lists, as [`CodeLists::to_json`] writes it.
    pub fn from_json(text: &str) -> Result<Self, ListError> {
        if text.len() > TEXT_BYTES {
            return Err(ListError::TooLarge(text.len()));
        }
        Self::from_lists(serde_json::from_str(text)?)
    }

    /// Takes over lists that keep the limits.
    pub fn from_lists(all: Vec<CodeList>) -> Result<Self, ListError> {
        if all.len() > LISTS {
            return Err(ListError::TooManyLists(all.len()));
        }
        let mut lists = BTreeMap::new();
        for list in all {
            check(&list)?;
            let name = list.name.clone();
            if lists.insert(name.clone(), list).is_some() {
                return Err(ListError::Twice {
                    list: name.clone(),
                    code: name,
                });
            }
        }
        Ok(Self { lists })
    }

    /// These lists with some of them replaced or added.
    pub fn with(&self, newer: Self) -> Self {
        let mut lists = self.lists.clone();
        lists.extend(newer.lists);
        Self { lists }
    }

    /// All lists as a JSON array, sorted by name.
    pub fn to_json(&self) -> Result<String, ListError> {
        Ok(serde_json::to_string(
            &self.lists.values().collect::<Vec<_>>(),
        )?)
    }
}

fn check(list: &CodeList) -> Result<(), ListError> {
    let bad = |place, what| ListError::BadEntry {
        list: list.name.clone(),
        place,
        what,
    };
    if list.name.is_empty() || list.name.len() > CODE_BYTES {
        return Err(bad(0, "name"));
    }
    if list.codes.len() > CODES {
        return Err(ListError::TooManyCodes {
            list: list.name.clone(),
            codes: list.codes.len(),
        });
    }
    let mut seen = BTreeSet::new();
    for (place, code) in list.codes.iter().enumerate() {
        if let Some(what) = fault(code) {
            return Err(bad(place, what));
        }
        if !seen.insert(code.code.as_str()) {
            return Err(ListError::Twice {
                list: list.name.clone(),
                code: code.code.clone(),
            });
        }
    }
    Ok(())
}

fn fault(code: &Code) -> Option<&'static str> {
    let day = |day: &Option<String>| {
        day.as_deref()
            .is_none_or(|day| day.parse::<jiff::civil::Date>().is_ok())
    };
    if code.code.is_empty() || code.code.len() > CODE_BYTES {
        Some("code")
    } else if code.label.is_empty() || code.label.len() > LABEL_BYTES {
        Some("label")
    } else if !day(&code.from) || !day(&code.until) {
        Some("day")
    } else if code.authorisation.as_ref().is_some_and(|it| !can_be(it)) {
        Some("authorisation")
    } else {
        None
    }
}

/// No authorisation of an area lasts longer than a month: more is a slip of the pen.
const HOURS: std::ops::RangeInclusive<u32> = 1..=744;

fn can_be(rule: &AuthorisationRule) -> bool {
    match rule {
        AuthorisationRule::Area {
            rank,
            hours,
            extension_rank,
            extension_hours,
        } => {
            let name = |it: &String| !it.is_empty() && it.len() <= CODE_BYTES;
            name(rank)
                && HOURS.contains(hours)
                && extension_rank.as_ref().is_none_or(name)
                && extension_hours.is_none_or(|it| HOURS.contains(&it))
        }
        AuthorisationRule::Order => true,
    }
}

/// Reads what was compiled in.
#[allow(clippy::panic, reason = "compiled in; a test reads every list")]
pub(super) fn builtin() -> CodeLists {
    macro_rules! lists {
        ($($name:literal),* $(,)?) => {
            [$(include_str!(concat!("../../../assets/codes/", $name, ".json"))),*]
        };
    }
    let texts = lists![
        "age_bands",
        "age_bases",
        "authorisation_checks",
        "copy_given",
        "ethnicity_reasons",
        "extent_places",
        "extents",
        "found",
        "grounds_phrases",
        "handcuffs",
        "identity_reasons",
        "note_categories",
        "notices",
        "objects",
        "officer_ethnicities",
        "outcomes",
        "place_sources",
        "powers",
        "ranks",
        "return_reasons",
        "self_ethnicities",
        "sexes",
        "subjects",
        "video_reasons",
    ];
    let lists = texts
        .iter()
        .map(|text| serde_json::from_str(text))
        .collect::<Result<Vec<_>, _>>();
    match lists
        .map_err(ListError::from)
        .and_then(CodeLists::from_lists)
    {
        Ok(lists) => lists,
        Err(error) => panic!("built-in code lists: {error}"),
    }
}
