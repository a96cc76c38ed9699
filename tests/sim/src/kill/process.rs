//! A child process whose lines are read, and that is killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// How long anything may take before it is said to hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child process. It is killed when this is dropped.
pub(crate) struct Process {
    child: Child,
    /// Open as long as we live: a driver whose input ends has nobody to work for.
    _input: Option<ChildStdin>,
    lines: Receiver<String>,
    begun: Instant,
}

impl Process {
    /// Starts it.
    pub(crate) fn spawn(mut command: Command) -> Result<Self> {
        let begun = Instant::now();
        let name = format!("{command:?}");
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.context(name)?;
        let output = child.stdout.take().context("no output")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Read on when nobody listens, so that it never writes to a full pipe.
                let _ = send.send(line);
            }
        });
        Ok(Self {
            _input: child.stdin.take(),
            child,
            lines,
            begun,
        })
    }

    /// The next line; none when it has ended, or hangs.
    pub(crate) fn line(&mut self) -> Option<String> {
        self.lines.recv_timeout(PATIENCE).ok()
    }

    /// How long ago it was started.
    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Kills it, and gives what it had still said. True if it was running.
    pub(crate) fn kill(mut self) -> (bool, Vec<String>) {
        let ran = matches!(self.child.try_wait(), Ok(None));
        // It fails only if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            said.push(line);
        }
        (ran, said)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
