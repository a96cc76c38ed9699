//! `beatbook-server audit`

use anyhow::{Context as _, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde::Serialize;
use shared::ids::RecordId;

use super::out::time;
use super::{Data, Out};
use crate::store::AuditRow;

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
    /// Rows, oldest first
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    data: Data,
    /// Only rows after this one
    #[arg(long, value_name = "ROW", env = "BEATBOOK_AFTER", default_value_t = 0)]
    after: u64,
    /// At most so many
    #[arg(
        long,
        value_name = "N",
        env = "BEATBOOK_LIMIT",
        default_value_t = 1_000
    )]
    limit: u32,
    /// Only rows about this record
    #[arg(long, value_name = "RECORD", env = "BEATBOOK_RECORD")]
    record: Option<String>,
    /// One JSON object a line
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Audit {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Verify { data, .. } => data,
            Self::List(list) => &list.data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Verify { data, json } => verify(&data, json, out),
            Self::List(list) => list.run(out),
        }
    }
}

fn verify(data: &Data, json: bool, out: &mut Out<'_>) -> anyhow::Result<()> {
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

/// A row, and what the entry says that it is about.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    row: AuditRow,
    /// Why another's record was read, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl List {
    fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let record = self.record.map(|id| {
            let parsed = id.parse::<RecordId>().ok();
            parsed.with_context(|| format!("`{id}` is not the id of a record"))
        });
        let server = self.data.open()?;
        let rows = server.audit_rows(self.after, self.limit, record.transpose()?)?;
        let told = |row: AuditRow| {
            let reason = server.why_read(&row)?;
            Ok(Told { row, reason })
        };
        let rows: Vec<Told> = rows.into_iter().map(told).collect::<anyhow::Result<_>>()?;
        if self.json {
            return rows.iter().try_for_each(|row| out.json(row));
        }
        let cell = |id: Option<String>| id.unwrap_or_default();
        let cells: Vec<_> = rows
            .into_iter()
            .map(|Told { row, reason }| {
                let reason = reason.map(|it| format!(" reason={it}")).unwrap_or_default();
                vec![
                    row.seq.to_string(),
                    time(row.at),
                    row.kind,
                    cell(row.officer.map(|id| id.to_string())),
                    cell(row.device.map(|id| id.to_string())),
                    cell(row.record.map(|id| id.to_string())),
                    row.detail + &reason,
                ]
            })
            .collect();
        out.table(
            &["ROW", "AT", "WHAT", "OFFICER", "DEVICE", "RECORD", "DETAIL"],
            &cells,
        )
    }
}
