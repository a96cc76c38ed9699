//! The same with a judge between: people who may and may not review, who write in what they
//! review, and whose entries reach the server in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::*;
use crate::hash::PayloadHash;
use crate::ids::{BootId, LogId, PolicySeq, RecordId, Seq, TeamId};
use crate::log::{EntryKind, Header};
use crate::policy::{Authority, Decision, Named, Person, Role, judge};
use crate::statement::{Bound, Review, Statement, VideoViewed};

const TEAM: TeamId = TeamId::from_bytes([9; 16]);
/// Whose each device is: the author has two; the first sergeant has two and also writes in the
/// record, which is shared with them; the second only reviews; the last is an officer.
const OWNERS: [u8; 6] = [0, 0, 1, 1, 2, 3];
/// Most steps in a history.
const STEPS: usize = 32;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A device changes what it has.
    Change(usize),
    /// A device decides on what it has.
    Review(usize, ReviewVerdict),
    /// The server judges what a device has written, and the device hears of all that was let in.
    Exchange(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = || 0..OWNERS.len();
    let verdict = prop_oneof![
        3 => Just(ReviewVerdict::Approve),
        1 => Just(ReviewVerdict::Return),
        1 => Just(ReviewVerdict::Escalate),
    ];
    prop_oneof![
        1 => device().prop_map(Step::Change),
        2 => (device(), verdict).prop_map(|(at, verdict)| Step::Review(at, verdict)),
        2 => device().prop_map(Step::Exchange),
    ]
}

/// One signed entry.
#[derive(Debug, Clone)]
struct Said {
    header: Header,
    /// The change that it is; none for a review.
    change: Option<ChangeHash>,
    verdict: ReviewVerdict,
}

/// What somebody knows: what was let in, and of a device also what it wrote itself.
#[derive(Debug, Clone, Default)]
struct Known {
    entries: BTreeMap<EntryId, Said>,
}

impl Known {
    fn heads(&self) -> Vec<ChangeHash> {
        let changes = || self.entries.values().filter(|it| it.change.is_some());
        let past: BTreeSet<_> = changes().flat_map(|it| it.header.deps.clone()).collect();
        let heads: BTreeSet<_> = changes().filter_map(|it| it.change).collect();
        heads.difference(&past).copied().collect()
    }

    fn contributors(&self) -> BTreeSet<OfficerId> {
        let changes = self.entries.values().filter(|it| it.change.is_some());
        changes.map(|it| it.header.officer).collect()
    }

    fn facts(&self) -> Facts {
        let reviews = self.entries.values().filter(|it| it.change.is_none());
        Facts {
            heads: self.heads(),
            submitted: Some(UnixMs(0)),
            withdrawn: None,
            reviews: reviews
                .map(|it| ReviewFact {
                    id: it.header.id(),
                    officer: it.header.officer,
                    verdict: it.verdict,
                    heads: it.header.deps.clone(),
                    seen: it.header.seen.clone(),
                    at: it.header.wall,
                })
                .collect(),
        }
    }
}

struct World {
    server: Known,
    devices: Vec<Known>,
    /// What each device has written and the server has not judged.
    outbox: Vec<Vec<Said>>,
    authority: Authority,
    made: u8,
    /// The outcome of each state, and how many reviews of it there were then.
    outcomes: BTreeMap<Vec<ChangeHash>, (String, usize)>,
}

fn officer(number: u8) -> OfficerId {
    OfficerId::from_bytes([number; 16])
}

fn person(number: u8, role: Role) -> (OfficerId, Person) {
    let person = Person {
        id: officer(number),
        collar: number.to_string(),
        title: String::new(),
        name: String::new(),
        role,
        team: TEAM,
        station: String::new(),
        active: true,
        acting: Vec::new(),
        operations: Vec::new(),
    };
    (officer(number), person)
}

impl World {
    fn new() -> Self {
        let people = [
            person(0, Role::Officer),
            person(1, Role::Supervisor),
            person(2, Role::Supervisor),
            person(3, Role::Officer),
        ];
        let mut world = Self {
            server: Known::default(),
            devices: vec![Known::default(); OWNERS.len()],
            outbox: vec![Vec::new(); OWNERS.len()],
            authority: Authority {
                people: people.into(),
                ..Authority::default()
            },
            made: 0,
            outcomes: BTreeMap::new(),
        };
        world.write(0, None);
        for device in 0..OWNERS.len() {
            world.exchange(device);
        }
        world
    }

    /// A device signs a change, or a review of what it shows.
    fn write(&mut self, device: usize, verdict: Option<ReviewVerdict>) {
        self.made += 1;
        let known = &mut self.devices[device];
        let mut last = BTreeMap::new();
        for (id, said) in &known.entries {
            if said.change.is_none() {
                last.insert(id.log, *id);
            }
        }
        let log = u8::try_from(device).unwrap();
        let header = Header {
            log: LogId::from_bytes([log; 16]),
            seq: Seq(u64::from(self.made)),
            subject: Some(RecordId::from_bytes([1; 16])),
            kind: match verdict {
                Some(_) => EntryKind::Review,
                None => EntryKind::Change,
            },
            payload: PayloadHash::from_bytes([self.made; 32]),
            officer: officer(OWNERS[device]),
            deps: known.heads(),
            seen: last.into_values().collect(),
            supersedes: Vec::new(),
            policy: PolicySeq(1),
            schema: 1,
            // Clocks run backwards as well as forwards.
            wall: UnixMs(i64::from(self.made) * 7 % 5),
            server_time: None,
            elapsed: 0,
            boot: BootId::from_bytes([0; 16]),
        };
        let said = Said {
            change: verdict
                .is_none()
                .then(|| ChangeHash::from_bytes([self.made; 32])),
            verdict: verdict.unwrap_or(ReviewVerdict::Approve),
            header,
        };
        known.entries.insert(said.header.id(), said.clone());
        self.outbox[device].push(said);
    }

    /// What builds on something that is not let in is not let in either.
    fn judged(&self, said: &Said) -> bool {
        let accepted: BTreeSet<_> = self
            .server
            .entries
            .values()
            .filter_map(|it| it.change)
            .collect();
        if !said.header.deps.iter().all(|dep| accepted.contains(dep)) {
            return false;
        }
        let contributors = self.server.contributors();
        let named = Named {
            author: (!contributors.is_empty()).then(|| officer(0)),
            contributors,
            teams: BTreeSet::from([TEAM]),
            submitted: true,
            shared: BTreeSet::from([officer(1)]),
            ..Named::default()
        };
        let review = Statement::Review(Review {
            bound: Bound {
                heads: said.header.deps.clone(),
                photos: Vec::new(),
                schema: 1,
            },
            verdict: said.verdict,
            reasons: Vec::new(),
            text: None,
            photos_missing: 0,
            video_viewed: VideoViewed::No,
        });
        let statement = said.change.is_none().then_some(&review);
        judge(&said.header, statement, &named, &self.authority) == Decision::Accept
    }

    fn exchange(&mut self, device: usize) {
        for said in std::mem::take(&mut self.outbox[device]) {
            if self.judged(&said) {
                self.server.entries.insert(said.header.id(), said);
            } else {
                // The device is told, and shows it no more.
                self.devices[device].entries.remove(&said.header.id());
            }
            self.look();
        }
        let let_in = self.server.entries.clone();
        self.devices[device].entries = let_in;
    }

    /// After every judgement.
    fn look(&mut self) {
        let facts = self.server.facts();
        let state = facts.review_state();
        if let ReviewState::Approved { by, review, .. } = state {
            let approval = &self.server.entries[&review].header;
            assert_eq!(approval.deps, facts.heads, "another state was approved");
            let contributors = self.server.contributors();
            assert!(!contributors.contains(&by), "their own change was approved");
            let role = self.authority.people[&by].role;
            assert_eq!(role, Role::Supervisor, "approved by somebody who may not");
        }
        // The outcome of a state changes with a review of that state, and with nothing else.
        let reviews = facts.reviews.iter().filter(|it| it.heads == facts.heads);
        let (outcome, reviews) = (format!("{state:?}"), reviews.count());
        if reviews == 0 {
            return;
        }
        if let Some((before, then)) = self.outcomes.get(&facts.heads)
            && *then == reviews
        {
            assert_eq!(*before, outcome, "a second outcome of one state");
        }
        self.outcomes.insert(facts.heads, (outcome, reviews));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn nobody_approves_their_own_change_and_a_state_has_one_outcome(
        steps in vec(step(), 0..STEPS),
        last in Just((0..OWNERS.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut world = World::new();
        for step in steps {
            match step {
                Step::Change(device) => world.write(device, None),
                Step::Review(device, verdict) => world.write(device, Some(verdict)),
                Step::Exchange(device) => world.exchange(device),
            }
        }
        // Everybody connects in the end, twice, so that everybody has heard of everything.
        for device in last.iter().chain(&last) {
            world.exchange(*device);
        }
        let state = world.server.facts().review_state();
        for device in &world.devices {
            prop_assert_eq!(device.facts().review_state(), state);
        }
    }
}

/// The histories are of some use only if they reach what they are about.
#[test]
fn such_histories_reach_approvals_held_reviews_and_amendments() {
    use Step::{Change, Exchange, Review as Decide};
    let run = |steps: &[Step]| {
        let mut world = World::new();
        for step in steps {
            match *step {
                Change(device) => world.write(device, None),
                Decide(device, verdict) => world.write(device, Some(verdict)),
                Exchange(device) => world.exchange(device),
            }
        }
        world.server.facts().review_state().code()
    };
    let approve = ReviewVerdict::Approve;
    assert_eq!(run(&[Decide(4, approve), Exchange(4)]), "approved");
    assert_eq!(run(&[Decide(0, approve), Exchange(0)]), "submitted");
    assert_eq!(run(&[Decide(5, approve), Exchange(5)]), "submitted");
    // On one device the sergeant writes in it, on the other one they approve it, in both orders.
    let wrote = [Change(2), Decide(3, approve), Exchange(2), Exchange(3)];
    assert_eq!(run(&wrote), "submitted");
    let approved = [Change(2), Decide(3, approve), Exchange(3), Exchange(2)];
    assert_eq!(run(&approved), "amended");
}
