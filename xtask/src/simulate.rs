//! Worlds that go wrong: the simulation, the deliberate faults that it must find, and processes
//! that are killed.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::place::Place;
use crate::setup;
use crate::step::Steps;
use crate::tools::start;

/// Worlds in which each deliberate fault is looked for, if nobody says otherwise.
const SEEDS_OF_A_MUTANT: u64 = 300;
/// Worlds otherwise.
const SEEDS: u64 = 100;

#[derive(Args)]
pub(crate) struct Simulate {
    /// How many worlds; with --mutants, how many at most for each of them
    #[arg(long, value_name = "N")]
    seeds: Option<u64>,
    /// The first seed
    #[arg(long, value_name = "S")]
    from: Option<u64>,
    /// Steps in each world
    #[arg(long, value_name = "K")]
    steps: Option<u64>,
    /// A fault that never happens; may be given several times
    #[arg(long, value_name = "FAULT")]
    without: Vec<String>,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// Links that are bad in several ways at once: 180 of them, in place of worlds
    #[arg(long)]
    cells: bool,
    /// Only this one of them; may be given several times
    #[arg(long, value_name = "NAME")]
    cell: Vec<String>,
    /// Put deliberate faults into our own code, one after the other, until each is caught
    #[arg(long)]
    mutants: bool,
    /// Only this one of them; may be given several times
    #[arg(long, value_name = "NAME")]
    mutant: Vec<String>,
}

impl Simulate {
    pub(crate) fn run(self, place: &Place) -> Result<ExitCode> {
        setup::compiling(&mut Steps::begin())?;
        let mutants = self.mutants || !self.mutant.is_empty();
        let seeds = if mutants { SEEDS_OF_A_MUTANT } else { SEEDS };
        let mut args = cargo_args("beatbook-sim", mutants.then_some("mutants"));
        let mut flag = |name: &str, value: Option<u64>| {
            if let Some(value) = value {
                args.extend([name.to_owned(), value.to_string()]);
            }
        };
        flag("--seeds", Some(self.seeds.unwrap_or(seeds)));
        flag("--from", self.from);
        flag("--steps", self.steps);
        args.extend(self.json.then(|| "--json".to_owned()));
        for fault in self.without {
            args.extend(["--without".to_owned(), fault]);
        }
        args.extend(self.cells.then(|| "--cells".to_owned()));
        for name in self.cell {
            args.extend(["--cell".to_owned(), name]);
        }
        args.extend(self.mutants.then(|| "--mutants".to_owned()));
        for name in self.mutant {
            args.extend(["--mutant".to_owned(), name]);
        }
        start(place, &args)
    }
}

#[derive(Args)]
pub(crate) struct Kill {
    /// How many processes are killed
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rounds: u64,
    /// Chance begins here
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Kill {
    pub(crate) fn run(self, place: &Place) -> Result<ExitCode> {
        setup::compiling(&mut Steps::begin())?;
        let mut args = cargo_args("beatbook-kill", None);
        args.extend(["--rounds".to_owned(), self.rounds.to_string()]);
        if let Some(seed) = self.seed {
            args.extend(["--seed".to_owned(), seed.to_string()]);
        }
        args.extend(self.json.then(|| "--json".to_owned()));
        start(place, &args)
    }
}

#[derive(Args)]
pub(crate) struct Net {
    /// Only this cell; may be given several times
    #[arg(long, value_name = "NAME")]
    cell: Vec<String>,
    /// Cells at once
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

impl Net {
    pub(crate) fn run(self, place: &Place) -> Result<ExitCode> {
        let mut steps = Steps::begin();
        setup::compiling(&mut steps)?;
        setup::networks(&mut steps)?;
        let mut args: Vec<String> = ["--package", "beatbook-net", "--"]
            .map(str::to_owned)
            .into();
        for name in self.cell {
            args.extend(["--cell".to_owned(), name]);
        }
        if let Some(jobs) = self.jobs {
            args.extend(["--jobs".to_owned(), jobs.to_string()]);
        }
        args.extend(self.json.then(|| "--json".to_owned()));
        start(place, &args)
    }
}

/// What cargo needs to run one of the simulation's programs, built to run fast.
fn cargo_args(program: &str, feature: Option<&str>) -> Vec<String> {
    let mut args: Vec<String> = ["--package", "beatbook-sim", "--bin", program]
        .map(str::to_owned)
        .into();
    args.extend(["--profile", "sim"].map(str::to_owned));
    args.extend(feature.map(|name| format!("--features={name}")));
    args.push("--".to_owned());
    args
}
