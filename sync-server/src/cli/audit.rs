//! `beatbook-server audit`

use anyhow::bail;
use clap::Subcommand;
use clap::builder::FalseyValueParser;

use super::{Data, Out};

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check that every row follows from the one before it
    Verify {
        #[command(flatten)]
        data: Data,
        /// Print a JSON object
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
}

impl Audit {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let Self::Verify { data, json } = self;
        let report = data.open()?.verify_audit()?;
        if json {
            out.json(&report)?;
        } else {
            out.line(&format!("{} rows verified", report.rows))?;
        }
        match report.broken_at {
            Some(row) => bail!("the audit is broken at row {row}"),
            None => Ok(()),
        }
    }
}
