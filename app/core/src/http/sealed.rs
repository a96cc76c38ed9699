//! Parcels, evidence and forgotten PINs: what goes beside exchanges.

use reqwest::{StatusCode, header};
use shared::ids::LogId;
use shared::log::Segment;
use shared::wire::{
    Credential, MEDIA_TYPE, RecoveryRequest, RecoveryTicket, WireError, encode_body,
};

use super::{HttpClient, with};

const BYTES: &str = "application/octet-stream";
/// A signed receipt, and an answer with a key in it, are a few hundred bytes.
const SMALL: usize = 16 * 1024;

impl HttpClient {
    pub(super) async fn send_parcel(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        let bytes = sealed.len();
        let request = with(credential, self.post(&format!("/spool/{log}")))
            .header(header::CONTENT_TYPE, BYTES)
            .body(sealed);
        let response = self.send(request, bytes).await?;
        self.read(response, SMALL).await
    }

    pub(super) async fn send_evidence(
        &self,
        credential: &Credential,
        segment: &Segment,
    ) -> Result<(), WireError> {
        let body = encode_body(segment);
        let bytes = body.len();
        let path = format!("/evidence/{}", segment.log);
        let request = with(credential, self.post(&path))
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .body(body);
        self.send(request, bytes).await.map(|_| ())
    }

    pub(super) async fn ask_for_key(
        &self,
        credential: &Credential,
        request: &RecoveryRequest,
    ) -> Result<RecoveryTicket, WireError> {
        self.json(with(credential, self.post("/recovery")).json(request))
            .await
    }

    pub(super) async fn fetch_key(
        &self,
        credential: &Credential,
        log: LogId,
    ) -> Result<Option<Vec<u8>>, WireError> {
        let request = self.client().get(format!("{}/recovery/{log}", self.base));
        let response = self.send(with(credential, request), 0).await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        self.read(response, SMALL).await.map(Some)
    }
}
