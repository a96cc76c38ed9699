//! Schemas: a server that is updated before the apps, or after them.

use shared::doc::Schema;
use shared::wire::{FeedEntry, FeedEvent, Verdict, VerdictCode};

use super::kit::*;

/// The accepted entries among the news.
fn entries(items: Vec<shared::wire::FeedItem>) -> Vec<FeedEntry> {
    let entries = items.into_iter().flat_map(|item| match item.event {
        FeedEvent::Accepted(entry) => vec![entry],
        FeedEvent::Enters(entries, _) => entries,
        _ => Vec::new(),
    });
    entries.collect()
}

#[test]
fn what_an_updated_app_sends_waits_for_the_server_to_be_updated() {
    let world = World::new();
    let mut officer = world.vault("4417");
    officer.schema = 2;
    let mut record = Rec::new(1);
    officer.change(&mut record, "grounds");
    officer.submit(&record);
    officer.push(&world.server).unwrap();
    world.judge();
    let parked = Verdict::Parked(VerdictCode::NeedsNewerServer);
    let verdicts = officer.verdicts(&world.server);
    assert!(verdicts.iter().all(|(_, it)| *it == parked), "{verdicts:?}");
    assert_eq!(verdicts.len(), 2);
    let world = world.restart_knowing(Schema::new(2));
    assert_eq!(world.judge(), 2);
    assert_eq!(accepted(&officer.verdicts(&world.server)), [0, 1]);
    let mut sergeant = world.vault("12");
    let news = sergeant.pull(&world.server);
    let given = entries(news.backfilled);
    assert!(
        given
            .iter()
            .all(|it| it.schema == Some(2) && it.projection.is_some())
    );
    assert_eq!(given.len(), 2);
}

#[test]
fn who_cannot_read_a_record_is_told_what_is_read_of_it_after_every_change() {
    let world = World::new().restart_knowing(Schema::new(2));
    let (mut older, mut newer) = (world.vault("4417"), world.vault("4417"));
    newer.schema = 2;
    let mut record = Rec::new(1);
    older.change(&mut record, "grounds");
    older.submit(&record);
    older.push(&world.server).unwrap();
    world.judge();
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let mut copy = record.copy(9);
    newer.change(&mut copy, "other grounds");
    newer.push(&world.server).unwrap();
    world.judge();
    // By somebody who does not have that change.
    older.change(&mut record, "better grounds");
    older.push(&world.server).unwrap();
    world.judge();
    let given = entries(sergeant.pull(&world.server).feed);
    let schemas: Vec<_> = given.iter().map(|it| it.schema).collect();
    assert_eq!(schemas, [Some(2), None]);
    assert!(given.iter().all(|it| it.projection.is_some()));
    // Who wrote it is not sent it otherwise.
    let own = entries(older.pull(&world.server).feed);
    let own = own.iter().find(|it| it.id.log == older.log);
    assert!(own.is_some_and(|it| it.projection.is_some()));
}
