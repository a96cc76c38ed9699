//! The supervisor's queue and decisions.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::draft::AdviceView;
use super::record::StateView;
use super::sending::StatusView;

/// One record waiting for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueueRow {
    /// The record.
    pub id: String,
    /// `stop_search` or `note`.
    pub kind: String,
    /// The object's label, or the note's first words.
    pub title: String,
    /// For a search: what was searched.
    pub subject: Option<String>,
    /// The author.
    pub officer: String,
    /// The author's team, where the reader reviews for another team than their own.
    pub team: Option<String>,
    /// When it happened.
    #[ts(type = "number")]
    pub happened_at: i64,
    /// When the review is due.
    #[ts(type = "number")]
    pub due_at: i64,
    /// Flags in the order of weight: `safety`, `under_18`, `no_video`, `grounds`, `force`,
    /// `late_record`, `more_than_outer`, `amended`, `second_version`, `photos_missing`.
    pub flags: Vec<String>,
    /// What the review says so far.
    pub review: StateView,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueueView {
    /// Connection and what waits.
    pub status: StatusView,
    /// Waiting, oldest deadline first.
    pub rows: Vec<QueueRow>,
    /// Decided on this device and not yet accepted by the server.
    pub decided_here: u32,
}

/// What the buttons under a record need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPanel {
    /// True if approve is offered.
    pub can_approve: bool,
    /// True if return is offered.
    pub can_return: bool,
    /// Why approve is not offered: `own_record`, `rank`, `conflict`, `not_current`, `decided`,
    /// `withdrawn`, `unsynced`.
    pub refused: Option<String>,
    /// Checks that found nothing, as codes.
    pub checks_fit: Vec<String>,
    /// What to read and decide.
    pub advice: Vec<AdviceView>,
    /// The version that the last review was about, to compare with.
    pub last_version: Option<u32>,
    /// Photos named but not yet on the server.
    pub photos_missing: u32,
    /// The queue's deadline.
    #[ts(type = "number")]
    pub due_at: i64,
}

/// A decision, as the sheet sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewInput {
    /// The record.
    pub record_id: String,
    /// `approve`, `return` or `escalate`.
    pub verdict: String,
    /// The heads the screen showed.
    pub heads: Vec<String>,
    /// Reason codes: `grounds`, `power_object`, `ethnicity`, `video`, `copy`, `level`, `other`.
    pub reasons: Vec<String>,
    /// The words as written.
    pub text: Option<String>,
    /// `yes`, `no`, `does_not_apply`.
    pub video_viewed: Option<String>,
}
