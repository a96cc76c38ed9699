//! A photo goes in pieces, and what is written meanwhile does not wait for its end.

use std::sync::Mutex;

use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{
    Credential, EnrolRequest, EnrolResponse, ExchangeRequest, ExchangeResponse, Protocol,
    SignInRequest, SignInResponse, UploadState, WireError,
};

use super::rig::*;
use super::server::Server;
use crate::sync::{PIECE_MIN, SyncOutcome, sync_once};

/// Bytes that no picture's compression makes smaller.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let image = image::RgbImage::from_fn(256, 128, |_, _| {
        image::Rgb([0; 3].map(|_: u8| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }))
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// What was asked of the server.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Words,
    Piece(usize),
}

/// A server, and an officer who submits a record while the first piece is under way.
struct Meanwhile<'a> {
    server: &'a Server,
    device: &'a Device,
    asked: Mutex<Vec<Asked>>,
}

impl Meanwhile<'_> {
    fn ask(&self, asked: Asked) {
        self.asked.lock().unwrap().push(asked);
    }
}

impl Protocol for Meanwhile<'_> {
    async fn enrol(&self, _: EnrolRequest) -> Result<EnrolResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn sign_in(&self, _: &Credential, _: SignInRequest) -> Result<SignInResponse, WireError> {
        Err(WireError::NoConnection)
    }

    async fn exchange(
        &self,
        _: &Credential,
        request: ExchangeRequest,
    ) -> Result<ExchangeResponse, WireError> {
        self.ask(Asked::Words);
        self.server.exchange(request)
    }

    async fn upload_begin(
        &self,
        who: &Credential,
        record: RecordId,
        blob: BlobHash,
        bytes: u64,
    ) -> Result<UploadState, WireError> {
        self.server.upload_begin(who, record, blob, bytes).await
    }

    async fn upload_append(
        &self,
        who: &Credential,
        blob: BlobHash,
        offset: u64,
        piece: Vec<u8>,
    ) -> Result<UploadState, WireError> {
        if offset == 0 {
            self.device.submitted();
        }
        self.ask(Asked::Piece(piece.len()));
        self.server.upload_append(who, blob, offset, piece).await
    }

    async fn photo(&self, who: &Credential, blob: BlobHash) -> Result<Vec<u8>, WireError> {
        self.server.photo(who, blob).await
    }
}

#[tokio::test]
async fn words_written_during_an_upload_go_before_its_next_piece() {
    let server = Server::new();
    let device = Device::new(PATEL, &server);
    let id = device.draft();
    let bytes = noise();
    device.core().photo_add(&id, "a.png", None, &bytes).unwrap();
    device.core().draft_submit(&id).unwrap();
    device.sync(&server);
    let link = Meanwhile {
        server: &server,
        device: &device,
        asked: Mutex::default(),
    };
    let who = Credential {
        device: "d".into(),
        session: Some("s".into()),
    };
    let outcome = sync_once(device.core(), &link, &who).await;
    assert!(matches!(outcome, SyncOutcome::Idle), "{outcome:?}");
    assert_eq!(server.state().blobs[&BlobHash::of(&bytes)], bytes);
    let asked = link.asked.into_inner().unwrap();
    let first = asked
        .iter()
        .position(|it| *it == Asked::Piece(PIECE_MIN))
        .unwrap();
    assert_eq!(asked[first + 1], Asked::Words, "{asked:?}");
    // Here no piece takes time, so that the next is twice as large.
    let second = asked[first + 2..]
        .iter()
        .find(|it| matches!(it, Asked::Piece(_)));
    assert_eq!(second, Some(&Asked::Piece(2 * PIECE_MIN)), "{asked:?}");
}
