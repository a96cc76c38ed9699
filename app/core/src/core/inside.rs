//! Which changes make the document of a record.
//!
//! Pure. What was accepted is in it, and what of ours may still be. What the server keeps out,
//! and what builds on that, is not: its words are kept beside the document, and a person
//! decides about them.

use std::collections::BTreeSet;

use shared::hash::ChangeHash;
use shared::log::EntryKind;

use crate::store::{EntryRow, VerdictState};

/// How the changes of a record stand to its document.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// In the document.
    pub(super) inside: BTreeSet<ChangeHash>,
    /// Ours, kept out or building on what is, and nothing of ours took their place.
    pub(super) out: BTreeSet<ChangeHash>,
    /// Those of them that build on nothing that was replaced.
    rooted: BTreeSet<ChangeHash>,
}

impl Standing {
    /// From all entries of a record, in the order in which they came to be known.
    pub(super) fn of(entries: &[EntryRow]) -> Self {
        let mut standing = Self::default();
        let (mut gone, mut cut) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries.iter().filter(|it| it.kind == EntryKind::Change) {
            let Some(change) = entry.change.filter(|_| entry.is_in()) else {
                continue;
            };
            let builds_on = entry.deps.iter().any(|dep| gone.contains(dep));
            if entry.given_up() {
                gone.insert(change);
                continue;
            }
            if entry.accepted() {
                // By a lineage of the server that let in what this one keeps out: it waits.
                if builds_on {
                    gone.insert(change);
                } else {
                    standing.inside.insert(change);
                }
                continue;
            }
            let replaced = entry.superseded || entry.verdict == VerdictState::Superseded;
            if !(replaced || builds_on || entry.verdict.kept_out()) {
                standing.inside.insert(change);
                continue;
            }
            gone.insert(change);
            if !replaced {
                standing.out.insert(change);
            }
            if replaced || entry.deps.iter().any(|dep| cut.contains(dep)) {
                cut.insert(change);
            } else {
                standing.rooted.insert(change);
            }
        }
        standing
    }

    /// What is shown: the document or, where nothing of the record is in, the words that are
    /// kept out.
    pub(super) fn shown(&self) -> &BTreeSet<ChangeHash> {
        if self.whole() {
            &self.rooted
        } else {
            &self.inside
        }
    }

    /// True if the whole record is kept out.
    pub(super) fn whole(&self) -> bool {
        self.inside.is_empty()
    }
}

/// True for an entry of ours that is kept out, whose words wait for its officer or for a
/// supervisor.
pub(super) fn is_held(entry: &EntryRow, standing: &Standing) -> bool {
    entry.own && !entry.superseded && !entry.let_go && !entry.accepted() && {
        let out = |change| standing.out.contains(change);
        entry.verdict.kept_out()
            || entry.change.as_ref().is_some_and(out)
            || entry.deps.iter().any(out)
    }
}
