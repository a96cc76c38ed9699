//! The store: whole units of work, each one transaction.
//!
//! No method leaves a half of anything behind, whenever the process ends, and none asks the
//! caller to keep two calls together. The judgement itself is not here: [`Store::judge`]
//! gives what it needs to a [`Judge`], and writes what that decided.

#[cfg(test)]
mod conformance;
mod error;
mod operations;
pub mod sqlite;
mod types;

pub use error::StoreError;
pub use operations::Operations;
pub use sqlite::{SqliteConfig, SqliteStore};
pub use types::*;

use shared::hash::BlobHash;
use shared::ids::{
    DeviceId, EntryId, LogId, MailSeq, OfficerId, PolicySeq, RecordId, ReferenceSeq, Seq,
};
use shared::policy::Authority;
use shared::time::UnixMs;
use shared::wire::{Scope, VerdictCode};

/// What every backend does.
pub trait Store: Operations {
    /// The counters, in one read.
    fn counters(&self) -> Result<Counters, StoreError>;
    /// Writes something that changes nothing, to show that it can be done.
    fn prove_writable(&self) -> Result<(), StoreError>;

    /// Adds people, and the teams they name; the authority rises once. None is added if one
    /// collar number is taken.
    fn add_people(&self, people: &[PersonEntry], now: UnixMs) -> Result<Added, StoreError>;
    /// Ends an account; false if there is none.
    fn end_person(&self, collar: &str, now: UnixMs) -> Result<bool, StoreError>;
    /// The authority as it is.
    fn authority(&self) -> Result<Authority, StoreError>;
    /// The account of a collar number.
    fn account(&self, collar: &str) -> Result<Option<Account>, StoreError>;
    /// Counts a wrong password, or forgets the count after a right one.
    fn note_attempt(&self, officer: OfficerId, attempt: Attempt) -> Result<(), StoreError>;

    /// Keeps a one-time code.
    fn add_code(&self, code: &NewCode, now: UnixMs) -> Result<(), StoreError>;
    /// Uses a code up for a device; gives the device's name, or none if the code cannot be used.
    fn enrol(&self, device: &NewDevice, now: UnixMs) -> Result<Option<String>, StoreError>;
    /// The device with this credential.
    fn device(&self, credential: &[u8; 32]) -> Result<Option<Device>, StoreError>;
    /// All devices, by name.
    fn devices(&self) -> Result<Vec<Device>, StoreError>;
    /// Revokes; false if there is no such device.
    fn revoke(&self, device: DeviceId, now: UnixMs) -> Result<bool, StoreError>;

    /// Opens a session, and the log and its grants if they are new.
    fn open_session(&self, session: &NewSession, now: UnixMs) -> Result<Opened, StoreError>;
    /// The session with this token, if it has not ended and its officer is active.
    fn session(&self, token: &[u8; 32], now: UnixMs) -> Result<Option<Session>, StoreError>;
    /// Brings a vault's grants into line with what its officer is now, if they may not be;
    /// true if one came or went.
    fn align_grants(&self, log: LogId, now: UnixMs) -> Result<bool, StoreError>;
    /// The scopes a vault was granted.
    fn grants(&self, log: LogId) -> Result<Vec<Scope>, StoreError>;
    /// Ends a session.
    fn close_session(&self, token: &[u8; 32]) -> Result<(), StoreError>;

    /// Where a segment that begins at this sequence continues.
    fn place(&self, log: LogId, first: Seq) -> Result<Option<Place>, StoreError>;
    /// The last receipt of a log, if anything of it was received.
    fn receipt(&self, log: LogId) -> Result<Option<Receipt>, StoreError>;
    /// Receives entries whose chain and signature hold.
    fn receive(&self, push: &Push, now: UnixMs) -> Result<Received, StoreError>;
    /// Notes that a device was heard of, and what it says waits.
    fn heard(&self, heard: &Heard, now: UnixMs) -> Result<(), StoreError>;
    /// Forgets mail that its vault has stored. If it has stored less than was forgotten already,
    /// says all of it again.
    fn forget_mail(&self, log: LogId, until: MailSeq) -> Result<(), StoreError>;
    /// The news for a vault: one snapshot.
    fn news(&self, query: &NewsQuery) -> Result<News, StoreError>;

    /// Judges what was received, log by log in turns, and writes what is decided: one unit of
    /// work, which ends when the judge does not go on. An entry that cannot be judged for a
    /// fault of the store is set aside, and costs no other.
    fn judge(
        &self,
        sitting: &Sitting,
        judge: &mut dyn Judge,
        now: UnixMs,
    ) -> Result<Judged, StoreError>;
    /// What is known of an entry.
    fn known(&self, id: EntryId) -> Result<Known, StoreError>;
    /// What the audit says of a record: the kind of each event, and its detail.
    fn audit_of(&self, record: RecordId) -> Result<Vec<(String, String)>, StoreError>;
    /// The accepted changes of a record, in order of acceptance.
    fn changes(&self, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError>;
    /// Puts what was parked for this reason back into the queue.
    fn requeue(&self, code: VerdictCode) -> Result<u64, StoreError>;
    /// Puts what was parked over the limits, and finds room by now, back into the queue.
    fn unstage(&self, staging: &Staging) -> Result<u64, StoreError>;
    /// Bytes of a device that wait for judgement.
    fn pending(&self, device: DeviceId) -> Result<u64, StoreError>;
    /// Appends to the log that the server holds for somebody, which is begun if there is none.
    /// Nothing else comes between the place that is signed for and what is written there.
    fn append_own(
        &self,
        own: &OwnLog<'_>,
        sign: &mut dyn FnMut(&OwnPlace) -> Push,
        now: UnixMs,
    ) -> Result<Received, StoreError>;
    /// The control room's notices that are not over, the newest first.
    fn notices(&self, now: UnixMs) -> Result<Vec<NoticeRow>, StoreError>;

    /// How a device stands to a photo it wants to upload.
    fn upload_claim(
        &self,
        device: DeviceId,
        record: RecordId,
        blob: BlobHash,
    ) -> Result<Claim, StoreError>;
    /// Opens an upload, or does nothing if it is open.
    fn upload_open(&self, upload: &Upload, now: UnixMs) -> Result<(), StoreError>;
    /// The open upload.
    fn upload(&self, device: DeviceId, blob: BlobHash) -> Result<Option<Upload>, StoreError>;
    /// Closes an upload without a photo.
    fn upload_close(&self, device: DeviceId, blob: BlobHash) -> Result<(), StoreError>;
    /// Uploads of a device that were opened before a time and are still open.
    fn uploads_before(&self, device: DeviceId, at: UnixMs) -> Result<Vec<BlobHash>, StoreError>;
    /// True if this device has brought the photo.
    fn has_brought(&self, device: DeviceId, blob: BlobHash) -> Result<bool, StoreError>;
    /// Marks a photo as brought by a device, closes its upload, and tells everyone who sees a
    /// record that names it and for which it is now here; gives the scopes it is told in.
    fn photo_stored(
        &self,
        device: DeviceId,
        blob: BlobHash,
        bytes: u64,
        now: UnixMs,
    ) -> Result<Vec<Scope>, StoreError>;
    /// What a reader may know of a photo.
    fn photo_access(&self, reader: Reader, blob: BlobHash) -> Result<PhotoAccess, StoreError>;

    /// Rows of the control room's list, by position.
    fn console_list(&self, query: &ListQuery) -> Result<ConsoleList, StoreError>;
    /// One record in full, with the fact that it was read in the audit.
    fn console_detail(
        &self,
        record: RecordId,
        reader: OfficerId,
        now: UnixMs,
    ) -> Result<Option<Detail>, StoreError>;

    /// The submitted records of a reference: more than one only if somebody made it so.
    fn referenced(&self, reference: &str) -> Result<Vec<Referenced>, StoreError>;

    /// Sets a document of the reference stream.
    fn set_reference(&self, name: &str, body: &[u8]) -> Result<ReferenceSeq, StoreError>;
    /// A document of the reference stream.
    fn reference(&self, name: &str) -> Result<Option<(ReferenceSeq, Vec<u8>)>, StoreError>;
    /// Adds published searches of one file; gives how many are new.
    fn add_published(&self, file: &[u8; 32], rows: &[PublishedRow]) -> Result<u64, StoreError>;
    /// The newest published searches, and how many there are.
    fn published(&self, limit: u32) -> Result<(u64, Vec<PublishedRow>), StoreError>;

    /// Writes into the audit.
    fn audit(&self, event: &AuditEvent, now: UnixMs) -> Result<(), StoreError>;
    /// Verifies the audit's chain; gives the number of rows and the first that does not hold.
    fn verify_audit(&self) -> Result<(u64, Option<u64>), StoreError>;
    /// Counts for the operator.
    fn figures(&self) -> Result<crate::view::Figures, StoreError>;
    /// People as of a version of the authority.
    fn authority_at(
        &self,
        policy: PolicySeq,
        officers: &[OfficerId],
    ) -> Result<Authority, StoreError>;
}
