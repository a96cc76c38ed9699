//! A full disk, failed writes and failed syncs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::{CIPHER_FULL, Found, WAL_FULL, connect, enter, inspect};
use rusqlite::ErrorCode;
use vfs::{Disk, Faults, Fired, Lose};

fn code_of(error: &rusqlite::Error) -> ErrorCode {
    error.sqlite_error_code().expect("an error of SQLite")
}

#[test]
fn wal_and_full_sync_work_without_shared_memory() {
    for setup in [WAL_FULL, CIPHER_FULL] {
        let disk = Disk::new(1);
        let mut db = connect(&disk, setup).unwrap();
        let syncs = disk.syncs();
        for id in 0..20 {
            enter(&mut db, id).unwrap();
        }
        assert!(disk.syncs() >= syncs + 20, "each commit syncs");
        assert!(disk.writes() > 20);
        let level: i64 = db
            .query_row("PRAGMA synchronous", [], |row| row.get(0))
            .unwrap();
        assert_eq!(level, 2);
        let names: Vec<String> = disk.list().unwrap();
        assert_eq!(names, ["ledger.db", "ledger.db-wal"]);
        drop(db);
        assert_eq!(inspect(&disk, setup), Found::Entries(20));
    }
}

#[test]
fn the_key_hides_the_rows_and_is_needed() {
    let plain = Disk::new(1);
    enter(&mut connect(&plain, WAL_FULL).unwrap(), 3).unwrap();
    let sealed = Disk::new(1);
    enter(&mut connect(&sealed, CIPHER_FULL).unwrap(), 3).unwrap();
    let needle = common::body(3)[..32].to_vec();
    let holds = |disk: &Disk| {
        disk.files()
            .iter()
            .any(|(_, bytes)| bytes.windows(32).any(|part| part == needle))
    };
    assert!(holds(&plain));
    assert!(!holds(&sealed));
    let error = connect(&sealed, WAL_FULL).unwrap_err();
    assert_eq!(code_of(&error), ErrorCode::NotADatabase);
}

#[test]
fn a_second_connection_is_kept_out() {
    let disk = Disk::new(1);
    let first = connect(&disk, WAL_FULL).unwrap();
    let error = connect(&disk, WAL_FULL).unwrap_err();
    assert_eq!(code_of(&error), ErrorCode::DatabaseBusy);
    drop(first);
    connect(&disk, WAL_FULL).unwrap();
}

#[test]
fn a_full_disk_refuses_the_commit_and_keeps_the_earlier_ones() {
    for setup in [WAL_FULL, CIPHER_FULL] {
        let disk = Disk::new(2);
        let mut db = connect(&disk, setup).unwrap();
        for id in 0..3 {
            enter(&mut db, id).unwrap();
        }
        disk.set_faults(Faults {
            full_after_bytes: Some(100_000),
            ..Faults::default()
        });
        let (id, error) = (3..200)
            .find_map(|id| Some((id, enter(&mut db, id).err()?)))
            .expect("it fills up");
        assert_eq!(code_of(&error), ErrorCode::DiskFull);
        assert!(disk.fired().full > 0);
        let count: i64 = db
            .query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, id, "still readable");

        disk.set_faults(Faults::default());
        enter(&mut db, id).expect("it goes on when there is room again");
        drop(db);
        disk.power_cut(Lose::All);
        assert_eq!(inspect(&disk, setup), Found::Entries(id + 1));
    }
}

/// Each write or sync of a session fails once; the refused transaction is repeated.
fn fail_each(arm: impl Fn(u32) -> Faults, struck: impl Fn(Fired) -> u64) {
    let mut times = 0;
    for nth in 1..120 {
        let disk = Disk::new(u64::from(nth));
        let mut db = connect(&disk, CIPHER_FULL).unwrap();
        disk.set_faults(arm(nth));
        for id in 0..14 {
            if let Err(error) = enter(&mut db, id) {
                assert_eq!(code_of(&error), ErrorCode::SystemIoFailure);
                enter(&mut db, id).expect("a second try succeeds");
            }
        }
        times += struck(disk.fired());
        disk.power_cut(if nth % 2 == 0 { Lose::All } else { Lose::Torn });
        drop(db);
        assert_eq!(inspect(&disk, CIPHER_FULL), Found::Entries(14), "at {nth}");
    }
    assert!(times > 20, "struck {times} times only");
}

#[test]
fn a_failed_write_fails_one_transaction_and_loses_none() {
    fail_each(
        |nth| Faults {
            fail_write_in: Some(nth),
            ..Faults::default()
        },
        |fired| fired.write,
    );
}

#[test]
fn a_failed_sync_fails_one_transaction_and_loses_none() {
    fail_each(
        |nth| Faults {
            fail_sync_in: Some(nth),
            ..Faults::default()
        },
        |fired| fired.sync,
    );
}
