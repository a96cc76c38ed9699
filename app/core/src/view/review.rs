//! The supervisor's queue and decisions.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::draft::AdviceView;
use super::record::StateView;
use super::sending::StatusView;
use super::versions::ComparedView;

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
    /// Since when it waits: its submission, or its last change after a review.
    #[ts(type = "number")]
    pub since: i64,
    /// When the review is due.
    #[ts(type = "number")]
    pub due_at: i64,
    /// Hints and no verdicts, in the order of weight: `safety`, `under_18`, `area`, `intimate`,
    /// `no_video`, `grounds`, `power_object`, `ethnicity`, `outcome_link`, `force`, `late_record`,
    /// `more_than_outer`, `second_version`, `amended`, `photos_missing`, `newer`.
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
    /// True if somebody else has approved it, and the reader may look at it again.
    pub again: bool,
    /// Why approve is not offered: `own_record`, `rank`, `conflict`, `not_current`, `decided`,
    /// `withdrawn`, `unsynced`.
    pub refused: Option<String>,
    /// Checks that found nothing, as codes.
    pub checks_fit: Vec<String>,
    /// What to read and decide.
    pub advice: Vec<AdviceView>,
    /// What has changed since the last decision, or since the reader last looked.
    pub since: Option<SinceView>,
    /// Photos named but not yet on the server.
    pub photos_missing: u32,
    /// The queue's deadline.
    #[ts(type = "number")]
    pub due_at: i64,
}

/// What has changed since somebody decided, or since the reader last looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SinceView {
    /// `approve`, `return` or `escalate`; none if nobody has decided yet.
    pub verdict: Option<String>,
    /// Who decided.
    pub by: Option<String>,
    /// When, by the deciding device.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// Fields that differ.
    pub fields: Vec<ComparedView>,
    /// Additions that were not there.
    pub addenda: Vec<String>,
    /// Photos likewise, by their ids.
    pub photos: Vec<String>,
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
    /// Reason codes of the list `return_reasons`.
    pub reasons: Vec<String>,
    /// The keys of the fields that are meant.
    pub fields: Vec<String>,
    /// The words as written.
    pub text: Option<String>,
    /// `yes`, `no`, `does_not_apply`.
    pub video_viewed: Option<String>,
    /// True for a second review of what somebody else has approved.
    pub again: bool,
}
