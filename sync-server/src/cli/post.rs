//! `beatbook-server user move`, `user acting`, and `operation`

use anyhow::bail;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde_json::json;
use shared::policy::Role;
use shared::time::UnixMs;

use super::user::role;
use super::{Data, Out};
use crate::service::{NewPost, ServerError};

/// Move somebody to another team, role or station; what they did stays where it was
#[derive(Debug, Args)]
pub(super) struct Move {
    #[command(flatten)]
    pub(super) data: Data,
    /// Collar number
    #[arg(long, env = "BEATBOOK_COLLAR")]
    collar: String,
    /// Another team; made if there is none of this name
    #[arg(long, env = "BEATBOOK_TEAM")]
    team: Option<String>,
    /// Another role
    #[arg(long, env = "BEATBOOK_ROLE", value_parser = role)]
    role: Option<Role>,
    /// Another rank or title
    #[arg(long, env = "BEATBOOK_TITLE")]
    title: Option<String>,
    /// Another station
    #[arg(long, env = "BEATBOOK_STATION")]
    station: Option<String>,
}

impl Move {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let post = NewPost {
            team: self.team,
            role: self.role,
            title: self.title,
            station: self.station,
        };
        match self.data.open()?.move_person(&self.collar, &post) {
            Err(ServerError::Missing) => {
                bail!("nobody active has the collar number {}", self.collar)
            }
            other => other?,
        }
        out.line(&format!("moved {}", self.collar))
    }
}

/// Let somebody act for a team between two times: an acting rank, or cover
#[derive(Debug, Args)]
pub(super) struct Acting {
    #[command(flatten)]
    pub(super) data: Data,
    /// Collar number
    #[arg(long, env = "BEATBOOK_COLLAR")]
    collar: String,
    /// The role
    #[arg(long, env = "BEATBOOK_ROLE", value_parser = role, required_unless_present = "end")]
    role: Option<Role>,
    /// The team
    #[arg(long, env = "BEATBOOK_TEAM", required_unless_present = "end")]
    team: Option<String>,
    /// From when, for example 2026-11-22T06:00Z; now, if not given
    #[arg(long, value_name = "TIME", env = "BEATBOOK_FROM", value_parser = time)]
    from: Option<UnixMs>,
    /// Until when
    #[arg(long, value_name = "TIME", env = "BEATBOOK_UNTIL", value_parser = time)]
    #[arg(required_unless_present = "end")]
    until: Option<UnixMs>,
    /// End all that the person acts as
    #[arg(long, env = "BEATBOOK_END", value_parser = FalseyValueParser::new())]
    #[arg(conflicts_with_all = ["role", "team", "from", "until"])]
    end: bool,
}

impl Acting {
    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let server = self.data.open()?;
        let done = match (self.role, &self.team, self.until) {
            (Some(role), Some(team), Some(until)) => {
                let now = jiff::Timestamp::now().as_millisecond();
                let from = self.from.unwrap_or(UnixMs(now));
                server.act_for(&self.collar, role, team, from, until)
            }
            _ => server.end_acting(&self.collar),
        };
        match done {
            Err(ServerError::Missing) => {
                bail!("there is no such team, or nobody active with this collar number")
            }
            other => other?,
        }
        out.line(&format!("noted for {}", self.collar))
    }
}

/// A time as people write it for machines.
fn time(text: &str) -> Result<UnixMs, String> {
    let at = text.parse::<jiff::Timestamp>();
    at.map(|at| UnixMs(at.as_millisecond()))
        .map_err(|_| "a time like 2026-11-22T06:00Z".to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum Operation {
    /// Add an operation
    Add {
        #[command(flatten)]
        data: Data,
        /// Its name
        name: String,
    },
    /// All operations
    List {
        #[command(flatten)]
        data: Data,
        /// One JSON object a line
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
    /// Let somebody take part
    Join {
        #[command(flatten)]
        part: Part,
    },
    /// Let somebody take part no longer
    Leave {
        #[command(flatten)]
        part: Part,
    },
}

#[derive(Debug, Args)]
pub(super) struct Part {
    #[command(flatten)]
    data: Data,
    /// Collar number
    #[arg(long, env = "BEATBOOK_COLLAR")]
    collar: String,
    /// The operation's name
    name: String,
}

impl Part {
    fn run(&self, takes: bool, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self.data.open()?.take_part(&self.collar, &self.name, takes) {
            Err(ServerError::Missing) => {
                bail!("there is no such operation, or nobody active with this collar number")
            }
            other => other?,
        }
        let word = if takes { "joined" } else { "left" };
        out.line(&format!("{} {word} {}", self.collar, self.name))
    }
}

impl Operation {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Add { data, .. } | Self::List { data, .. } => data,
            Self::Join { part } | Self::Leave { part } => &part.data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Add { data, name } => {
                let id = data.open()?.add_operation(&name)?;
                out.line(&format!("{id} {name}"))
            }
            Self::List { data, json } => {
                for operation in data.open()?.operations()? {
                    if json {
                        out.json(&json!({ "id": operation.id, "name": operation.name }))?;
                    } else {
                        out.line(&format!("{} {}", operation.id, operation.name))?;
                    }
                }
                Ok(())
            }
            Self::Join { part } => part.run(true, out),
            Self::Leave { part } => part.run(false, out),
        }
    }
}
