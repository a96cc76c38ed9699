//! Save, lock, reconnect, received: what a locked phone sends, and what it knows of it later.

use shared::hash::BlobHash;
use shared::ids::{LogId, RecordId};
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, ExchangeResponse,
    Protocol, SignInRequest, SignInResponse, UploadState, WireError,
};

use super::photos::picture;
use super::rig::*;
use super::server::Server;
use crate::spool::{SpoolOutcome, send_spool};

/// Sends the spool of a device whose vault is not open.
fn send(device: &Device, server: &Server) -> SpoolOutcome {
    let key = server.receipt_key();
    now(send_spool(device.spool(), server, "credential", &key))
}

/// Runs a future that never waits for anything but the fake server.
fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn parcels(device: &Device) -> usize {
    device.spool().parcels().unwrap().len()
}

#[test]
fn what_was_saved_before_the_lock_is_received_while_locked_and_shown_after_the_unlock() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device.submitted();
    device.core().add_to_record(&id, "More.").unwrap();
    device.core = None;
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
    assert_eq!(server.state().parcels, 2);
    // Once received it is not sent again.
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
    assert_eq!(server.state().parcels, 2);
    device.reopen();
    assert_eq!(device.delivery(&id), "sent");
    assert_eq!(device.core().status().unwrap().waiting_records, 0);
    assert_eq!(parcels(&device), 0);
    assert!(device.spool().receipts().unwrap().is_empty());
    device.sync(&server);
    assert_eq!(device.delivery(&id), "received");
}

#[test]
fn an_exchange_makes_parcels_superfluous() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    assert_eq!(parcels(&device), 1);
    device.sync(&server);
    assert_eq!(parcels(&device), 0);
    // What is written after that is sealed from there on.
    device.submitted();
    let parcel = device.spool().parcels().unwrap()[0];
    assert_eq!(
        parcel.first,
        device.core().received().unwrap().unwrap().next()
    );
}

#[test]
fn a_crash_before_the_parcel_is_made_up_for_at_the_next_unlock() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let first = device.submitted();
    let second = device.submitted();
    // As if the process had ended between the commit and the parcel.
    let lost = device.spool().parcels().unwrap();
    device.spool().remove(&lost[1]).unwrap();
    device.core = None;
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
    device.reopen();
    assert_eq!(device.delivery(&first), "sent");
    assert_eq!(device.delivery(&second), "saved");
    assert_eq!(parcels(&device), 1);
    device.core = None;
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
    device.reopen();
    assert_eq!(device.delivery(&second), "sent");
}

#[test]
fn a_parcel_that_is_missing_in_the_middle_is_made_again_and_nothing_is_skipped() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let ids = [(); 3].map(|()| device.submitted());
    let lost = device.spool().parcels().unwrap();
    device.spool().remove(&lost[0]).unwrap();
    device.core = None;
    // The server has nothing before it: only the open vault can help.
    assert!(matches!(send(&device, &server), SpoolOutcome::NeedsUnlock));
    device.reopen();
    device.core = None;
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
    device.reopen();
    for id in ids {
        assert_eq!(device.delivery(&id), "sent");
    }
}

#[test]
fn nothing_in_the_spool_can_be_read_on_the_device() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    device.submitted();
    let parcel = device.spool().parcels().unwrap()[0];
    let sealed = device.spool().read(&parcel).unwrap();
    let holds = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"Jordan");
    assert!(!holds(&sealed));
    assert!(holds(&server.unseal(&sealed)));
}

#[test]
fn a_receipt_that_is_forged_or_of_other_bytes_counts_for_nothing() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    let id = device.submitted();
    let key = server.receipt_key();
    let log = device.core().log();
    let parcel = device.spool().parcels().unwrap()[0];
    let sealed = device.spool().read(&parcel).unwrap();
    let mut forged = server.parcel(log, &sealed).unwrap();
    *forged.last_mut().unwrap() ^= 1;
    device.spool().put_receipt(log, &forged).unwrap();
    assert!(device.spool().received(&key).unwrap().is_empty());
    device.reopen();
    assert_eq!(device.delivery(&id), "saved");
    assert_eq!(parcels(&device), 1);
}

#[test]
fn a_server_that_refuses_is_asked_again_later_and_one_that_cannot_be_reached_costs_nothing() {
    let server = Server::new();
    let mut device = Device::new(PATEL, &server);
    device.submitted();
    device.core = None;
    let key = server.receipt_key();
    for error in [
        WireError::NoConnection,
        WireError::Silent,
        WireError::Refused {
            code: ErrorCode::Busy,
            retry_after_ms: Some(7000),
        },
    ] {
        let asked = matches!(&error, WireError::Refused { .. }).then_some(7000);
        let refusing = Refusing(error);
        let outcome = now(send_spool(device.spool(), &refusing, "credential", &key));
        let SpoolOutcome::Failed { retry_after_ms, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(retry_after_ms, asked);
        assert_eq!(parcels(&device), 1);
    }
    for code in [ErrorCode::Fork, ErrorCode::UnknownLog, ErrorCode::BadChain] {
        let refusing = Refusing(WireError::refused(code));
        let outcome = now(send_spool(device.spool(), &refusing, "credential", &key));
        assert!(matches!(outcome, SpoolOutcome::NeedsUnlock));
    }
    assert!(matches!(send(&device, &server), SpoolOutcome::Done));
}

#[test]
fn what_a_locked_device_cannot_send_is_said() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.draft();
    device
        .core()
        .photo_add(&id, "a.png", None, &picture(1))
        .unwrap();
    device.core().draft_submit(&id).unwrap();
    let left = device.spool().left();
    assert_eq!((left.entries, left.photos), (0, 1));
    assert_eq!(left.oldest, Some(NOON));
    device.sync(&server);
    let upload = device.core().next_upload().unwrap().unwrap();
    assert_eq!(upload.blob, BlobHash::of(&picture(1)));
    device.core().uploaded(&upload).unwrap();
    device.core().spool().unwrap();
    assert_eq!(device.spool().left(), crate::spool::Left::default());
}

/// A server that answers every parcel with this.
struct Refusing(WireError);

impl Protocol for Refusing {
    async fn enrol(&self, _: EnrolRequest) -> Result<EnrolResponse, WireError> {
        Err(self.0.clone())
    }

    async fn sign_in(&self, _: &Credential, _: SignInRequest) -> Result<SignInResponse, WireError> {
        Err(self.0.clone())
    }

    async fn exchange(
        &self,
        _: &Credential,
        _: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        Err(self.0.clone())
    }

    async fn upload_begin(
        &self,
        _: &Credential,
        _: RecordId,
        _: BlobHash,
        _: u64,
    ) -> Result<UploadState, WireError> {
        Err(self.0.clone())
    }

    async fn upload_append(
        &self,
        _: &Credential,
        _: BlobHash,
        _: u64,
        _: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        Err(self.0.clone())
    }

    async fn photo(&self, _: &Credential, _: BlobHash) -> Result<Vec<u8>, WireError> {
        Err(self.0.clone())
    }

    async fn spool(&self, _: &Credential, _: LogId, _: Vec<u8>) -> Result<Vec<u8>, WireError> {
        Err(self.0.clone())
    }
}
