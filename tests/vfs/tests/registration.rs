//! A disk's name lives as long as its handles and its open files. One test, because
//! names are one list for the whole process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::{WAL_FULL, connect, enter};
use rusqlite::{Connection, OpenFlags};
use vfs::Disk;

fn in_memory(name: &str) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(":memory:", OpenFlags::default(), name)
}

#[test]
fn a_name_lives_as_long_as_handles_and_files() {
    let disk = Disk::new(1);
    let name = disk.vfs_name().to_owned();
    let handle = disk.clone();
    let mut db = connect(&disk, WAL_FULL).unwrap();
    drop(disk);
    drop(handle);
    // The connection alone holds the disk, which still opens, grows and syncs files.
    for id in 0..20 {
        enter(&mut db, id).unwrap();
    }
    let memory = in_memory(&name).unwrap();
    drop(db);
    assert!(in_memory(&name).is_err(), "unregistered");
    // A connection without files points to a disk that is gone, and does no harm.
    memory
        .execute_batch("CREATE TABLE t AS SELECT random(), datetime('now')")
        .unwrap();
    drop(memory);

    let names: BTreeSet<String> = (0..1000)
        .map(|seed| Disk::new(seed).vfs_name().to_owned())
        .collect();
    assert_eq!(names.len(), 1, "a registration is used again");
    let two = [Disk::new(1), Disk::new(1)];
    assert_ne!(two[0].vfs_name(), two[1].vfs_name());
}
