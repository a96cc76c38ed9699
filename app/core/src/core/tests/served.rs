//! The test server as the protocol.

use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::log::Segment;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse,
    Protocol, SignInRequest, SignInResponse, UploadState, WireError,
};

use super::server::Server;

impl Protocol for Server {
    async fn enrol(&self, _: EnrolRequest) -> Result<EnrolResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn sign_in(&self, _: &Credential, _: SignInRequest) -> Result<SignInResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn evidence(&self, _: &Credential, segment: Segment) -> Result<(), WireError> {
        self.state().evidence.push(segment);
        Ok(())
    }

    async fn exchange(
        &self,
        _: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        Self::exchange(self, request)
    }

    async fn upload_begin(
        &self,
        _: &Credential,
        _: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        let mut state = self.state();
        let have = state.blobs.entry(blob).or_default().len() as u64;
        Ok(if have == bytes {
            UploadState::Complete
        } else {
            UploadState::At(have)
        })
    }

    async fn upload_append(
        &self,
        _: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        let mut state = self.state();
        let stored = state.blobs.get_mut(&blob).unwrap();
        if stored.len() as u64 != offset {
            return Err(WireError::refused(ErrorCode::BadOffset));
        }
        stored.extend(chunk);
        let whole = BlobHash::of(stored) == blob;
        let length = stored.len() as u64;
        Ok(if whole {
            UploadState::Complete
        } else {
            UploadState::At(length)
        })
    }

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        assert_eq!(credential.session, None, "a locked phone has no session");
        self.parcel(log, &sealed)
    }

    async fn photo(&self, _: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        let found = self.state().blobs.get(&blob).cloned();
        found.ok_or(WireError::refused(ErrorCode::PhotoNotHere))
    }
}
