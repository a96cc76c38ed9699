//! The real app and the real server, in processes of their own, on a bad link.
//!
//! One program, several processes: the orchestrator, the officer's device (`device`), the server
//! (`serve`), and where the kernel makes the link bad, a holder of each network (`hold`). Each
//! cell makes the link bad in one way and no other, gives the device some work, and asks the
//! server in the end for everything that the device has told its officer.

mod cell;
mod cells;
mod device;
mod kernel;
mod ledger;
mod log;
mod process;
mod proxy;
mod report;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Exchanges over bad links.
#[derive(Parser)]
struct Options {
    /// Only this cell; may be given several times.
    #[arg(long, value_name = "NAME")]
    cell: Vec<String>,
    /// Only the few that are quick and need no rights.
    #[arg(long)]
    short: bool,
    /// Cells at once.
    #[arg(long, default_value_t = 6)]
    jobs: usize,
    /// One JSON object at the end instead of lines.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What the program is when it starts itself.
#[derive(Subcommand)]
enum Part {
    /// The app on a folder, until its input ends.
    #[command(hide = true)]
    Device {
        /// The folder.
        #[arg(long)]
        folder: PathBuf,
        /// What an administrator hands out.
        #[arg(long)]
        link: String,
        /// Records to write.
        #[arg(long)]
        records: u32,
        /// Sides of the photo, in pixels.
        #[arg(long)]
        photo: u32,
    },
    /// Makes a device's log and prints it, for others to verify.
    #[command(hide = true)]
    Log,
    /// Keeps the network that it was started in, until its input ends.
    #[command(hide = true)]
    Hold,
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
            eprintln!("beatbook-net: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<bool> {
    match options.part {
        Some(Part::Device {
            folder,
            link,
            records,
            photo,
        }) => device::run(&folder, &link, records, photo).map(|()| true),
        Some(Part::Log) => log::run().map(|()| true),
        Some(Part::Hold) => process::hold().map(|()| true),
        None => {
            let chosen = cells::chosen(options.short, &options.cell)?;
            let work = if options.short {
                cell::Work::SHORT
            } else {
                cell::Work::WHOLE
            };
            let report = report::run(chosen, work, options.jobs, options.json);
            report.tell(options.json);
            Ok(report.holds())
        }
    }
}
