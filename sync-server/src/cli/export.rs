//! `beatbook-server export`: what goes out as a file.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Data, Out};

/// What is written.
#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// The code lists in effect, to be changed and brought in again (JSON)
    Codes(Codes),
}

/// Where the lists go.
#[derive(Debug, Args)]
pub(super) struct Codes {
    #[command(flatten)]
    data: Data,
    /// The file; without it they are printed
    #[arg(long = "out", value_name = "FILE", env = "BEATBOOK_OUT")]
    file: Option<PathBuf>,
}

impl Export {
    /// The data directory it works on.
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Codes(export) => &export.data,
        }
    }

    /// Writes it.
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let Self::Codes(Codes { data, file }) = self;
        let lists = data.open()?.code_lists()?;
        let lists: Vec<_> = lists.iter().collect();
        let Some(file) = file else {
            return out.json_pretty(&lists);
        };
        let text = serde_json::to_string_pretty(&lists)? + "\n";
        std::fs::write(&file, text).with_context(|| file.display().to_string())?;
        out.line(&format!("{} lists in {}", lists.len(), file.display()))
    }
}
