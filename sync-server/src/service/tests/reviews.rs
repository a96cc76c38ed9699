//! Reviews that must not count: each has its verdict, changes nothing, and is in the audit.

use shared::hash::{BlobHash, ChangeHash};
use shared::ids::PhotoId;
use shared::log::EntryKind;
use shared::policy::Role;
use shared::statement::{PhotoRef, Review, ReviewVerdict, Ruling, Statement, VideoViewed};
use shared::wire::{Verdict, VerdictCode};

use super::kit::{Rec, Vault, World};
use crate::service::NewPost;

const HOUR: i64 = 3_600_000;

/// A submitted record of PC 4417, judged.
fn submitted(world: &World, n: u8) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(n);
    vault.change(&mut record, "grounds");
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record)
}

fn approval(record: &Rec) -> Review {
    Review {
        bound: record.bound(),
        verdict: ReviewVerdict::Approve,
        reasons: Vec::new(),
        text: None,
        photos_missing: 0,
        video_viewed: VideoViewed::No,
    }
}

/// What becomes of the vault's last entry.
fn verdict(world: &World, vault: &mut Vault) -> Verdict {
    vault.push(&world.server).unwrap();
    world.judge();
    vault.verdicts(&world.server).last().unwrap().1
}

/// The state of a record as everybody is shown it.
fn status(world: &World, record: &Rec) -> String {
    let (session, _) = world
        .server
        .console_sign_in("900", super::kit::PASSWORD)
        .unwrap();
    let shown = world.server.console_record(&session, record.id).unwrap();
    shown.record.status.clone()
}

/// True if the audit tells of this judgement of the record.
fn audited(world: &World, record: &Rec, words: &[&str]) -> bool {
    let rows = world.server.audit_of(record.id).unwrap();
    let says = |(kind, detail): &(String, String)| {
        let line = format!("{kind} {detail}");
        words.iter().all(|word| line.contains(word))
    };
    rows.iter().any(says)
}

#[test]
fn an_approval_of_a_state_that_is_no_longer_there_approves_nothing() {
    let world = World::new();
    let (mut officer, mut record) = submitted(&world, 1);
    let seen = record.copy(9);
    officer.change(&mut record, "better grounds");
    officer.push(&world.server).unwrap();
    world.judge();
    let mut sergeant = world.vault("12");
    sergeant.review(&seen, ReviewVerdict::Approve);
    // It was made of what was there: it stands in the history, and the change before it.
    assert!(matches!(
        verdict(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    assert_eq!(status(&world, &record), "amended");
    assert!(audited(&world, &record, &["kind=2", "accepted"]));
}

#[test]
fn an_acting_rank_that_has_run_out_reviews_nothing_whatever_the_clock_says() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let now = world.env.now();
    let until = now.plus(HOUR);
    world
        .server
        .act_for("6001", Role::Supervisor, "A", now, until)
        .unwrap();
    let mut acting = world.vault("6001");
    world.pass(2 * HOUR);
    // By what the device knows of the server's time.
    acting.at = until.plus(1);
    acting.review(&record, ReviewVerdict::Approve);
    let held = Verdict::Quarantined(VerdictCode::Role);
    assert_eq!(verdict(&world, &mut acting), held);
    // With a clock that was set back to when the rank was held.
    let mut header = acting.header(EntryKind::Review, Some(record.id));
    header.wall = now.plus(1);
    header.deps = record.doc.heads();
    let statement = Statement::Review(approval(&record));
    acting.append(header, statement.to_bytes());
    assert_eq!(verdict(&world, &mut acting), held);
    // And with no other time than that clock's.
    let mut header = acting.header(EntryKind::Review, Some(record.id));
    header.wall = now.plus(1);
    header.server_time = None;
    header.deps = record.doc.heads();
    acting.append(header, statement.to_bytes());
    assert_eq!(verdict(&world, &mut acting), held);
    assert_eq!(status(&world, &record), "submitted");
    assert!(audited(&world, &record, &["kind=2", "quarantined", "role"]));
}

#[test]
fn what_was_approved_while_the_rank_was_held_counts_when_it_comes_later() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let now = world.env.now();
    world
        .server
        .act_for("6001", Role::Supervisor, "A", now, now.plus(HOUR))
        .unwrap();
    let mut acting = world.vault("6001");
    acting.review(&record, ReviewVerdict::Approve);
    world.pass(2 * HOUR);
    assert!(matches!(verdict(&world, &mut acting), Verdict::Accepted(_)));
    assert_eq!(status(&world, &record), "approved");
}

#[test]
fn a_statement_replayed_onto_another_record_is_refused() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let (_, other) = submitted(&world, 2);
    let mut sergeant = world.vault("12");
    sergeant.review(&record, ReviewVerdict::Approve);
    sergeant.push(&world.server).unwrap();
    world.judge();
    assert_eq!(status(&world, &record), "approved");
    for verdict_of in [ReviewVerdict::Approve, ReviewVerdict::Return] {
        let review = Review {
            verdict: verdict_of,
            ..approval(&record)
        };
        let statement = Statement::Review(review);
        let mut header = sergeant.header(EntryKind::Review, Some(other.id));
        header.deps = record.doc.heads();
        sergeant.append(header, statement.to_bytes());
        let refused = Verdict::Rejected(VerdictCode::HeaderMismatch);
        assert_eq!(verdict(&world, &mut sergeant), refused);
    }
    assert_eq!(status(&world, &other), "submitted", "nothing changed");
    assert!(audited(
        &world,
        &other,
        &["kind=2", "rejected", "header_mismatch"]
    ));
}

#[test]
fn forged_heads_wait_for_what_never_comes_and_a_forged_manifest_is_refused() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let mut sergeant = world.vault("12");
    let mut forged = approval(&record);
    forged.bound.heads = vec![ChangeHash::from_bytes([0xf0; 32])];
    sergeant.state(&record, &Statement::Review(forged));
    let waits = Verdict::Parked(VerdictCode::MissingDependency);
    assert_eq!(verdict(&world, &mut sergeant), waits);
    // What the header names is not what the statement says.
    let mut header = sergeant.header(EntryKind::Review, Some(record.id));
    header.deps = vec![ChangeHash::from_bytes([0xf1; 32])];
    sergeant.append(header, Statement::Review(approval(&record)).to_bytes());
    let refused = Verdict::Rejected(VerdictCode::HeaderMismatch);
    assert_eq!(verdict(&world, &mut sergeant), refused);
    // A photo that is not in the record.
    let mut forged = approval(&record);
    forged.bound.photos = vec![PhotoRef {
        id: PhotoId::from_bytes([1; 16]),
        blob: BlobHash::of(b"another photo"),
    }];
    sergeant.state(&record, &Statement::Review(forged));
    assert_eq!(verdict(&world, &mut sergeant), refused);
    assert_eq!(status(&world, &record), "submitted");
    for code in ["missing_dependency", "header_mismatch"] {
        assert!(audited(&world, &record, &["kind=2", code]), "{code}");
    }
}

#[test]
fn a_review_by_somebody_whose_role_was_withdrawn_meanwhile_needs_a_person() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let mut sergeant = world.vault("12");
    sergeant.review(&record, ReviewVerdict::Approve);
    let post = NewPost {
        role: Some(Role::Officer),
        ..NewPost::default()
    };
    world.server.move_person("12", &post).unwrap();
    let held = Verdict::Quarantined(VerdictCode::Role);
    assert_eq!(verdict(&world, &mut sergeant), held);
    assert_eq!(status(&world, &record), "submitted");
    assert!(audited(&world, &record, &["kind=2", "quarantined", "role"]));
}

#[test]
fn a_reason_of_a_megabyte_is_refused_and_nothing_after_it_is_held_up() {
    let world = World::new();
    let (_, record) = submitted(&world, 1);
    let mut sergeant = world.vault("12");
    let long = |characters: usize| {
        Statement::Review(Review {
            verdict: ReviewVerdict::Return,
            reasons: vec!["grounds".to_owned()],
            text: Some("a".repeat(characters)),
            ..approval(&record)
        })
    };
    // One character too many, a megabyte: entries like others, each refused by itself.
    for characters in [10_001, 1 << 20] {
        sergeant.state(&record, &long(characters));
        let refused = Verdict::Rejected(VerdictCode::BadStatement);
        assert_eq!(verdict(&world, &mut sergeant), refused);
    }
    assert!(audited(
        &world,
        &record,
        &["kind=2", "rejected", "bad_statement"]
    ));
    assert_eq!(status(&world, &record), "submitted");
    sergeant.review(&record, ReviewVerdict::Return);
    assert!(matches!(
        verdict(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    assert_eq!(status(&world, &record), "returned");
}

#[test]
fn reviews_of_one_state_that_had_not_seen_each_other_settle_in_any_order() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let world = World::new();
        let (_, record) = submitted(&world, 1);
        let verdicts = [
            ReviewVerdict::Approve,
            ReviewVerdict::Return,
            ReviewVerdict::Escalate,
        ];
        let mut tablets: Vec<Vault> = (0..3).map(|_| world.vault("12")).collect();
        for (tablet, verdict) in tablets.iter_mut().zip(verdicts) {
            tablet.review(&record, verdict);
        }
        for at in order {
            tablets[at].push(&world.server).unwrap();
            world.judge();
        }
        assert_eq!(status(&world, &record), "returned", "{order:?}");
    }
}

#[test]
fn a_second_review_of_what_was_approved_is_accepted_and_decides() {
    for (verdict, after) in [
        (ReviewVerdict::Approve, "approved"),
        (ReviewVerdict::Return, "returned"),
        (ReviewVerdict::Escalate, "escalated"),
    ] {
        let world = World::new();
        let (_, record) = submitted(&world, 1);
        let mut first = world.vault("12");
        let approved = first.review(&record, ReviewVerdict::Approve);
        let said = self::verdict(&world, &mut first);
        assert!(matches!(said, Verdict::Accepted(_)), "{said:?}");
        assert_eq!(status(&world, &record), "approved");
        let now = world.env.now();
        let until = now.plus(HOUR);
        world
            .server
            .act_for("34", Role::Supervisor, "A", now, until)
            .unwrap();
        let mut second = world.vault("34");
        let again = Statement::Review(Review {
            verdict,
            ..approval(&record)
        });
        // Its author has read the approval: weighed against it, a second one would say nothing.
        second.state_seen(&record, &again, vec![approved]);
        let said = self::verdict(&world, &mut second);
        assert!(matches!(said, Verdict::Accepted(_)), "{said:?}");
        assert_eq!(status(&world, &record), after);
    }
}

#[test]
fn a_review_of_ones_own_change_is_let_in_by_nobody() {
    let world = World::new();
    let (mut author, mut record) = submitted(&world, 1);
    let now = world.env.now();
    for (collar, team) in [("34", "A"), ("4417", "A")] {
        world
            .server
            .act_for(collar, Role::Supervisor, team, now, now.plus(HOUR))
            .unwrap();
    }
    author.policy = world.server.authority().unwrap().seq;
    author.change(&mut record, "better grounds");
    let own = author.review(&record, ReviewVerdict::Approve);
    let held = Verdict::Quarantined(VerdictCode::OwnRecord);
    assert_eq!(verdict(&world, &mut author), held);
    let mut other = world.vault("34");
    let ruling = Statement::Release(Ruling {
        entries: vec![own],
        reason: "It looks right".to_owned(),
    });
    let header = other.header(EntryKind::Release, Some(record.id));
    other.append(header, ruling.to_bytes());
    other.push(&world.server).unwrap();
    world.judge();
    let refused = Verdict::Rejected(VerdictCode::OwnRecord);
    assert_eq!(author.verdicts(&world.server).last().unwrap().1, refused);
    assert_eq!(status(&world, &record), "submitted");
    assert!(audited(
        &world,
        &record,
        &["kind=2", "rejected", "own_record"]
    ));
}
