//! `cargo xtask`: everything a developer does, as one command each.

mod check;
mod demo;
mod fuzz;
mod place;
mod setup;
mod simulate;
mod step;
mod summary;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use place::Place;

/// Builds, shows, tests and measures Beatbook.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a server with sample data and do the main job with the real app
    Demo(demo::Demo),
    /// Formatting, lints and every test
    Test,
    /// The benchmarks
    Bench(tools::Bench),
    /// The simulation of devices and a server in a bad world
    Simulate(simulate::Simulate),
    /// Kill the real app's core and the real server at any moment, and look for what was lost
    Kill(simulate::Kill),
    /// Exchanges of the real app and the real server over bad links
    Net(simulate::Net),
    /// Look for bytes that a reader of bytes from outside does not survive
    Fuzz(fuzz::Fuzz),
    /// Pictures of the screens, light and dark
    Screenshots {
        /// Folder for the pictures
        #[arg(long, value_name = "DIR", default_value = "target/screenshots")]
        out: PathBuf,
    },
    /// Write the files that are generated from others
    Generate {
        /// Write nothing; fail if a file is out of date
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let place = Place::find()?;
    match command {
        Command::Demo(demo) => demo.run(&place),
        Command::Test => check::run(&place),
        Command::Bench(bench) => bench.run(&place),
        Command::Simulate(simulate) => simulate.run(&place),
        Command::Kill(kill) => kill.run(&place),
        Command::Net(net) => net.run(&place),
        Command::Fuzz(fuzz) => fuzz.run(&place),
        Command::Screenshots { out } => demo::screenshots(&place, &out),
        Command::Generate { check } => tools::generate(&place, check),
    }
}
