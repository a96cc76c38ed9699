//! Digests: what a vault that has come to the end holds of a scope, by its own count, is what
//! the server says.

use std::collections::{BTreeMap, BTreeSet};

use shared::doc::RecordDoc;
use shared::guard::{Checked, Limits};
use shared::hash::ChangeHash;
use shared::ids::{EntryId, RecordId};
use shared::log::EntryKind;
use shared::record::Kind;
use shared::statement::{ReceiptGiven, ReviewVerdict, Share, Statement};
use shared::wire::{ExchangeRequest, FeedEntry, FeedEvent, FeedItem, Leaf, Scope, Sum};

use super::coworking::submitted;
use super::kit::{Rec, Vault, World};

/// A record as a vault holds it that wrote nothing of it.
#[derive(Default)]
struct Held {
    changes: BTreeMap<ChangeHash, Checked>,
    statements: BTreeSet<EntryId>,
    scopes: BTreeSet<Scope>,
}

impl Held {
    fn take(&mut self, entry: &FeedEntry) {
        if entry.kind == EntryKind::Change {
            let change = Checked::parse(entry.payload.clone(), &Limits::default()).unwrap();
            let hash = ChangeHash::from_bytes(change.facts().hash);
            self.changes.insert(hash, change);
        } else if entry.kind.is_statement() {
            self.statements.insert(entry.id);
        }
    }

    fn leaf(&self, id: RecordId) -> Leaf {
        let changes: Vec<_> = self.changes.values().cloned().collect();
        let heads = RecordDoc::from_changes(Kind::StopSearch, changes)
            .unwrap()
            .heads();
        let statements: Vec<_> = self.statements.iter().copied().collect();
        Leaf::of(id, &heads, &statements)
    }
}

fn apply(held: &mut BTreeMap<RecordId, Held>, item: &FeedItem) {
    let record = held.entry(item.record).or_default();
    match &item.event {
        FeedEvent::Accepted(entry) => {
            record.scopes.insert(item.scope);
            record.take(entry);
        }
        FeedEvent::Enters(all, _) => {
            record.scopes.insert(item.scope);
            all.iter().for_each(|entry| record.take(entry));
        }
        FeedEvent::Leaves => {
            record.scopes.remove(&item.scope);
        }
        FeedEvent::Stored(_) => {}
    }
}

/// The sums that the server gives a vault which is at the end.
fn told(world: &World, vault: &Vault) -> BTreeMap<Scope, [u8; 16]> {
    let request = ExchangeRequest {
        digests: Some(true),
        ..vault.request(None)
    };
    let answer = world.server.exchange(&vault.credential, request).unwrap();
    assert!(!answer.more);
    let digests = answer.digests.unwrap();
    digests.into_iter().map(|it| (it.scope, it.sum)).collect()
}

/// Fails unless new vaults of everybody count what the server says.
pub(super) fn hold(world: &World) {
    for collar in ["5102", "12", "6001", "34"] {
        let mut vault = world.vault(collar);
        follow(world, &mut vault, &mut BTreeMap::new());
    }
}

/// Takes the vault's news and compares.
fn follow(world: &World, vault: &mut Vault, held: &mut BTreeMap<RecordId, Held>) {
    let news = vault.pull(&world.server);
    for item in news.backfilled.iter().chain(&news.feed) {
        apply(held, item);
    }
    for (scope, sum) in told(world, vault) {
        let inside = held.iter().filter(|(_, it)| it.scopes.contains(&scope));
        let own = inside.fold(Sum::default(), |sum, (id, it)| sum.with(it.leaf(*id)));
        assert_eq!(own.to_bytes(), sum, "{scope}");
    }
}

#[test]
fn what_vaults_hold_is_what_the_server_says_at_each_step() {
    let world = World::new();
    let (mut officer, mut record) = submitted(&world);
    let mut readers: Vec<_> = ["5102", "12", "34"]
        .map(|collar| (world.vault(collar), BTreeMap::new()))
        .into();
    let colleague = readers[0].0.officer;
    let share = |ended| {
        Statement::Share(Share {
            with: colleague,
            ended,
        })
    };
    let mut sergeant = world.vault("12");
    for step in 0..8 {
        match step {
            0 => drop(officer.change(&mut record, "more grounds")),
            1 => drop(officer.state(&record, &share(false))),
            2 => drop(sergeant.review(&record, ReviewVerdict::Return)),
            3 => drop(officer.change(&mut record, "better grounds")),
            4 => {
                let how = "qr".to_owned();
                let given = Statement::ReceiptGiven(ReceiptGiven { how });
                officer.state(&record, &given);
            }
            5 => drop(officer.state(&record, &share(true))),
            6 => {
                let mut other = Rec::new(2);
                officer.change(&mut other, "another");
                officer.submit(&other);
            }
            _ => drop(officer.state(&record, &share(false))),
        }
        for vault in [&mut officer, &mut sergeant] {
            if vault.received.map_or(0, |seq| seq.0 as usize + 1) < vault.entries.len() {
                vault.push(&world.server).unwrap();
            }
        }
        world.judge();
        for (vault, held) in &mut readers {
            follow(&world, vault, held);
        }
    }
    hold(&world);
}

#[test]
fn digests_come_when_they_are_asked_for_and_the_end_is_reached() {
    let world = World::new();
    submitted(&world);
    let mut sergeant = world.vault("12");
    let asked = ExchangeRequest {
        digests: Some(true),
        budget: 1,
        ..sergeant.request(None)
    };
    let answer = world.server.exchange(&sergeant.credential, asked).unwrap();
    assert!(answer.more && answer.digests.is_none());
    sergeant.pull(&world.server);
    let answer = world
        .server
        .exchange(&sergeant.credential, sergeant.request(None))
        .unwrap();
    assert_eq!(answer.digests, None, "nobody asked");
    assert_eq!(told(&world, &sergeant).len(), 3);
}
