//! The same seed makes the same bytes. One test, because SQLite's random numbers
//! are one sequence for the whole process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::{CIPHER_FULL, Setup, WAL_FULL, enter_until_cut, inspect};
use vfs::{Disk, Fired, Image, Lose};

/// Three cuts, with repairs between them.
fn run(seed: u64, setup: Setup) -> (Image, u64, u64, Fired) {
    vfs::seed_sqlite(seed as u32);
    let disk = Disk::new(seed);
    for cut in [25, 40, 55] {
        disk.cut_in(cut, Lose::Torn);
        enter_until_cut(&disk, setup, 30);
        disk.power_on();
    }
    inspect(&disk, setup);
    let db = common::connect(&disk, setup).unwrap();
    db.execute_batch("CREATE TABLE chance AS SELECT random() AS number")
        .unwrap();
    // Not closed properly, so that the WAL is among the bytes compared.
    disk.crash();
    (disk.snapshot(), disk.writes(), disk.syncs(), disk.fired())
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let mut images = Vec::new();
    for seed in 1..=10 {
        let first = run(seed, WAL_FULL);
        assert_eq!(first, run(seed, WAL_FULL), "seed {seed}");
        images.push(first.0);
    }
    images.dedup();
    assert_eq!(images.len(), 10, "another seed makes other bytes");

    // The cipher draws its nonces elsewhere: all but the bytes is the same.
    let shape = |seed| {
        let (image, writes, syncs, fired) = run(seed, CIPHER_FULL);
        let sizes: Vec<(String, usize)> = image
            .files()
            .iter()
            .map(|(name, bytes)| (name.clone(), bytes.len()))
            .collect();
        (sizes, writes, syncs, fired)
    };
    for seed in 1..=10 {
        assert_eq!(shape(seed), shape(seed), "seed {seed}");
    }
}
