//! `beatbook-server keys`

use clap::Subcommand;
use clap::builder::FalseyValueParser;
use serde_json::json;

use super::{Data, Out};

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// The key that devices seal to, and how many older ones are kept
    Show {
        #[command(flatten)]
        data: Data,
        /// Print a JSON object
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
    /// Make a new key to seal to and tell devices; what was sealed before still opens
    Rotate {
        #[command(flatten)]
        data: Data,
    },
}

impl Keys {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Show { data, .. } | Self::Rotate { data } => data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Show { data, json } => {
                let (recipient, count) = data.open()?.sealing_keys()?;
                let older = count.saturating_sub(1);
                if json {
                    return out.json(&json!({ "recipient": recipient, "older": older }));
                }
                out.line(&format!("{recipient}, and {older} older"))
            }
            Self::Rotate { data } => out.line(&data.open()?.rotate_sealing_key()?),
        }
    }
}
