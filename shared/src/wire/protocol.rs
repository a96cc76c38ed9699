//! The versions of the protocol, and the trait that is the protocol.

use std::future::Future;

use super::{
    EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse, RecoveryRequest,
    RecoveryTicket, SignInRequest, SignInResponse, WireError,
};
use crate::hash::BlobHash;
use crate::ids::{LogId, RecordId};
use crate::log::Segment;

/// A version of the messages.
pub type Version = u16;

/// Version 1, November 2026: exchange of segments, checkpoint, mailbox with verdicts and
/// grants, records stream with `enters`, `leaves` and `stored`, reference stream, backfills.
pub const V1: Version = 1;

/// The oldest version this code speaks.
pub const VERSION_MIN: Version = V1;

/// The newest version this code speaks.
pub const VERSION_MAX: Version = V1;

/// What a device shows with each call.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The transport credential of the device: allows pushing.
    pub device: String,
    /// The session of the vault: allows news.
    pub session: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential")
    }
}

/// Where an upload stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// Bytes up to this offset are stored; continue here.
    At(u64),
    /// The whole photo is stored and its hash was verified.
    Complete,
}

/// The protocol. The client implements it over HTTP, the server in process; the tests put a
/// lossy link between them.
pub trait Protocol: Send + Sync {
    /// Exchanges a one-time code for the device's credential.
    fn enrol(
        &self,
        request: EnrolRequest,
    ) -> impl Future<Output = Result<EnrolResponse, WireError>> + Send;

    /// Signs an officer in; opens the log of a new vault.
    fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> impl Future<Output = Result<SignInResponse, WireError>> + Send;

    /// Pushes the outbox and pulls news.
    fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> impl Future<Output = Result<ExchangeResponse, WireError>> + Send;

    /// Announces a photo; gives where to continue, which is 0 for one never seen.
    fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> impl Future<Output = Result<UploadState, WireError>> + Send;

    /// Appends bytes at the offset; gives where to continue.
    fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> impl Future<Output = Result<UploadState, WireError>> + Send;

    /// The original bytes of a photo of a record that the vault may read.
    fn photo(
        &self,
        credential: &Credential,
        blob: BlobHash,
    ) -> impl Future<Output = Result<Vec<u8>, WireError>> + Send;

    /// Hands over what a locked phone has submitted: an age file of a CBOR
    /// [`Segment`](crate::log::Segment). Gives the signed checkpoint. The device's credential
    /// is enough.
    fn spool(
        &self,
        _credential: &Credential,
        _log: LogId,
        _sealed: Vec<u8>,
    ) -> impl Future<Output = Result<Vec<u8>, WireError>> + Send {
        std::future::ready(Err(WireError::refused(ErrorCode::NotFound)))
    }

    /// Hands over the tail of a log that has split, as evidence: kept, and never judged.
    fn evidence(
        &self,
        _credential: &Credential,
        _segment: Segment,
    ) -> impl Future<Output = Result<(), WireError>> + Send {
        std::future::ready(Err(WireError::refused(ErrorCode::NotFound)))
    }

    /// Asks for the key of a vault whose PIN was forgotten.
    fn recovery_begin(
        &self,
        _credential: &Credential,
        _request: RecoveryRequest,
    ) -> impl Future<Output = Result<RecoveryTicket, WireError>> + Send {
        std::future::ready(Err(WireError::refused(ErrorCode::NotFound)))
    }

    /// The answer to that, once a person has given it: an age file for the key of the request.
    fn recovery_fetch(
        &self,
        _credential: &Credential,
        _log: LogId,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, WireError>> + Send {
        std::future::ready(Err(WireError::refused(ErrorCode::NotFound)))
    }
}
