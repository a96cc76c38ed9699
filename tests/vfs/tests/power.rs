//! Power cuts at the edges of writes and syncs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::{CIPHER_FULL, Found, Setup, WAL_FULL, cut_session, enter, enter_until_cut, inspect};
use vfs::{Disk, Faults, Lose};

const SEEDS: u64 = 200;
const ENTRIES: i64 = 12;

/// Changes of the disk that a whole session makes.
fn session_length(setup: Setup) -> u32 {
    (1..2000)
        .find(|cut| {
            let disk = Disk::new(0);
            disk.cut_in(*cut, Lose::All);
            enter_until_cut(&disk, setup, ENTRIES);
            !disk.is_off()
        })
        .expect("the session ends")
}

/// A session may lose nothing acknowledged; the transaction under way is there
/// whole or not at all.
fn assert_kept(acknowledged: i64, found: &Found, what: &str) {
    match found {
        Found::Entries(count) => assert!(
            *count == acknowledged || *count == acknowledged + 1,
            "{what}: {acknowledged} acknowledged, {count} found"
        ),
        Found::Broken(why) => panic!("{what}: {why}"),
    }
}

fn cut_at_every_change(setup: Setup, lose: Lose) {
    let length = session_length(setup);
    assert!(
        length > 60,
        "the session is too short to tell anything: {length}"
    );
    for cut in 1..=length {
        let (acknowledged, found) = cut_session(u64::from(cut), setup, cut, lose, ENTRIES);
        assert_kept(
            acknowledged,
            &found,
            &format!("{setup:?} {lose:?} cut at {cut}"),
        );
    }
    println!("{setup:?} {lose:?}: cut at each of {length} changes");
}

/// In how many runs acknowledged commits were missing, or the database was damaged.
fn cut_at_random(setup: Setup, lose: Lose) -> (u64, u64) {
    let length = session_length(setup);
    let (mut short, mut broken) = (0, 0);
    for seed in 0..SEEDS {
        let cut = 1 + (seed * 7919 % u64::from(length)) as u32;
        let (acknowledged, found) = cut_session(seed, setup, cut, lose, ENTRIES);
        match found {
            Found::Entries(count) if count < acknowledged => short += 1,
            Found::Entries(_) => {}
            Found::Broken(_) => broken += 1,
        }
    }
    println!("{setup:?} {lose:?}: {short} short, {broken} broken of {SEEDS}");
    (short, broken)
}

#[test]
fn full_loses_no_acknowledged_commit_at_any_cut() {
    cut_at_every_change(WAL_FULL, Lose::All);
}

#[test]
fn full_survives_torn_writes_at_any_cut() {
    cut_at_every_change(WAL_FULL, Lose::Torn);
}

#[test]
fn encrypted_full_loses_nothing_at_any_cut() {
    cut_at_every_change(CIPHER_FULL, Lose::All);
    cut_at_every_change(CIPHER_FULL, Lose::Torn);
}

#[test]
fn full_loses_nothing_in_200_seeded_runs() {
    for setup in [WAL_FULL, CIPHER_FULL] {
        for lose in [Lose::All, Lose::Torn] {
            assert_eq!(cut_at_random(setup, lose), (0, 0), "{setup:?} {lose:?}");
        }
    }
}

#[test]
fn a_rollback_journal_is_safe_too() {
    let setup = Setup {
        journal: "TRUNCATE",
        ..WAL_FULL
    };
    assert_eq!(cut_at_random(setup, Lose::Torn), (0, 0));
}

/// The tests above mean nothing unless these lose.
#[test]
fn off_and_normal_do_lose() {
    let normal = Setup {
        synchronous: "NORMAL",
        ..WAL_FULL
    };
    let (short, broken) = cut_at_random(normal, Lose::All);
    assert!(
        short > SEEDS / 4,
        "NORMAL lost commits in {short} of {SEEDS} runs only"
    );
    assert_eq!(broken, 0, "NORMAL stays consistent");
    let (_, broken) = cut_at_random(normal, Lose::Torn);
    assert_eq!(broken, 0, "NORMAL stays consistent");

    let off = Setup {
        synchronous: "OFF",
        ..WAL_FULL
    };
    let (short, broken) = cut_at_random(off, Lose::All);
    assert!(
        short + broken > SEEDS / 2,
        "OFF lost in {short} + {broken} of {SEEDS} runs only"
    );
    let (_, broken) = cut_at_random(off, Lose::Torn);
    assert!(broken > 0, "OFF was never torn");
}

#[test]
fn a_lying_sync_loses_even_with_full() {
    let disk = Disk::new(3);
    disk.set_faults(Faults {
        lying_sync: true,
        ..Faults::default()
    });
    assert_eq!(enter_until_cut(&disk, WAL_FULL, 5), 5);
    disk.power_cut(Lose::All);
    assert!(disk.fired().lied > 0);
    assert_eq!(disk.fired().lost, 1);
    disk.set_faults(Faults::default());
    assert_eq!(inspect(&disk, WAL_FULL), Found::Entries(0));
}

#[test]
fn handles_are_dead_after_a_cut_until_reopened() {
    for setup in [WAL_FULL, CIPHER_FULL] {
        let disk = Disk::new(5);
        let mut db = common::connect(&disk, setup).unwrap();
        enter(&mut db, 0).unwrap();
        disk.power_cut(Lose::All);
        let error = enter(&mut db, 1).unwrap_err();
        assert_eq!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::SystemIoFailure)
        );
        let count = || db.query_row("SELECT count(*) FROM entry", [], |_| Ok(()));
        assert!(count().is_err() && count().is_err());
        // After a failed read SQLCipher says "read-only", and never gets well.
        assert!(enter(&mut db, 1).is_err());
        drop(db);
        assert_eq!(inspect(&disk, setup), Found::Entries(1));
    }
}

#[test]
fn a_crash_loses_nothing_even_with_off() {
    let off = Setup {
        synchronous: "OFF",
        ..WAL_FULL
    };
    let disk = Disk::new(5);
    let mut db = common::connect(&disk, off).unwrap();
    for id in 0..5 {
        enter(&mut db, id).unwrap();
    }
    disk.crash();
    assert!(enter(&mut db, 5).is_err());
    drop(db);
    assert_eq!(inspect(&disk, off), Found::Entries(5));
    assert_eq!(disk.fired().lost, 0);
}

#[test]
fn many_cuts_in_a_row_lose_nothing() {
    for seed in 0..40 {
        let disk = Disk::new(seed);
        let mut acknowledged = 0;
        for round in 0..8 {
            disk.cut_in(5 + (seed as u32 * 13 + round * 29) % 60, Lose::Torn);
            acknowledged = enter_until_cut(&disk, CIPHER_FULL, 9).max(acknowledged);
            disk.power_on();
            // Not armed during the inspection, if it had not struck yet.
            disk.crash();
            let found = inspect(&disk, CIPHER_FULL);
            assert_kept(acknowledged, &found, &format!("seed {seed} round {round}"));
            if let Found::Entries(count) = found {
                acknowledged = count;
            }
        }
    }
}
