//! Worlds of many seeds, and what must have struck in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use sim::fault::Fault;

/// Steps of each world.
const STEPS: u64 = 200;

/// Worlds that once broke a rule, and how many steps it took: the mail of copies, verdicts that
/// were passed over, evidence, erasures after a restore, digests.
const BROKE: &[(u64, u64)] = &[
    (6001, 300),
    (6015, 300),
    (6043, 300),
    (6047, 300),
    (7003, 300),
    (7013, 300),
    (7030, 300),
    (7055, 300),
    (7101, 300),
    (7117, 300),
];

/// A short form of `cargo xtask simulate`: enough seeds for every fault to strike.
#[test]
fn every_rule_holds_in_many_worlds() {
    let seeds = std::env::var("BEATBOOK_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(40);
    let mut struck: BTreeMap<Fault, u64> = BTreeMap::new();
    for seed in 0..seeds {
        for (fault, times) in holds(seed, STEPS).struck.times() {
            *struck.entry(fault).or_default() += times;
        }
    }
    for (fault, times) in &struck {
        assert!(*times > 0, "{} never struck: {struck:?}", fault.name());
    }
    println!("{seeds} worlds: {struck:?}");
}

#[test]
fn worlds_that_once_broke_a_rule_hold() {
    for &(seed, steps) in BROKE {
        holds(seed, steps);
    }
}

fn holds(seed: u64, steps: u64) -> sim::Report {
    let report = sim::run(seed, steps);
    if let Some(violation) = &report.violation {
        let last: Vec<_> = report.trace.iter().rev().take(200).rev().collect();
        panic!("seed {seed}: {violation:?}\n{last:#?}");
    }
    report
}

/// The same seed gives the same world, or a seed would be worth nothing.
#[test]
fn a_world_follows_from_its_seed() {
    let (one, two) = (sim::run(7, 120), sim::run(7, 120));
    assert_eq!(one.trace, two.trace);
    assert_eq!(one.struck.times(), two.struck.times());
}
