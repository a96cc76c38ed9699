//! Runs many worlds, one after the other, and says which seed broke which rule.

mod report;

use std::process::ExitCode;

use clap::Parser;
use sim::cells::Cell;
use sim::fault::Fault;

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
    #[arg(long, default_value_t = 500)]
    steps: u64,
    /// A fault that never happens; may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = fault)]
    without: Vec<Fault>,
    /// One JSON object at the end instead of sentences.
    #[arg(long)]
    json: bool,
    /// Links that are bad in several ways at once, in place of worlds.
    #[arg(long)]
    cells: bool,
    /// Only these of them.
    #[arg(long, value_name = "NAME", value_parser = cell)]
    cell: Vec<Cell>,
    /// Arm deliberate faults of our own code, one after the other, until each is caught.
    #[cfg(feature = "mutants")]
    #[arg(long)]
    mutants: bool,
    /// Only these of them.
    #[cfg(feature = "mutants")]
    #[arg(long, value_name = "NAME")]
    mutant: Vec<String>,
}

fn fault(name: &str) -> Result<Fault, String> {
    Fault::named(name).ok_or_else(|| format!("there is no fault \"{name}\""))
}

fn cell(name: &str) -> Result<Cell, String> {
    Cell::named(name).ok_or_else(|| format!("there is no cell \"{name}\""))
}

fn main() -> ExitCode {
    let options = Options::parse();
    #[cfg(feature = "mutants")]
    if options.mutants || !options.mutant.is_empty() {
        return report::mutants(&options);
    }
    if options.cells || !options.cell.is_empty() {
        return report::cells::report(&options);
    }
    report::worlds(&options)
}
