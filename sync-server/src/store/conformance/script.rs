//! A judge that says what it is told to, and notes what it was asked.

use std::collections::BTreeMap;

use shared::ids::{EntryId, RecordId};

use super::kit::{NOW, id};
use crate::store::*;

/// The outcome of each entry; what it has none for it cannot judge.
#[derive(Default)]
pub(super) struct Script {
    outcomes: BTreeMap<EntryId, Vec<Outcome>>,
    /// The cases, in the order in which they came.
    pub(super) cases: Vec<Case>,
    /// Goes on after so many.
    pub(super) stops_after: Option<usize>,
    /// The number of changes after which it knows every record.
    pub(super) knows: Option<u32>,
}

impl Script {
    pub(super) fn of(outcomes: Vec<(EntryId, Outcome)>) -> Self {
        let mut script = Self::default();
        for (id, outcome) in outcomes {
            script.outcomes.entry(id).or_default().push(outcome);
        }
        for list in script.outcomes.values_mut() {
            list.reverse();
        }
        script
    }

    /// The ids of the cases.
    pub(super) fn order(&self) -> Vec<EntryId> {
        self.cases.iter().map(|case| case.id).collect()
    }
}

impl Judge for Script {
    fn knows(&self, _: RecordId, changes: u32) -> bool {
        self.knows == Some(changes)
    }

    fn decide(&mut self, case: &Case) -> Answer {
        if case.history.is_none() {
            self.cases.push(case.clone());
        }
        match self.outcomes.get_mut(&case.id).and_then(Vec::pop) {
            Some(outcome) => Answer::Rule(outcome),
            None => Answer::History,
        }
    }

    fn goes_on(&mut self) -> bool {
        self.stops_after.is_none_or(|most| self.cases.len() < most)
    }
}

pub(super) const PLENTY: Staging = Staging {
    device_entries: 1_000,
    device_bytes: 1 << 20,
    all_bytes: 1 << 20,
};

/// A sitting of at most so many entries.
pub(super) fn sitting(entries: u32) -> Sitting {
    Sitting {
        entries,
        turn: Turn {
            entries: 100,
            bytes: 1 << 20,
        },
        after: None,
        staging: PLENTY,
    }
}

/// Judges everything that waits, as the script has it.
pub(super) fn judge(store: &dyn Store, script: &mut Script) -> Judged {
    store.judge(&sitting(1_000), script, NOW).unwrap()
}

/// Judges the entry that comes next, which is this one of the officer's log.
pub(super) fn rule(store: &dyn Store, seq: u64, outcome: Outcome) -> Judged {
    rule_entry(store, id(seq), outcome)
}

/// Judges the entry that comes next, which is this one.
pub(super) fn rule_entry(store: &dyn Store, id: EntryId, outcome: Outcome) -> Judged {
    let mut script = Script::of(vec![(id, outcome)]);
    let judged = store.judge(&sitting(1), &mut script, NOW).unwrap();
    assert_eq!(script.order(), [id], "contract: the next one in order");
    assert_eq!((judged.entries, judged.failed), (1, 0));
    judged
}

/// The entry that would be judged next.
pub(super) fn next(store: &dyn Store) -> Option<Case> {
    let mut script = Peek(None);
    let mut one = sitting(1);
    one.entries = 1;
    // It has no answer: the entry is put aside, and taken up again.
    store.judge(&one, &mut script, NOW).unwrap();
    if script.0.is_some() {
        store
            .requeue(shared::wire::VerdictCode::MissingDependency)
            .unwrap();
    }
    script.0
}

struct Peek(Option<Case>);

impl Judge for Peek {
    fn knows(&self, _: RecordId, _: u32) -> bool {
        false
    }

    fn decide(&mut self, case: &Case) -> Answer {
        self.0.get_or_insert_with(|| case.clone());
        Answer::History
    }

    fn goes_on(&mut self) -> bool {
        false
    }
}
