//! The command line. Every flag is also a `BEATBOOK_…` variable, passwords excepted: those
//! come from a file or from standard input, where no list of processes shows them.

mod audit;
mod data;
mod device;
mod export;
mod keep;
mod keys;
mod log;
mod logs;
mod out;
mod post;
mod reference;
mod serve;
#[cfg(test)]
mod tests;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use data::{Data, DataError};
pub use out::Out;
use out::{is_full, sentence};

use crate::import;

/// The server of Beatbook.
#[derive(Debug, Parser)]
#[command(name = "beatbook-server", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve devices and the control room
    Serve(serve::Serve),
    /// People with an account
    #[command(subcommand)]
    User(user::User),
    /// Devices: enrol, list, revoke, release, discard, recover
    #[command(subcommand)]
    Device(device::Device),
    /// Bring in published searches, areas, authorisations and code lists
    #[command(subcommand)]
    Import(import::Import),
    /// Write code lists to a file
    #[command(subcommand)]
    Export(export::Export),
    /// Operations that people of several teams take part in
    #[command(subcommand)]
    Operation(post::Operation),
    /// Settings and lists that devices are given
    #[command(subcommand)]
    Reference(reference::Reference),
    /// The keys to which devices seal
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Logs: verify, hand out
    #[command(subcommand)]
    Log(logs::Logs),
    Backup(keep::Backup),
    Restore(keep::Restore),
    Erase(keep::Erase),
    Horizon(keep::Horizon),
    /// The audit: verify, list
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the description of the API
    Openapi,
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    // First of all: two providers are compiled in by way of dependencies, and rustls must not
    // have to choose. It fails only if it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let data = cli.command.data().cloned();
    match run(cli.command, &mut Out::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if is_full(&error) || data.is_some_and(|data| data.is_full()) {
                eprintln!("beatbook-server: the disk is full; free some space and try again");
            } else {
                eprintln!("beatbook-server: {}", sentence(&error));
            }
            ExitCode::FAILURE
        }
    }
}

impl Command {
    /// The data directory it works on, if it does.
    fn data(&self) -> Option<&Data> {
        match self {
            Self::Serve(serve) => Some(serve.data()),
            Self::User(user) => Some(user.data()),
            Self::Device(device) => Some(device.data()),
            Self::Import(import) => Some(import.data()),
            Self::Export(export) => Some(export.data()),
            Self::Operation(operation) => Some(operation.data()),
            Self::Reference(reference) => Some(reference.data()),
            Self::Keys(keys) => Some(keys.data()),
            Self::Log(logs) => Some(logs.data()),
            Self::Backup(backup) => Some(&backup.data),
            Self::Restore(restore) => Some(&restore.data),
            Self::Erase(erase) => Some(&erase.data),
            Self::Horizon(horizon) => Some(&horizon.data),
            Self::Audit(audit) => Some(audit.data()),
            Self::Openapi => None,
        }
    }
}

fn run(command: Command, out: &mut Out<'_>) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve.run(out),
        Command::User(user) => user.run(out),
        Command::Device(device) => device.run(out),
        Command::Import(import) => import.run(out),
        Command::Export(export) => export.run(out),
        Command::Operation(operation) => operation.run(out),
        Command::Reference(reference) => reference.run(out),
        Command::Keys(keys) => keys.run(out),
        Command::Log(logs) => logs.run(out),
        Command::Backup(backup) => backup.run(out),
        Command::Restore(restore) => restore.run(out),
        Command::Erase(erase) => erase.run(out),
        Command::Horizon(horizon) => horizon.run(out),
        Command::Audit(audit) => audit.run(out),
        Command::Openapi => out.json_pretty(&crate::http::openapi()),
    }
}
