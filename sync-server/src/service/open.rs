//! Opening the data directory: store, photos, and the server's own keys.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;

use age::secrecy::ExposeSecret as _;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::wire::VerdictCode;
use tokio::sync::broadcast;

use super::cache::Cache;
use super::{Config, Server, ServerError};
use crate::blobs::Blobs;
use crate::env::Env;
use crate::store::{SqliteConfig, SqliteStore, Store};

/// News that a slow listener may be behind; beyond that it is told that it missed some.
const LISTENER_BACKLOG: usize = 1024;

impl Server {
    /// Opens the data directory, or makes it.
    pub fn open(config: Config, env: Env) -> Result<Self, ServerError> {
        fs::create_dir_all(&config.data)?;
        let path = config.data.join("beatbook.db");
        let sqlite = SqliteConfig {
            vfs: config.vfs.clone(),
            ..SqliteConfig::new(path)
        };
        let store = SqliteStore::open(sqlite, &env)?;
        Self::with_store(config, env, Box::new(store))
    }

    /// Opens it over a store that is open already.
    pub fn with_store(
        config: Config,
        env: Env,
        store: Box<dyn Store>,
    ) -> Result<Self, ServerError> {
        fs::create_dir_all(&config.data)?;
        let seed = own_file(&config.data.join("receipt.key"), || {
            env.bytes::<32>().to_vec()
        })?;
        let receipt_key = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| ServerError::Invalid("receipt.key is damaged"))?;
        let escrow = match &config.escrow {
            Some(recipient) => recipient.clone(),
            None => escrow(&config.data)?,
        };
        // What an older server could not judge, this one perhaps can; and what waited for
        // something that came in the same moment, or that was mended since, is looked at again.
        store.requeue(VerdictCode::NeedsNewerServer)?;
        store.requeue(VerdictCode::MissingDependency)?;
        let counters = store.counters()?;
        Ok(Self {
            blobs: Blobs::open(&config.data)?,
            epoch: counters.epoch,
            receipt_key,
            escrow,
            cache: Cache::new(counters),
            moved: broadcast::channel(LISTENER_BACKLOG).0,
            judging: Mutex::new(()),
            appending: Mutex::default(),
            config,
            env,
            store,
        })
    }

    /// The key that verifies receipts.
    pub fn receipt_key(&self) -> &[u8] {
        self.receipt_key.public_key().as_ref()
    }
}

/// The recipient of an escrow key made here. The identity belongs in a safe, not on a server;
/// it is made only so that nothing has to be set up to begin.
fn escrow(data: &Path) -> Result<String, ServerError> {
    let text = own_file(&data.join("escrow.key"), || {
        let identity = age::x25519::Identity::generate();
        identity.to_string().expose_secret().as_bytes().to_vec()
    })?;
    let damaged = ServerError::Invalid("escrow.key is damaged");
    let Ok(text) = String::from_utf8(text) else {
        return Err(damaged);
    };
    match text.trim().parse::<age::x25519::Identity>() {
        Ok(identity) => Ok(identity.to_public().to_string()),
        Err(_) => Err(damaged),
    }
}

/// The content of a file that only this account may read, made if it is not there. Two
/// processes that start at once agree: the first one's file is linked into place.
fn own_file(path: &Path, make: impl FnOnce() -> Vec<u8>) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let staged = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&staged)?;
    file.write_all(&make())?;
    file.sync_all()?;
    let linked = fs::hard_link(&staged, path);
    fs::remove_file(&staged)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    if let Some(directory) = path.parent() {
        fs::File::open(directory)?.sync_all()?;
    }
    fs::read(path)
}
