//! Every target, a short while: honest bytes, altered ones, and the known forms of attack. None
//! may panic, and none may ask for more memory than its room.
//!
//! `BEATBOOK_SOAK=1` alters 100,000 times for each.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::alloc::System;

use cap::Cap;
use fuzz::alter::Alterer;
use fuzz::{Target, forms, targets};

/// Adds up what is asked for. Beyond its limit it gives nothing, and the test ends: no attack
/// takes the machine with it.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, 2 << 30);

/// How often honest bytes are altered.
fn rounds() -> u64 {
    match std::env::var_os("BEATBOOK_SOAK") {
        Some(_) => 100_000,
        None => 1_500,
    }
}

/// Runs a target on some bytes; gives what it asked for.
fn run(target: &Target, bytes: &[u8], what: &str) -> usize {
    let before = ALLOCATOR.total_allocated();
    (target.run)(bytes);
    let asked = ALLOCATOR.total_allocated() - before;
    let room = target.room.of(bytes.len());
    let (name, length) = (target.name, bytes.len());
    assert!(
        asked <= room,
        "{name} asked for {asked} bytes of memory on {length} bytes ({what}), its room is {room}"
    );
    asked
}

/// What the seed of a round makes of the honest bytes.
fn altered(honest: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut alterer = Alterer::new(seed);
    let at = |n: u64| &honest[n as usize % honest.len()];
    alterer.alter(at(seed), at(seed / 7))
}

/// One test: what is asked for is counted for the whole process.
#[test]
fn nothing_that_is_read_panics_or_takes_more_than_its_room() {
    fuzz::pass_what_the_guard_catches();
    for target in targets() {
        let honest = (target.honest)();
        assert!(!honest.is_empty(), "{}: nothing to begin with", target.name);
        // What is made once is not asked for by the bytes.
        (target.run)(&honest[0]);
        let (mut most, mut each) = (0, 0);
        let mut take = |bytes: &[u8], what: &str| {
            let asked = run(&target, bytes, what);
            most = most.max(asked);
            let over = asked.saturating_sub(target.room.flat);
            each = each.max(over / bytes.len().max(1));
        };
        for bytes in &honest {
            take(bytes, "honest");
        }
        for (n, bytes) in forms::hostile(target.form, &honest[0]).iter().enumerate() {
            take(bytes, &format!("attack {n}"));
        }
        for seed in 0..rounds() {
            take(&altered(&honest, seed), &format!("seed {seed}"));
        }
        println!(
            "{}: at most {most} bytes, {each} for each byte",
            target.name
        );
    }
}

/// Without this the test above could be passed by counting nothing.
#[test]
fn asking_is_counted() {
    let before = ALLOCATOR.total_allocated();
    drop(std::hint::black_box(vec![0_u8; 1 << 20]));
    assert!(ALLOCATOR.total_allocated() - before >= 1 << 20);
}

#[test]
fn every_target_has_its_libfuzzer_program_and_every_program_its_target() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/libfuzzer/targets");
    let mut programs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| {
            // Each names itself where it calls its target.
            let name = path.file_stem().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(path).unwrap();
            text.contains(&format!("fuzz::run(\"{name}\""))
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    programs.sort();
    let mut names: Vec<_> = targets().iter().map(|it| it.name).collect();
    names.sort_unstable();
    assert_eq!(programs, names);
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/libfuzzer/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
