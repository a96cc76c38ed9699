//! Worlds of many seeds, and what must have struck in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use sim::fault::Fault;

/// Steps of each world.
const STEPS: u64 = 200;

/// A short form of `cargo xtask simulate`: enough seeds for every fault to strike.
#[test]
fn every_rule_holds_in_many_worlds() {
    let seeds = std::env::var("BEATBOOK_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(40);
    let mut struck: BTreeMap<Fault, u64> = BTreeMap::new();
    for seed in 0..seeds {
        let report = sim::run(seed, STEPS);
        if let Some(violation) = report.violation {
            let last: Vec<_> = report.trace.iter().rev().take(200).rev().collect();
            panic!("seed {seed}: {violation:?}\n{last:#?}");
        }
        for (fault, times) in report.struck.times() {
            *struck.entry(fault).or_default() += times;
        }
    }
    for (fault, times) in &struck {
        let asked = !Fault::UNMENDED.contains(fault);
        assert!(
            *times > 0 || !asked,
            "{} never struck: {struck:?}",
            fault.name()
        );
    }
    println!("{seeds} worlds: {struck:?}");
}

/// The same seed gives the same world, or a seed would be worth nothing.
#[test]
fn a_world_follows_from_its_seed() {
    let (one, two) = (sim::run(7, 120), sim::run(7, 120));
    assert_eq!(one.trace, two.trace);
    assert_eq!(one.struck.times(), two.struck.times());
}
