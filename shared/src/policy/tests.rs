//! Who judges what: every role, act and relation, held to a list that people can read.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;
use crate::hash::PayloadHash;
use crate::ids::*;
use crate::log::{EntryKind, Header};
use crate::statement::{Bound, Review, ReviewVerdict, ScopeChange, Statement, VideoViewed};
use crate::time::UnixMs;
use crate::wire::Scope;

const ACTOR: OfficerId = OfficerId::from_bytes([1; 16]);
const SOMEBODY: OfficerId = OfficerId::from_bytes([2; 16]);
const TEAM: TeamId = TeamId::from_bytes([3; 16]);
const OTHER_TEAM: TeamId = TeamId::from_bytes([4; 16]);

/// How the record stands to the person who acts, by the names of the list.
fn records() -> [(&'static str, Named); 7] {
    let of = |author, teams: &[TeamId], submitted| Named {
        author: Some(author),
        contributors: BTreeSet::from([author]),
        teams: teams.iter().copied().collect(),
        submitted,
        ..Named::default()
    };
    let mut shared = of(SOMEBODY, &[], false);
    shared.shared.insert(ACTOR);
    let mut contributed = of(SOMEBODY, &[TEAM], true);
    contributed.contributors.insert(ACTOR);
    [
        ("new", Named::default()),
        ("own", of(ACTOR, &[TEAM], true)),
        ("own, unsubmitted", of(ACTOR, &[], false)),
        ("team's, changed by them", contributed),
        ("team's", of(SOMEBODY, &[TEAM], true)),
        ("another team's", of(SOMEBODY, &[OTHER_TEAM], true)),
        ("shared with them", shared),
    ]
}

fn header(kind: EntryKind) -> Header {
    Header {
        log: LogId::from_bytes([5; 16]),
        seq: Seq(0),
        subject: Some(RecordId::from_bytes([6; 16])),
        kind,
        payload: PayloadHash::of(&[7; 16], b""),
        officer: ACTOR,
        deps: Vec::new(),
        seen: Vec::new(),
        supersedes: Vec::new(),
        policy: PolicySeq(1),
        schema: 1,
        wall: UnixMs(0),
        server_time: None,
        elapsed: 0,
        boot: BootId::from_bytes([8; 16]),
    }
}

fn authority(role: Role, active: bool) -> Authority {
    let person = Person {
        id: ACTOR,
        collar: "1".to_owned(),
        title: "PC".to_owned(),
        name: "A".to_owned(),
        role,
        team: TEAM,
        station: String::new(),
        active,
        acting: Vec::new(),
        operations: Vec::new(),
    };
    Authority {
        people: [(ACTOR, person)].into(),
        ..Authority::default()
    }
}

fn review(verdict: ReviewVerdict) -> Statement {
    Statement::Review(Review {
        bound: Bound {
            heads: Vec::new(),
            photos: Vec::new(),
            schema: 1,
        },
        verdict,
        reasons: Vec::new(),
        text: None,
        photos_missing: 0,
        video_viewed: VideoViewed::DoesNotApply,
    })
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "accepted",
        Decision::Quarantine(reason) | Decision::Refuse(reason) => reason.code(),
    }
}

/// On devices and on the server alike. A line that changes here changes what officers may do:
/// say why in a decision.
#[test]
fn who_may_do_what_is_as_listed() {
    let mut list = String::new();
    for role in Role::ALL {
        for (relation, named) in records() {
            for kind in (0..=12).map(EntryKind::from_code) {
                let approval = review(ReviewVerdict::Approve);
                let statement = (kind == EntryKind::Review).then_some(&approval);
                let decision = judge(&header(kind), statement, &named, &authority(role, true));
                writeln!(
                    list,
                    "{} | {relation} | {kind:?} | {}",
                    role.as_str(),
                    word(decision)
                )
                .unwrap();
            }
        }
    }
    assert_eq!(list, include_str!("golden_v1.txt"));
}

#[test]
fn whoever_was_ended_or_is_unknown_does_nothing() {
    for kind in (0..=13).map(EntryKind::from_code) {
        for authority in [authority(Role::Supervisor, false), Authority::default()] {
            let decision = judge(&header(kind), None, &Named::default(), &authority);
            assert_eq!(word(decision), "not_active", "{kind:?}");
        }
    }
}

#[test]
fn competing_values_may_be_returned_and_not_approved() {
    let [.., (_, mut named), _, _] = records();
    named.conflict = true;
    let says = |verdict| {
        let statement = review(verdict);
        let authority = authority(Role::Supervisor, true);
        word(judge(
            &header(EntryKind::Review),
            Some(&statement),
            &named,
            &authority,
        ))
    };
    assert_eq!(says(ReviewVerdict::Approve), "conflict");
    assert_eq!(says(ReviewVerdict::Return), "accepted");
    assert_eq!(says(ReviewVerdict::Escalate), "accepted");
}

#[test]
fn the_reviewer_of_an_officer_is_the_first_active_supervisor_of_the_team() {
    let mut authority = authority(Role::Officer, true);
    assert_eq!(authority.reviewer_of(ACTOR), None);
    for (n, collar, role, team, active) in [
        (10, "300", Role::Supervisor, TEAM, true),
        (11, "200", Role::Supervisor, TEAM, true),
        (12, "100", Role::Supervisor, TEAM, false),
        (13, "100", Role::Supervisor, OTHER_TEAM, true),
        (14, "100", Role::Officer, TEAM, true),
    ] {
        let id = OfficerId::from_bytes([n; 16]);
        let mut person = authority.person(ACTOR).unwrap().clone();
        person.collar = collar.to_owned();
        (person.id, person.role, person.team, person.active) = (id, role, team, active);
        authority.people.insert(id, person);
    }
    assert_eq!(authority.reviewer_of(ACTOR).unwrap().collar, "200");
}

#[test]
fn an_acting_rank_counts_for_its_team_and_its_days() {
    let mut authority = authority(Role::Officer, true);
    authority
        .people
        .get_mut(&ACTOR)
        .unwrap()
        .acting
        .push(Acting {
            role: Role::Supervisor,
            team: OTHER_TEAM,
            from: UnixMs(100),
            until: UnixMs(200),
        });
    let named = |team| Named {
        author: Some(SOMEBODY),
        teams: BTreeSet::from([team]),
        submitted: true,
        ..Named::default()
    };
    let statement = review(ReviewVerdict::Approve);
    let says = |team, at| {
        let mut header = header(EntryKind::Review);
        // The wall clock says something else, and is not asked.
        (header.wall, header.server_time) = (UnixMs(150), Some(UnixMs(at)));
        word(judge(&header, Some(&statement), &named(team), &authority))
    };
    assert_eq!(says(OTHER_TEAM, 99), "role");
    assert_eq!(says(OTHER_TEAM, 100), "accepted");
    assert_eq!(says(OTHER_TEAM, 199), "accepted");
    assert_eq!(says(OTHER_TEAM, 200), "role");
    assert_eq!(says(TEAM, 150), "team");
}

#[test]
fn whoever_rules_on_what_is_held_is_of_its_writers_team_and_not_its_writer() {
    let authority = authority(Role::Supervisor, true);
    let says = |held: &[Held]| {
        let named = Named {
            held: held.to_vec(),
            ..Named::default()
        };
        word(judge(&header(EntryKind::Release), None, &named, &authority))
    };
    let held = |officer, team| Held { officer, team };
    let (theirs, own) = (held(SOMEBODY, Some(TEAM)), held(ACTOR, Some(TEAM)));
    assert_eq!(says(&[theirs]), "accepted");
    assert_eq!(says(&[theirs, own]), "own_record");
    assert_eq!(says(&[theirs, held(SOMEBODY, Some(OTHER_TEAM))]), "team");
    assert_eq!(says(&[held(SOMEBODY, None)]), "team");
}

#[test]
fn a_record_is_moved_to_teams_and_operations_that_are_there() {
    let mut authority = authority(Role::Supervisor, true);
    let operation = OperationId::from_bytes([9; 16]);
    let team = |id| Team {
        id,
        name: String::new(),
    };
    authority.teams = [(TEAM, team(TEAM)), (OTHER_TEAM, team(OTHER_TEAM))].into();
    let named = Named {
        author: Some(SOMEBODY),
        teams: BTreeSet::from([TEAM]),
        submitted: true,
        ..Named::default()
    };
    let says = |authority: &Authority, add: Scope| {
        let change = Statement::ScopeChange(ScopeChange {
            add: vec![add],
            // What it leaves need not be there any more.
            remove: vec![Scope::Team(TeamId::from_bytes([9; 16]))],
            reason: "their area".to_owned(),
        });
        let header = header(EntryKind::ScopeChange);
        judge(&header, Some(&change), &named, authority)
    };
    let refused = Decision::Refuse(Reason::NoSuchScope);
    assert_eq!(says(&authority, Scope::Team(OTHER_TEAM)), Decision::Accept);
    let nowhere = Scope::Team(TeamId::from_bytes([9; 16]));
    assert_eq!(says(&authority, nowhere), refused);
    assert_eq!(says(&authority, Scope::Operation(operation)), refused);
    let there = Operation {
        id: operation,
        name: String::new(),
    };
    authority.operations.insert(operation, there);
    assert_eq!(
        says(&authority, Scope::Operation(operation)),
        Decision::Accept
    );
}

#[test]
fn a_colleague_writes_while_the_record_is_shared_and_does_not_share_it_on() {
    let authority = authority(Role::Officer, true);
    let mut named = Named {
        author: Some(SOMEBODY),
        contributors: BTreeSet::from([SOMEBODY, ACTOR]),
        shared: BTreeSet::from([ACTOR]),
        ..Named::default()
    };
    let says = |kind, named: &Named| word(judge(&header(kind), None, named, &authority));
    assert_eq!(says(EntryKind::Change, &named), "accepted");
    assert_eq!(says(EntryKind::Share, &named), "not_author");
    named.shared.clear();
    assert_eq!(says(EntryKind::Change, &named), "not_author");
}
