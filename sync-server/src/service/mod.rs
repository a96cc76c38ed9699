//! [`Server`]: everything the server does, as plain synchronous methods. Each is one unit of
//! work of the store, or a few that may stop between any two.

mod acts;
mod backup;
mod cache;
mod carried;
mod change;
mod console;
mod decide;
mod detail;
mod erasure;
mod exchange;
mod facts;
mod files;
mod gate;
mod hot;
mod join;
mod judge;
mod ledger;
mod lists;
mod logs;
mod open;
mod operate;
mod person;
mod postings;
mod preview;
mod protocol;
mod receive;
mod recovery;
mod refused;
mod restore;
mod revoked;
mod say;
mod sealing;
mod secret;
mod settings;
#[cfg(test)]
mod tests;
mod types;
mod unsent;
mod upload;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ring::signature::Ed25519KeyPair;
use shared::hash::BlobHash;
use shared::ids::{DeviceId, Epoch};
use shared::time::UnixMs;
use tokio::sync::broadcast;

use crate::blobs::Blobs;
use crate::env::Env;
use crate::store::Store;

pub use backup::{BackupPlace, Manifest, verify as verify_backup};
pub use erasure::Erased;
pub use ledger::{Erasure, Published};
pub use logs::{ExportedLog, LogReport};
pub use person::{PersonPage, PersonRecord};
pub use postings::NewPost;
pub use recovery::Recovered;
pub use restore::{Restore, RestoreError, Restored, begin_epoch, restore};
pub use sealing::BadSeal;
pub use types::*;
pub use unsent::Unsent;

/// The server.
pub struct Server {
    config: Config,
    env: Env,
    store: Box<dyn Store>,
    blobs: Blobs,
    epoch: Epoch,
    receipt_key: Ed25519KeyPair,
    escrow: String,
    sealing: sealing::SealingKeys,
    ledger: ledger::Ledger,
    /// Erasures that were carried out when this was opened.
    replayed: u64,
    cache: cache::Cache,
    /// Held as long as the data is in use: a restore waits for nobody else to have it.
    _in_use: std::fs::File,
    moved: broadcast::Sender<Moved>,
    /// One judge at a time, and what it keeps between two sittings.
    judging: Mutex<judge::Chair>,
    /// When the store was last shown to be writable.
    proven: Mutex<Option<UnixMs>>,
    /// Uploads that are being appended to at this moment.
    appending: Mutex<BTreeSet<(DeviceId, BlobHash)>>,
    /// Refusals that were written down of late.
    noted: Mutex<refused::Noted>,
}

/// A panic under one of our locks leaves nothing half done behind it: they guard caches and
/// sets that are changed in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
