//! `beatbook-server user`

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use serde_json::json;
use shared::policy::Role;

use super::post::{Acting, Move};
use super::{Data, Out};
use crate::service::{NewPerson, ServerError};

/// The longest password that is read.
const PASSWORD_MAX: u64 = 1024;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Give somebody an account
    Add(Add),
    /// Everybody with an account
    List {
        #[command(flatten)]
        data: Data,
        /// One JSON object a line
        #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
        json: bool,
    },
    /// Move somebody to another team, role or station
    Move(Move),
    /// An acting rank, or cover of another team
    Acting(Acting),
    /// End an account; what the person has done stays
    End {
        #[command(flatten)]
        data: Data,
        /// Collar number
        #[arg(long, env = "BEATBOOK_COLLAR")]
        collar: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    data: Data,
    /// Collar number
    #[arg(long, env = "BEATBOOK_COLLAR")]
    collar: String,
    /// Family name
    #[arg(long, env = "BEATBOOK_NAME")]
    name: String,
    /// Rank or title, as it is put before the collar number
    #[arg(long, env = "BEATBOOK_TITLE", default_value = "PC")]
    title: String,
    /// officer, supervisor, control_room, records, auditor or administrator
    #[arg(long, env = "BEATBOOK_ROLE", value_parser = role)]
    role: Role,
    /// Team; made if there is none of this name
    #[arg(long, env = "BEATBOOK_TEAM")]
    team: String,
    /// Station
    #[arg(long, env = "BEATBOOK_STATION")]
    station: String,
    #[command(flatten)]
    password: Password,
    /// Print a JSON object
    #[arg(long, env = "BEATBOOK_JSON", value_parser = FalseyValueParser::new())]
    json: bool,
}

/// Never an argument: those are seen by every process of the machine.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Password {
    /// File whose first line is the password
    #[arg(long, value_name = "FILE", env = "BEATBOOK_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    /// Read the password from standard input
    #[arg(long, env = "BEATBOOK_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
    password_stdin: bool,
}

impl User {
    pub(super) fn data(&self) -> &Data {
        match self {
            Self::Add(add) => &add.data,
            Self::List { data, .. } | Self::End { data, .. } => data,
            Self::Move(post) => &post.data,
            Self::Acting(acting) => &acting.data,
        }
    }

    pub(super) fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(out),
            Self::List { data, json } => list(&data, json, out),
            Self::Move(post) => post.run(out),
            Self::Acting(acting) => acting.run(out),
            Self::End { data, collar } => match data.open()?.end_person(&collar) {
                Err(ServerError::Missing) => bail!("nobody has the collar number {collar}"),
                other => Ok(other?),
            },
        }
    }
}

impl Add {
    fn run(self, out: &mut Out<'_>) -> anyhow::Result<()> {
        let password = self.password.read()?;
        let server = self.data.open_or_make()?;
        let person = NewPerson {
            collar: self.collar.clone(),
            title: self.title,
            name: self.name,
            role: self.role,
            team: self.team,
            station: self.station,
            password,
        };
        let ids = match server.add_people(&[person]) {
            Err(ServerError::Exists) => {
                bail!(
                    "somebody with the collar number {} is there already",
                    self.collar
                )
            }
            other => other?,
        };
        let id = ids.first().context("nobody was added")?;
        if self.json {
            out.json(&json!({ "id": id, "collar": self.collar }))
        } else {
            out.line(&format!("added {} ({})", self.collar, self.role.as_str()))
        }
    }
}

impl Password {
    fn read(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        match &self.password_file {
            Some(path) => std::fs::File::open(path)
                .and_then(|file| file.take(PASSWORD_MAX).read_to_string(&mut text))
                .with_context(|| format!("the password file {}", path.display()))?,
            None => std::io::stdin()
                .take(PASSWORD_MAX)
                .read_to_string(&mut text)
                .context("the password on standard input")?,
        };
        let password = text.lines().next().unwrap_or_default();
        if password.is_empty() {
            bail!("the password is empty");
        }
        Ok(password.to_owned())
    }
}

fn list(data: &Data, json: bool, out: &mut Out<'_>) -> anyhow::Result<()> {
    let people = data.open()?.people()?;
    if json {
        return people.iter().try_for_each(|person| out.json(person));
    }
    let rows: Vec<_> = people
        .into_iter()
        .map(|p| {
            let state = if p.active { "active" } else { "ended" };
            vec![
                p.collar,
                p.label,
                p.role,
                p.team,
                p.station,
                state.to_owned(),
            ]
        })
        .collect();
    out.table(
        &["COLLAR", "PERSON", "ROLE", "TEAM", "STATION", "ACCOUNT"],
        &rows,
    )
}

pub(super) fn role(text: &str) -> Result<Role, String> {
    Role::ALL
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| Role::ALL.map(Role::as_str).join(", "))
        .map_err(|names| format!("one of {names}"))
}
