//! What the searches of a team have in common, and a sample of them to look at again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::record::RecordRow;

/// How many searches of a group something is true of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RateView {
    /// `found`, `linked`, `no_further_action`, `more_than_outer`, `force`, `no_video`, `grounds`.
    pub code: String,
    /// True of so many.
    pub part: u32,
    /// Of so many.
    pub of: u32,
    /// Too few for a rate to say anything.
    pub few: bool,
}

/// One group of searches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// What people read for it.
    pub label: String,
    /// How many searches.
    pub searches: u32,
    /// What is true of them.
    pub shares: Vec<RateView>,
}

/// Patterns of a team's searches: to notice something, never to compare officers by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PatternsView {
    /// From when.
    #[ts(type = "number")]
    pub from: i64,
    /// How many searches were looked at, notes and withdrawn records left out.
    pub searches: u32,
    /// Searches of vehicles alone, which are in no group of people.
    pub vehicles: u32,
    /// True if there were more, and the older ones were left out.
    pub more: bool,
    /// Fewer searches than this are too few to say.
    pub few: u32,
    /// All together.
    pub all: Vec<RateView>,
    /// By what was looked for.
    pub objects: Vec<GroupView>,
    /// By ethnicity in the person's own words, those who did not state it too.
    pub ethnicities: Vec<GroupView>,
    /// By officer, in the order of their names.
    pub officers: Vec<GroupView>,
}

/// Some records, chosen by a seed: whoever has the same records and the same seed gets the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// The seed.
    pub seed: String,
    /// From how many they were chosen.
    pub of: u32,
    /// The chosen ones, in the order of choosing.
    pub rows: Vec<RecordRow>,
}
