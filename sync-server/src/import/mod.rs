//! `beatbook-server import`: published searches and areas, and what became of each line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::{Data, Out};
use crate::service::{Imported, RefusedLine, Server};

/// The largest file that is taken: a force's month is a few megabytes.
const FILE_MAX: u64 = 512 << 20;

/// What is brought in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Stop and searches as data.police.uk publishes them (CSV)
    PoliceUk(PoliceUk),
    /// Areas, such as wards (GeoJSON)
    Boundaries(Boundaries),
}

/// Files of published searches.
#[derive(Debug, Args)]
pub struct PoliceUk {
    /// Files, in the published format
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    data: Data,
    /// One JSON object a file
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

/// A file of areas.
#[derive(Debug, Args)]
pub struct Boundaries {
    /// A feature collection of polygons
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: Data,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

impl Import {
    /// The data directory it works on.
    pub fn data(&self) -> &Data {
        match self {
            Self::PoliceUk(import) => &import.data,
            Self::Boundaries(import) => &import.data,
        }
    }

    /// Runs the import and prints what became of each line.
    pub fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::PoliceUk(import) => {
                let server = import.data.open_or_make()?;
                import.files.iter().try_for_each(|file| {
                    let outcome = published(&server, file)?;
                    report(file, &outcome, import.json, "line", out)
                })
            }
            Self::Boundaries(import) => {
                let server = import.data.open_or_make()?;
                let bytes = read(&import.file)?;
                let text = String::from_utf8(bytes)
                    .ok()
                    .with_context(|| format!("{} is not text", import.file.display()))?;
                let outcome = server
                    .import_areas(&text)
                    .with_context(|| import.file.display().to_string())?;
                report(&import.file, &outcome, import.json, "feature", out)
            }
        }
    }
}

fn published(server: &Server, file: &Path) -> anyhow::Result<Imported> {
    let bytes = read(file)?;
    server
        .import_published(&bytes)
        .with_context(|| file.display().to_string())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = || file.display().to_string();
    let size = std::fs::metadata(file).with_context(name)?.len();
    if size > FILE_MAX {
        bail!("{} is over {} MiB", name(), FILE_MAX >> 20);
    }
    std::fs::read(file).with_context(name)
}

#[derive(Serialize)]
struct Report<'a> {
    file: String,
    read: u64,
    imported: u64,
    known: u64,
    refused: &'a [RefusedLine],
}

fn report(
    file: &Path,
    outcome: &Imported,
    json: bool,
    unit: &str,
    out: &mut Out<'_>,
) -> anyhow::Result<()> {
    let Imported {
        imported,
        known,
        refused,
        ..
    } = outcome;
    // Every row is one of the three, so that nobody has to ask where the others are.
    let read = imported + known + refused.len() as u64;
    let name = file.display();
    if json {
        out.json(&Report {
            file: name.to_string(),
            read,
            imported: *imported,
            known: *known,
            refused,
        })?;
    } else {
        let not = refused.len();
        out.line(&format!(
            "{name}: {read} rows read, {imported} imported, {known} imported before, \
             {not} not imported"
        ))?;
        for RefusedLine { line, reason } in refused {
            out.line(&format!("  {unit} {line}: {reason}"))?;
        }
    }
    if imported + known == 0 && !refused.is_empty() {
        bail!("nothing in {name} could be imported");
    }
    Ok(())
}
