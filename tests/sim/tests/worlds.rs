//! Worlds of many seeds, and what must have struck in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

/// A short form of `cargo xtask simulate`: enough seeds for every fault to strike.
#[test]
fn nothing_is_lost_and_replicas_are_equal_in_many_worlds() {
    let seeds = std::env::var("BEATBOOK_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(40);
    let mut struck: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 0..seeds {
        let report = sim::run(seed, 150);
        if let Some(violation) = report.violation {
            let last = report.trace.iter().take(400).cloned().collect::<Vec<_>>();
            panic!("seed {seed}: {violation:?}\n{}", last.join("\n"));
        }
        for (fault, times) in report.struck {
            *struck.entry(fault).or_default() += times;
        }
    }
    for (fault, times) in &struck {
        assert!(*times > 0, "{fault} never struck: {struck:?}");
    }
    println!("{seeds} worlds: {struck:?}");
}

/// The same seed gives the same world, or a seed would be worth nothing.
#[test]
fn a_world_follows_from_its_seed() {
    let (one, two) = (sim::run(7, 120), sim::run(7, 120));
    assert_eq!(one.trace, two.trace);
    assert_eq!(one.struck, two.struck);
}
