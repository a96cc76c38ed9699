//! What the methods of [`super::Server`] take and give, where the protocol has no type for it.

use std::path::PathBuf;
use std::sync::Arc;

use shared::doc::Schema;
use shared::ids::{AcceptPos, LogId};
use shared::policy::Role;
use shared::time::UnixMs;
use shared::wire::Scope;

use super::judge::{PENDING_BYTES, STAGING};
use crate::store::{Staging, StoreError};

/// Where a server keeps its things, and how it is set.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// The name of the force.
    pub force: String,
    /// The age recipient of the escrow key; without one, a key is made in the data directory.
    pub escrow: Option<String>,
    /// The SQLite VFS to open the database with: the simulation's faulty disk. Then only one
    /// connection is opened.
    pub vfs: Option<String>,
    /// The folder of the erasure ledger, which no backup holds; without one, `ledger` in the
    /// data directory.
    pub ledger: Option<PathBuf>,
    /// True if a replica has every commit before it is acknowledged: then all that was received
    /// counts as covered.
    pub replicated: bool,
    /// How much may be parked for want of what it builds on.
    pub staging: Staging,
    /// Bytes of one device that may wait for judgement: above that it is asked to come back.
    pub pending_bytes: u64,
    /// The memory that hashing a password takes, in KiB (Argon2id).
    pub password_kib: u32,
    /// The newest schema that the server knows: what is above waits for a newer one.
    pub schema: Schema,
}

impl Config {
    /// The defaults, in this data directory.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            force: "Beatbook".to_owned(),
            escrow: None,
            vfs: None,
            ledger: None,
            replicated: false,
            staging: STAGING,
            pending_bytes: PENDING_BYTES,
            password_kib: 19 * 1024,
            schema: Schema::OURS,
        }
    }

    /// The folder of the erasure ledger.
    pub(super) fn ledger_folder(&self) -> PathBuf {
        let own = || self.data.join("ledger");
        self.ledger.clone().unwrap_or_else(own)
    }
}

/// Why an operation of the operator, or opening, failed.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Something with this name is there already.
    #[error("there is one with this name already")]
    Exists,
    /// Nothing with this name is there.
    #[error("there is none with this name")]
    Missing,
    /// A value that cannot be.
    #[error("{0}")]
    Invalid(&'static str),
    /// A restore is under way, or broke off.
    #[error("a restore was begun here and has not ended; run it again")]
    Restoring,
    /// Another process uses the data directory.
    #[error("the data directory is in use; stop the server first")]
    InUse,
    /// Something sealed that does not open.
    #[error(transparent)]
    Seal(#[from] super::BadSeal),
    /// Settings that are not settings.
    #[error(transparent)]
    Settings(#[from] shared::settings::BadSettings),
    /// What a device would have been refused.
    #[error(transparent)]
    Refused(shared::wire::WireError),
    /// Code lists that are none.
    #[error(transparent)]
    Codes(#[from] shared::codes::ListError),
    /// A file that holds no authorisations.
    #[error(transparent)]
    Authorisations(#[from] shared::authorisation::AuthorisationError),
    /// A file of the data directory.
    #[error("data directory: {0}")]
    Io(#[from] std::io::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something moved; whoever waits for news should look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// The order of acceptance reached this position, with something in these scopes; none
    /// where it is not known in which.
    Feed(AcceptPos, Option<Arc<[Scope]>>),
    /// Mail for this vault.
    Mail(LogId),
    /// Reference data: people, areas, code lists.
    Reference,
    /// A device was heard of.
    Devices,
}

/// What a vault on the live channel waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    pub(super) log: LogId,
    pub(super) scopes: Vec<Scope>,
}

impl Interest {
    /// True if the vault should look for news. Waking only those that are concerned is what
    /// keeps a busy shift from waking the whole force with every record.
    pub fn concerns(&self, moved: &Moved) -> bool {
        match moved {
            Moved::Feed(_, None) | Moved::Reference => true,
            Moved::Feed(_, Some(scopes)) => scopes.iter().any(|it| self.scopes.contains(it)),
            Moved::Mail(log) => *log == self.log,
            Moved::Devices => false,
        }
    }
}

/// Somebody to be given an account.
#[derive(Clone)]
pub struct NewPerson {
    /// Collar number.
    pub collar: String,
    /// For example "PC".
    pub title: String,
    /// Family name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The team's name; made if it does not exist.
    pub team: String,
    /// The station.
    pub station: String,
    /// The password; hashed at once.
    pub password: String,
}

/// A one-time code for a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// For example `7K3M-29QX-WD4P`.
    pub code: String,
    /// When it expires.
    pub expires: UnixMs,
}

/// How an upload stands, as tus asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadProgress {
    /// Bytes stored durably.
    pub offset: u64,
    /// Bytes announced.
    pub bytes: u64,
    /// True once the whole photo is stored and its hash was verified.
    pub complete: bool,
}

/// A photo with its media type.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoBytes {
    /// For example `image/jpeg`.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What an import of areas or published searches did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Rows read.
    pub read: u64,
    /// Rows that are new.
    pub imported: u64,
    /// Rows that had been imported before.
    pub known: u64,
    /// Lines that were not imported, with the reason.
    pub refused: Vec<RefusedLine>,
}

/// A line that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RefusedLine {
    /// Line of the file, or number of the feature, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What the check of the audit's chain found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AuditReport {
    /// Rows verified.
    pub rows: u64,
    /// The first row that does not follow from the one before it.
    pub broken_at: Option<u64>,
}
