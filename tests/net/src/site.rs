//! The server's data directory, and its process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use shared::policy::Role;
use sync_server::service::NewPerson;
use sync_server::{Config, Env, Server};

use crate::process::Process;

/// The first argument that makes this program the server.
pub(crate) const SERVE: &str = "serve";
/// The officer's collar number.
pub(crate) const OFFICER: &str = "1001";
/// The control room's.
pub(crate) const CONTROL_ROOM: &str = "3000";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse";
/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);

/// Makes the data directory of a server with two people; gives the code with which a device
/// enrols.
pub(crate) fn make(data: &Path) -> Result<String> {
    let server = open(data)?;
    let person = |collar: &str, title: &str, role| NewPerson {
        collar: collar.to_owned(),
        title: title.to_owned(),
        name: "Sample".to_owned(),
        role,
        team: "Response A".to_owned(),
        station: "Sample Road".to_owned(),
        password: PASSWORD.to_owned(),
    };
    server.add_people(&[
        person(OFFICER, "PC", Role::Officer),
        person(CONTROL_ROOM, "Mr", Role::ControlRoom),
    ])?;
    Ok(server.new_enrolment("phone")?.code)
}

/// Opens the server of a data directory in this process.
pub(crate) fn open(data: &Path) -> Result<Server> {
    Ok(Server::open(Config::new(data), Env::system())?)
}

/// A running server.
pub(crate) struct Running {
    /// Its process, which ends with this.
    _process: Process,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// SHA-256 of its certificate, as it writes it.
    pub(crate) pin: String,
}

impl Running {
    /// Starts the server of a data directory on a free port of an address, by a command that
    /// starts a program: this one, or one that starts it elsewhere.
    pub(crate) fn start(mut command: Command, data: &Path, at: &str) -> Result<Self> {
        command.arg(SERVE).arg("--data").arg(data);
        let listen = format!("{at}:0");
        command.args(["--listen", &listen, "--log", "sync_server=error"]);
        let process = Process::spawn(command)?;
        let line = process.line(START)?.context("the server does not start")?;
        let rest = line.strip_prefix("listening on ");
        let unknown = || format!("the server says: {line}");
        let mut words = rest.with_context(unknown)?.split(' ');
        let url = words.next().unwrap_or_default();
        let address = url.split_once("://").with_context(unknown)?.1.parse()?;
        let pin = words.next().and_then(|word| word.strip_prefix("pin="));
        let pin = pin.with_context(unknown)?.to_owned();
        Ok(Self {
            _process: process,
            address,
            pin,
        })
    }

    /// The link to enrol with, of a server that is reached at this address.
    pub(crate) fn link(&self, at: SocketAddr, code: &str) -> String {
        let pin = &self.pin;
        format!("beatbook://enrol?server=https://{at}&code={code}&pin={pin}")
    }
}

/// The server's program: the one that is named, or else this one.
pub(crate) fn program() -> Result<PathBuf> {
    match std::env::var_os("BEATBOOK_SERVER_BIN") {
        Some(program) => Ok(program.into()),
        None => Ok(std::env::current_exe()?),
    }
}
