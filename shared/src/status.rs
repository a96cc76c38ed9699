//! What state a record is in, computed from heads and statements alone and never stored.
//!
//! Only reviews of the current heads decide. Among those that no other deciding review had
//! seen, return stands above escalate above approve, whatever the order of arrival. If there
//! are reviews but none of the current heads, the record was amended since.

use crate::hash::ChangeHash;
use crate::ids::{EntryId, OfficerId};
use crate::log::has_seen;
use crate::statement::ReviewVerdict;
use crate::time::UnixMs;
use serde::{Deserialize, Serialize};

/// A review as the status needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFact {
    /// The statement.
    pub id: EntryId,
    /// Who decided.
    pub officer: OfficerId,
    /// The decision.
    pub verdict: ReviewVerdict,
    /// The heads it is bound to. Sorted.
    pub heads: Vec<ChangeHash>,
    /// The statements its author had seen: the last of each log.
    pub seen: Vec<EntryId>,
    /// When, by the deciding device.
    pub at: UnixMs,
}

/// What is known of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The current heads. Sorted.
    pub heads: Vec<ChangeHash>,
    /// When the first submission was made, if one was.
    pub submitted: Option<UnixMs>,
    /// When it was withdrawn, if it was.
    pub withdrawn: Option<UnixMs>,
    /// All reviews.
    pub reviews: Vec<ReviewFact>,
}

/// The state of the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ReviewState {
    /// Never submitted.
    Unsubmitted,
    /// Submitted, and nobody has decided.
    Submitted {
        /// When.
        at: UnixMs,
    },
    /// The current state is approved.
    Approved {
        /// By whom.
        by: OfficerId,
        /// When.
        at: UnixMs,
        /// The statement.
        review: EntryId,
    },
    /// The current state was returned.
    Returned {
        /// By whom.
        by: OfficerId,
        /// When.
        at: UnixMs,
        /// The statement.
        review: EntryId,
    },
    /// The current state was escalated.
    Escalated {
        /// By whom.
        by: OfficerId,
        /// When.
        at: UnixMs,
        /// The statement.
        review: EntryId,
    },
    /// Reviewed once, and changed since.
    Amended {
        /// The last review of an earlier state.
        review: EntryId,
        /// Its verdict.
        verdict: ReviewVerdict,
        /// Its author.
        by: OfficerId,
    },
    /// Taken back by its author.
    Withdrawn {
        /// When.
        at: UnixMs,
    },
}

impl ReviewState {
    /// The code that API and screens use.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsubmitted => "unsubmitted",
            Self::Submitted { .. } => "submitted",
            Self::Approved { .. } => "approved",
            Self::Returned { .. } => "returned",
            Self::Escalated { .. } => "escalated",
            Self::Amended { .. } => "amended",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// True if the record waits for a reviewer.
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Submitted { .. } | Self::Amended { .. } | Self::Escalated { .. }
        )
    }
}

impl Facts {
    /// The state these facts make.
    pub fn review_state(&self) -> ReviewState {
        if let Some(at) = self.withdrawn {
            return ReviewState::Withdrawn { at };
        }
        let Some(submitted) = self.submitted else {
            return ReviewState::Unsubmitted;
        };
        if let Some(review) = self.deciding() {
            let (by, at, review_id) = (review.officer, review.at, review.id);
            return match review.verdict {
                ReviewVerdict::Approve => ReviewState::Approved {
                    by,
                    at,
                    review: review_id,
                },
                ReviewVerdict::Return => ReviewState::Returned {
                    by,
                    at,
                    review: review_id,
                },
                ReviewVerdict::Escalate => ReviewState::Escalated {
                    by,
                    at,
                    review: review_id,
                },
            };
        }
        match self
            .reviews
            .iter()
            .max_by_key(|review| (review.at, review.id))
        {
            Some(last) => ReviewState::Amended {
                review: last.id,
                verdict: last.verdict,
                by: last.officer,
            },
            None => ReviewState::Submitted { at: submitted },
        }
    }

    /// The review that decides, if one is of the current heads.
    fn deciding(&self) -> Option<&ReviewFact> {
        let current = || {
            self.reviews
                .iter()
                .filter(|it| it.heads == self.heads || crate::mutant!(ReviewOfAnyState))
        };
        current()
            .filter(|review| {
                !current().any(|other| other.id != review.id && has_seen(&other.seen, review.id))
            })
            // Ties within one verdict go to the earlier statement, so that every replica
            // names the same one.
            .max_by_key(|review| {
                (
                    weight(review.verdict),
                    std::cmp::Reverse((review.at, review.id)),
                )
            })
    }
}

const fn weight(verdict: ReviewVerdict) -> u8 {
    match verdict {
        ReviewVerdict::Approve => 0,
        ReviewVerdict::Escalate => 1,
        ReviewVerdict::Return => 2,
    }
}

#[cfg(test)]
mod tests;
