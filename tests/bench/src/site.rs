//! A server in a folder, and the process that serves it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::policy::Role;
use sync_server::service::NewPerson;
use sync_server::{Config, Env, Server};

/// The officer's collar number.
pub(crate) const OFFICER: &str = "1001";
/// The supervisor's of the same team.
pub(crate) const SUPERVISOR: &str = "2001";
/// The control room's.
pub(crate) const CONTROL_ROOM: &str = "3001";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse";

/// The first argument that makes a program the server.
pub(crate) const SERVE: &str = "serve";

/// Areas for the point in ward that each record goes through.
pub(crate) const AREAS: &str = include_str!("../../../assets/samples/areas.geojson");
/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);

/// Makes the data directory of a server with two people and some areas; gives the code with
/// which a device enrols.
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
        person(SUPERVISOR, "Sgt", Role::Supervisor),
        person(CONTROL_ROOM, "Mr", Role::ControlRoom),
    ])?;
    server.import_areas(AREAS)?;
    Ok(server.new_enrolment("bench phone")?.code)
}

/// A code for one more device; the server may be running.
pub(crate) fn code(data: &Path) -> Result<String> {
    Ok(open(data)?.new_enrolment("another device")?.code)
}

/// Opens the server of a data directory in this process.
pub(crate) fn open(data: &Path) -> Result<Server> {
    Ok(Server::open(Config::new(data), Env::system())?)
}

/// A server's process. It ends when this is dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// SHA-256 of its certificate; zeros without TLS.
    pub(crate) pin: [u8; 32],
}

impl Running {
    /// Starts the server of a data directory, on a free port.
    pub(crate) fn start(data: &Path, tls: bool) -> Result<Self> {
        let program = program()?;
        let mut command = Command::new(&program);
        command.arg(SERVE).arg("--data").arg(data);
        command.args(["--listen", "127.0.0.1:0", "--log", "sync_server=error"]);
        if !tls {
            command.arg("--plain-http");
        }
        let child = command.stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| program.display().to_string())?;
        let output = child.stdout.take().context("no output of the server")?;
        let mut running = Self {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            pin: [0; 32],
        };
        (running.address, running.pin) = read_line(&first_line(output)?)?;
        Ok(running)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its address, as devices write it.
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What it has told anybody is on the disk, so it may end in the middle of anything.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program: the one that is named, or else this one, which is the server when
/// its first argument says so. It is then never older than what is measured.
fn program() -> Result<PathBuf> {
    match std::env::var_os("BEATBOOK_SERVER_BIN") {
        Some(program) => Ok(program.into()),
        None => Ok(std::env::current_exe()?),
    }
}

/// The line that a server prints when it listens.
pub(crate) fn first_line(output: std::process::ChildStdout) -> Result<String> {
    let (send, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(output).lines();
        let _ = send.send(lines.next());
        // Read on, so that it never writes to a closed pipe.
        lines.for_each(drop);
    });
    let line = line
        .recv_timeout(START)
        .context("the server does not start")?;
    Ok(line.context("the server ended at once")??)
}

fn read_line(line: &str) -> Result<(SocketAddr, [u8; 32])> {
    let unknown = || format!("the server says: {line}");
    let mut words = line
        .strip_prefix("listening on ")
        .with_context(unknown)?
        .split(' ');
    let url = words.next().unwrap_or_default();
    let address = url.split_once("://").with_context(unknown)?.1.parse()?;
    let text = words.next().and_then(|word| word.strip_prefix("pin="));
    Ok((address, text.map_or(Ok([0; 32]), pin)?))
}

/// The pin of a certificate, as the server writes it.
pub(crate) fn pin(text: &str) -> Result<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(text)?;
    bytes.try_into().ok().context("a pin of another length")
}

/// Copies a folder, and waits until it is on the disk: what is measured next syncs, too, and
/// must not wait for this.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), &to)?;
            File::open(to)?.sync_all()?;
        }
    }
    Ok(())
}
