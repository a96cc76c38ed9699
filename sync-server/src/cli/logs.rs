//! `beatbook-server log`

use anyhow::{Context as _, bail};
use clap::Subcommand;
use clap::builder::FalseyValueParser;
use shared::ids::LogId;

use super::{Data, Out};
use crate::service::ServerError;

#[derive(Debug, Subcommand)]
pub(super) enum Logs {
    /// Check the chain and the signatures of every log
    Verify {
        #[command(flatten)]
        data: Data,
        /// Print a JSON object
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
    /// Print a log without payloads, as JSON, to be verified with other tools
    Export {
        #[command(flatten)]
        data: Data,
        /// The log's id
        log: String,
    },
}

impl Logs {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Verify { data, .. } | Self::Export { data, .. } => data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Verify { data, json } => verify(&data, json, out),
            Self::Export { data, log } => {
                let id: LogId = log
                    .parse()
                    .ok()
                    .with_context(|| format!("`{log}` is not the id of a log"))?;
                match data.open()?.export_log(id) {
                    Err(ServerError::Missing) => bail!("there is no log {log}"),
                    other => out.json(&other?),
                }
            }
        }
    }
}

fn verify(data: &Data, json: bool, out: &mut Out<'_>) -> anyhow::Result<()> {
    let report = data.open()?.verify_logs()?;
    if json {
        out.json(&report)?;
    } else {
        out.line(&format!(
            "{} logs, {} entries, {} signatures verified; {} erased, {} sealed, {} rejected for \
             another payload",
            report.logs,
            report.entries,
            report.signatures,
            report.erased,
            report.sealed,
            report.mismatched
        ))?;
    }
    match report.first_broken {
        Some(place) => bail!("{} logs do not hold, the first at {place}", report.broken),
        None => Ok(()),
    }
}
