//! Plain files, snapshots and the clock.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::{CIPHER_FULL, Found, WAL_FULL, connect, enter, inspect};
use vfs::{Disk, DiskError, Faults, Lose};

#[test]
fn a_written_file_is_durable_and_a_removed_one_stays_away() {
    let disk = Disk::new(1);
    disk.write_file("blobs/a", b"first").unwrap();
    disk.write_file("blobs/b", b"second").unwrap();
    disk.remove_file("blobs/a").unwrap();
    disk.rename_file("blobs/b", "blobs/c").unwrap();
    disk.power_cut(Lose::All);
    assert_eq!(disk.list().unwrap(), ["blobs/c"]);
    assert_eq!(disk.read_file("blobs/c").unwrap(), b"second");
    assert_eq!(disk.read_file("blobs/a"), Err(DiskError::NotFound));
    assert_eq!(disk.remove_file("blobs/a"), Err(DiskError::NotFound));
}

#[test]
fn a_lying_sync_loses_plain_files() {
    let disk = Disk::new(1);
    disk.set_faults(Faults {
        lying_sync: true,
        ..Faults::default()
    });
    disk.write_file("a", &[7; 4000]).unwrap();
    assert_eq!(disk.read_file("a").unwrap().len(), 4000);
    disk.power_cut(Lose::All);
    assert_eq!(disk.read_file("a"), Err(DiskError::NotFound));
    assert_eq!(disk.fired().lied, 1);
}

#[test]
fn a_torn_file_loses_whole_sectors() {
    let mut lengths = std::collections::BTreeSet::new();
    let mut holes = 0;
    for seed in 0..200 {
        let disk = Disk::new(seed);
        disk.cut_in(3, Lose::Torn);
        assert_eq!(disk.write_file("a", &[7; 4000]), Err(DiskError::Off));
        assert_eq!(disk.read_file("a"), Err(DiskError::Off));
        disk.power_on();
        let Ok(found) = disk.read_file("a") else {
            continue;
        };
        for sector in found.chunks(512) {
            assert!(
                sector.iter().all(|byte| *byte == sector[0]),
                "seed {seed}: half a sector"
            );
            holes += usize::from(sector[0] == 0);
        }
        lengths.insert(found.len());
    }
    assert!(lengths.len() > 4, "{lengths:?}");
    assert!(holes > 0);
}

#[test]
fn plain_files_meet_the_same_faults() {
    let disk = Disk::new(1);
    disk.set_faults(Faults {
        full_after_bytes: Some(1000),
        ..Faults::default()
    });
    disk.write_file("small", &[1; 600]).unwrap();
    assert_eq!(disk.write_file("large", &[1; 600]), Err(DiskError::Full));
    assert_eq!(disk.read_file("large").unwrap().len(), 400, "what fitted");
    disk.remove_file("small").unwrap();
    disk.write_file("large", &[1; 600]).expect("room again");
    disk.set_faults(Faults {
        fail_write_in: Some(2),
        ..Faults::default()
    });
    disk.write_file("x", b"x").unwrap();
    assert_eq!(disk.write_file("y", b"y"), Err(DiskError::Write));
    disk.write_file("y", b"y").expect("once only");
    disk.set_faults(Faults {
        fail_sync_in: Some(1),
        ..Faults::default()
    });
    assert_eq!(disk.write_file("z", b"z"), Err(DiskError::Sync));
    let fired = disk.fired();
    assert_eq!((fired.full, fired.write, fired.sync), (1, 1, 1));
    let error = std::io::Error::from(DiskError::Full);
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}

#[test]
fn a_snapshot_is_a_second_device_and_a_backup() {
    let disk = Disk::new(1);
    let mut db = connect(&disk, CIPHER_FULL).unwrap();
    enter(&mut db, 0).unwrap();
    enter(&mut db, 1).unwrap();
    let image = disk.snapshot();
    enter(&mut db, 2).unwrap();

    let clone = Disk::new(2);
    clone.restore(&image);
    assert_eq!(clone.snapshot(), image);
    assert_eq!(inspect(&clone, CIPHER_FULL), Found::Entries(2));
    clone.power_cut(Lose::All);
    assert_eq!(inspect(&clone, CIPHER_FULL), Found::Entries(2));

    disk.restore(&image);
    assert!(enter(&mut db, 3).is_err(), "the old handle is dead");
    drop(db);
    assert_eq!(inspect(&disk, CIPHER_FULL), Found::Entries(2));
}

#[test]
fn the_clock_is_virtual() {
    let disk = Disk::new(1);
    disk.set_now(1_700_000_000_123);
    let db = connect(&disk, WAL_FULL).unwrap();
    let now = |sql: &str| {
        db.query_row(sql, [], |row| row.get::<_, String>(0))
            .unwrap()
    };
    let sql = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')";
    assert_eq!(now(sql), "2023-11-14T22:13:20.123");
    disk.set_now(1_700_000_001_123);
    assert_eq!(now(sql), "2023-11-14T22:13:21.123");
}
