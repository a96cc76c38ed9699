//! Measures Beatbook on this machine: the real device core, the real server, real disks.
//!
//! Absolute times hold on no other machine, so each workload also measures a baseline in the
//! same run: a few lines that do only what physics asks. Nothing here fails because of a time.

mod cpu;
mod fleet;
mod given;
mod held;
mod job;
mod limit;
mod memory;
mod phone;
mod plain;
mod proxy;
mod records;
mod report;
mod site;
mod stats;
mod text;
mod web;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;

use records::Records;
use report::Report;
use work::Workload;

/// Measures Beatbook on this machine.
#[derive(Parser)]
#[command(name = "beatbook-bench")]
struct Cli {
    /// Which workloads; all without one
    #[arg(value_name = "NAME")]
    names: Vec<Workload>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Measure on these records, one JSON object a line, instead of generated ones
    #[arg(long, value_name = "FILE")]
    records: Option<PathBuf>,
    /// How many records the device and the server of w2, w2null, w5 and w7 hold
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    held: usize,
    /// How many devices push at once in w4
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    devices: usize,
    /// How often w1, w2, w5, w6 and photo are measured
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// How often the app is killed in capture
    #[arg(long, value_name = "N", default_value_t = 200)]
    kills: u32,
    /// Opens the device in this folder, shows its list, prints the times, and nothing else:
    /// how w7 starts a process anew
    #[arg(long, value_name = "DIR", hide = true)]
    start_to_list: Option<PathBuf>,
    /// Does what a device does, prints what it took, and nothing else
    #[arg(long, value_name = "JSON", hide = true)]
    job: Option<String>,
    /// Serves the baseline of w4 from this folder
    #[arg(long, value_name = "DIR", hide = true)]
    limit_server: Option<PathBuf>,
}

/// What every workload is given.
struct Bench {
    records: Records,
    held: usize,
    devices: usize,
    runs: usize,
    kills: u32,
    /// Where databases are made: beside the programs, since the folder for temporary files is
    /// memory on many machines, and memory syncs in no time.
    folder: PathBuf,
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
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beatbook-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    if let Some(folder) = &cli.start_to_list {
        return work::start_to_list(folder);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if let Some(job) = &cli.job {
        return runtime.block_on(job::work(job));
    }
    if let Some(folder) = &cli.limit_server {
        return runtime.block_on(limit::fleet::serve(folder));
    }
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    let folder = target.context("no target directory")?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let records = match &cli.records {
        Some(file) => Records::given(file)?,
        None => Records::Made,
    };
    let bench = Bench {
        records,
        held: cli.held,
        devices: cli.devices,
        runs: cli.runs.max(1),
        kills: cli.kills,
        folder,
    };
    let mut names = cli.names;
    if names.is_empty() {
        names = Workload::ALL.to_vec();
    }
    let mut report = Report::new(cli.json);
    for name in names {
        let measured = runtime.block_on(name.measure(&bench));
        report.add(name.as_str(), &measured.with_context(|| name.as_str())?);
    }
    Ok(())
}

impl Bench {
    /// A folder on the disk that is removed when it is dropped.
    fn scratch(&self) -> Result<tempfile::TempDir> {
        Ok(tempfile::Builder::new()
            .prefix("run-")
            .tempdir_in(&self.folder)?)
    }
}
