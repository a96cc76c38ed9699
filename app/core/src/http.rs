//! The protocol over HTTPS. The one module that names the HTTP client.
//!
//! Only the server this device was enrolled with is talked to: its certificate is pinned, and
//! no other authority counts.

mod live;
mod pin;
mod sealed;
mod upload;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::log::Segment;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse, Limits,
    MEDIA_TYPE, Protocol, RecoveryRequest, RecoveryTicket, SignInRequest, SignInResponse,
    UploadState, WireError, decode_body, encode_body,
};

pub use live::LiveEvent;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the other end may be silent, before an answer and within it. There is no limit on
/// the whole: at 9.6 kbit/s a photo takes minutes and is still moving.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
/// The slowest link that is waited for, in bytes a second.
const SLOWEST: u64 = 512;
/// The header that carries the vault's session.
const SESSION_HEADER: &str = "beatbook-session";
/// The largest answer in JSON.
const JSON_MAX: usize = 64 * 1024;

/// Why a link to enrol with is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment link")]
pub struct BadLink;

/// What an enrolment link says.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolLink {
    /// The server's address.
    pub server: String,
    /// The one-time code.
    pub code: String,
    /// SHA-256 of the server's certificate.
    pub pin: [u8; 32],
}

impl EnrolLink {
    /// Reads `beatbook://enrol?server=…&code=…&pin=…`.
    pub fn parse(text: &str) -> Result<Self, BadLink> {
        let url = reqwest::Url::parse(text.trim()).map_err(|_| BadLink)?;
        if url.scheme() != "beatbook" || url.host_str() != Some("enrol") {
            return Err(BadLink);
        }
        let value = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let server = value("server").ok_or(BadLink)?;
        let address = reqwest::Url::parse(&server).map_err(|_| BadLink)?;
        if address.scheme() != "https" {
            return Err(BadLink);
        }
        let pin = URL_SAFE_NO_PAD
            .decode(value("pin").ok_or(BadLink)?)
            .map_err(|_| BadLink)?;
        Ok(Self {
            server: server.trim_end_matches('/').to_owned(),
            code: value("code").ok_or(BadLink)?,
            pin: pin.try_into().map_err(|_| BadLink)?,
        })
    }
}

/// A client of one server.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Arc<RwLock<Client>>,
    pin: [u8; 32],
    base: String,
}

impl HttpClient {
    /// A client that accepts the one certificate with this SHA-256.
    pub fn new(server: &str, pin: [u8; 32]) -> Result<Self, WireError> {
        Ok(Self {
            client: Arc::new(RwLock::new(connections(pin)?)),
            pin,
            base: format!("{}/api/v1", server.trim_end_matches('/')),
        })
    }

    fn client(&self) -> Client {
        let client = self.client.read();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Leaves the connections behind if this was silence. HTTP/2 sends everything over one, and
    /// goes on using it where the link has forgotten it and neither end was told.
    fn heard<T>(&self, outcome: Result<T, WireError>) -> Result<T, WireError> {
        outcome.inspect_err(|error| {
            if let WireError::Silent = error
                && let Ok(fresh) = connections(self.pin)
            {
                let client = self.client.write();
                *client.unwrap_or_else(PoisonError::into_inner) = fresh;
            }
        })
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client().post(format!("{}{path}", self.base))
    }

    /// Sends a request with a body of so many bytes, and waits for the answer to begin.
    async fn answer(&self, request: RequestBuilder, bytes: usize) -> Result<Response, WireError> {
        let answer = tokio::time::timeout(patience(bytes), request.send()).await;
        let answer = answer.map_err(|_| WireError::Silent);
        self.heard(answer.and_then(|answer| answer.map_err(classify)))
    }

    /// Sends, and turns every outcome but success into an error.
    async fn send(&self, request: RequestBuilder, bytes: usize) -> Result<Response, WireError> {
        let response = self.answer(request, bytes).await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(refusal(response).await)
        }
    }

    /// Reads a body, never more than the limit.
    async fn read(&self, response: Response, limit: usize) -> Result<Vec<u8>, WireError> {
        self.heard(read_capped(response, limit).await)
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, WireError> {
        let response = self.send(request, 0).await?;
        let body = self.read(response, JSON_MAX).await?;
        serde_json::from_slice(&body).map_err(|_| WireError::Garbled)
    }
}

/// Connections to a server with this certificate; none is open yet.
fn connections(pin: [u8; 32]) -> Result<Client, WireError> {
    Client::builder()
        .tls_backend_preconfigured(pin::config(pin).ok_or(WireError::WrongServer)?)
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_keepalive(Duration::from_secs(15))
        .no_proxy()
        .build()
        .map_err(|_| WireError::WrongServer)
}

/// Adds what the device shows with each call.
fn with(credential: &Credential, request: RequestBuilder) -> RequestBuilder {
    let request = request.bearer_auth(&credential.device);
    match &credential.session {
        Some(session) => request.header(SESSION_HEADER, session),
        None => request,
    }
}

/// How long an answer is waited for, with the time that a request of so many bytes may take to
/// get there. A limit that begins with the first byte, as the client's own does, would cut off
/// every large request on a slow link, again and again.
const fn patience(bytes: usize) -> Duration {
    SILENCE_TIMEOUT.saturating_add(Duration::from_secs(bytes as u64 / SLOWEST))
}

/// A failure to get an answer.
fn classify(error: reqwest::Error) -> WireError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(current) = cause {
        if let Some(tls) = find_tls(current) {
            return match tls {
                rustls::Error::InvalidCertificate(_) => WireError::WrongServer,
                _ => WireError::NoConnection,
            };
        }
        cause = current.source();
    }
    if error.is_timeout() && !error.is_connect() {
        WireError::Silent
    } else if error.is_decode() || error.is_body() {
        WireError::Garbled
    } else {
        WireError::NoConnection
    }
}

/// TLS errors arrive wrapped in an I/O error.
fn find_tls<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref::<rustls::Error>().or_else(|| {
        error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    })
}

#[derive(Deserialize)]
struct ProblemDocument {
    code: String,
}

/// The server's refusal, by its problem document or, failing that, by its status.
async fn refusal(response: Response) -> WireError {
    let status = response.status();
    let retry_after_ms = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .map(|seconds| seconds.min(3600) * 1000);
    let body = read_capped(response, JSON_MAX).await.unwrap_or_default();
    let code = serde_json::from_slice::<ProblemDocument>(&body)
        .ok()
        .and_then(|problem| ErrorCode::parse(&problem.code));
    match code {
        Some(code) => WireError::Refused {
            code,
            retry_after_ms,
        },
        // A proxy on the way answers for a server it cannot reach.
        None if status == StatusCode::SERVICE_UNAVAILABLE || status.is_server_error() => {
            WireError::Refused {
                code: ErrorCode::Busy,
                retry_after_ms,
            }
        }
        None => WireError::Garbled,
    }
}

/// Reads a body, never more than the limit.
async fn read_capped(mut response: Response, limit: usize) -> Result<Vec<u8>, WireError> {
    let mut body = Vec::new();
    loop {
        let chunk = tokio::time::timeout(SILENCE_TIMEOUT, response.chunk()).await;
        let chunk = chunk.map_err(|_| WireError::Silent)?.map_err(classify)?;
        let Some(chunk) = chunk else {
            return Ok(body);
        };
        if body.len() + chunk.len() > limit {
            return Err(WireError::Garbled);
        }
        body.extend_from_slice(&chunk);
    }
}

impl Protocol for HttpClient {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.json(self.post("/enrol").json(&request)).await
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.json(with(credential, self.post("/sign-in")).json(&request))
            .await
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let body = encode_body(&request);
        let bytes = body.len();
        let request = with(credential, self.post("/exchange"))
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .body(body);
        let response = self.send(request, bytes).await?;
        let body = self.read(response, Limits::RESPONSE.compressed).await?;
        decode_body(&body, Limits::RESPONSE).map_err(|_| WireError::Garbled)
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.begin(credential, record, blob, bytes).await
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        self.append(credential, blob, offset, chunk).await
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        let request = self.client().get(format!("{}/photos/{blob}", self.base));
        let response = self.send(with(credential, request), 0).await?;
        self.read(response, crate::photo::MAX_BYTES).await
    }

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        self.send_parcel(credential, log, sealed).await
    }

    async fn evidence(&self, credential: &Credential, segment: Segment) -> Result<(), WireError> {
        self.send_evidence(credential, &segment).await
    }

    async fn recovery_begin(
        &self,
        credential: &Credential,
        request: RecoveryRequest,
    ) -> Result<RecoveryTicket, WireError> {
        self.ask_for_key(credential, &request).await
    }

    async fn recovery_fetch(
        &self,
        credential: &Credential,
        log: LogId,
    ) -> Result<Option<Vec<u8>>, WireError> {
        self.fetch_key(credential, log).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_push_has_the_time_it_takes_on_the_slowest_link() {
        for bytes in [256 << 10, 2 << 20] {
            assert!(patience(bytes) > Duration::from_secs(bytes as u64 * 8 / 9600));
        }
        assert_eq!(patience(0), SILENCE_TIMEOUT);
    }

    #[test]
    fn an_enrolment_link_reads_and_a_bad_one_is_refused() {
        let pin = URL_SAFE_NO_PAD.encode([9; 32]);
        let link =
            format!("beatbook://enrol?server=https%3A%2F%2Flocalhost%3A8443&code=AB-12&pin={pin}");
        let read = EnrolLink::parse(&link);
        assert!(matches!(&read, Ok(l) if l.server == "https://localhost:8443" && l.pin == [9; 32]));
        for bad in [
            "https://localhost",
            "beatbook://enrol",
            &link.replace("https", "http"),
            &link.replace(&pin, "AAAA"),
        ] {
            assert!(EnrolLink::parse(bad).is_err(), "{bad}");
        }
    }
}
