//! One open vault: capture, records, review, search and the state of sync, as plain
//! synchronous calls that return what screens show.
//!
//! Every method takes the lock once, does its work in one transaction of the
//! [store](crate::store), and gives the lock back; nothing here waits for a network.

mod asking;
mod asks;
mod begun;
mod compare;
mod context;
mod digests;
mod drafts;
mod edits;
mod encounter;
mod error;
mod evict;
mod exchange;
mod facts;
mod feed;
mod find;
mod held;
mod inbox;
mod inside;
mod later;
mod lease;
mod link;
mod lists;
mod lost;
mod map;
mod newer;
mod parted;
mod patterns;
mod photos;
mod place;
mod project;
mod reading;
mod reauthor;
mod rebase;
mod rebuild;
mod receipt;
mod receipts;
mod removed;
mod reserve;
mod review;
mod scalars;
mod sending;
mod settle;
mod share;
mod since;
mod split;
mod spool;
mod state;
mod states;
mod steps;
mod submit;
mod tasks;
#[cfg(test)]
pub(crate) mod tests;
mod timeline;
mod transfers;
mod unsent;
mod wifi;

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ring::signature::{Ed25519KeyPair, KeyPair};
use shared::doc::Schema;
use shared::ids::{ActorId, DeviceId, EntryId, LogId, OfficerId, RecordId, TeamId};
use shared::log::{Algorithm, Descriptor};
use shared::policy::Role;
use shared::wire::SignInResponse;
use tokio::sync::Notify;
use zeroize::Zeroizing;

pub use asking::{Ask, Progress};
pub use drafts::Fix;
pub use error::CoreError;
pub use exchange::Applied;
pub use facts::RecordFacts;
pub(crate) use split::{Evidence, Piece};
pub use split::{NewLineage, Parent};
pub use transfers::Upload;
pub use unsent::Unsent;

use crate::env::Env;
use crate::files::BlobDir;
use crate::spool::Spool;
use crate::store::{Store, StoreConfig, vault_rows};
use crate::vault::DbKey;
use crate::view::{ConnectionState, PersonView};
use context::Reference;
use digests::Digests;
use link::Link;

/// How often the reading of one record of somebody else is logged.
pub const CONSULTATION_EVERY_MS: i64 = 60 * 60 * 1000;
/// From which difference on the device's clock is called wrong.
pub const CLOCK_OFF_MS: i64 = 2 * 60 * 1000;

/// What a vault is opened with.
#[derive(Clone)]
pub struct CoreConfig {
    /// Where the database lies.
    pub store: StoreConfig,
    /// The folder of sealed photos.
    pub blobs: Arc<dyn BlobDir>,
    /// Clocks and randomness.
    pub env: Env,
    /// The public key of the server's receipts.
    pub receipt_key: Vec<u8>,
    /// The server's address, which receipts show.
    pub server: String,
    /// The force's two digits in references.
    pub reference_force: u8,
    /// What a locked device sends from; none where nothing is sent while locked.
    pub spool: Option<Spool>,
    /// The newest schema that the app knows.
    pub schema: Schema,
}

/// What a new vault begins with, after its officer has signed in for the first time.
pub struct NewVault {
    /// The log that was opened at sign-in.
    pub log: LogId,
    /// The signing key whose public half was given at sign-in.
    pub seed: Zeroizing<[u8; 32]>,
    /// The device.
    pub device: DeviceId,
    /// The server's answer.
    pub signed_in: SignInResponse,
}

/// Something that screens show has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Records, or their states.
    Records,
    /// Connection, or what waits.
    Status,
    /// Drafts.
    Drafts,
}

impl Changed {
    /// The name in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Status => "status",
            Self::Drafts => "drafts",
        }
    }
}

type Listener = Arc<dyn Fn(Changed) + Send + Sync>;

/// One open vault.
pub struct Core {
    config: CoreConfig,
    officer: OfficerId,
    state: Mutex<State>,
    listeners: RwLock<Vec<Listener>>,
    commits: Notify,
    /// Held while parcels are made or removed.
    spooling: Mutex<()>,
    /// Dropped after everything else, the database with it: fields are dropped in their order.
    last: Option<Box<dyn Any + Send + Sync>>,
}

/// What the lock guards.
struct State {
    store: Store,
    /// The log that is written: another after a split.
    log: LogId,
    /// Automerge actors of this start of the process, one per record.
    actors: HashMap<RecordId, ActorId>,
    /// Records that wait to be opened, as far as they were looked up; the first to be comes last.
    to_open: Vec<RecordId>,
    reference: Reference,
    link: Link,
    digests: Digests,
    /// What the reader held when the queue was last made.
    posts: Vec<(Role, TeamId)>,
}

/// The public half of a signing key, for the first sign-in.
pub fn public_key(seed: &[u8; 32]) -> Result<[u8; 32], CoreError> {
    let key = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| CoreError::Damaged("key"))?;
    key.public_key()
        .as_ref()
        .try_into()
        .map_err(|_| CoreError::Damaged("key"))
}

impl Core {
    /// Makes the database of a new vault and opens it.
    pub fn create(config: CoreConfig, key: &DbKey, new: &NewVault) -> Result<Self, CoreError> {
        let mut store = Store::create(&config.store, key)?;
        let officer = new.signed_in.officer;
        let head = describe(new.log, &new.seed, officer, new.device, None)?.hash();
        store.write(|tx| {
            vault_rows::create(tx, new.log, &new.seed, new.device, head, &new.signed_in)
        })?;
        Self::with(config, store)
    }

    /// Opens the database of a vault.
    pub fn open(config: CoreConfig, key: &DbKey) -> Result<Self, CoreError> {
        let store = Store::open(&config.store, key)?;
        Self::with(config, store)
    }

    fn with(config: CoreConfig, store: Store) -> Result<Self, CoreError> {
        let reference = Reference::read(store.read())?;
        let row = vault_rows::get(store.read())?;
        let link = Link::new(row.heard.map(|heard| heard.wall));
        let state = State {
            store,
            log: row.log,
            actors: HashMap::new(),
            to_open: Vec::new(),
            reference,
            link,
            digests: Digests::default(),
            posts: Vec::new(),
        };
        let core = Self {
            config,
            officer: row.officer,
            state: Mutex::new(state),
            listeners: RwLock::default(),
            commits: Notify::new(),
            spooling: Mutex::new(()),
            last: None,
        };
        // Where it fails, it is tried again when there is nothing else to do.
        if let Err(error) = core.open_held() {
            tracing::warn!(code = error.code(), "what a newer app wrote was not opened");
        }
        // What a crash left of an eviction; until it is done its mail is not receipted.
        if let Err(error) = core.finish_evictions() {
            tracing::warn!(code = error.code(), "an eviction could not be finished");
        }
        if let Err(error) = core.take_receipts().and_then(|()| core.spool()) {
            tracing::warn!(code = error.code(), "the spool could not be looked through");
        }
        // Files left over cost room and nothing else: the vault opens all the same.
        if let Err(error) = core.sweep_photos() {
            tracing::warn!(code = error.code(), "photo files were not swept");
        }
        // Without it the vault opens too: it is the next photo that will be refused.
        if core.make_reserve().is_err() {
            tracing::warn!("there is no room to keep for words");
        }
        Ok(core)
    }

    /// Keeps a value until the database has been closed, and drops it then.
    pub(crate) fn with_last(mut self, last: impl Any + Send + Sync) -> Self {
        self.last = Some(Box::new(last));
        self
    }

    /// The log of this vault.
    pub fn log(&self) -> LogId {
        self.lock().log
    }

    /// The officer whose vault it is.
    pub const fn officer(&self) -> OfficerId {
        self.officer
    }

    /// The officer's collar number, to sign in again with.
    pub fn collar(&self) -> Result<String, CoreError> {
        Ok(self.lock().vault()?.collar)
    }

    /// The clocks and randomness that the vault was opened with.
    pub const fn env(&self) -> &Env {
        &self.config.env
    }

    /// The descriptor that the log begins with.
    pub fn descriptor(&self) -> Result<Descriptor, CoreError> {
        let row = self.lock().vault()?;
        describe(row.log, &row.seed, row.officer, row.device, row.parent)
    }

    /// The token of the session with the server, if there is one.
    pub fn session(&self) -> Result<Option<String>, CoreError> {
        Ok(self.lock().vault()?.session)
    }

    /// Keeps a renewed session.
    pub fn signed_in(&self, answer: &SignInResponse) -> Result<PersonView, CoreError> {
        {
            let mut state = self.lock();
            if state.vault()?.officer != answer.officer {
                return Err(CoreError::NotAllowed("other_officer"));
            }
            state.store.write(|tx| vault_rows::signed_in(tx, answer))?;
            if state.link.state == ConnectionState::SignIn {
                state
                    .link
                    .set(ConnectionState::Connected, self.config.env.now());
            }
        }
        self.commits.notify_one();
        self.tell(Changed::Status);
        self.person()
    }

    /// Calls this after each change that screens may show, without holding any lock.
    pub fn listen(&self, listener: impl Fn(Changed) + Send + Sync + 'static) {
        let mut listeners = self
            .listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.push(Arc::new(listener));
    }

    /// Resolves after something was committed that the server should be told.
    pub async fn committed(&self) {
        self.commits.notified().await;
    }

    fn tell(&self, changed: Changed) {
        let listeners = self
            .listeners
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for listener in listeners {
            listener(changed);
        }
    }

    /// Something of ours was committed: screens show it, and the server should be told.
    fn tell_committed(&self) {
        self.spool_committed();
        self.commits.notify_one();
        self.tell(Changed::Records);
        self.tell(Changed::Status);
    }

    fn spooling(&self) -> MutexGuard<'_, ()> {
        self.spooling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves no half-done work: transactions roll back when dropped.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn describe(
    log: LogId,
    seed: &[u8; 32],
    officer: OfficerId,
    device: DeviceId,
    parent: Option<EntryId>,
) -> Result<Descriptor, CoreError> {
    Ok(Descriptor {
        version: Descriptor::VERSION,
        log,
        algorithm: Algorithm::EdDsa,
        key: public_key(seed)?.to_vec(),
        officer,
        device,
        parent,
    })
}

/// A record's id from the screens; one that does not read names nothing.
fn record_id(text: &str) -> Result<RecordId, CoreError> {
    text.parse().map_err(|_| CoreError::NotFound)
}
