//! What a run is told as.

pub(crate) mod cells;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use sim::fault::Fault;

use crate::Options;

/// Pairs of faults shown of those that met least often.
const RAREST: usize = 5;

/// Runs the worlds of these seeds.
pub(crate) fn worlds(options: &Options) -> ExitCode {
    let begun = Instant::now();
    let mut struck: BTreeMap<Fault, u64> = BTreeMap::new();
    let mut pairs: BTreeMap<(Fault, Fault), u64> = BTreeMap::new();
    let (mut steps, mut failed) = (0, Vec::new());
    for seed in options.from..options.from.saturating_add(options.seeds) {
        let report = sim::run_without(seed, options.steps, &options.without);
        steps += report.steps;
        for (fault, times) in report.struck.times() {
            *struck.entry(fault).or_default() += times;
        }
        for (pair, times) in report.struck.pairs() {
            *pairs.entry(pair).or_default() += times;
        }
        let Some(violation) = report.violation else {
            continue;
        };
        for line in &report.trace {
            eprintln!("  {line}");
        }
        let (rule, found) = (violation.rule, violation.found);
        eprintln!("seed {seed}: \"{rule}\" does not hold: {found}");
        eprintln!(
            "again: cargo xtask simulate --from {seed} --seeds 1 --steps {}",
            options.steps
        );
        failed.push(seed);
    }
    let seconds = begun.elapsed().as_secs_f64();
    if options.json {
        let struck: BTreeMap<_, _> = struck.iter().map(|(it, n)| (it.name(), n)).collect();
        let report = serde_json::json!({
            "seeds": options.seeds, "from": options.from, "steps": steps,
            "violations": failed.len(), "failed": failed, "seconds": seconds,
            "struck": struck, "pairs": pairs.len(), "pairs_possible": possible(),
        });
        println!("{report}");
    } else {
        told(options, steps, failed.len(), seconds, &struck, &pairs);
    }
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn told(
    options: &Options,
    steps: u64,
    failed: usize,
    seconds: f64,
    struck: &BTreeMap<Fault, u64>,
    pairs: &BTreeMap<(Fault, Fault), u64>,
) {
    println!(
        "{} worlds, {steps} steps, {seconds:.1} s, {failed} violations",
        options.seeds
    );
    for (fault, times) in struck {
        println!("  {}: {times}", fault.name());
    }
    println!("{} of {} pairs of faults met", pairs.len(), possible());
    let mut rare: Vec<_> = pairs.iter().collect();
    rare.sort_by_key(|(_, times)| **times);
    for ((one, other), times) in rare.into_iter().take(RAREST) {
        println!("  least: {} with {}: {times}", one.name(), other.name());
    }
}

/// How many pairs there can be.
fn possible() -> usize {
    Fault::ALL.len() * (Fault::ALL.len() - 1) / 2
}

/// Arms each fault of our own until the simulation catches it.
#[cfg(feature = "mutants")]
pub(crate) fn mutants(options: &Options) -> ExitCode {
    use sim::mutants::{Mutant, caught};
    let begun = Instant::now();
    let named = |it: &Mutant| options.mutant.iter().any(|name| name == it.name());
    let all = Mutant::ALL.iter().copied();
    let chosen = all.filter(|it| options.mutants || named(it));
    let (mut found, mut survived) = (Vec::new(), Vec::new());
    for mutant in chosen {
        let seeds = options.from..options.from.saturating_add(options.seeds);
        match caught(mutant, seeds, options.steps) {
            Some(catch) => {
                if !options.json {
                    println!(
                        "{:24} {:>4} seeds: {}",
                        mutant.name(),
                        catch.seeds,
                        catch.rule
                    );
                }
                found.push(serde_json::json!({
                    "mutant": mutant.name(), "seeds": catch.seeds, "seed": catch.seed,
                    "rule": catch.rule,
                }));
            }
            None => {
                eprintln!("{} survived: {}", mutant.name(), mutant.what().trim());
                survived.push(mutant.name());
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    if options.json {
        let report = serde_json::json!({
            "caught": found, "survived": survived, "seconds": seconds,
        });
        println!("{report}");
    } else {
        println!(
            "{} caught, {} survived, {seconds:.0} s",
            found.len(),
            survived.len()
        );
    }
    if survived.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
