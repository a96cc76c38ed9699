//! [`Server`]: everything the server does, as plain synchronous methods.

use std::path::PathBuf;

use shared::hash::BlobHash;
use shared::ids::{AcceptPos, DeviceId, OfficerId, RecordId};
use shared::policy::Role;
use shared::time::UnixMs;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, SignInRequest,
    SignInResponse, UploadState, WireError,
};
use tokio::sync::broadcast;

use crate::env::Env;
use crate::view::{
    ConsoleDevices, ConsoleMe, ConsoleRecordDetail, ConsoleRecords, ConsoleSearches, Figures,
    PersonRow,
};

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
    /// The memory that hashing a password takes, in KiB (Argon2id).
    pub password_kib: u32,
}

impl Config {
    /// The defaults, in this data directory.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            force: "Beatbook".to_owned(),
            escrow: None,
            vfs: None,
            password_kib: 19 * 1024,
        }
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
    /// A file of the data directory.
    #[error("data directory: {0}")]
    Io(#[from] std::io::Error),
}

/// Something moved; whoever waits for news should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// The order of acceptance reached this position.
    Feed(AcceptPos),
    /// Mail for some vault.
    Mail,
    /// Reference data: people, areas, code lists.
    Reference,
    /// A device was heard of.
    Devices,
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

/// The server.
pub struct Server {
    #[expect(dead_code, reason = "being written")]
    config: Config,
    #[expect(dead_code, reason = "being written")]
    env: Env,
}

#[expect(unused_variables, clippy::todo, missing_docs, reason = "being written")]
impl Server {
    /// Opens the store, or makes it.
    pub fn open(config: Config, env: Env) -> Result<Self, ServerError> { todo!() }

    // Devices and officers (the protocol). All take `Credential { device, session }`.
    pub fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> { todo!() }
    pub fn sign_in(&self, credential: &Credential, request: SignInRequest) -> Result<SignInResponse, WireError> { todo!() }
    pub fn exchange(&self, credential: &Credential, request: ExchangeRequest) -> Result<ExchangeResponse, WireError> { todo!() }
    /// Fails unless the device has a current session: for the live channel.
    pub fn check_session(&self, credential: &Credential) -> Result<(), WireError> { todo!() }
    /// tus: the upload's name in the URL is the photo's SHA-256 in hexadecimal.
    pub fn upload_begin(&self, credential: &Credential, record: RecordId, blob: BlobHash, bytes: u64) -> Result<UploadState, WireError> { todo!() }
    pub fn upload_progress(&self, credential: &Credential, blob: BlobHash) -> Result<UploadProgress, WireError> { todo!() }
    pub fn upload_append(&self, credential: &Credential, blob: BlobHash, offset: u64, chunk: &[u8]) -> Result<UploadState, WireError> { todo!() }
    pub fn upload_cancel(&self, credential: &Credential, blob: BlobHash) -> Result<(), WireError> { todo!() }
    pub fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<PhotoBytes, WireError> { todo!() }
    pub fn photo_preview(&self, credential: &Credential, blob: BlobHash) -> Result<PhotoBytes, WireError> { todo!() }

    // Background work: call judge_next until it gives false, then wait for receipts (Moved::Devices
    // is sent after each exchange that pushed) or a second, then again.
    /// Judges the next received entry; false if none waits.
    pub fn judge_next(&self) -> Result<bool, ServerError> { todo!() }
    /// Told after each commit that moved something. Call `look_outside` once a second for what other processes (the CLI) wrote.
    pub fn moved(&self) -> broadcast::Receiver<Moved> { todo!() }
    pub fn look_outside(&self) -> Result<(), ServerError> { todo!() }

    // The control room. `token` is the cookie's value; every method checks session and role.
    pub fn console_sign_in(&self, collar: &str, password: &str) -> Result<(String, ConsoleMe), WireError> { todo!() }
    pub fn console_sign_out(&self, token: &str) -> Result<(), WireError> { todo!() }
    pub fn console_me(&self, token: &str) -> Result<ConsoleMe, WireError> { todo!() }
    /// Without `after`: the last 8 hours, the newest 500. Serves SSE as well: page from Last-Event-ID until `more` is false.
    pub fn console_records(&self, token: &str, after: Option<u64>, limit: u32) -> Result<ConsoleRecords, WireError> { todo!() }
    pub fn console_record(&self, token: &str, id: RecordId) -> Result<ConsoleRecordDetail, WireError> { todo!() }
    pub fn console_photo(&self, token: &str, record: RecordId, blob: BlobHash, preview: bool) -> Result<PhotoBytes, WireError> { todo!() }
    pub fn console_devices(&self, token: &str) -> Result<ConsoleDevices, WireError> { todo!() }
    /// GeoJSON.
    pub fn console_areas(&self, token: &str) -> Result<String, WireError> { todo!() }
    pub fn console_searches(&self, token: &str, limit: u32) -> Result<ConsoleSearches, WireError> { todo!() }

    // Operations (the command line).
    pub fn add_people(&self, people: &[NewPerson]) -> Result<Vec<OfficerId>, ServerError> { todo!() }
    pub fn end_person(&self, collar: &str) -> Result<(), ServerError> { todo!() }
    pub fn people(&self) -> Result<Vec<PersonRow>, ServerError> { todo!() }
    pub fn new_enrolment(&self, name: &str) -> Result<Enrolment, ServerError> { todo!() }
    pub fn devices(&self) -> Result<ConsoleDevices, ServerError> { todo!() }
    pub fn revoke_device(&self, id: DeviceId) -> Result<(), ServerError> { todo!() }
    /// `file` is the whole content: the import is idempotent by its hash and the line.
    pub fn import_published(&self, file: &[u8]) -> Result<Imported, ServerError> { todo!() }
    pub fn import_areas(&self, geojson: &str) -> Result<Imported, ServerError> { todo!() }
    pub fn verify_audit(&self) -> Result<AuditReport, ServerError> { todo!() }
    pub fn figures(&self) -> Result<Figures, ServerError> { todo!() }
    /// Ready to serve: the store answers.
    pub fn ready(&self) -> Result<(), ServerError> { todo!() }
}
