//! The network: it loses, doubles, delays, garbles and cuts, and goes away.

use std::sync::{Arc, Mutex, PoisonError};

use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::log::Segment;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse, Limits,
    Protocol, SignInRequest, SignInResponse, UploadState, VERSION_MIN, WireError, decode_body,
    encode_body,
};
use sync_server::service::Server;
use vfs::Disk;

use crate::clock::Timeline;
use crate::dice::Dice;
use crate::fault::{Climate, Fault, Struck};

/// Bytes of news for which there is room in a narrow answer.
const NARROW: u64 = 2_000;

/// What of a device's calls is still on its way somewhere.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Mutex<OnWire>>);

#[derive(Debug, Default)]
struct OnWire {
    request: Option<(Credential, ExchangeRequest)>,
    answer: Option<Vec<u8>>,
    last: (usize, usize),
}

impl Wire {
    fn with<T>(&self, act: impl FnOnce(&mut OnWire) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// No answer is on its way any more.
    pub fn clear(&self) {
        self.with(|wire| wire.answer = None);
    }

    /// Bytes of the last exchange, up and down.
    pub fn last(&self) -> (usize, usize) {
        self.with(|wire| wire.last)
    }
}

/// One device's way to the server, at this moment.
pub struct Link {
    /// The server's process, while it runs and there is a network.
    pub server: Option<Arc<Server>>,
    /// Its disk: a process whose power has gone answers nobody.
    pub disk: Disk,
    /// How bad it is.
    pub climate: Climate,
    /// Chance.
    pub dice: Dice,
    /// Time, which each call takes some of.
    pub timeline: Timeline,
    /// What struck.
    pub struck: Struck,
    /// What is on the way.
    pub wire: Wire,
    /// The app speaks an older version of the protocol than the server gives news in.
    pub old: bool,
}

impl Link {
    /// Makes a call of the server, or has the network answer.
    fn call<T>(&self, act: impl Fn(&Server) -> Result<T, WireError>) -> Result<T, WireError> {
        let latency = 10 + self.dice.below(400);
        self.timeline.pass(i64::try_from(latency).unwrap_or(0));
        let server = self.server.as_ref().filter(|_| !self.disk.is_off());
        let Some(server) = server else {
            return Err(WireError::NoConnection);
        };
        if self.strikes(Fault::RequestLost) {
            return Err(WireError::NoConnection);
        }
        if self.strikes(Fault::Busy) {
            let code = ErrorCode::Busy;
            return Err(WireError::Refused {
                code,
                retry_after_ms: Some(2_000),
            });
        }
        let mut answer = act(server);
        if self.strikes(Fault::RequestTwice) {
            answer = act(server);
        }
        if self.disk.is_off() || self.strikes(Fault::AnswerLost) {
            return Err(WireError::Silent);
        }
        if self.strikes(Fault::AnswerCut) {
            return Err(WireError::Garbled);
        }
        answer
    }

    fn strikes(&self, fault: Fault) -> bool {
        let strikes = self.dice.percent(self.climate.of(fault));
        if strikes {
            self.struck.hit(fault);
        }
        strikes
    }

    /// Takes a request through the real codec to the server, and the answer's bytes back.
    fn carry(
        &self,
        server: &Server,
        credential: &Credential,
        request: &ExchangeRequest,
    ) -> Result<Vec<u8>, WireError> {
        let late = self.wire.with(|wire| wire.request.take());
        if let Some((credential, request)) = late.filter(|_| self.strikes(Fault::RequestLate)) {
            // Whatever it is answered, nobody hears it.
            let _ = server.exchange(&credential, request);
        }
        let mut body = encode_body(request);
        let bytes = body.len();
        if self.strikes(Fault::RequestGarbled) {
            self.garble(&mut body);
        }
        let request: ExchangeRequest = decode_body(&body, Limits::REQUEST)
            .map_err(|_| WireError::refused(ErrorCode::BadBody))?;
        self.wire
            .with(|wire| wire.request = Some((credential.clone(), request.clone())));
        let answer = encode_body(&server.exchange(credential, request)?);
        self.wire.with(|wire| wire.last = (bytes, answer.len()));
        Ok(answer)
    }

    fn garble(&self, body: &mut [u8]) {
        let at = self.dice.below(u64::try_from(body.len()).unwrap_or(1));
        if let Some(byte) = body.get_mut(usize::try_from(at).unwrap_or(0)) {
            *byte ^= 1 << self.dice.below(8);
        }
    }

    /// What arrives of an answer.
    fn arrives(&self, answer: Vec<u8>) -> Vec<u8> {
        let older = self.wire.with(|wire| wire.answer.replace(answer.clone()));
        if let Some(older) = older
            && self.strikes(Fault::AnswerStale)
        {
            return older;
        }
        let mut answer = answer;
        if self.strikes(Fault::AnswerGarbled) {
            self.garble(&mut answer);
        }
        answer
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
        mut request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        if self.old {
            request.version = VERSION_MIN - 1;
            request.oldest = VERSION_MIN - 1;
        }
        if self.strikes(Fault::Narrow) {
            request.budget = u32::try_from(self.dice.below(NARROW)).unwrap_or(0);
        }
        let answer = self.call(|server| self.carry(server, credential, &request))?;
        decode_body(&self.arrives(answer), Limits::RESPONSE).map_err(|_| WireError::Garbled)
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

    async fn spool(
        &self,
        credential: &Credential,
        log: LogId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, WireError> {
        self.call(|server| server.spool(credential, log, &sealed))
    }

    async fn evidence(&self, credential: &Credential, segment: Segment) -> Result<(), WireError> {
        self.call(|server| server.evidence(credential, segment.clone()))
    }
}
