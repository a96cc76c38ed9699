//! Kills the real app core and the real server at any moment, as `kill -9` does, and looks for
//! what was lost.
//!
//! One program, three processes: the orchestrator, the app's core in a small driver
//! (`device`), and the server (`serve`). The driver prints each thing that an app would have
//! shown its officer, once the call that promises it has returned; the orchestrator keeps that
//! outside of both, kills one of them in the middle of something, starts it again, and in the
//! end asks the server for everything that was promised.

mod driver;
mod ledger;
mod phone;
mod process;
mod rounds;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Kills processes and looks for what was lost.
#[derive(Parser)]
struct Options {
    /// How many processes are killed.
    #[arg(long, default_value_t = 1000)]
    rounds: u64,
    /// Chance begins here. What is killed in the middle of what follows from it; at which
    /// instruction does not.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// One JSON object at the end instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What the program is when it starts itself.
#[derive(Subcommand)]
enum Part {
    /// The app's core on a folder, until it is killed or its input ends.
    #[command(hide = true)]
    Device {
        /// The folder.
        #[arg(long)]
        folder: PathBuf,
        /// The server's address.
        #[arg(long)]
        url: String,
        /// SHA-256 of the server's certificate.
        #[arg(long)]
        pin: String,
        /// What it does.
        #[arg(long, value_enum)]
        work: driver::Work,
        /// Chance begins here.
        #[arg(long)]
        seed: u64,
    },
}

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|it| it == site::SERVE)
    {
        return sync_server::cli::main();
    }
    // Two providers are compiled in by way of dependencies, and rustls must not have to
    // choose. It fails only if it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("beatbook-kill: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<bool> {
    match options.part {
        Some(Part::Device {
            folder,
            url,
            pin,
            work,
            seed,
        }) => driver::run(&folder, &url, &pin, work, seed).map(|()| true),
        None => {
            let report = rounds::run(options.rounds, options.seed)?;
            report.tell(options.json);
            Ok(report.holds())
        }
    }
}
