//! A display without a screen.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::Process;

/// One Xvfb. Each app gets its own, so that none can be hidden behind another.
#[derive(Debug)]
pub struct Display {
    name: String,
    _process: Process,
}

impl Display {
    /// Starts Xvfb, which picks a free display number itself.
    pub fn start(log: &Path) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x1024x24",
            "-nolisten",
            "tcp",
        ]);
        let mut process = Process::start_piped("Xvfb", &command, log)?;
        let mut line = String::new();
        BufReader::new(process.stdout()?).read_line(&mut line)?;
        let number: u32 = line
            .trim()
            .parse()
            .with_context(|| format!("Xvfb did not start: {}", process.log_tail()))?;
        Ok(Self {
            name: format!(":{number}"),
            _process: process,
        })
    }

    /// Makes a program use this display and no other.
    pub fn only(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY");
    }
}
