//! Where a record's words are and what the review says, computed from its entries alone.
//!
//! Pure: the same entries give the same states. Nothing here is ever guessed ahead: a record
//! counts as received when the server has accepted every entry of it.

use std::collections::BTreeSet;

use shared::hash::ChangeHash;
use shared::ids::{OfficerId, Seq};
use shared::log::EntryKind;
use shared::statement::{Review, ReviewVerdict, Statement};
use shared::status::{Facts, ReviewFact, ReviewState};
use shared::time::UnixMs;

use crate::store::newer_rows::NEEDS_NEWER_APP;
use crate::store::{EntryRow, Opened, StateRow, VerdictState};

/// What a record's states are computed from.
pub(super) struct Known<'a> {
    /// The reader.
    pub(super) me: OfficerId,
    /// The reader wrote the record.
    pub(super) own: bool,
    /// The current content has competing values.
    pub(super) conflict: bool,
    /// All entries about it.
    pub(super) entries: &'a [EntryRow],
    /// The first place of our log that the server has not received.
    pub(super) unreceived: Seq,
    /// Photos that this device still has to send.
    pub(super) photos_here: u32,
    /// Photos it names that the server does not hold.
    pub(super) photos_missing: u32,
    /// The reader reviews records of the team it belongs to.
    pub(super) reviewer: bool,
    /// Entries about it are held that this reader has to look at.
    pub(super) held: bool,
    /// How long after its submission the force wants it reviewed.
    pub(super) review_ms: i64,
    /// Flags of its content, in the order of weight.
    pub(super) flags: &'a [String],
}

/// A review that was read from an entry.
pub(super) struct Decision<'a> {
    pub(super) entry: &'a EntryRow,
    pub(super) review: Review,
}

impl Known<'_> {
    /// The heads that the accepted changes make. Sorted.
    pub(super) fn accepted_heads(&self) -> Vec<ChangeHash> {
        let changes = || self.entries.iter().filter(|entry| entry.accepted());
        let deps: BTreeSet<_> = changes()
            .filter(|entry| entry.kind == EntryKind::Change)
            .flat_map(|entry| entry.deps.iter().copied())
            .collect();
        let heads = changes()
            .filter_map(|entry| entry.change)
            .filter(|it| !deps.contains(it));
        let heads: BTreeSet<_> = heads.collect();
        heads.into_iter().collect()
    }

    /// The reviews among the entries.
    pub(super) fn decisions(&self) -> Vec<Decision<'_>> {
        let reviews = self
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Review);
        reviews
            .filter_map(
                |entry| match Statement::from_bytes(entry.kind, &entry.payload) {
                    Ok(Statement::Review(review)) => Some(Decision { entry, review }),
                    _ => None,
                },
            )
            .collect()
    }

    /// What the server's acceptance has settled.
    pub(super) fn facts(&self) -> Facts {
        let accepted = |kind| {
            let found = self
                .entries
                .iter()
                .filter(move |it| it.kind == kind && it.accepted());
            found.map(|entry| entry.at).min()
        };
        let reviews = self
            .decisions()
            .into_iter()
            .filter(|decision| decision.entry.accepted());
        Facts {
            heads: self.accepted_heads(),
            submitted: accepted(EntryKind::Submission),
            withdrawn: accepted(EntryKind::Withdrawal),
            reviews: reviews
                .map(|Decision { entry, review }| ReviewFact {
                    id: entry.id,
                    officer: entry.officer,
                    verdict: review.verdict,
                    heads: review.bound.heads,
                    seen: entry.seen.clone(),
                    at: entry.at,
                })
                .collect(),
        }
    }

    /// A decision made on this device about the current state, not yet accepted.
    pub(super) fn pending(&self) -> Option<Decision<'_>> {
        let heads = self.accepted_heads();
        self.decisions()
            .into_iter()
            .rev()
            .find(|Decision { entry, review }| {
                entry.own && entry.stands() && !entry.accepted() && review.bound.heads == heads
            })
    }

    /// Everybody with a change in the record.
    pub(super) fn contributed(&self, officer: OfficerId) -> bool {
        self.entries
            .iter()
            .any(|it| it.kind == EntryKind::Change && it.officer == officer)
    }

    /// True if something that was accepted is not in the document here, or words of ours about
    /// the record are missing.
    pub(super) fn incomplete(&self) -> bool {
        let missing = |it: &EntryRow| it.accepted() && !it.is_in() || it.lacks_words();
        self.entries.iter().any(missing)
    }

    /// True if something that was accepted is of a schema or a kind above this app's.
    pub(super) fn newer(&self) -> bool {
        self.entries
            .iter()
            .any(|it| it.opened == Opened::Refused(NEEDS_NEWER_APP))
    }

    /// Our own entries that people think of as the record's words, not those of the audit.
    fn sent_by_me(&self) -> impl Iterator<Item = &EntryRow> {
        self.entries
            .iter()
            .filter(|it| it.own && !it.superseded && !it.let_go && !it.kind.is_audit_only())
            .filter(|it| it.verdict != VerdictState::Superseded)
    }

    /// All of it.
    pub(super) fn states(&self) -> StateRow {
        let facts = self.facts();
        let review = facts.review_state();
        let mut row = StateRow {
            shown: "delivery",
            ..StateRow::default()
        };
        self.delivery(&mut row);
        self.review(&mut row, review);
        row.waiting =
            self.photos_here > 0 || self.sent_by_me().any(|entry| entry.waits(self.unreceived));
        self.todo(&mut row, &review);
        self.queue(&mut row, &facts, &review);
        row.shown = self.shown(&row);
        row
    }

    fn delivery(&self, row: &mut StateRow) {
        let first = |verdict| self.sent_by_me().find(|entry| entry.verdict == verdict);
        let refused = first(VerdictState::Rejected).or_else(|| first(VerdictState::Upheld));
        let (code, at, reason) = if let Some(entry) = refused {
            ("not_accepted", entry.received_at, entry.reason.clone())
        } else if let Some(entry) = first(VerdictState::Quarantined) {
            ("held", entry.received_at, entry.reason.clone())
        } else if let Some(at) = self.oldest(|entry| entry.waits(self.unreceived)) {
            ("saved", Some(at), None)
        } else if let Some(entry) = first(VerdictState::Parked) {
            ("parked", entry.received_at, entry.reason.clone())
        } else if let Some(at) = self.oldest(|entry| {
            entry.verdict == VerdictState::None && !shared::mutant!(AcceptedWhenReceived)
        }) {
            ("sent", Some(at), None)
        } else {
            (
                "received",
                self.entries
                    .iter()
                    .filter_map(|entry| entry.received_at)
                    .max(),
                None,
            )
        };
        // Of ours too: somebody did with it what this app does not know.
        let code = if code == "received" && self.newer() {
            "newer"
        } else {
            code
        };
        row.delivery = code.to_owned();
        (row.delivery_at, row.delivery_reason) = (at, reason);
        if code == "received" && self.photos_here > 0 {
            row.delivery = "received_photos_here".to_owned();
            row.delivery_photos = Some(self.photos_here);
        }
    }

    fn oldest(&self, wanted: impl Fn(&EntryRow) -> bool) -> Option<UnixMs> {
        self.sent_by_me()
            .filter(|entry| wanted(entry))
            .map(|entry| entry.at)
            .min()
    }

    fn review(&self, row: &mut StateRow, state: ReviewState) {
        if let Some(decision) = self.pending() {
            let code = match decision.review.verdict {
                ReviewVerdict::Approve => "approved_here",
                ReviewVerdict::Return => "returned_here",
                ReviewVerdict::Escalate => "escalated_here",
            };
            row.review = Some(code.to_owned());
            row.review_at = Some(decision.entry.at);
            row.review_by = Some(self.me);
            return;
        }
        let (at, by) = match state {
            ReviewState::Unsubmitted => return,
            ReviewState::Submitted { at } | ReviewState::Withdrawn { at } => (Some(at), None),
            ReviewState::Approved { by, at, .. }
            | ReviewState::Returned { by, at, .. }
            | ReviewState::Escalated { by, at, .. } => (Some(at), Some(by)),
            ReviewState::Amended { by, .. } => (None, Some(by)),
        };
        let withdrawn = matches!(state, ReviewState::Withdrawn { .. });
        let code = match state {
            _ if self.conflict && !withdrawn => "conflict",
            // A return that was answered is no approval that was passed over.
            ReviewState::Amended {
                verdict: ReviewVerdict::Return,
                ..
            } => "answered",
            _ => state.code(),
        };
        row.review = Some(code.to_owned());
        (row.review_at, row.review_by) = (at, by);
    }

    fn todo(&self, row: &mut StateRow, review: &ReviewState) {
        let todo = |code, at: Option<UnixMs>, by, text| {
            Some(crate::store::Todo {
                code,
                at: at.unwrap_or_default(),
                by,
                text,
                reasons: Vec::new(),
            })
        };
        let confirm = self.entries.iter().find(|it| it.confirm).map(|it| it.at);
        row.todo = match (row.delivery.as_str(), review) {
            ("not_accepted", _) => todo("not_accepted", row.delivery_at, None, None),
            ("held", _) => todo("held", row.delivery_at, None, None),
            _ if confirm.is_some() => todo("confirm", confirm, None, None),
            _ if !self.own => None,
            _ if row.review.as_deref() == Some("conflict") => {
                let last = self.entries.iter().map(|entry| entry.at).max();
                todo("conflict", last, None, None)
            }
            // Once the officer has answered, it is no longer theirs to do.
            ("received" | "received_photos_here", ReviewState::Returned { by, at, review }) => {
                let decisions = self.decisions();
                let words = decisions
                    .into_iter()
                    .find(|decision| decision.entry.id == *review)
                    .map(|decision| decision.review);
                let (text, reasons) = words.map_or((None, Vec::new()), |it| (it.text, it.reasons));
                let task = todo("returned", Some(*at), Some(*by), text);
                task.map(|it| crate::store::Todo { reasons, ..it })
            }
            _ => None,
        };
    }

    fn queue(&self, row: &mut StateRow, facts: &Facts, review: &ReviewState) {
        let waits = self.reviewer
            && !self.contributed(self.me)
            && review.is_open()
            && self.pending().is_none();
        if !waits {
            return;
        }
        row.queue = Some(self.due(facts, review));
        row.flags = self.flags.to_vec();
        if matches!(review, ReviewState::Amended { .. }) {
            row.flags.push("amended".to_owned());
        }
        if self.photos_missing > 0 {
            row.flags.push("photos_missing".to_owned());
        }
        if self.newer() {
            row.flags.push("newer".to_owned());
        }
    }

    /// When the review is due: so long after the submission, or after the last change of a
    /// record that had been reviewed.
    pub(super) fn due(&self, facts: &Facts, review: &ReviewState) -> UnixMs {
        let from = match review {
            ReviewState::Amended { .. } => {
                let changes = self
                    .entries
                    .iter()
                    .filter(|it| it.kind == EntryKind::Change);
                changes.filter(|it| it.accepted()).map(|it| it.at).max()
            }
            _ => facts.submitted,
        };
        from.unwrap_or_default().plus(self.review_ms)
    }

    /// Which state a list shows: what the reader can act upon first.
    fn shown(&self, row: &StateRow) -> &'static str {
        let trouble = matches!(row.delivery.as_str(), "held" | "not_accepted" | "newer");
        if trouble || row.review.is_none() {
            return "delivery";
        }
        if !self.own || row.todo.is_some() {
            return "review";
        }
        let decided = row.review.as_deref() != Some("submitted");
        if row.delivery == "received" && decided {
            "review"
        } else {
            "delivery"
        }
    }
}

/// What a verdict is called on screens.
pub(super) const fn verdict_name(verdict: ReviewVerdict) -> &'static str {
    match verdict {
        ReviewVerdict::Approve => "approve",
        ReviewVerdict::Return => "return",
        ReviewVerdict::Escalate => "escalate",
    }
}
