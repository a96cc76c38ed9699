//! `beatbook-server reference`

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};

use super::{Data, Out};

/// The largest file that is taken.
const FILE_MAX: u64 = 64 << 20;

/// What devices are given beside people and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Name {
    /// What the force decides for itself
    Settings,
    /// Code lists
    Codes,
    /// Areas, such as wards
    Areas,
    /// Authorisations of an area for a time
    Authorisations,
}

#[derive(Debug, Subcommand)]
pub(super) enum Reference {
    /// Check a file and give it to devices
    Set {
        #[command(flatten)]
        data: Data,
        /// Which
        name: Name,
        /// The file
        file: PathBuf,
    },
    /// Print what devices are given
    Show {
        #[command(flatten)]
        data: Data,
        /// Which
        name: Name,
    },
}

impl Reference {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Set { data, .. } | Self::Show { data, .. } => data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Set { data, name, file } => {
                let shown = || file.display().to_string();
                if std::fs::metadata(&file).with_context(shown)?.len() > FILE_MAX {
                    bail!("{} is over {} MiB", shown(), FILE_MAX >> 20);
                }
                let text = std::fs::read_to_string(&file).with_context(shown)?;
                let server = data.open_or_make()?;
                let refused = match name {
                    Name::Settings => {
                        server.set_settings(text.as_bytes()).with_context(shown)?;
                        Vec::new()
                    }
                    Name::Codes => server.import_codes(&text).with_context(shown)?.refused,
                    Name::Areas => server.import_areas(&text).with_context(shown)?.refused,
                    Name::Authorisations => {
                        let done = server.import_authorisations(&text);
                        done.with_context(shown)?.refused
                    }
                };
                for line in &refused {
                    out.line(&format!("  {}: {}", line.line, line.reason))?;
                }
                out.line(&format!("{}: set, {} refused", shown(), refused.len()))
            }
            Self::Show { data, name } => {
                let item = match name {
                    Name::Settings => "settings",
                    Name::Codes => "codes",
                    Name::Areas => "areas",
                    Name::Authorisations => "authorisations",
                };
                match data.open()?.reference_text(item)? {
                    Some(text) => out.line(&text),
                    None => out.line("as shipped"),
                }
            }
        }
    }
}
