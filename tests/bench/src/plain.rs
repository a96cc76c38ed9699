//! Exchanges over HTTP without TLS, for the ratio to a baseline that has none either.
//! Devices cannot do this; the bodies are theirs to the byte.

use reqwest::{Client, header};
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, Limits, MEDIA_TYPE,
    Protocol, SignInRequest, SignInResponse, UploadState, WireError, decode_body, encode_body,
};

/// A client of a server without TLS. It exchanges, and nothing else.
pub(crate) struct Plain {
    client: Client,
    url: String,
}

impl Plain {
    pub(crate) fn new(address: std::net::SocketAddr) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder().no_proxy().build()?,
            url: format!("http://{address}/api/v1/exchange"),
        })
    }
}

impl Protocol for Plain {
    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let lost = |_| WireError::NoConnection;
        let mut asked = self.client.post(&self.url).bearer_auth(&credential.device);
        if let Some(session) = &credential.session {
            asked = asked.header("beatbook-session", session);
        }
        let asked = asked
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .body(encode_body(&request));
        let answer = asked
            .send()
            .await
            .map_err(lost)?
            .error_for_status()
            .map_err(lost)?;
        let body = answer.bytes().await.map_err(lost)?;
        decode_body(&body, Limits::RESPONSE).map_err(|_| WireError::Garbled)
    }

    async fn enrol(&self, _: EnrolRequest) -> Result<EnrolResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn sign_in(&self, _: &Credential, _: SignInRequest) -> Result<SignInResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn upload_begin(
        &self,
        _: &Credential,
        _: RecordId,
        _: BlobHash,
        _: u64,
    ) -> Result<UploadState, WireError> {
        Err(WireError::NoConnection)
    }

    async fn upload_append(
        &self,
        _: &Credential,
        _: BlobHash,
        _: u64,
        _: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        Err(WireError::NoConnection)
    }

    async fn photo(&self, _: &Credential, _: BlobHash) -> Result<Vec<u8>, WireError> {
        Err(WireError::NoConnection)
    }
}
