//! `beatbook-server import`: published searches, areas, authorisations and code lists, and what
//! became of each line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::cli::{Data, Out};
use crate::service::{Imported, RefusedLine, Server, ServerError};

/// The largest file that is taken: a force's month is a few megabytes.
const FILE_MAX: u64 = 512 << 20;

/// What is brought in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Stop and searches as data.police.uk publishes them (CSV)
    PoliceUk(PoliceUk),
    /// Areas, such as wards (GeoJSON)
    Boundaries(OneFile),
    /// Authorisations of an area for a time, such as section 60 (GeoJSON)
    Authorisation(OneFile),
    /// Work that an officer took out of a device as a file
    Unsent(OneFile),
    /// Code lists, as `export codes` writes them (JSON)
    Codes(OneFile),
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

/// One file.
#[derive(Debug, Args)]
pub struct OneFile {
    /// The file
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
            Self::Boundaries(import)
            | Self::Authorisation(import)
            | Self::Unsent(import)
            | Self::Codes(import) => &import.data,
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
            Self::Boundaries(import) => import.run("feature", out, Server::import_areas),
            Self::Authorisation(import) => {
                import.run("feature", out, Server::import_authorisations)
            }
            Self::Unsent(import) => unsent(&import, out),
            Self::Codes(import) => import.run("list", out, Server::import_codes),
        }
    }
}

impl OneFile {
    fn run(
        &self,
        unit: &str,
        out: &mut Out<'_>,
        work: impl FnOnce(&Server, &str) -> Result<Imported, ServerError>,
    ) -> anyhow::Result<()> {
        let server = self.data.open_or_make()?;
        let name = || self.file.display().to_string();
        let text = String::from_utf8(read(&self.file)?).ok();
        let text = text.with_context(|| format!("{} is not text", name()))?;
        let outcome = work(&server, &text).with_context(name)?;
        report(&self.file, &outcome, self.json, unit, out)
    }
}

fn unsent(import: &OneFile, out: &mut Out<'_>) -> anyhow::Result<()> {
    let name = import.file.display();
    let file = std::fs::File::open(&import.file).with_context(|| name.to_string())?;
    let server = import.data.open()?;
    let done = server
        .import_unsent(std::io::BufReader::new(file))
        .with_context(|| name.to_string())?;
    if import.json {
        return out.json(&done);
    }
    out.line(&format!(
        "{name}: {} entries received, {} photos stored, {} photos missing",
        done.entries, done.photos, done.photos_missing
    ))
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
