//! The data directory, as commands open it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::env::Env;
use crate::service::{Config, Server};

/// Where a running server writes the address it is reached at, for enrolment links.
const ADDRESS_FILE: &str = "address";

/// With less than this, a disk is full: the store's own files grow by more at once.
#[cfg(unix)]
const ROOM_MIN: u64 = 64 * 1024;

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It is not there.
    #[error("there is no data directory {}", .0.display())]
    Missing(PathBuf),
    /// It is there and is something else.
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// It cannot be made.
    #[error("the data directory {} cannot be made: {source}", path.display())]
    Make {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Where the server keeps its things.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// Data directory
    #[arg(long = "data", value_name = "DIR", env = "BEATBOOK_DATA")]
    #[arg(default_value = "./beatbook-data")]
    path: PathBuf,
    /// Folder of the erasure ledger, if not in the data directory; no backup holds it
    #[arg(long, value_name = "DIR", env = "BEATBOOK_LEDGER")]
    ledger: Option<PathBuf>,
}

impl Data {
    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its path, if it is there.
    pub fn existing(&self) -> Result<&Path, DataError> {
        match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => Ok(&self.path),
            Ok(_) => Err(DataError::NotADirectory(self.path.clone())),
            Err(_) => Err(DataError::Missing(self.path.clone())),
        }
    }

    /// Its path; makes the directory, but never a whole path that was probably mistyped.
    pub fn ready(&self) -> Result<&Path, DataError> {
        match self.existing() {
            Err(DataError::Missing(path)) => {
                make(&path).map_err(|source| DataError::Make { path, source })?;
                Ok(&self.path)
            }
            other => other,
        }
    }

    /// The configuration of a server over it.
    pub fn config(&self) -> Config {
        Config {
            ledger: self.ledger.clone(),
            ..Config::new(&self.path)
        }
    }

    /// Opens the store of a directory that is there.
    pub fn open(&self) -> anyhow::Result<Server> {
        self.existing()?;
        Ok(Server::open(self.config(), Env::system())?)
    }

    /// Opens the store, or makes it.
    pub fn open_or_make(&self) -> anyhow::Result<Server> {
        self.ready()?;
        Ok(Server::open(self.config(), Env::system())?)
    }

    /// True if the disk it is on has no room. A store without room fails in many ways, and
    /// only some of them say so.
    pub fn is_full(&self) -> bool {
        #[cfg(unix)]
        {
            rustix::fs::statvfs(&self.path)
                .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < ROOM_MIN)
        }
        #[cfg(not(unix))]
        false
    }

    /// Keeps the address at which the server is reached.
    pub fn keep_address(&self, url: &str) -> std::io::Result<()> {
        let path = self.path.join(ADDRESS_FILE);
        let part = self.path.join("address.part");
        fs::write(&part, format!("{url}\n"))?;
        fs::rename(part, path)
    }

    /// The address at which the server was last reached.
    pub fn kept_address(&self) -> Option<String> {
        let text = fs::read_to_string(self.path.join(ADDRESS_FILE)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// Makes a directory that only its owner may enter.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
