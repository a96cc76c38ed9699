//! Sharing with a colleague, moving between teams, and cover.

use shared::doc::Edit;
use shared::ids::{OfficerId, OperationId, RecordId, TeamId};
use shared::record::field;
use shared::statement::{ReviewVerdict, ScopeChange, Share, Statement};
use shared::wire::{FeedEvent, FeedItem, Mail, Scope, Verdict, VerdictCode};

use super::kit::{Rec, Vault, World, accepted};

fn share(with: OfficerId, ended: bool) -> Statement {
    Statement::Share(Share { with, ended })
}

/// Pushes and judges; gives the verdict of the last entry.
pub(super) fn settle(world: &World, vault: &mut Vault) -> Verdict {
    vault.push(&world.server).unwrap();
    world.judge();
    vault.verdicts(&world.server).last().unwrap().1
}

/// The team that a supervisor's vault was given.
pub(super) fn team_of(world: &World, collar: &str) -> TeamId {
    let mail = world.vault(collar).pull(&world.server).mail;
    let mut teams = mail.into_iter().filter_map(|mail| match mail {
        Mail::Granted(Scope::Team(team), _) => Some(team),
        _ => None,
    });
    teams.next().unwrap()
}

fn events(items: &[FeedItem]) -> Vec<(Scope, &'static str)> {
    let name = |event: &FeedEvent| match event {
        FeedEvent::Accepted(_) => "accepted",
        FeedEvent::Enters(..) => "enters",
        FeedEvent::Leaves => "leaves",
        FeedEvent::Stored(_) => "stored",
    };
    items.iter().map(|it| (it.scope, name(&it.event))).collect()
}

#[test]
fn a_colleague_works_on_a_record_as_long_as_it_is_shared() {
    let world = World::new();
    let (mut author, mut colleague) = (world.vault("4417"), world.vault("5102"));
    let mut record = Rec::new(1);
    author.change(&mut record, "grounds");
    author.push(&world.server).unwrap();
    world.judge();
    assert!(colleague.pull(&world.server).feed.is_empty());

    author.state(&record, &share(colleague.officer, false));
    assert!(matches!(settle(&world, &mut author), Verdict::Accepted(_)));
    let scope = Scope::Shared(colleague.officer);
    let news = colleague.pull(&world.server);
    assert_eq!(
        events(&news.feed),
        [(scope, "enters")],
        "before it is submitted"
    );
    let mut theirs = record.copy(7);
    colleague.change(&mut theirs, "seen by me too");
    assert!(matches!(
        settle(&world, &mut colleague),
        Verdict::Accepted(_)
    ));
    let news = author.pull(&world.server);
    assert_eq!(
        events(&news.feed),
        [(Scope::Author(author.officer), "accepted")]
    );
    // Whom the author shares it with does not share it further.
    let stranger = world.vault("6001").officer;
    colleague.state(&theirs, &share(stranger, false));
    let refused = Verdict::Quarantined(VerdictCode::NotAuthor);
    assert_eq!(settle(&world, &mut colleague), refused);

    author.state(&record, &share(colleague.officer, true));
    assert!(matches!(settle(&world, &mut author), Verdict::Accepted(_)));
    let news = colleague.pull(&world.server);
    assert_eq!(events(&news.feed), [(scope, "leaves")]);
    colleague.change(&mut theirs, "too late");
    assert_eq!(settle(&world, &mut colleague), refused);
}

#[test]
fn what_came_before_the_share_it_rests_on_is_judged_again_when_that_comes() {
    let world = World::new();
    let (mut author, mut colleague) = (world.vault("4417"), world.vault("5102"));
    let mut sergeant = world.vault("12");
    let mut record = Rec::new(1);
    author.change(&mut record, "grounds");
    assert!(matches!(settle(&world, &mut author), Verdict::Accepted(_)));
    // The colleague knows of a share that this server does not have, or has no more.
    let share = author.state(&record, &share(colleague.officer, false));
    let mut theirs = record.copy(7);
    let edit = Edit::Set {
        key: field::GROUNDS.to_owned(),
        value: "seen by me too".to_owned().into(),
    };
    let (change, _) = colleague.edit_seen(&mut theirs, &[edit], vec![share]);
    let held = Verdict::Quarantined(VerdictCode::NotAuthor);
    assert_eq!(settle(&world, &mut colleague), held);
    let is_task = |mail: &Mail| matches!(mail, Mail::Task(task) if task.entry == change);
    assert!(sergeant.pull(&world.server).mail.iter().any(is_task));

    assert!(matches!(settle(&world, &mut author), Verdict::Accepted(_)));
    let last = colleague.verdicts(&world.server).last().unwrap().1;
    assert!(matches!(last, Verdict::Accepted(_)));
    let done = Mail::TaskDone(change);
    assert!(sergeant.pull(&world.server).mail.contains(&done));
}

#[test]
fn whoever_shares_in_a_record_does_not_review_it() {
    let world = World::new();
    let (mut author, mut sergeant) = (world.vault("4417"), world.vault("12"));
    let mut record = Rec::new(1);
    author.change(&mut record, "grounds");
    author.submit(&record);
    author.state(&record, &share(sergeant.officer, false));
    author.push(&world.server).unwrap();
    world.judge();
    let mut theirs = record.copy(7);
    sergeant.change(&mut theirs, "and I saw this");
    sergeant.review(&theirs, ReviewVerdict::Approve);
    let refused = Verdict::Quarantined(VerdictCode::OwnRecord);
    assert_eq!(settle(&world, &mut sergeant), refused);
}

/// A submitted record of PC 4417, judged.
pub(super) fn submitted(world: &World) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "grounds");
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record)
}

#[test]
fn a_record_moves_from_one_team_to_another() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let (here, there) = (team_of(&world, "12"), team_of(&world, "34"));
    let (mut from, mut to) = (world.vault("12"), world.vault("34"));
    from.pull(&world.server);
    to.pull(&world.server);
    let change = |add: TeamId, remove: TeamId| {
        Statement::ScopeChange(ScopeChange {
            add: vec![Scope::Team(add)],
            remove: vec![Scope::Team(remove)],
            reason: "their area".to_owned(),
        })
    };
    to.state(&record, &change(there, here));
    let refused = Verdict::Quarantined(VerdictCode::Team);
    assert_eq!(settle(&world, &mut to), refused, "nobody takes a record");
    from.state(&record, &change(there, here));
    assert!(matches!(settle(&world, &mut from), Verdict::Accepted(_)));
    let news = from.pull(&world.server);
    assert!(news.feed.is_empty(), "taken with the verdict");
    let news = to.pull(&world.server);
    assert_eq!(events(&news.feed), [(Scope::Team(there), "enters")]);
    assert!(matches!(&news.feed[0].event, FeedEvent::Enters(all, _) if all.len() == 3));
    let mut late = world.vault("34");
    assert_eq!(late.pull(&world.server).backfilled.len(), 1);
    assert!(world.vault("12").pull(&world.server).backfilled.is_empty());

    from.review(&record, ReviewVerdict::Approve);
    assert_eq!(settle(&world, &mut from), refused, "it is theirs no longer");
    to.review(&record, ReviewVerdict::Approve);
    assert!(matches!(settle(&world, &mut to), Verdict::Accepted(_)));
}

#[test]
fn what_is_not_submitted_is_moved_by_nobody() {
    let world = World::new();
    let mut author = world.vault("4417");
    let mut record = Rec::new(1);
    author.change(&mut record, "grounds");
    author.push(&world.server).unwrap();
    world.judge();
    let mut sergeant = world.vault("12");
    let team = team_of(&world, "12");
    let change = ScopeChange {
        add: vec![Scope::Team(team)],
        remove: Vec::new(),
        reason: "let me see".to_owned(),
    };
    sergeant.state(&record, &Statement::ScopeChange(change));
    let refused = Verdict::Quarantined(VerdictCode::NotSubmitted);
    assert_eq!(settle(&world, &mut sergeant), refused);
}

#[test]
fn a_record_is_moved_to_no_team_that_is_not_there_whoever_releases_it() {
    let world = World::new();
    let (_, record) = submitted(&world);
    let here = team_of(&world, "12");
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    for nowhere in [
        Scope::Team(TeamId::from_bytes([9; 16])),
        Scope::Operation(OperationId::from_bytes([9; 16])),
    ] {
        let change = ScopeChange {
            add: vec![nowhere],
            remove: vec![Scope::Team(here)],
            reason: "out of sight".to_owned(),
        };
        sergeant.state(&record, &Statement::ScopeChange(change));
        let refused = Verdict::Rejected(VerdictCode::BadStatement);
        assert_eq!(settle(&world, &mut sergeant), refused);
    }
    // It is where it was.
    let backfilled = world.vault("12").pull(&world.server).backfilled;
    assert_eq!(backfilled.len(), 1);
}

#[test]
fn a_supervisor_of_one_team_and_author_gets_each_entry_once() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let mut tablet = world.vault("12");
    tablet.pull(&world.server);
    let mut record = Rec::new(1);
    sergeant.change(&mut record, "my own");
    sergeant.submit(&record);
    sergeant.change(&mut record, "more");
    sergeant.push(&world.server).unwrap();
    world.judge();
    let news = tablet.pull(&world.server);
    let brought = news.feed.iter().flat_map(|item| match &item.event {
        FeedEvent::Accepted(entry) => vec![entry.id],
        FeedEvent::Enters(all, _) => all.iter().map(|it| it.id).collect(),
        FeedEvent::Leaves | FeedEvent::Stored(_) => Vec::new(),
    });
    let brought: Vec<_> = brought.collect();
    let distinct: std::collections::BTreeSet<_> = brought.iter().collect();
    assert_eq!(distinct.len(), 3);
    assert!(
        brought.len() <= 4,
        "only the first change came before it entered"
    );
    // The vault that wrote it learns that it is in the team's scope too.
    let own = sergeant.pull(&world.server);
    assert!(own.feed.iter().any(|it| matches!(it.scope, Scope::Team(_))));
    assert_eq!(accepted(&own.verdicts()), [0, 1, 2]);
    assert_eq!(own.feed[0].record, RecordId::from_bytes([1; 16]));
}
