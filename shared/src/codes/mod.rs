//! Code lists as data: powers, objects, outcomes, ethnicities and the rest.
//!
//! The lists in `assets/codes` are compiled in, and a server may send newer ones; both are read
//! by the same function under the same limits. A code never changes its meaning: a list grows,
//! and an entry that no longer holds gets an end date, so that old records keep their labels.

mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use read::ListError;

/// Names of the lists the code itself refers to.
pub mod names {
    /// What is looked for.
    pub const OBJECTS: &str = "objects";
    /// Powers of search.
    pub const POWERS: &str = "powers";
    /// What came of the search.
    pub const OUTCOMES: &str = "outcomes";
    /// 18+1 self-defined ethnicity.
    pub const SELF_ETHNICITIES: &str = "self_ethnicities";
    /// The officer's view, as identity codes.
    pub const OFFICER_ETHNICITIES: &str = "officer_ethnicities";
    /// Sex.
    pub const SEXES: &str = "sexes";
    /// Published bands of age.
    pub const AGE_BANDS: &str = "age_bands";
    /// Person, vehicle or both.
    pub const SUBJECTS: &str = "subjects";
    /// How much clothing was removed.
    pub const EXTENTS: &str = "extents";
    /// Where a search beyond outer clothing was made.
    pub const EXTENT_PLACES: &str = "extent_places";
    /// Whether something was found.
    pub const FOUND: &str = "found";
    /// Handcuffs.
    pub const HANDCUFFS: &str = "handcuffs";
    /// How the copy was given.
    pub const COPY_GIVEN: &str = "copy_given";
    /// Why there is no video.
    pub const VIDEO_REASONS: &str = "video_reasons";
    /// Kinds of incident note.
    pub const NOTE_CATEGORIES: &str = "note_categories";
    /// Why a supervisor returns a record.
    pub const RETURN_REASONS: &str = "return_reasons";
    /// Where coordinates come from.
    pub const PLACE_SOURCES: &str = "place_sources";
    /// Whether an authorisation covered place and time.
    pub const AUTHORISATION_CHECKS: &str = "authorisation_checks";
    /// How an age is known.
    pub const AGE_BASES: &str = "age_bases";
    /// Why ethnicity was not stated.
    pub const ETHNICITY_REASONS: &str = "ethnicity_reasons";
    /// The notice left with an unattended vehicle.
    pub const NOTICES: &str = "notices";
    /// Why officers' names are withheld.
    pub const IDENTITY_REASONS: &str = "identity_reasons";
    /// Ranks, lowest first.
    pub const RANKS: &str = "ranks";
    /// Words in grounds that deserve a second thought.
    pub const GROUNDS_PHRASES: &str = "grounds_phrases";
}

/// What data.police.uk calls a code. The modern and the older vocabulary overlap in time, so
/// both are kept; a code without a published text is exported blank rather than invented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The text in use now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// Older texts with the same meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legacy: Vec<String>,
}

/// What a power without suspicion rests on. Ranks and hours are data, since schemes and
/// forces narrow what the statute allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AuthorisationRule {
    /// An authorisation of an area for a time.
    Area {
        /// The lowest rank that may give it: a code of the list of ranks.
        rank: String,
        /// The longest it may last, in hours.
        hours: u32,
        /// The lowest rank that may extend it, if it can be extended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extension_rank: Option<String>,
        /// By how many hours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extension_hours: Option<u32>,
    },
    /// A court's order about the person.
    Order,
}

/// One entry of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// What records hold.
    pub code: String,
    /// What people read.
    pub label: String,
    /// A shorter label for rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// Heading under which long lists show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// First day on which it may be chosen, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day on which it may be chosen, YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Occurs in imported data only and is not offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// Published texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// Of an object: the power that usually goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<String>,
    /// Of a power: whether it needs reasonable suspicion. Without, the record holds the
    /// authorisation in place of grounds (PACE Code A 4.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<bool>,
    /// Of a power: the code of practice that governs it. Terrorism Act searches have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governing: Option<String>,
    /// Of a power without suspicion: what stands in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationRule>,
    /// Of a power: the objects it is for; none listed means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// Of a power: the ranks and roles that do not have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_for: Vec<String>,
    /// Of a phrase: the advice it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Code {
    /// Whether it may be chosen on a day given as YYYY-MM-DD.
    pub fn in_force(&self, day: &str) -> bool {
        !self.imported
            && self.from.as_deref().is_none_or(|from| from <= day)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }

    /// Whether a person of this rank or role has this power. Upper and lower case are equal.
    pub fn allowed_for(&self, role: &str) -> bool {
        !self.not_for.iter().any(|it| it.eq_ignore_ascii_case(role))
    }

    /// Whether a published text, in either vocabulary, means this code.
    pub fn is_published_as(&self, text: &str) -> bool {
        self.published.as_ref().is_some_and(|published| {
            published.current.as_deref() == Some(text)
                || published.legacy.iter().any(|it| it == text)
        })
    }
}

/// One list, in the order in which it is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// Heading for people.
    pub title: String,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its entries.
    pub codes: Vec<Code>,
}

impl CodeList {
    /// The entry with this code.
    pub fn get(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|it| it.code == code)
    }

    /// What may be chosen on a day given as YYYY-MM-DD.
    pub fn on<'a>(&'a self, day: &'a str) -> impl Iterator<Item = &'a Code> {
        self.codes.iter().filter(move |it| it.in_force(day))
    }
}

/// All lists of a force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeLists {
    lists: BTreeMap<String, CodeList>,
}

impl CodeLists {
    /// The lists this program was built with.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<CodeLists> = LazyLock::new(read::builtin);
        &BUILTIN
    }

    /// A list by its name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// All lists, by name.
    pub fn iter(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.values()
    }

    /// An entry by list and code.
    pub fn get(&self, list: &str, code: &str) -> Option<&Code> {
        self.list(list)?.get(code)
    }

    /// What people read for a code; the code itself where the list does not have it, since a
    /// newer list may be on its way and a blank would hide the value.
    pub fn label<'a>(&'a self, list: &str, code: &'a str) -> &'a str {
        self.get(list, code).map_or(code, |it| &it.label)
    }

    /// The power that usually goes with an object.
    pub fn power_of_object(&self, object: &str) -> Option<&str> {
        self.get(names::OBJECTS, object)?.power.as_deref()
    }

    /// Whether a power needs reasonable suspicion. An unknown or blank power does: the stricter
    /// reading asks for grounds.
    pub fn needs_suspicion(&self, power: Option<&str>) -> bool {
        power
            .and_then(|it| self.get(names::POWERS, it))
            .and_then(|it| it.suspicion)
            .unwrap_or(true)
    }

    /// The code that a published text means. Spaces after a slash, found in the files of May
    /// and June 2017, are ignored.
    pub fn code_of_published(&self, list: &str, text: &str) -> Option<&Code> {
        if text.is_empty() {
            return None;
        }
        let tidy = text.replace("/ ", "/");
        let list = self.list(list)?;
        list.codes
            .iter()
            .find(|it| it.is_published_as(text) || it.is_published_as(&tidy))
    }

    /// The published text of a code in the present vocabulary, blank where none is known.
    pub fn published(&self, list: &str, code: &str) -> &str {
        self.get(list, code)
            .and_then(|it| it.published.as_ref())
            .and_then(|it| it.current.as_deref())
            .unwrap_or_default()
    }
}
