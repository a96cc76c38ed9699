//! Worlds of many seeds, and what must have struck in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use sim::fault::Fault;

/// Steps of each world.
const STEPS: u64 = 200;

/// Worlds that once broke a rule in so many steps: what was erased came back to a log that had
/// split, or after a restore; a scope of an earlier log never ended; what came again with its
/// record was not restored; evidence could not be joined to what a restored server had; words
/// rested on what nobody offered any more; a log never heard from a parcel that it had split, or
/// believed that it had earlier than it did; a restored server had an earlier log otherwise;
/// an eviction that a disk had stopped was not tried again; lists of a lost lineage stayed; a
/// reader kept what nobody offered any more, or did not let in what came with it again; what was said
/// again built on what was in already; a tail in two parcels was half evidence.
const BROKE: &[u64] = &[
    7007, 7020, 7022, 7027, 7055, 7101, 7115, 7117, 8046, 11040, 20114, 20268, 30115, 30300, 30391,
    40004, 40304, 40423, 40698, 80229, 90095, 160020, 70062, 70212, 220023, 220147, 240046, 240133,
];
const STEPS_TO_BREAK: u64 = 300;
/// Faults that came later than these worlds, which are others with them.
const LATER: &[Fault] = &[Fault::SchemaRaised];
/// The same, of a newer schema: a record was listed by a later change before its history came, or by
/// what the server had read before a change of the reader's own; what was given up came into a
/// document with an update; an addition that rested on nothing began a record anew; what had been
/// destroyed was still waited for.
const BROKE_BY_AN_UPDATE: &[u64] = &[
    160042, 160130, 210032, 220247, 220356, 220388, 220425, 220498, 240100, 240155, 242058, 310196,
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
    for &seed in BROKE {
        let report = sim::run_without(seed, STEPS_TO_BREAK, LATER);
        it_held(report);
    }
    for &seed in BROKE_BY_AN_UPDATE {
        holds(seed, STEPS_TO_BREAK);
    }
}

fn holds(seed: u64, steps: u64) -> sim::Report {
    it_held(sim::run(seed, steps))
}

fn it_held(report: sim::Report) -> sim::Report {
    let seed = report.seed;
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
