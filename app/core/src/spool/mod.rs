//! What lies beside a vault for its locked time: sealed parcels of its log, and the receipts
//! that came for them. Nothing here can be read on this device.

mod seal;
mod send;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::ids::{LogId, Seq};
use shared::wire::Checkpoint;

pub use seal::{AgeSeal, BadRecipient, CannotSeal, Seal};
pub use send::{SpoolOutcome, send_spool};

use crate::files::BlobDir;

/// The ending of a parcel's file.
const PARCEL: &str = ".age";
/// The ending of a receipt's file.
const RECEIPT: &str = ".receipt";
/// The file that says what else waits.
const LEFT: &str = "left.json";
/// Most parcels that are kept. What is above stays in the vault and goes after the unlock.
pub const PARCELS_MAX: usize = 4096;

/// The spool of a vault, and what seals for it.
#[derive(Clone)]
pub struct Spool {
    /// Its files.
    pub files: SpoolFiles,
    /// What seals; nothing if the server gave no key to seal to.
    pub seal: Option<Arc<dyn Seal>>,
}

/// A sealed stretch of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parcel {
    /// The log.
    pub log: LogId,
    /// Its first entry.
    pub first: Seq,
    /// Its last entry, which ends a commit.
    pub last: Seq,
}

impl Parcel {
    fn name(&self) -> String {
        format!(
            "{}-{:016x}-{:016x}{PARCEL}",
            self.log, self.first.0, self.last.0
        )
    }

    fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(PARCEL)?.split('-');
        let log = parts.next()?.parse().ok()?;
        let mut place = || u64::from_str_radix(parts.next()?, 16).ok().map(Seq);
        let parcel = Self {
            log,
            first: place()?,
            last: place()?,
        };
        // Only names that this module gives: a file by any other name is not read back.
        (parcel.name() == name).then_some(parcel)
    }
}

/// What of a vault a locked device does not send, for the screen that says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    /// Entries that are not sealed.
    pub entries: u32,
    /// Photos.
    pub photos: u32,
    /// Since when the oldest of what waits does, sealed or not.
    pub oldest: Option<i64>,
}

/// The files of one vault's spool.
#[derive(Clone)]
pub struct SpoolFiles {
    files: Arc<dyn BlobDir>,
}

impl SpoolFiles {
    /// The spool in this folder.
    pub fn new(files: Arc<dyn BlobDir>) -> Self {
        Self { files }
    }

    /// The parcels, in the order of their logs.
    pub fn parcels(&self) -> io::Result<Vec<Parcel>> {
        let names = self.files.list()?;
        let mut parcels: Vec<_> = names.iter().filter_map(|it| Parcel::parse(it)).collect();
        parcels.sort();
        Ok(parcels)
    }

    /// Adds a parcel: after a power cut it is there whole or not at all.
    pub fn put(&self, parcel: &Parcel, sealed: &[u8]) -> io::Result<()> {
        self.files.write(&parcel.name(), sealed)
    }

    /// The sealed bytes.
    pub fn read(&self, parcel: &Parcel) -> io::Result<Vec<u8>> {
        self.files.read(&parcel.name())
    }

    /// Removes a parcel.
    pub fn remove(&self, parcel: &Parcel) -> io::Result<()> {
        self.files.remove(&parcel.name())
    }

    /// The signed receipts that wait, as they came.
    pub fn receipts(&self) -> io::Result<Vec<(LogId, Vec<u8>)>> {
        let mut receipts = Vec::new();
        for name in self.files.list()? {
            let log = name.strip_suffix(RECEIPT).and_then(|it| it.parse().ok());
            if let Some(log) = log {
                receipts.push((log, self.files.read(&name)?));
            }
        }
        Ok(receipts)
    }

    /// Keeps a receipt in the place of the one before.
    pub fn put_receipt(&self, log: LogId, signed: &[u8]) -> io::Result<()> {
        self.files.write(&format!("{log}{RECEIPT}"), signed)
    }

    /// Removes a receipt.
    pub fn remove_receipt(&self, log: LogId) -> io::Result<()> {
        self.files.remove(&format!("{log}{RECEIPT}"))
    }

    /// What a locked device does not send.
    pub fn left(&self) -> Left {
        let read = self.files.read(LEFT).ok();
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps what a locked device does not send.
    pub fn put_left(&self, left: &Left) -> io::Result<()> {
        self.files.write(LEFT, &serde_json::to_vec(left)?)
    }

    /// How far each log is receipted, by receipts of the server with this key.
    pub fn received(&self, receipt_key: &[u8]) -> io::Result<BTreeMap<LogId, Checkpoint>> {
        let receipts = self.receipts()?.into_iter();
        Ok(receipts
            .filter_map(|(log, signed)| {
                let checkpoint = Checkpoint::verify(receipt_key, &signed).ok()?;
                (checkpoint.log == log).then_some((log, checkpoint))
            })
            .collect())
    }
}
