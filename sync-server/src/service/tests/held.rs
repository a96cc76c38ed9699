//! What is held: tasks, release and uphold, superseding, and that no words are doubled or lost.

use shared::doc::{About, Edit, RecordDoc};
use shared::guard::{Checked, Limits};
use shared::hash::sha256;
use shared::ids::{EntryId, RecordId, Seq};
use shared::log::EntryKind;
use shared::statement::{ReceiptGiven, Ruling, Statement};
use shared::wire::{FeedEvent, Mail, Task, Verdict, VerdictCode};

use super::coworking::{settle, submitted};
use super::kit::{News, Rec, Vault, World, accepted};

fn tasks(news: &News) -> Vec<Task> {
    let tasks = news.mail.iter().filter_map(|mail| match mail {
        Mail::Task(task) => Some(task.clone()),
        _ => None,
    });
    tasks.collect()
}

fn ruling(entries: &[EntryId]) -> Ruling {
    Ruling {
        entries: entries.to_vec(),
        reason: "looked at".to_owned(),
    }
}

/// The supervisor says so of these entries of a record.
fn rule(vault: &mut Vault, record: RecordId, statement: &Statement) -> EntryId {
    let header = vault.header(statement.kind(), Some(record));
    vault.append(header, statement.to_bytes())
}

/// A colleague's two changes of another's record, of which the second builds on the first.
fn meddled(world: &World) -> (Vault, Rec, Vault, [EntryId; 2]) {
    let (author, record) = submitted(world);
    let mut colleague = world.vault("5102");
    let mut theirs = record.copy(7);
    let (first, _) = colleague.change(&mut theirs, "what I saw");
    let (second, _) = colleague.change(&mut theirs, "and what I heard");
    colleague.push(&world.server).unwrap();
    world.judge();
    (author, theirs, colleague, [first, second])
}

#[test]
fn what_is_held_reaches_the_supervisor_as_a_task_and_never_as_a_change() {
    let world = World::new();
    let mut early = world.vault("12");
    early.pull(&world.server);
    let (_, _, mut colleague, [first, second]) = meddled(&world);
    let mut late = world.vault("12");
    for sergeant in [&mut early, &mut late] {
        let news = sergeant.pull(&world.server);
        let tasks = tasks(&news);
        assert_eq!(tasks.len(), 1, "what builds on it goes with it");
        let task = &tasks[0];
        assert_eq!((task.entry, task.officer), (first, colleague.officer));
        assert_eq!(task.code, VerdictCode::NotAuthor);
        let projection = task.projection.as_deref().unwrap();
        assert!(projection.contains("what I saw"), "it can be read");
        let chunks = news.feed.iter().chain(&news.backfilled);
        let chunks = chunks.flat_map(|item| match &item.event {
            FeedEvent::Accepted(entry) => vec![entry.id],
            FeedEvent::Enters(all, _) => all.iter().map(|it| it.id).collect(),
            FeedEvent::Leaves | FeedEvent::Stored(_) => Vec::new(),
        });
        assert!(chunks.into_iter().all(|id| id != first && id != second));
    }
    let mut stranger = world.vault("34");
    assert!(tasks(&stranger.pull(&world.server)).is_empty());
    assert!(tasks(&colleague.pull(&world.server)).is_empty());
}

#[test]
fn released_it_is_let_in_with_what_builds_on_it() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let (mut author, theirs, mut colleague, [first, _]) = meddled(&world);
    author.pull(&world.server);
    rule(
        &mut sergeant,
        theirs.id,
        &Statement::Release(ruling(&[first])),
    );
    assert!(matches!(
        settle(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    let verdicts = colleague.verdicts(&world.server);
    assert_eq!(accepted(&verdicts), [0, 1]);
    let heads = world.server.heads(theirs.id).unwrap().unwrap();
    assert_eq!(heads, theirs.doc.heads(), "all of it, once");
    let done = sergeant.pull(&world.server);
    assert!(done.mail.is_empty(), "the task went with the verdict");
    let news = author.pull(&world.server);
    let kinds: Vec<EntryKind> = news
        .feed
        .iter()
        .filter_map(|item| match &item.event {
            FeedEvent::Accepted(entry) => Some(entry.kind),
            _ => None,
        })
        .collect();
    let change = EntryKind::Change;
    assert_eq!(kinds, [EntryKind::Release, change, change]);
    let again = ruling(&[first]);
    rule(&mut sergeant, theirs.id, &Statement::Uphold(again));
    let refused = Verdict::Rejected(VerdictCode::NotHeld);
    assert_eq!(settle(&world, &mut sergeant), refused);
}

#[test]
fn upheld_it_stays_out_for_good() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let (_, mut theirs, mut colleague, [first, _]) = meddled(&world);
    rule(
        &mut sergeant,
        theirs.id,
        &Statement::Uphold(ruling(&[first])),
    );
    assert!(matches!(
        settle(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    let verdicts = colleague.verdicts(&world.server);
    let expected = [
        (Seq(1), Verdict::Upheld(VerdictCode::BuildsOnQuarantined)),
        (Seq(0), Verdict::Upheld(VerdictCode::NotAuthor)),
    ];
    assert_eq!(verdicts[verdicts.len() - 2..], expected);
    colleague.change(&mut theirs, "once more");
    let refused = Verdict::Rejected(VerdictCode::BuildsOnRejected);
    assert_eq!(settle(&world, &mut colleague), refused);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.upheld, figures.quarantined), (2, 0));
}

#[test]
fn whoever_rules_is_a_supervisor_of_the_writers_team_and_another() {
    let world = World::new();
    let (_, theirs, mut colleague, [first, _]) = meddled(&world);
    let release = || Statement::Release(ruling(&[first]));
    let held = |code| Verdict::Quarantined(code);
    let mut stranger = world.vault("34");
    rule(&mut stranger, theirs.id, &release());
    assert_eq!(settle(&world, &mut stranger), held(VerdictCode::Team));
    rule(&mut colleague, theirs.id, &release());
    assert_eq!(settle(&world, &mut colleague), held(VerdictCode::OwnRecord));
    let mut author = world.vault("4417");
    rule(&mut author, theirs.id, &release());
    assert_eq!(settle(&world, &mut author), held(VerdictCode::Role));
    // A ruling that was moved to another record finds nothing held there.
    let mut sergeant = world.vault("12");
    let elsewhere = RecordId::from_bytes([9; 16]);
    rule(&mut sergeant, elsewhere, &release());
    let refused = Verdict::Rejected(VerdictCode::NotHeld);
    assert_eq!(settle(&world, &mut sergeant), refused);
    assert_eq!(world.server.verdict(first).unwrap(), "quarantined");
}

/// Changes of an author's own record that are held, for the policy sequence went back: words
/// are added by each. The vault's policy is right again afterwards.
fn held_words(world: &World) -> (Vault, Rec, Rec, Vec<EntryId>) {
    let (mut author, base) = submitted(world);
    let mut record = base.copy(21);
    author.policy.0 -= 1;
    let held = ["first", "second"].map(|text| add(&mut author, &mut record, text));
    author.policy.0 += 1;
    author.push(&world.server).unwrap();
    world.judge();
    (author, base, record, held.to_vec())
}

fn add(vault: &mut Vault, record: &mut Rec, text: &str) -> EntryId {
    let edit = words(text, vault);
    vault.edit(record, &[edit]).0
}

/// An addition under an id that is fresh each time, so that words said twice stand twice.
fn words(text: &str, vault: &Vault) -> Edit {
    let hash = sha256(&[text.as_bytes(), &[vault.nonce]]);
    Edit::AddAddendum {
        id: std::array::from_fn(|at| hash[at]),
        text: text.to_owned(),
        by: "PC".to_owned(),
        at: vault.at,
        about: About::default(),
    }
}

/// The words of a record as its accepted changes make them.
fn said(world: &World, record: RecordId) -> Vec<String> {
    let changes = world.server.store.changes(record).unwrap().into_iter();
    let changes = changes.map(|it| Checked::parse(it, &Limits::default()).unwrap());
    let kind = shared::record::Kind::StopSearch;
    let doc = RecordDoc::from_changes(kind, changes.collect::<Vec<_>>()).unwrap();
    let mut words: Vec<String> = doc
        .content()
        .addenda
        .into_iter()
        .map(|it| it.text)
        .collect();
    words.sort();
    words
}

/// The author writes the same words again on what was accepted, in place of a held entry.
fn again(vault: &mut Vault, record: &mut Rec, text: &str, instead: EntryId) -> EntryId {
    let edit = words(text, vault);
    let change = record
        .doc
        .edit(record.actor, vault.at, &[edit])
        .unwrap()
        .unwrap();
    let mut header = vault.header(EntryKind::Change, Some(record.id));
    header.deps.clone_from(&change.deps);
    header.deps.sort();
    header.supersedes = vec![instead];
    vault.append(header, change.bytes)
}

#[test]
fn what_was_superseded_is_released_by_nobody_and_said_once() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let (mut author, base, _, held) = held_words(&world);
    let mut rebased = base.copy(22);
    for (text, instead) in ["first", "second"].into_iter().zip(&held) {
        again(&mut author, &mut rebased, text, *instead);
    }
    author.push(&world.server).unwrap();
    world.judge();
    for id in &held {
        assert_eq!(world.server.verdict(*id).unwrap(), "rejected");
    }
    rule(&mut sergeant, base.id, &Statement::Release(ruling(&held)));
    let refused = Verdict::Rejected(VerdictCode::NotHeld);
    assert_eq!(settle(&world, &mut sergeant), refused);
    assert_eq!(said(&world, base.id), ["first", "second"]);
    assert_eq!(world.server.figures().unwrap().superseded, 2);
}

#[test]
fn what_was_released_meanwhile_is_not_said_again() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let (mut author, base, _, held) = held_words(&world);
    rule(
        &mut sergeant,
        base.id,
        &Statement::Release(ruling(&held[..1])),
    );
    assert!(matches!(
        settle(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    // The author did not know of it.
    let mut rebased = base.copy(22);
    for (text, instead) in ["first", "second"].into_iter().zip(&held) {
        again(&mut author, &mut rebased, text, *instead);
    }
    author.push(&world.server).unwrap();
    world.judge();
    let verdicts = author.verdicts(&world.server);
    let tail = &verdicts[verdicts.len() - 2..];
    assert!(tail.iter().all(|(_, it)| *it == Verdict::Superseded));
    assert_eq!(said(&world, base.id), ["first", "second"]);
}

#[test]
fn releasing_the_sibling_of_what_was_superseded_doubles_nothing() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let (mut author, base, _, held) = held_words(&world);
    let mut rebased = base.copy(22);
    again(&mut author, &mut rebased, "first", held[0]);
    author.push(&world.server).unwrap();
    world.judge();
    // The second built on what is superseded: it can never be let in as it is.
    let verdicts = author.verdicts(&world.server);
    let refused = (Seq(3), Verdict::Rejected(VerdictCode::BuildsOnRejected));
    assert!(verdicts.contains(&refused), "{verdicts:?}");
    rule(
        &mut sergeant,
        base.id,
        &Statement::Release(ruling(&held[1..])),
    );
    let not_held = Verdict::Rejected(VerdictCode::NotHeld);
    assert_eq!(settle(&world, &mut sergeant), not_held);
    assert_eq!(said(&world, base.id), ["first"]);
    // Its author says it again.
    again(&mut author, &mut rebased, "second", held[1]);
    assert!(matches!(settle(&world, &mut author), Verdict::Accepted(_)));
    assert_eq!(said(&world, base.id), ["first", "second"]);
}

#[test]
fn a_whole_record_of_somebody_whose_account_had_ended_is_released() {
    let world = World::new();
    let mut author = world.vault("4417");
    let mut sergeant = world.vault("12");
    let mut record = Rec::new(3);
    author.change(&mut record, "the last of the shift");
    author.submit(&record);
    let given = ReceiptGiven {
        how: "qr".to_owned(),
    };
    author.state(&record, &Statement::ReceiptGiven(given));
    world.server.end_person("4417").unwrap();
    author.push(&world.server).unwrap();
    world.judge();
    assert_eq!(world.server.figures().unwrap().quarantined, 3);
    let tasks = tasks(&sergeant.pull(&world.server));
    assert_eq!(tasks.len(), 1);
    let release = Statement::Release(ruling(&[tasks[0].entry]));
    rule(&mut sergeant, record.id, &release);
    assert!(matches!(
        settle(&world, &mut sergeant),
        Verdict::Accepted(_)
    ));
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.quarantined, figures.parked), (0, 0));
    let mut reader = world.vault("12");
    let news = reader.pull(&world.server);
    assert!(matches!(&news.backfilled[0].event, FeedEvent::Enters(all, _) if all.len() == 4));
    super::digests::hold(&world);
}
