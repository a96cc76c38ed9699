//! Opening the data directory: store, photos, and the server's own keys.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use age::secrecy::ExposeSecret as _;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use shared::wire::VerdictCode;
use tokio::sync::broadcast;

use super::cache::Cache;
use super::files::{self, own_file};
use super::ledger::Ledger;
use super::sealing::SealingKeys;
use super::{Config, Server, ServerError};
use crate::blobs::Blobs;
use crate::env::Env;
use crate::store::{SqliteConfig, SqliteStore, Store};

/// News that a slow listener may be behind; beyond that it is told that it missed some.
const LISTENER_BACKLOG: usize = 1024;
/// The database, in the data directory.
pub(super) const DATABASE: &str = "beatbook.db";

impl Server {
    /// Opens the data directory, or makes it.
    pub fn open(config: Config, env: Env) -> Result<Self, ServerError> {
        fs::create_dir_all(&config.data)?;
        // Before the database is looked for: during a restore there is none for a moment.
        let _in_use = files::in_use(&config.data)?;
        let path = config.data.join(DATABASE);
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
        let in_use = files::in_use(&config.data)?;
        let ledger = Ledger::open(&config.ledger_folder())?;
        let sealing = SealingKeys::open(&config.data)?;
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
        store.requeue(VerdictCode::StagingFull)?;
        let counters = store.counters()?;
        let mut server = Self {
            blobs: Blobs::open(&config.data)?,
            epoch: counters.epoch,
            receipt_key,
            escrow,
            cache: Cache::new(counters),
            moved: broadcast::channel(LISTENER_BACKLOG).0,
            judging: Mutex::default(),
            proven: Mutex::default(),
            appending: Mutex::default(),
            noted: Mutex::default(),
            config,
            env,
            store,
            sealing,
            ledger,
            replayed: 0,
            _in_use: in_use,
        };
        // Before anything is served: what the ledger says was erased, is.
        server.replayed = server.replay_erasures()?;
        server.tell_of_rotation()?;
        Ok(server)
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
