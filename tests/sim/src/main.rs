//! Runs many worlds, one after the other, and says which seed broke which rule.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

/// The deterministic simulation.
#[derive(Parser)]
struct Options {
    /// How many worlds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Steps in each world.
    #[arg(long, default_value_t = 150)]
    steps: u64,
    /// One JSON object at the end instead of sentences.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let begun = Instant::now();
    let mut struck: BTreeMap<&'static str, u64> = BTreeMap::new();
    let (mut steps, mut violations) = (0, 0);
    for seed in options.from..options.from.saturating_add(options.seeds) {
        let report = sim::run(seed, options.steps);
        steps += report.steps;
        for (fault, times) in &report.struck {
            *struck.entry(fault).or_default() += times;
        }
        let Some(violation) = report.violation else {
            continue;
        };
        violations += 1;
        for line in &report.trace {
            eprintln!("  {line}");
        }
        eprintln!(
            "seed {seed}: {} does not hold: {}",
            violation.rule, violation.found
        );
    }
    let seconds = begun.elapsed().as_secs_f64();
    if options.json {
        let report = serde_json::json!({
            "seeds": options.seeds, "from": options.from, "steps": steps,
            "violations": violations, "seconds": seconds, "struck": struck,
        });
        println!("{report}");
    } else {
        println!(
            "{} worlds, {steps} steps, {seconds:.1} s, {violations} violations",
            options.seeds
        );
        for (fault, times) in struck {
            println!("  {fault}: {times}");
        }
    }
    if violations == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
