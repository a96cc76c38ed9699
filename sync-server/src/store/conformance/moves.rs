//! Scopes: what enters and leaves them, their digests, who is given them; and what the server
//! writes for people who act in the browser.

use std::collections::BTreeMap;

use shared::hash::{ChangeHash, HeaderHash, sha256};
use shared::ids::{AcceptPos, DeviceId, EntryId, LogId, OperationId, RecordId, Seq, TeamId};
use shared::log::EntryKind;
use shared::policy::{Acting, Role};
use shared::statement::ReviewVerdict;
use shared::time::UnixMs;
use shared::wire::{Cursors, FeedEvent, Leaf, Mail, Scope, ScopeDigest, Sum};

use super::Make;
use super::kit::*;
use super::script::{rule, rule_entry};
use crate::store::*;

const OTHER_TEAM: TeamId = TeamId::from_bytes([5; 16]);

fn moving(add: &[Scope], remove: &[Scope]) -> Outcome {
    said(NewStatement::Scopes {
        add: add.to_vec(),
        remove: remove.to_vec(),
    })
}

/// What the sergeant's vault is given after a position.
fn after(store: &dyn Store, position: AcceptPos) -> Vec<(Scope, FeedEvent)> {
    let cursors = Cursors {
        records: position,
        ..Cursors::default()
    };
    let feed = news(store, SERGEANTS_LOG, cursors, 1 << 20).feed;
    feed.into_iter().map(|it| (it.scope, it.event)).collect()
}

/// What a vault signed about another's record it destroys with its copy: a record that comes back
/// has to bring it.
pub(super) fn a_record_that_comes_back_brings_what_its_reader_wrote(make: Make<'_>) {
    let store = make();
    submitted(&*store, &[]);
    let review = entry(sergeants_header(0, EntryKind::Review), b"review".to_vec());
    let id = review.verified.header.id();
    store.receive(&sergeants(vec![review]), NOW).unwrap();
    let outcome = said(NewStatement::Review {
        verdict: ReviewVerdict::Approve,
        heads: vec![change_hash(0)],
    });
    assert!(rule_entry(&*store, id, outcome).position.is_some());
    let own = |log, from| {
        let cursors = Cursors {
            records: from,
            ..Cursors::default()
        };
        let feed = news(&*store, log, cursors, 1 << 20).feed;
        let entries = feed.into_iter().flat_map(|it| match it.event {
            FeedEvent::Enters(all, _) => all,
            _ => Vec::new(),
        });
        entries.filter(|it| it.id.log == log).count()
    };
    assert_eq!(
        own(SERGEANTS_LOG, AcceptPos(0)),
        1,
        "contract: let in after that, and not told again"
    );
    for (seq, outcome) in [
        (2, moving(&[], &[Scope::Team(TEAM)])),
        (3, moving(&[Scope::Team(TEAM)], &[])),
    ] {
        let entry = incoming(seq, EntryKind::ScopeChange, 1);
        store.receive(&push(vec![entry]), NOW).unwrap();
        rule(&*store, seq, outcome);
    }
    assert_eq!(
        own(SERGEANTS_LOG, AcceptPos(3)),
        1,
        "contract: with the review"
    );
    assert_eq!(own(LOG, AcceptPos(0)), 0, "contract: its author has it");
}

pub(super) fn a_record_enters_and_leaves_scopes(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    accepted(&*store, &[]);
    let share = |seq: u64, outcome| {
        let at = store.counters().unwrap().accept;
        let entry = incoming(seq, EntryKind::Share, 1);
        store.receive(&push(vec![entry]), NOW).unwrap();
        rule(&*store, seq, outcome);
        at
    };
    let shared = Scope::Shared(SERGEANT);
    let at = share(1, moving(&[shared], &[]));
    let got = after(&*store, at);
    assert!(
        matches!(&got[..], [(scope, FeedEvent::Enters(all, _))]
            if *scope == shared && all.len() == 2),
        "contract: the whole history, the share too: {got:?}"
    );
    let at = share(2, moving(&[shared], &[]));
    assert!(
        matches!(&after(&*store, at)[..], [(_, FeedEvent::Accepted(_))]),
        "contract: it is there already"
    );
    let at = share(3, moving(&[Scope::Team(TEAM)], &[]));
    let got = after(&*store, at);
    assert!(
        matches!(&got[..], [(scope, FeedEvent::Enters(all, _))]
            if *scope == Scope::Team(TEAM) && all.len() == 4),
        "contract: what enters brings the entry too, and it comes once: {got:?}"
    );
    let at = share(4, moving(&[], &[shared, Scope::Team(OTHER_TEAM)]));
    let got = after(&*store, at);
    assert!(got.contains(&(shared, FeedEvent::Leaves)));
    assert_eq!(got.len(), 2, "contract: it leaves where it was");
    let at = share(5, moving(&[shared], &[]));
    let got = after(&*store, at);
    assert!(
        got.iter()
            .any(|(scope, event)| *scope == shared && matches!(event, FeedEvent::Enters(..))),
        "contract: and enters again"
    );
}

fn digests(store: &dyn Store, log: LogId) -> Vec<ScopeDigest> {
    let device = if log == LOG { DEVICE } else { SERGEANTS_DEVICE };
    let query = NewsQuery {
        log,
        device,
        cursors: Some(Cursors::default()),
        received: None,
        budget: 1 << 24,
        digests: true,
    };
    store.news(&query).unwrap().digests.unwrap()
}

/// What a recount needs of a record.
#[derive(Default)]
struct Plain {
    heads: Vec<ChangeHash>,
    statements: Vec<EntryId>,
    scopes: Vec<Scope>,
}

fn recount(records: &BTreeMap<RecordId, Plain>, scope: Scope) -> [u8; 16] {
    let inside = records.iter().filter(|(_, it)| it.scopes.contains(&scope));
    let sum = inside.fold(Sum::default(), |sum, (id, it)| {
        sum.with(Leaf::of(*id, &it.heads, &it.statements))
    });
    sum.to_bytes()
}

/// Numbers that look random, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u8) -> u8 {
        self.0 += 1;
        sha256(&[&self.0.to_be_bytes()])[0] % sides
    }
}

pub(super) fn digests_are_what_a_recount_gives(make: Make<'_>) {
    for seed in 0..4 {
        let store = make();
        peopled(&*store);
        let mut dice = Dice(seed << 32);
        let mut records: BTreeMap<RecordId, Plain> = BTreeMap::new();
        for seq in 0..60 {
            let record = RecordId::from_bytes([dice.roll(6) + 1; 16]);
            step(&*store, &mut dice, seq, record, &mut records);
        }
        for log in [LOG, SERGEANTS_LOG] {
            for digest in digests(&*store, log) {
                assert_eq!(
                    digest.sum,
                    recount(&records, digest.scope),
                    "contract: the digest of {} in history {seed}",
                    digest.scope
                );
            }
        }
    }
}

/// Something happens to a record.
fn step(
    store: &dyn Store,
    dice: &mut Dice,
    seq: u64,
    record: RecordId,
    records: &mut BTreeMap<RecordId, Plain>,
) {
    let known = records.entry(record).or_default();
    let change = known.heads.is_empty() || dice.roll(3) == 0;
    let kind = if change {
        EntryKind::Change
    } else {
        EntryKind::ScopeChange
    };
    let mut header = header(seq, kind, 1);
    header.subject = Some(record);
    // One actor writes in one record.
    let mut one = entry(header, vec![0; 40]);
    if let Some((_, actor)) = &mut one.change {
        *actor = shared::ids::ActorId::from_bytes(*record.as_bytes());
    }
    store.receive(&push(vec![one]), NOW).unwrap();
    if change {
        known.heads = vec![change_hash(seq)];
        if known.scopes.is_empty() {
            known.scopes.push(Scope::Author(OFFICER));
        }
        let Outcome::AcceptChange(mut state) = state(&[]) else {
            return;
        };
        state.heads = vec![change_hash(seq)];
        rule(store, seq, Outcome::AcceptChange(state));
        return;
    }
    let movable = [
        Scope::Team(TEAM),
        Scope::Shared(SERGEANT),
        Scope::Team(OTHER_TEAM),
    ];
    let scope = movable[usize::from(dice.roll(3))];
    known.statements.push(id(seq));
    if dice.roll(2) == 0 {
        known.scopes.retain(|it| *it != scope);
        rule(store, seq, moving(&[], &[scope]));
    } else {
        if !known.scopes.contains(&scope) {
            known.scopes.push(scope);
        }
        rule(store, seq, moving(&[scope], &[]));
    }
}

pub(super) fn grants_follow_people_and_time(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    let granted = |log| store.grants(log).unwrap();
    assert_eq!(
        granted(LOG),
        [Scope::Author(OFFICER), Scope::Shared(OFFICER)],
        "contract: an officer sees their own, and what is shared with them"
    );
    assert!(!store.align_grants(LOG, NOW).unwrap(), "contract: as it is");
    let cover = Acting {
        role: Role::Supervisor,
        team: TEAM,
        from: NOW.plus(100),
        until: NOW.plus(200),
    };
    let change = PostingChange {
        acting: Some(vec![cover]),
        ..PostingChange::default()
    };
    assert!(store.post_person("4417", &change, NOW).unwrap());
    let at = |ms: i64| {
        store.align_grants(LOG, NOW.plus(ms)).unwrap();
        granted(LOG).contains(&Scope::Team(TEAM))
    };
    assert_eq!(
        [at(0), at(99), at(100), at(199), at(200)],
        [false, false, true, true, false],
        "contract: a cover is given in its time"
    );
    let mail = news(&*store, LOG, Cursors::default(), 1 << 20).mail;
    let said = |wanted: fn(&Mail) -> bool| mail.iter().filter(|it| wanted(&it.mail)).count();
    assert_eq!(said(|it| matches!(it, Mail::GrantEnded(Scope::Team(_)))), 1);
    assert_eq!(said(|it| matches!(it, Mail::Granted(Scope::Team(_), _))), 1);
    let operation = OperationId::from_bytes([7; 16]);
    let operation = store.add_operation(operation, "Sceptre", NOW).unwrap();
    let change = PostingChange {
        operations: Some(vec![operation]),
        ..PostingChange::default()
    };
    assert!(store.post_person("4417", &change, NOW).unwrap());
    assert!(store.align_grants(LOG, NOW.plus(300)).unwrap());
    assert!(granted(LOG).contains(&Scope::Operation(operation)));
}

fn own_log() -> OwnLog<'static> {
    OwnLog {
        officer: SERGEANT,
        key: &[7; 32],
        new_log: LogId::from_bytes([8; 16]),
        new_device: DeviceId::from_bytes([8; 16]),
        no_credential: [8; 32],
    }
}

/// What the server signs for the sergeant there.
fn signed(place: &OwnPlace, kind: EntryKind) -> Push {
    let mut header = sergeants_header(place.next.0, kind);
    header.log = place.log;
    Push {
        device: place.device,
        log: place.log,
        waiting: None,
        ..push(vec![entry(header, vec![0; 8])])
    }
}

pub(super) fn the_server_holds_one_log_for_a_person(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    accepted(&*store, &[]);
    let devices = store.devices().unwrap().len();
    let mut places: Vec<OwnPlace> = Vec::new();
    for again in [false, true] {
        // The second time other ids are offered, and not taken.
        let mut own = own_log();
        if again {
            own.new_log = LogId::from_bytes([9; 16]);
        }
        let mut sign = |place: &OwnPlace| {
            places.push(*place);
            signed(place, EntryKind::LogNumber)
        };
        let received = store.append_own(&own, &mut sign, NOW).unwrap();
        assert_eq!(received, Received::Stored { new: 1 });
    }
    assert_eq!(places[0].log, places[1].log, "contract: one log");
    assert_eq!([places[0].next, places[1].next], [Seq(0), Seq(1)]);
    let first = signed(&places[0], EntryKind::LogNumber).entries.remove(0);
    let hash: HeaderHash = first.verified.hash;
    assert_eq!(places[1].previous, hash, "contract: it chains");
    let number = |n: &str| said(NewStatement::LogNumber(n.to_owned()));
    for seq in 0..2 {
        let log = places[0].log;
        let seq = Seq(seq);
        rule_entry(&*store, EntryId { log, seq }, number("1234"));
    }
    assert_eq!(
        store.devices().unwrap().len(),
        devices,
        "contract: the server is in no list of devices"
    );
    let feed = after(&*store, AcceptPos(0));
    assert!(
        feed.is_empty(),
        "contract: the sergeant does not see it yet"
    );
}

pub(super) fn notices_stand_until_they_are_over(make: Make<'_>) {
    let store = make();
    peopled(&*store);
    for seq in 0..2 {
        let mut header = header(seq, EntryKind::Notice, 1);
        header.subject = None;
        let entry = entry(header, vec![0; 8]);
        store.receive(&push(vec![entry]), NOW).unwrap();
        let until = NOW.plus(100 + i64::try_from(seq).unwrap());
        let text = format!("notice {seq}");
        let judged = rule(&*store, seq, said(NewStatement::Notice { text, until }));
        assert!(judged.reference && judged.position.is_some());
        assert!(judged.scopes.is_empty(), "contract: it is about no record");
    }
    let standing = |at: UnixMs| store.notices(at).unwrap().len();
    assert_eq!(
        [
            standing(NOW),
            standing(NOW.plus(100)),
            standing(NOW.plus(101))
        ],
        [2, 1, 0]
    );
    let (_, body) = store.reference("notices").unwrap().unwrap();
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("notice 0") && body.contains("notice 1"));
}
