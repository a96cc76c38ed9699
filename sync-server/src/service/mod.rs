//! [`Server`]: everything the server does, as plain synchronous methods. Each is one unit of
//! work of the store, or a few that may stop between any two.

mod cache;
mod console;
mod detail;
mod exchange;
mod facts;
mod gate;
mod join;
mod judge;
mod open;
mod operate;
mod preview;
mod protocol;
mod secret;
#[cfg(test)]
mod tests;
mod types;
mod upload;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ring::signature::Ed25519KeyPair;
use shared::hash::BlobHash;
use shared::ids::{DeviceId, Epoch};
use tokio::sync::broadcast;

use crate::blobs::Blobs;
use crate::env::Env;
use crate::store::Store;

pub use types::*;

/// The server.
pub struct Server {
    config: Config,
    env: Env,
    store: Box<dyn Store>,
    blobs: Blobs,
    epoch: Epoch,
    receipt_key: Ed25519KeyPair,
    escrow: String,
    cache: cache::Cache,
    moved: broadcast::Sender<Moved>,
    /// One judge at a time; the store would refuse the second one's ruling as stale.
    judging: Mutex<()>,
    /// Uploads that are being appended to at this moment.
    appending: Mutex<BTreeSet<(DeviceId, BlobHash)>>,
}

/// A panic under one of our locks leaves nothing half done behind it: they guard caches and
/// sets that are changed in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
