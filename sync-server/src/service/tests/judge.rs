//! Judging: who may what, what waits for what, and that nothing blocks the rest.

use shared::doc::Edit;
use shared::ids::{ActorId, RecordId, Seq};
use shared::log::EntryKind;
use shared::record::field;
use shared::statement::{Consultation, ReceiptGiven, ReviewVerdict, Statement, Withdrawal};
use shared::wire::{Verdict, VerdictCode};

use super::kit::{Rec, Vault, World, accepted};

/// A submitted record of PC 4417, judged.
fn submitted(world: &World) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "grounds");
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record)
}

/// The last verdict that the vault is told after judging what it pushes.
fn last_verdict(world: &World, vault: &mut Vault) -> Verdict {
    vault.push(&world.server).unwrap();
    world.judge();
    vault.verdicts(&world.server).last().unwrap().1
}

fn quarantined(code: VerdictCode) -> Verdict {
    Verdict::Quarantined(code)
}

#[test]
fn submitted_reviewed_and_withdrawn_entries_are_accepted() {
    let world = World::new();
    let (mut officer, mut record) = submitted(&world);
    let mut sergeant = world.vault("12");
    sergeant.review(&record, ReviewVerdict::Return);
    sergeant.push(&world.server).unwrap();
    officer.change(&mut record, "better grounds");
    officer.state(
        &record,
        &Statement::ReceiptGiven(ReceiptGiven {
            how: "qr".to_owned(),
        }),
    );
    let withdrawal = Withdrawal {
        bound: record.bound(),
        reason: "twice".to_owned(),
    };
    officer.state(&record, &Statement::Withdrawal(withdrawal));
    officer.push(&world.server).unwrap();
    assert_eq!(world.judge(), 4);
    assert_eq!(accepted(&officer.verdicts(&world.server)), [0, 1, 2, 3, 4]);
    assert_eq!(accepted(&sergeant.verdicts(&world.server)), [0]);
    let audit = world.server.verify_audit().unwrap();
    assert!(audit.rows > 6 && audit.broken_at.is_none());
}

#[test]
fn each_reason_of_policy_quarantines_with_its_code() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let mut colleague = world.vault("5102");
    colleague.change(&mut record.copy(7), "mine");
    assert_eq!(
        last_verdict(&world, &mut colleague),
        quarantined(VerdictCode::NotAuthor)
    );
    colleague.review(&record, ReviewVerdict::Approve);
    assert_eq!(
        last_verdict(&world, &mut colleague),
        quarantined(VerdictCode::Role)
    );
    let mut stranger = world.vault("34");
    stranger.review(&record, ReviewVerdict::Approve);
    assert_eq!(
        last_verdict(&world, &mut stranger),
        quarantined(VerdictCode::Team)
    );
    let mut author = world.vault("4417");
    author.review(&record, ReviewVerdict::Approve);
    assert_eq!(
        last_verdict(&world, &mut author),
        quarantined(VerdictCode::OwnRecord)
    );
    let mut unsubmitted = Rec::new(9);
    author.change(&mut unsubmitted, "draft shared early");
    author.push(&world.server).unwrap();
    world.judge();
    let mut sergeant = world.vault("12");
    sergeant.review(&unsubmitted, ReviewVerdict::Return);
    assert_eq!(
        last_verdict(&world, &mut sergeant),
        quarantined(VerdictCode::NotSubmitted)
    );
}

#[test]
fn what_was_ended_by_the_time_of_receipt_needs_a_person() {
    let world = World::new();
    let mut officer = world.vault("4417");
    officer.change(&mut Rec::new(1), "words");
    world.server.end_person("4417").unwrap();
    officer.push(&world.server).unwrap();
    world.judge();
    assert_eq!(world.server.figures().unwrap().quarantined, 1);
}

#[test]
fn a_log_whose_policy_goes_back_is_quarantined_from_there() {
    let world = World::new();
    let mut officer = world.vault("4417");
    officer.change(&mut Rec::new(1), "words");
    officer.policy.0 -= 1;
    officer.change(&mut Rec::new(2), "words");
    let verdict = last_verdict(&world, &mut officer);
    assert_eq!(verdict, quarantined(VerdictCode::PolicyWentBack));
}

#[test]
fn competing_values_can_be_returned_and_not_approved() {
    let world = World::new();
    let (mut officer, mut record) = submitted(&world);
    let mut second = world.vault("4417");
    let mut there = record.copy(8);
    officer.change(&mut record, "here");
    second.change(&mut there, "there");
    officer.push(&world.server).unwrap();
    second.push(&world.server).unwrap();
    world.judge();
    let merged = Rec {
        id: record.id,
        doc: merge(&record, &there),
        actor: ActorId::from_bytes([99; 16]),
    };
    let mut sergeant = world.vault("12");
    sergeant.review(&merged, ReviewVerdict::Approve);
    assert_eq!(
        last_verdict(&world, &mut sergeant),
        quarantined(VerdictCode::Conflict)
    );
    sergeant.review(&merged, ReviewVerdict::Return);
    assert!(matches!(
        last_verdict(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
}

fn merge(one: &Rec, other: &Rec) -> shared::doc::RecordDoc {
    let mut doc = one.doc.clone();
    let changes = other.doc.changes().into_iter();
    let limits = shared::guard::Limits::default();
    let changes = changes.map(|it| shared::guard::Checked::parse(it.bytes, &limits).unwrap());
    doc.admit(changes.collect()).unwrap();
    doc
}

#[test]
fn what_lacks_its_dependency_waits_and_is_accepted_in_any_order() {
    // Three devices of one officer; each edits on top of the one before.
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let world = World::new();
        let mut vaults: Vec<Vault> = (0..3).map(|_| world.vault("4417")).collect();
        let mut first = Rec::new(1);
        vaults[0].change(&mut first, "a");
        let mut second = first.copy(2);
        vaults[1].change(&mut second, "b");
        let mut third = second.copy(3);
        vaults[2].change(&mut third, "c");
        vaults[2].submit(&third);
        for index in order {
            vaults[index].push(&world.server).unwrap();
            world.judge();
        }
        let figures = world.server.figures().unwrap();
        assert_eq!(
            (figures.accepted, figures.parked),
            (4, 0),
            "order {order:?}"
        );
        for vault in &mut vaults {
            let verdicts = vault.verdicts(&world.server);
            let last = verdicts.last().unwrap().1;
            assert!(matches!(last, Verdict::Accepted(_)), "order {order:?}");
            // Told once that it waits, however often it was tried.
            let parked = verdicts
                .iter()
                .filter(|(_, it)| matches!(it, Verdict::Parked(_)));
            assert!(parked.count() <= vault.entries.len());
        }
    }
}

#[test]
fn what_builds_on_something_set_aside_is_set_aside_with_it() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let mut colleague = world.vault("5102");
    let mut theirs = record.copy(7);
    colleague.change(&mut theirs, "not mine");
    colleague.change(&mut theirs, "nor this");
    let mut own = Rec::new(3);
    colleague.change(&mut own, "mine");
    colleague.push(&world.server).unwrap();
    world.judge();
    let verdicts = colleague.verdicts(&world.server);
    assert_eq!(verdicts[0].1, quarantined(VerdictCode::NotAuthor));
    assert_eq!(verdicts[1].1, quarantined(VerdictCode::BuildsOnQuarantined));
    assert_eq!(accepted(&verdicts), [2]);
}

#[test]
fn a_change_of_another_log_is_not_accepted_twice() {
    let world = World::new();
    let (officer, record) = submitted(&world);
    let mut thief = world.vault("4417");
    let mut header = thief.header(EntryKind::Change, Some(record.id));
    let original = shared::log::Header::from_bytes(&officer.entries[0].header).unwrap();
    header.deps = original.deps;
    thief.append(header, officer.entries[0].payload.clone());
    let verdict = last_verdict(&world, &mut thief);
    assert_eq!(verdict, Verdict::Rejected(VerdictCode::ChangeReplayed));
}

#[test]
fn an_actor_writes_in_one_log_and_one_record() {
    let world = World::new();
    let (mut officer, record) = submitted(&world);
    let mut other = Rec {
        actor: record.actor,
        ..Rec::new(5)
    };
    officer.change(&mut other, "same actor, other record");
    let verdict = last_verdict(&world, &mut officer);
    assert_eq!(verdict, Verdict::Rejected(VerdictCode::ForeignActor));
}

#[test]
fn headers_and_payloads_that_disagree_are_rejected() {
    let world = World::new();
    let (mut officer, record) = submitted(&world);
    let mut header = officer.header(EntryKind::Withdrawal, Some(record.id));
    header.deps = vec![];
    let withdrawal = Withdrawal {
        bound: record.bound(),
        reason: "x".to_owned(),
    };
    officer.append(header, Statement::Withdrawal(withdrawal).to_bytes());
    let verdict = last_verdict(&world, &mut officer);
    assert_eq!(verdict, Verdict::Rejected(VerdictCode::HeaderMismatch));
    let header = officer.header(EntryKind::Review, Some(record.id));
    officer.append(header, vec![0xff; 9]);
    let verdict = last_verdict(&world, &mut officer);
    assert_eq!(verdict, Verdict::Rejected(VerdictCode::BadStatement));
}

#[test]
fn what_a_newer_app_wrote_waits_for_a_newer_server() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let header = officer.header(EntryKind::Unknown(77), Some(RecordId::from_bytes([1; 16])));
    officer.append(header, vec![1, 2, 3]);
    let verdict = last_verdict(&world, &mut officer);
    assert_eq!(verdict, Verdict::Parked(VerdictCode::NeedsNewerServer));
    let world = world.restart();
    assert_eq!(world.judge(), 1, "tried again by the next server");
    assert!(officer.verdicts(&world.server).is_empty(), "and told once");
}

#[test]
fn consultations_go_to_the_audit_and_to_nobodys_feed() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let reason = Some("A complaint".to_owned());
    let reading = |reason| Statement::Consultation(Consultation { reason });
    sergeant.state(&record, &reading(reason.clone()));
    sergeant.state(&record, &reading(None));
    sergeant.push(&world.server).unwrap();
    world.judge();
    let mut reader = world.vault("12");
    assert_eq!(accepted(&sergeant.verdicts(&world.server)), [0, 1]);
    // The words stand in the entry, where an erasure reaches them, and are told with the row.
    let rows = world.server.audit_rows(0, 1_000, Some(record.id)).unwrap();
    assert!(rows.iter().all(|row| !row.detail.contains("complaint")));
    let told = rows.iter().map(|row| world.server.why_read(row).unwrap());
    assert_eq!(told.flatten().collect::<Vec<_>>(), reason.as_slice());
    let news = reader.pull(&world.server);
    assert!(news.feed.is_empty());
    assert_eq!(news.backfilled.len(), 1);
}

#[test]
fn a_statement_that_had_seen_another_waits_for_its_judgement() {
    let world = World::new();
    let mut one = world.vault("4417");
    let mut two = world.vault("4417");
    let mut record = Rec::new(1);
    let mut missing = record.copy(2);
    one.change(&mut record, "base");
    two.change(&mut missing, "never sent");
    let parked = one.submit(&missing);
    let edit = Edit::Set {
        key: field::OBJECT.to_owned(),
        value: "drugs".to_owned().into(),
    };
    let change = record
        .doc
        .edit(record.actor, one.at, &[edit])
        .unwrap()
        .unwrap();
    let mut header = one.header(EntryKind::Change, Some(record.id));
    header.deps.clone_from(&change.deps);
    header.seen = vec![parked];
    one.append(header, change.bytes);
    one.push(&world.server).unwrap();
    world.judge();
    let parked = Verdict::Parked(VerdictCode::MissingDependency);
    let verdicts = one.verdicts(&world.server);
    assert_eq!(&verdicts[1..], &[(Seq(1), parked), (Seq(2), parked)]);
    two.push(&world.server).unwrap();
    world.judge();
    assert_eq!(accepted(&one.verdicts(&world.server)), [1, 2]);
}
