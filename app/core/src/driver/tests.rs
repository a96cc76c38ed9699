//! The loop, against a server that is away at first.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream;
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, Protocol,
    SignInRequest, SignInResponse, UploadState, WireError,
};

use super::Driver;
use crate::core::tests::{Device, PATEL, Server};
use crate::view::ConnectionState;

/// A server behind a switch.
struct Switched {
    server: Server,
    on: AtomicBool,
    panics: AtomicBool,
}

impl Switched {
    fn check(&self) -> Result<(), WireError> {
        if self.on.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(WireError::NoConnection)
        }
    }
}

impl Protocol for Switched {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.server.enrol(request).await
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.server.sign_in(credential, request).await
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        assert!(!self.panics.swap(false, Ordering::Relaxed), "as asked");
        self.check()?;
        Protocol::exchange(&self.server, credential, request).await
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.server
            .upload_begin(credential, record, blob, bytes)
            .await
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        self.server
            .upload_append(credential, blob, offset, chunk)
            .await
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.server.photo(credential, blob).await
    }
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_commit_sends_by_itself_and_a_person_cuts_a_wait_short() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let core = Arc::new(device.core.take().unwrap());
    let protocol = Arc::new(Switched {
        server,
        on: AtomicBool::new(false),
        panics: AtomicBool::new(false),
    });
    let driver = Driver::start(
        core.clone(),
        protocol.clone(),
        "credential".into(),
        stream::pending(),
    );
    until("a failure is shown with the next attempt", || {
        let connection = core.status().unwrap().connection;
        connection.state == ConnectionState::NoConnection && connection.next_try_at.is_some()
    })
    .await;
    protocol.on.store(true, Ordering::Relaxed);
    driver.try_now();
    until("connected", || {
        core.status().unwrap().connection.state == ConnectionState::Connected
    })
    .await;
    let draft = core.draft_new("note", None, None).unwrap().id;
    let words = [(
        "text".to_owned(),
        Some(crate::view::FieldValue::Text("Words".into())),
    )];
    core.draft_set(&draft, words.into_iter().collect(), None)
        .unwrap();
    core.draft_submit(&draft).unwrap();
    until("received", || {
        core.record(&draft).unwrap().row.delivery.code == "received"
    })
    .await;
    driver.stop();
}

#[tokio::test]
async fn a_panic_in_a_round_does_not_end_the_loop() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let core = Arc::new(device.core.take().unwrap());
    let protocol = Arc::new(Switched {
        server,
        on: AtomicBool::new(true),
        panics: AtomicBool::new(true),
    });
    let wakes = stream::pending();
    let driver = Driver::start(core.clone(), protocol, "credential".into(), wakes);
    until("connected", || {
        core.status().unwrap().connection.state == ConnectionState::Connected
    })
    .await;
    driver.stop();
}

/// A server that is busy at first and says for how long.
struct Busy {
    server: Server,
    asked: std::sync::Mutex<Vec<Instant>>,
}

const ASKED_FOR: Duration = Duration::from_millis(400);

impl Protocol for Busy {
    async fn enrol(&self, request: EnrolRequest) -> Result<EnrolResponse, WireError> {
        self.server.enrol(request).await
    }

    async fn sign_in(
        &self,
        credential: &Credential,
        request: SignInRequest,
    ) -> Result<SignInResponse, WireError> {
        self.server.sign_in(credential, request).await
    }

    async fn exchange(
        &self,
        credential: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        let first = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Instant::now());
            asked.len() == 1
        };
        if first {
            return Err(WireError::Refused {
                code: shared::wire::ErrorCode::Busy,
                retry_after_ms: u64::try_from(ASKED_FOR.as_millis()).ok(),
            });
        }
        Protocol::exchange(&self.server, credential, request).await
    }

    async fn upload_begin(
        &self,
        credential: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.server
            .upload_begin(credential, record, blob, bytes)
            .await
    }

    async fn upload_append(
        &self,
        credential: &Credential,
        blob: BlobHash,
        offset: u64,
        chunk: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        self.server
            .upload_append(credential, blob, offset, chunk)
            .await
    }

    async fn photo(&self, credential: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.server.photo(credential, blob).await
    }
}

#[tokio::test]
async fn what_a_busy_server_asks_for_is_kept_to_whoever_is_in_a_hurry() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let core = Arc::new(device.core.take().unwrap());
    let protocol = Arc::new(Busy {
        server,
        asked: std::sync::Mutex::default(),
    });
    let wakes = stream::pending();
    let driver = Driver::start(core.clone(), protocol.clone(), "credential".into(), wakes);
    until("the refusal is shown", || {
        core.status().unwrap().connection.next_try_at.is_some()
    })
    .await;
    assert_eq!(core.sending().unwrap().details.failures, 1);
    driver.try_now();
    until("connected", || {
        core.status().unwrap().connection.state == ConnectionState::Connected
    })
    .await;
    let asked = protocol.asked.lock().unwrap().clone();
    assert!(
        asked[1] - asked[0] >= ASKED_FOR,
        "{:?}",
        asked[1] - asked[0]
    );
    driver.stop();
}
