//! The protocol is the methods of [`Server`]: calls in process need no network.

use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::log::Segment;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, Protocol,
    RecoveryRequest, RecoveryTicket, SignInRequest, SignInResponse, UploadState, WireError,
};

use super::Server;

impl Protocol for Server {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        Server::enrol(self, request)
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        Server::sign_in(self, credential, request)
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        Server::exchange(self, credential, request)
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        Server::upload_begin(self, credential, record, blob, bytes)
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        Server::upload_append(self, credential, blob, offset, &chunk)
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        Server::photo(self, credential, blob).map(|photo| photo.bytes)
    }

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        Server::spool(self, credential, log, &sealed)
    }

    async fn evidence(&self, credential: &Credential, segment: Segment) -> Result<(), WireError> {
        Server::evidence(self, credential, segment)
    }

    async fn recovery_begin(
        &self,
        credential: &Credential,
        request: RecoveryRequest,
    ) -> Result<RecoveryTicket, WireError> {
        Server::recovery_begin(self, credential, request)
    }

    async fn recovery_fetch(
        &self,
        credential: &Credential,
        log: LogId,
    ) -> Result<Option<Vec<u8>>, WireError> {
        Server::recovery_fetch(self, credential, log)
    }
}
