//! The network: it loses requests and answers, sends twice, garbles, and goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse, Limits,
    Protocol, SignInRequest, SignInResponse, UploadState, WireError, decode_body, encode_body,
};
use sync_server::service::Server;

use crate::clock::Timeline;
use crate::dice::Dice;

/// How bad the network is: chances in a hundred for each call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weather {
    /// The request never arrives.
    pub lose_request: u64,
    /// The request arrives and its answer does not.
    pub lose_answer: u64,
    /// The request arrives twice.
    pub twice: u64,
    /// A byte of the request is changed.
    pub garble: u64,
    /// The answer arrives cut short.
    pub cut: u64,
    /// The server says that it is busy.
    pub busy: u64,
}

impl Weather {
    /// Nothing goes wrong.
    pub const CLEAR: Self = Self {
        lose_request: 0,
        lose_answer: 0,
        twice: 0,
        garble: 0,
        cut: 0,
        busy: 0,
    };
    /// Everything does, now and then.
    pub const STORM: Self = Self {
        lose_request: 12,
        lose_answer: 12,
        twice: 10,
        garble: 5,
        cut: 5,
        busy: 5,
    };
}

/// Which faults really struck; a run in which none did proves nothing.
#[derive(Debug, Default)]
pub struct Fired {
    /// Requests lost.
    pub lost_request: AtomicU64,
    /// Answers lost.
    pub lost_answer: AtomicU64,
    /// Requests that arrived twice.
    pub twice: AtomicU64,
    /// Requests garbled.
    pub garbled: AtomicU64,
    /// Answers cut short.
    pub cut: AtomicU64,
    /// Answers of a busy server.
    pub busy: AtomicU64,
}

/// One device's way to the server, at this moment.
pub struct Link {
    /// The server's process, while it runs and there is a network.
    pub server: Option<Arc<Server>>,
    /// How bad it is.
    pub weather: Weather,
    /// Chance.
    pub dice: Dice,
    /// Time, which each call takes some of.
    pub timeline: Timeline,
    /// What struck.
    pub fired: Arc<Fired>,
}

impl Link {
    /// Makes a call of the server, or has the weather answer.
    fn call<T>(&self, act: impl Fn(&Server) -> Result<T, WireError>) -> Result<T, WireError> {
        let latency = 10 + self.dice.below(400);
        self.timeline.pass(i64::try_from(latency).unwrap_or(0));
        let Some(server) = &self.server else {
            return Err(WireError::NoConnection);
        };
        if self.strikes(self.weather.lose_request, &self.fired.lost_request) {
            return Err(WireError::NoConnection);
        }
        if self.strikes(self.weather.busy, &self.fired.busy) {
            let code = ErrorCode::Busy;
            return Err(WireError::Refused {
                code,
                retry_after_ms: Some(2_000),
            });
        }
        let mut answer = act(server);
        if self.strikes(self.weather.twice, &self.fired.twice) {
            answer = act(server);
        }
        if self.strikes(self.weather.lose_answer, &self.fired.lost_answer) {
            return Err(WireError::Silent);
        }
        if self.strikes(self.weather.cut, &self.fired.cut) {
            return Err(WireError::Garbled);
        }
        answer
    }

    fn strikes(&self, chance: u64, counter: &AtomicU64) -> bool {
        let strikes = self.dice.percent(chance);
        if strikes {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        strikes
    }

    /// Sends the request through the real codec, with a byte changed when the weather says so.
    fn carry(&self, request: &ExchangeRequest) -> Result<ExchangeRequest, WireError> {
        let mut body = encode_body(request);
        if self.strikes(self.weather.garble, &self.fired.garbled) {
            let at = self.dice.below(u64::try_from(body.len()).unwrap_or(1));
            body[usize::try_from(at).unwrap_or(0)] ^= 1 << self.dice.below(8);
        }
        decode_body(&body, Limits::REQUEST).map_err(|_| WireError::refused(ErrorCode::BadBody))
    }
}

impl Protocol for Link {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.call(|server| server.enrol(request.clone()))
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.call(|server| server.sign_in(credential, request.clone()))
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let answer = self.call(|server| server.exchange(credential, self.carry(&request)?))?;
        decode_body(&encode_body(&answer), Limits::RESPONSE).map_err(|_| WireError::Garbled)
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.call(|server| server.upload_begin(credential, record, blob, bytes))
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        self.call(|server| server.upload_append(credential, blob, offset, &chunk))
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.call(|server| server.photo(credential, blob))
            .map(|photo| photo.bytes)
    }
}
