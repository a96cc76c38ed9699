//! The real server, as a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process::{Process, output, signal};
use crate::wait::{PATIENCE, wait_for};

/// Somebody with an account on the server.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Collar number.
    pub collar: &'static str,
    /// Rank, as it is said before the name.
    pub title: &'static str,
    /// Family name.
    pub name: &'static str,
    /// The server's word for what they may do.
    pub role: &'static str,
    /// For signing in.
    pub password: &'static str,
    /// For unlocking; nobody in the control room has one.
    pub pin: &'static str,
}

/// Everybody of the demonstration belongs to one team.
pub const TEAM: &str = "Perry Barr response, team B";
/// A team whose sergeant is away.
pub const OTHER_TEAM: &str = "Perry Barr response, team C";
const STATION: &str = "Perry Barr";

/// The officer.
pub const PATEL: Person = Person {
    collar: "4417",
    title: "PC",
    name: "Patel",
    role: "officer",
    password: "correct horse patel",
    pin: "260417",
};
/// The supervisor.
pub const AHMED: Person = Person {
    collar: "2093",
    title: "Sgt",
    name: "Ahmed",
    role: "supervisor",
    password: "correct horse ahmed",
    pin: "730915",
};
/// An officer of another team.
pub const OKORO: Person = Person {
    collar: "5120",
    title: "PC",
    name: "Okoro",
    role: "officer",
    password: "correct horse okoro",
    pin: "518240",
};
/// Who watches in the control room.
pub const ROOM: Person = Person {
    collar: "9001",
    title: "Operator",
    name: "Reed",
    role: "control_room",
    password: "correct horse reed",
    pin: "",
};

/// A server on a data directory. It keeps its port over restarts.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Server {
    /// Starts a server on a free port, or on `port` if it is not 0.
    pub async fn start(binary: &Path, data: &Path, log: &Path, port: u16) -> Result<Self> {
        let (binary, data, log) = (binary.to_owned(), data.to_owned(), log.to_owned());
        let mut server = Self {
            binary,
            data,
            log,
            port,
            process: None,
        };
        server.run().await?;
        Ok(server)
    }

    /// Starts it, or starts it again where it was.
    pub async fn run(&mut self) -> Result<()> {
        let said = self.log.with_extension("out");
        if let Some(logs) = said.parent() {
            fs::create_dir_all(logs)?;
        }
        // The server says when it is ready on standard output; a file can be read at leisure.
        fs::write(&said, "")?;
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$0\" \"$@\" >\"$SAID\""])
            .arg(&self.binary);
        command
            .args(["serve", "--force-name", "Sample Constabulary", "--data"])
            .arg(&self.data);
        command
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", self.port));
        command.args(["--attempts-per-minute", "1000"]);
        command.env("SAID", &said);
        let mut process = Process::start("beatbook-server", &command, &self.log)?;
        let url = wait_for("the server's line `listening on`", PATIENCE, async || {
            process.must_run()?;
            let text = fs::read_to_string(&said)?;
            Ok(text.lines().find_map(listening))
        })
        .await?;
        self.port = url
            .rsplit_once(':')
            .context("an address without a port")?
            .1
            .parse()?;
        self.process = Some(process);
        Ok(())
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The port it listens on, or will listen on again.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address in a browser.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Its process, for a signal of the test's own; nothing while it is down.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Process::pid)
    }

    /// kill -9.
    pub fn kill(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.kill(),
            None => Ok(()),
        }
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        signal(process.pid(), "TERM")?;
        let ended = async || Ok(process.ended()?.then_some(()));
        wait_for("the server's end", PATIENCE, ended).await
    }

    /// Gives a person an account in the team of the demonstration.
    pub fn add(&self, person: &Person) -> Result<()> {
        self.add_to(TEAM, person)
    }

    /// The same in another team.
    pub fn add_to(&self, team: &str, person: &Person) -> Result<()> {
        let args = [
            "user",
            "add",
            "--collar",
            person.collar,
            "--name",
            person.name,
        ];
        let more = [
            "--title",
            person.title,
            "--role",
            person.role,
            "--team",
            team,
        ];
        let last = ["--station", STATION, "--password-stdin"];
        let mut command = self.command(&[&args[..], &more[..], &last[..]].concat());
        output(&mut command, Some(person.password))?;
        Ok(())
    }

    /// A one-time link with which a device enrols that reaches the server at `address`.
    pub fn enrolment(&self, name: &str, address: &str) -> Result<String> {
        let args = [
            "device", "enrol", "--name", name, "--server", address, "--json",
        ];
        let answer: Value = serde_json::from_str(&output(&mut self.command(&args), None)?)?;
        let link = answer["link"].as_str().context("the server gave no link")?;
        Ok(link.to_owned())
    }

    /// Lets somebody act as a supervisor of a team until then: an acting rank, or cover.
    pub fn act_for(&self, person: &Person, team: &str, until: &str) -> Result<()> {
        let acting = ["user", "acting", "--collar", person.collar];
        let what = ["--role", "supervisor", "--team", team, "--until", until];
        output(&mut self.command(&[&acting[..], &what[..]].concat()), None)?;
        Ok(())
    }

    /// Ends all that the person acts as.
    pub fn end_acting(&self, person: &Person) -> Result<()> {
        let args = ["user", "acting", "--collar", person.collar, "--end"];
        output(&mut self.command(&args), None)?;
        Ok(())
    }

    /// Revokes the device of that name.
    pub fn revoke(&self, name: &str) -> Result<()> {
        let list = output(&mut self.command(&["device", "list", "--json"]), None)?;
        let mut devices = list.lines().map(serde_json::from_str::<Value>);
        let device = devices
            .find_map(|device| device.ok().filter(|device| device["name"] == name))
            .with_context(|| format!("the server knows no device called {name}"))?;
        let id = device["id"].as_str().context("a device without an id")?;
        output(&mut self.command(&["device", "revoke", id]), None)?;
        Ok(())
    }

    /// Waits until the audit has a row of this kind whose details say this.
    pub async fn has_audited(&self, kind: &str, detail: &str) -> Result<()> {
        let args = ["audit", "list", "--json", "--limit", "100000"];
        wait_for(&format!("{kind} in the audit"), PATIENCE, async || {
            let rows = output(&mut self.command(&args), None)?;
            let says = |row: &Value| row["detail"].as_str().is_some_and(|it| it.contains(detail));
            let is = |row: Value| row["kind"] == kind && says(&row);
            let found = rows
                .lines()
                .any(|row| serde_json::from_str(row).is_ok_and(is));
            Ok(found.then_some(()))
        })
        .await
    }

    /// `import police-uk` or `import boundaries`, and what it printed.
    pub fn import(&self, what: &str, files: &[PathBuf]) -> Result<String> {
        let mut command = self.command(&["import", what]);
        command.args(files);
        output(&mut command, None)
    }

    /// A command of the server's program on this server's data.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).env("BEATBOOK_DATA", &self.data);
        command
    }
}

/// The address in `listening on https://HOST:PORT pin=…`.
fn listening(line: &str) -> Option<String> {
    let rest = line.strip_prefix("listening on ")?;
    rest.split_whitespace().next().map(str::to_owned)
}
