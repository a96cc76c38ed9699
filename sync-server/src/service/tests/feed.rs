//! The feed: scopes, order, paging, backfill, and readers beside a writer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::ids::{AcceptPos, EntryId};
use shared::statement::ReviewVerdict;
use shared::wire::{FeedEvent, FeedItem, Mail, Scope};

use super::kit::{News, Rec, Vault, World, positions};

/// Writes, submits and judges so many records.
fn submit(world: &World, vault: &mut Vault, numbers: std::ops::Range<u8>) {
    for n in numbers {
        let mut record = Rec::new(n);
        vault.change(&mut record, "grounds");
        vault.submit(&record);
        vault.push(&world.server).unwrap();
        world.judge();
    }
}

/// The entries that items bring, in order.
fn entries(items: &[FeedItem]) -> Vec<EntryId> {
    let ids = items.iter().flat_map(|item| match &item.event {
        FeedEvent::Accepted(entry) => vec![entry.id],
        FeedEvent::Enters(all, _) => all.iter().map(|entry| entry.id).collect(),
        FeedEvent::Leaves | FeedEvent::Stored(_) => Vec::new(),
    });
    ids.collect()
}

#[test]
fn a_record_enters_the_teams_scope_with_its_submission_and_whole_history() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let mut stranger = world.vault("34");
    let mut officer = world.vault("4417");
    sergeant.pull(&world.server);
    stranger.pull(&world.server);
    let mut record = Rec::new(1);
    officer.change(&mut record, "one");
    officer.change(&mut record, "two");
    officer.push(&world.server).unwrap();
    world.judge();
    assert!(
        sergeant.pull(&world.server).feed.is_empty(),
        "not before it is submitted"
    );
    officer.submit(&record);
    officer.push(&world.server).unwrap();
    world.judge();
    let news = sergeant.pull(&world.server);
    assert_eq!(entries(&news.feed).len(), 3);
    assert!(matches!(&news.feed[0].event, FeedEvent::Enters(all, _) if all.len() == 3));
    assert!(
        stranger.pull(&world.server).feed.is_empty(),
        "another team sees nothing"
    );
    officer.change(&mut record, "three");
    officer.push(&world.server).unwrap();
    world.judge();
    let news = sergeant.pull(&world.server);
    assert!(matches!(&news.feed[0].event, FeedEvent::Accepted(_)));
}

#[test]
fn a_vault_is_given_everything_but_its_own_entries() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let mut tablet = world.vault("4417");
    submit(&world, &mut officer, 1..2);
    let mut sergeant = world.vault("12");
    sergeant.review(&record_of(&officer), ReviewVerdict::Return);
    sergeant.push(&world.server).unwrap();
    world.judge();
    assert_eq!(
        entries(&officer.pull(&world.server).feed),
        [EntryId {
            log: sergeant.log,
            seq: shared::ids::Seq(0)
        }]
    );
    assert_eq!(entries(&tablet.pull(&world.server).feed).len(), 3);
    let news = sergeant.pull(&world.server);
    assert!(entries(&news.feed).iter().all(|id| id.log != sergeant.log));
}

/// The first record of a vault, as its own entries make it.
fn record_of(vault: &Vault) -> Rec {
    let payload = vault.entries[0].payload.clone();
    let change = shared::guard::Checked::parse(payload, &shared::guard::Limits::default());
    let kind = shared::record::Kind::StopSearch;
    let doc = shared::doc::RecordDoc::from_changes(kind, [change.unwrap()]).unwrap();
    Rec { doc, ..Rec::new(1) }
}

#[test]
fn a_new_vault_gets_by_backfill_what_was_there_newest_first() {
    let world = World::new();
    let mut officer = world.vault("4417");
    submit(&world, &mut officer, 1..8);
    let mut sergeant = world.vault("12");
    submit(&world, &mut officer, 8..11);
    sergeant.budget = 2_000;
    let news = sergeant.pull(&world.server);
    let granted: Vec<_> = news
        .mail
        .iter()
        .filter(|it| matches!(it, Mail::Granted(..)))
        .collect();
    assert_eq!(granted.len(), 3, "own, shared and the team's");
    let order = positions(&news.backfilled);
    assert_eq!(order.len(), 7);
    assert!(order.is_sorted_by(|a, b| a > b), "newest first: {order:?}");
    assert!(
        news.backfilled
            .iter()
            .all(|item| matches!(item.scope, Scope::Team(_)))
    );
    assert_eq!(
        positions(&news.feed).len(),
        3,
        "what came after the grant is streamed"
    );
    assert_eq!(
        entries(&news.backfilled).len() + entries(&news.feed).len(),
        20
    );
    assert!(sergeant.pull(&world.server).backfilled.is_empty());
}

#[test]
fn pages_of_any_size_bring_what_one_answer_brings() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let mut readers: Vec<Vault> = (0..4).map(|_| world.vault("12")).collect();
    for reader in &mut readers {
        reader.pull(&world.server);
    }
    submit(&world, &mut officer, 1..20);
    let mut results: Vec<News> = Vec::new();
    for (reader, budget) in readers.iter_mut().zip([1, 700, 5_000, 1 << 24]) {
        reader.budget = budget;
        results.push(reader.pull(&world.server));
    }
    assert_eq!(results[3].pages, 1);
    assert!(results[0].pages >= 19);
    for result in &results {
        assert_eq!(result.feed, results[3].feed);
    }
    let ends: BTreeSet<AcceptPos> = readers.iter().map(|it| it.cursors.records).collect();
    assert_eq!(ends.len(), 1);
}

#[test]
fn a_scope_with_thousands_of_rows_is_read_whole() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let mut tablet = world.vault("4417");
    tablet.pull(&world.server);
    let mut record = Rec::new(1);
    for n in 0..1_100 {
        officer.change(&mut record, &format!("version {n}"));
    }
    officer.push(&world.server).unwrap();
    assert_eq!(world.judge(), 1_100);
    tablet.budget = u32::MAX;
    let news = tablet.pull(&world.server);
    assert_eq!(news.feed.len(), 1_100);
    assert_eq!(news.pages, 3, "512 rows at a time");
}

#[test]
fn readers_beside_a_writer_miss_nothing_and_see_nothing_twice() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let mut readers: Vec<Vault> = (0..2).map(|_| world.vault("12")).collect();
    for reader in &mut readers {
        reader.pull(&world.server);
        reader.budget = 3_000;
    }
    let done = AtomicBool::new(false);
    let seen: Vec<Vec<FeedItem>> = std::thread::scope(|scope| {
        let running: Vec<_> = readers
            .iter_mut()
            .map(|reader| {
                let (server, done) = (&world.server, &done);
                scope.spawn(move || {
                    let mut items = Vec::new();
                    loop {
                        let last = done.load(Ordering::SeqCst);
                        items.extend(reader.pull(server).feed);
                        if last {
                            return items;
                        }
                    }
                })
            })
            .collect();
        submit(&world, &mut officer, 1..60);
        done.store(true, Ordering::SeqCst);
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for items in seen {
        let order = positions(&items);
        assert_eq!(order.len(), 59);
        assert!(order.is_sorted_by(|a, b| a < b));
        assert_eq!(entries(&items).len(), 118);
    }
}

#[test]
fn the_authority_is_sent_again_after_every_change_of_people() {
    let world = World::new();
    let mut officer = world.vault("4417");
    assert_eq!(officer.pull(&world.server).reference, ["authority"]);
    assert!(officer.pull(&world.server).reference.is_empty());
    world.server.end_person("5102").unwrap();
    assert_eq!(officer.pull(&world.server).reference, ["authority"]);
    let areas = shared::published::sample_areas();
    world.server.import_areas(&areas).unwrap();
    assert_eq!(officer.pull(&world.server).reference, ["areas"]);
}

#[test]
fn a_review_reaches_its_author_and_all_scopes_share_one_order() {
    let world = World::new();
    let mut sergeant = world.vault("12");
    let mut other = world.vault("12");
    // Both in the author's and in the team's scope: one's own records of another vault.
    let mut record = Rec::new(1);
    sergeant.change(&mut record, "my own search");
    sergeant.submit(&record);
    sergeant.push(&world.server).unwrap();
    world.judge();
    let news = other.pull(&world.server);
    let order = positions(&news.feed);
    assert!(order.is_sorted(), "{order:?}");
    let ids: BTreeSet<EntryId> = entries(&news.feed).into_iter().collect();
    assert_eq!(ids.len(), 2);
}
