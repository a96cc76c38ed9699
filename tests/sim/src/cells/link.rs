//! The protocol over such a connection: requests and answers of HTTPS as the app makes them.

use std::sync::{Arc, Mutex, PoisonError};

use app_core::core::Core;
use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::log::Segment;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse, Limits,
    Protocol, SignInRequest, SignInResponse, UploadState, WireError, decode_body, encode_body,
};
use sync_server::service::Server;

use super::way::{Broken, Way};

/// Bytes of the headers of a request and of an answer.
const REQUEST: u64 = 350;
const ANSWER: u64 = 250;
/// What TLS adds to each record of at most so many bytes.
const RECORD: u64 = 22;
const RECORD_BYTES: u64 = 16 * 1024;
/// How long an answer is waited for, and how long the rest of one (`app_core::http`).
const SILENCE_MS: i64 = 30_000;
/// The slowest link that is waited for, in bytes a second (`app_core::http`).
const SLOWEST: u64 = 512;
/// Bytes of a piece for which an upload waits at most (`app_core::sync`).
const PIECE: u64 = 16 * 1024;

/// What was sent of photos.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pieces {
    /// Bytes in all of the pieces that broke.
    pub(super) broken: u64,
    /// Bytes of all pieces that were begun.
    pub(super) begun: u64,
}

/// A device's calls.
pub(super) struct Calls {
    pub(super) server: Arc<Server>,
    pub(super) way: Way,
    pub(super) pieces: Mutex<Pieces>,
}

impl Calls {
    /// Makes a call whose request has a body of so many bytes.
    fn call<T>(
        &self,
        body: u64,
        act: impl FnOnce(&Server) -> Result<(T, u64), WireError>,
    ) -> Result<T, WireError> {
        self.request(body, body).1?;
        let (answer, bytes) = match act(&self.server) {
            Ok(answer) => answer,
            Err(refused) => {
                self.answer(0)?;
                return Err(refused);
            }
        };
        self.answer(bytes)?;
        Ok(answer)
    }

    /// True if the live channel opens: it shows that the server is back.
    pub(super) fn listens(&self) -> bool {
        self.request(0, 0).1.is_ok() && self.answer(0).is_ok()
    }

    /// Takes a request there; gives how much of its body arrived.
    fn request(&self, body: u64, waited_for: u64) -> (u64, Result<(), WireError>) {
        let patience = SILENCE_MS + i64::try_from(waited_for / SLOWEST * 1_000).unwrap_or(0);
        let (arrived, done) = self.way.carry(sealed(REQUEST + body), patience);
        let of_body = arrived.saturating_sub(REQUEST + RECORD).min(body);
        (of_body, done.map_err(failed))
    }

    fn answer(&self, body: u64) -> Result<(), WireError> {
        // Each part of it may take so long.
        let rest = i64::try_from(body / SLOWEST * 1_000).unwrap_or(0);
        let (_, done) = self.way.carry(sealed(ANSWER + body), SILENCE_MS + rest);
        done.map_err(failed)
    }

    pub(super) fn pieces(&self) -> Pieces {
        *self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a piece of a photo.
    fn piece(&self, of: usize, broke: bool) {
        let of = u64::try_from(of).unwrap_or(0);
        let mut told = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        told.begun += of;
        told.broken += if broke { of } else { 0 };
    }
}

fn sealed(bytes: u64) -> u64 {
    bytes + bytes.div_ceil(RECORD_BYTES) * RECORD
}

const fn failed(broken: Broken) -> WireError {
    match broken {
        Broken::Gone => WireError::NoConnection,
        Broken::Silent => WireError::Silent,
    }
}

fn refused<T>(_: T) -> WireError {
    WireError::refused(ErrorCode::BadBody)
}

impl Protocol for Calls {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.call(100, |server| Ok((server.enrol(request)?, 300)))
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.call(300, |server| {
            Ok((server.sign_in(credential, request)?, 300))
        })
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let body = encode_body(&request);
        let bytes = u64::try_from(body.len()).unwrap_or(0);
        let answer = self.call(bytes, |server| {
            let request = decode_body(&body, Limits::REQUEST).map_err(refused)?;
            let answer = encode_body(&server.exchange(credential, request)?);
            // The judge works beside it.
            while server.judge_next().unwrap_or(false) {}
            let bytes = u64::try_from(answer.len()).unwrap_or(0);
            Ok((answer, bytes))
        })?;
        decode_body(&answer, Limits::RESPONSE).map_err(|_| WireError::Garbled)
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.call(0, |server| {
            Ok((server.upload_begin(credential, record, blob, bytes)?, 0))
        })
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        let bytes = u64::try_from(chunk.len()).unwrap_or(0);
        let (arrived, done) = self.request(bytes, bytes.min(PIECE));
        let here = usize::try_from(arrived).unwrap_or(0).min(chunk.len());
        // The server keeps what arrives of a piece, as it comes.
        let stands = match here {
            0 => Err(WireError::Silent),
            _ => self
                .server
                .upload_append(credential, blob, offset, &chunk[..here]),
        };
        self.piece(chunk.len(), done.is_err());
        done?;
        self.answer(0)?;
        let stands = stands?;
        // Then it is asked where it stands.
        self.call(0, |_| Ok((stands, 0)))
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.call(0, |server| {
            let bytes = server.photo(credential, blob)?.bytes;
            let length = u64::try_from(bytes.len()).unwrap_or(0);
            Ok((bytes, length))
        })
    }

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        let bytes = u64::try_from(sealed.len()).unwrap_or(0);
        self.call(bytes, |server| {
            let answer = server.spool(credential, log, &sealed)?;
            let bytes = u64::try_from(answer.len()).unwrap_or(0);
            Ok((answer, bytes))
        })
    }

    async fn evidence(&self, credential: &Credential, segment: Segment) -> Result<(), WireError> {
        self.call(0, |server| Ok((server.evidence(credential, segment)?, 0)))
    }
}

/// True if the device has nothing left to send.
pub(super) fn is_drained(core: &Core) -> bool {
    let waiting = core.outbox();
    waiting.is_ok_and(|it| it.entries == 0 && it.photos == 0)
}
