//! A disk of a few megabytes that can be filled up.
//!
//! It is mounted in a mount namespace of its own, which a process holds: nobody else sees it, and
//! it is gone with that process, however the test ends. Root may do that as it is, and others in
//! a user namespace, where they are root.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::Process;

const HOLD: &str = "mount -t tmpfs -o \"size=$SIZE\" small \"$AT\" && echo mounted && \
    exec sleep infinity";

/// A small disk.
#[derive(Debug)]
pub struct SmallDisk {
    holder: Process,
    as_root: bool,
    filler: PathBuf,
}

impl SmallDisk {
    /// Mounts a disk with so many bytes of room at a folder.
    pub fn mount(at: &Path, bytes: u64, log: &Path) -> Result<Self> {
        fs::create_dir_all(at)?;
        let at = at.canonicalize()?;
        let as_root = fs::metadata("/proc/self")?.uid() == 0;
        let mut command = Command::new("unshare");
        if !as_root {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "--", "sh", "-c", HOLD]);
        command.env("SIZE", bytes.to_string()).env("AT", &at);
        let mut holder = Process::start_piped("a small disk", &command, log)?;
        let mut line = String::new();
        BufReader::new(holder.stdout()?).read_line(&mut line)?;
        if line.trim() != "mounted" {
            anyhow::bail!("no small disk can be mounted here: {}", holder.log_tail());
        }
        // As the holder sees it.
        let inside = format!("/proc/{}/root{}", holder.pid(), at.display());
        Ok(Self {
            holder,
            as_root,
            filler: Path::new(&inside).join("filler"),
        })
    }

    /// The words that come before a program's name so that it sees the disk.
    pub fn within(&self) -> Vec<String> {
        let target = self.holder.pid().to_string();
        let mut words = vec!["nsenter", "--target", &target, "--mount", "--root"];
        if !self.as_root {
            words.extend(["--user", "--preserve-credentials"]);
        }
        words.push("--");
        words.into_iter().map(str::to_owned).collect()
    }

    /// Takes all the room there is, also what was given up since the last time.
    pub fn fill(&self) -> Result<()> {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(&self.filler)
            .context("the small disk cannot be reached")?;
        loop {
            match file.write_all(&[0xA5; 4096]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Makes room again.
    pub fn free(&self) -> Result<()> {
        Ok(fs::remove_file(&self.filler)?)
    }
}
