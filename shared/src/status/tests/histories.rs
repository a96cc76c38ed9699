//! Officers and supervisors who write, review and hear of each other by chance, in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::*;
use crate::ids::{LogId, Seq};

/// Devices in a history.
const DEVICES: usize = 4;
/// Most steps in a history.
const STEPS: usize = 24;

#[derive(Debug, Clone)]
enum Step {
    /// A device changes what it has.
    Change(usize),
    /// A device decides on what it has.
    Review(usize, ReviewVerdict),
    /// One device hears all that another has.
    Hear(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = || 0..DEVICES;
    let verdict = prop_oneof![
        Just(ReviewVerdict::Approve),
        Just(ReviewVerdict::Return),
        Just(ReviewVerdict::Escalate),
    ];
    prop_oneof![
        1 => device().prop_map(Step::Change),
        2 => (device(), verdict).prop_map(|(at, verdict)| Step::Review(at, verdict)),
        3 => (device(), device()).prop_map(|(at, from)| Step::Hear(at, from)),
    ]
}

/// What one device has.
#[derive(Debug, Clone, Default)]
struct Replica {
    /// Changes, and what each stands on.
    changes: BTreeMap<ChangeHash, Vec<ChangeHash>>,
    /// Reviews, by log and sequence.
    reviews: BTreeMap<EntryId, ReviewFact>,
}

impl Replica {
    fn heads(&self) -> Vec<ChangeHash> {
        let past: BTreeSet<_> = self.changes.values().flatten().collect();
        let heads = self.changes.keys().filter(|it| !past.contains(it));
        heads.copied().collect()
    }

    fn last_of_each_log(&self) -> Vec<EntryId> {
        let mut last = BTreeMap::new();
        for id in self.reviews.keys() {
            last.insert(id.log, *id);
        }
        last.into_values().collect()
    }

    fn hear(&mut self, other: &Self) {
        self.changes.extend(other.changes.clone());
        self.reviews.extend(other.reviews.clone());
    }

    fn facts(&self) -> Facts {
        Facts {
            heads: self.heads(),
            submitted: Some(UnixMs(0)),
            withdrawn: None,
            reviews: self.reviews.values().cloned().collect(),
        }
    }
}

fn hash(number: usize) -> ChangeHash {
    ChangeHash::from_bytes([u8::try_from(number).unwrap(); 32])
}

/// Runs a history. Every device has had the first change and its submission.
fn run(steps: &[Step]) -> Vec<Replica> {
    let mut replicas = vec![Replica::default(); DEVICES];
    for replica in &mut replicas {
        replica.changes.insert(hash(0), Vec::new());
    }
    for (at, step) in steps.iter().enumerate() {
        match *step {
            Step::Change(device) => {
                let deps = replicas[device].heads();
                replicas[device].changes.insert(hash(at + 1), deps);
            }
            Step::Review(device, verdict) => {
                let replica = &mut replicas[device];
                let author = u8::try_from(device).unwrap();
                let id = EntryId {
                    log: LogId::from_bytes([author; 16]),
                    seq: Seq(u64::try_from(at).unwrap()),
                };
                let review = ReviewFact {
                    id,
                    officer: OfficerId::from_bytes([author; 16]),
                    verdict,
                    heads: replica.heads(),
                    seen: replica.last_of_each_log(),
                    // Clocks run backwards as well as forwards.
                    at: UnixMs(i64::try_from(at * 7 % 5).unwrap()),
                };
                replica.reviews.insert(id, review);
            }
            Step::Hear(device, from) => {
                let other = replicas[from].clone();
                replicas[device].hear(&other);
            }
        }
    }
    replicas
}

/// The statement that a state names, if it names one that decides.
fn decided(state: &ReviewState) -> Option<(EntryId, ReviewVerdict)> {
    match state {
        ReviewState::Approved { review, .. } => Some((*review, ReviewVerdict::Approve)),
        ReviewState::Returned { review, .. } => Some((*review, ReviewVerdict::Return)),
        ReviewState::Escalated { review, .. } => Some((*review, ReviewVerdict::Escalate)),
        _ => None,
    }
}

/// What must be true of what one device shows, whatever it has heard so far.
fn holds(replica: &Replica) -> Result<(), TestCaseError> {
    let facts = replica.facts();
    let state = facts.review_state();
    let current: Vec<_> = facts
        .reviews
        .iter()
        .filter(|it| it.heads == facts.heads)
        .collect();
    let Some((id, verdict)) = decided(&state) else {
        // Somebody who decided on what stands now is never passed over.
        prop_assert!(current.is_empty(), "{state:?}");
        return Ok(());
    };
    let review = current.iter().find(|it| it.id == id);
    prop_assert_eq!(review.map(|it| it.verdict), Some(verdict));
    // Whoever says otherwise, with more weight, was seen by somebody who decided after.
    for other in current {
        let answered = facts
            .reviews
            .iter()
            .any(|it| it.heads == facts.heads && it.id != other.id && has_seen(&it.seen, other.id));
        prop_assert!(weight(other.verdict) <= weight(verdict) || answered);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_state_has_one_outcome_and_it_is_of_that_state(
        steps in vec(step(), 0..STEPS),
        turn in 0..STEPS,
    ) {
        let replicas = run(&steps);
        let mut all = Replica::default();
        for replica in &replicas {
            holds(replica)?;
            all.hear(replica);
        }
        holds(&all)?;
        let facts = all.facts();
        let state = facts.review_state();
        // In whatever order the statements came.
        let mut turned = facts.clone();
        let by = turn.min(turned.reviews.len());
        turned.reviews.rotate_left(by);
        prop_assert_eq!(turned.review_state(), state);
        turned.reviews.reverse();
        prop_assert_eq!(turned.review_state(), state);
    }

    #[test]
    fn a_change_takes_every_decision_back(
        steps in vec(step(), 0..STEPS),
        device in 0..DEVICES,
    ) {
        let replicas = run(&steps);
        let mut all = Replica::default();
        for replica in &replicas {
            all.hear(replica);
        }
        // Made offline on one device, whatever the others decided meanwhile.
        let mut changed = replicas[device].clone();
        changed.changes.insert(hash(STEPS + 1), changed.heads());
        all.hear(&changed);
        let state = all.facts().review_state();
        prop_assert!(decided(&state).is_none(), "{:?}", state);
    }
}
