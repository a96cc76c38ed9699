//! Limits of what waits, and turns between those who wait.

use shared::wire::{ErrorCode, Verdict, VerdictCode, WireError};

use super::kit::{Rec, World, accepted, config};
use crate::service::{Config, Server};
use crate::store::Staging;

/// The same data under a server that is set otherwise.
fn set(world: World, change: impl FnOnce(&mut Config)) -> World {
    let World {
        dir,
        env,
        clock,
        server,
    } = world;
    drop(server);
    let mut config = config(&dir);
    change(&mut config);
    let server = Server::open(config, env.clone()).unwrap();
    World {
        dir,
        env,
        clock,
        server,
    }
}

#[test]
fn over_the_staging_limits_entries_wait_and_come_in_all_the_same() {
    let narrow = Staging {
        device_entries: 3,
        device_bytes: 1 << 20,
        all_bytes: 1 << 20,
    };
    let world = set(World::new(), |config| config.staging = narrow);
    let (mut one, mut two) = (world.vault("4417"), world.vault("4417"));
    let mut base = Rec::new(1);
    one.change(&mut base, "base");
    let mut record = base.copy(2);
    for n in 0..8 {
        two.change(&mut record, &format!("{n}"));
    }
    two.push(&world.server).unwrap();
    world.judge();
    let verdicts = two.verdicts(&world.server);
    let full = Verdict::Parked(VerdictCode::StagingFull);
    assert_eq!(verdicts.iter().filter(|(_, it)| *it == full).count(), 5);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.parked, figures.over_limits), (8, 5));
    assert!(figures.parked_since > 0, "the operator is told");
    // A restart takes all up again, and parks them again.
    let world = set(world, |config| config.staging = narrow);
    world.judge();
    assert_eq!(world.server.figures().unwrap().parked, 8);
    one.push(&world.server).unwrap();
    world.judge();
    assert_eq!(accepted(&two.verdicts(&world.server)).len(), 8);
    let figures = world.server.figures().unwrap();
    assert_eq!((figures.parked, figures.over_limits), (0, 0));
}

#[test]
fn one_devices_orphans_take_no_others_room() {
    let narrow = Staging {
        device_entries: 2,
        device_bytes: 1 << 20,
        all_bytes: 1 << 20,
    };
    let world = set(World::new(), |config| config.staging = narrow);
    let mut missing = Rec::new(1);
    world.vault("4417").change(&mut missing, "never sent");
    let code = |vault: &mut super::kit::Vault, n: u8| {
        let mut record = missing.copy(n);
        for _ in 0..3 {
            vault.change(&mut record, &format!("{}", vault.nonce));
        }
        vault.push(&world.server).unwrap();
        world.judge();
        vault.verdicts(&world.server).last().unwrap().1
    };
    let full = Verdict::Parked(VerdictCode::StagingFull);
    let (mut greedy, mut modest) = (world.vault("4417"), world.vault("4417"));
    assert_eq!(code(&mut greedy, 5), full);
    modest.change(&mut missing.copy(9), "mine");
    modest.push(&world.server).unwrap();
    world.judge();
    let waits = Verdict::Parked(VerdictCode::MissingDependency);
    assert_eq!(modest.verdicts(&world.server)[0].1, waits);
}

#[test]
fn a_device_of_which_much_waits_for_judgement_is_asked_to_come_back() {
    let world = set(World::new(), |config| config.pending_bytes = 2_000);
    let mut officer = world.vault("4417");
    let mut record = Rec::new(1);
    let mut deferred = None;
    for n in 0..20 {
        officer.change(&mut record, &format!("version {n}"));
        if let Err(error) = officer.push(&world.server) {
            deferred = Some(error);
            break;
        }
    }
    let later = |error: &WireError| {
        matches!(
            error,
            WireError::Refused {
                code: ErrorCode::SlowDown,
                retry_after_ms: Some(_)
            }
        )
    };
    assert!(deferred.as_ref().is_some_and(later), "{deferred:?}");
    // Nobody else is asked to.
    let mut other = world.vault("5102");
    other.change(&mut Rec::new(2), "words");
    other.push(&world.server).unwrap();
    world.judge();
    officer.push(&world.server).unwrap();
    world.judge();
    let verdicts = accepted(&officer.verdicts(&world.server));
    assert_eq!(verdicts.len(), officer.entries.len(), "nothing is lost");
}

#[test]
fn one_devices_many_changes_delay_nobodys_verdicts() {
    let world = World::new();
    let (mut busy, mut other) = (world.vault("4417"), world.vault("5102"));
    let mut record = Rec::new(1);
    for n in 0..400 {
        busy.change(&mut record, &format!("version {n}"));
    }
    busy.push(&world.server).unwrap();
    other.change(&mut Rec::new(2), "words");
    other.push(&world.server).unwrap();
    let judged = world.server.judge_some(66, &mut || true).unwrap();
    assert_eq!(judged, 66);
    assert_eq!(accepted(&other.verdicts(&world.server)), [0]);
    assert_eq!(world.judge(), 401 - 66);
}

#[test]
fn a_sitting_that_is_told_to_stop_keeps_what_it_did() {
    let world = World::new();
    let mut officer = world.vault("4417");
    let mut record = Rec::new(1);
    for n in 0..10 {
        officer.change(&mut record, &format!("version {n}"));
    }
    officer.submit(&record);
    officer.push(&world.server).unwrap();
    let mut left = 4;
    let mut goes_on = || {
        left -= 1;
        left > 0
    };
    assert_eq!(world.server.judge_some(100, &mut goes_on).unwrap(), 4);
    let world = world.restart();
    assert_eq!(world.server.judge_some(100, &mut || true).unwrap(), 7);
    assert_eq!(accepted(&officer.verdicts(&world.server)).len(), 11);
    assert_eq!(
        world.server.heads(record.id).unwrap(),
        Some(record.doc.heads())
    );
}
