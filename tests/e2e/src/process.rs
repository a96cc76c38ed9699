//! Processes that never outlive the test, whatever ends it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A running program. Dropping it kills it; so does the death of the test.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`, its output going to `log`.
    pub fn start(name: &str, command: &Command, log: &Path) -> Result<Self> {
        Self::spawn(name, command, log, Stdio::null())
    }

    /// Starts `command` with its standard output for the caller to read.
    pub fn start_piped(name: &str, command: &Command, log: &Path) -> Result<Self> {
        Self::spawn(name, command, log, Stdio::piped())
    }

    fn spawn(name: &str, command: &Command, log: &Path, stdout: Stdio) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let errors = File::options().create(true).append(true).open(log)?;
        // setpriv asks the kernel for a signal when we die, which needs unsafe code otherwise.
        let mut tied = Command::new("setpriv");
        tied.args(["--pdeathsig", "KILL", "--"])
            .arg(command.get_program());
        tied.args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => tied.env(key, value),
                None => tied.env_remove(key),
            };
        }
        let child = tied
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log: log.to_owned(),
        })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, once, if it was started piped.
    pub fn stdout(&mut self) -> Result<std::process::ChildStdout> {
        self.child
            .stdout
            .take()
            .with_context(|| format!("{} has no output to read", self.name))
    }

    /// Fails if it has ended, with the end of what it wrote.
    pub fn must_run(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended with {status}: {}", self.name, self.log_tail());
        }
        Ok(())
    }

    /// True once it has ended.
    pub fn ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// kill -9, and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process that somebody else started.
pub fn signal(pid: u32, name: &str) -> Result<()> {
    // The shell's own `kill`: a bare Debian has no program of that name.
    let script = format!("kill -{name} {pid}");
    let status = Command::new("sh")
        .args(["-c", &script])
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("process {pid} takes no {name}");
    }
    Ok(())
}

/// The processes that `parent` started and that still run.
pub fn children(parent: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for task in fs::read_dir(format!("/proc/{parent}/task"))? {
        let list = fs::read_to_string(task?.path().join("children")).unwrap_or_default();
        found.extend(
            list.split_whitespace()
                .filter_map(|pid| pid.parse::<u32>().ok()),
        );
    }
    Ok(found)
}

/// True while a process of that id runs.
pub fn alive(pid: u32) -> bool {
    // A zombie is gone as far as its files and sockets are concerned.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(')')
            .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    })
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}

/// Runs a program to its end and gives back what it printed.
pub fn output(command: &mut Command, input: Option<&str>) -> Result<String> {
    use std::io::Write as _;
    let program = command.get_program().to_owned();
    let stdin = if input.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    };
    let mut child = command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", shown(&program)))?;
    if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(text.as_bytes())?;
    }
    let done = child.wait_with_output()?;
    if !done.status.success() {
        bail!(
            "{}: {}",
            shown(&program),
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    Ok(String::from_utf8(done.stdout)?)
}

fn shown(program: &OsStr) -> String {
    Path::new(program)
        .file_name()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned()
}
