//! Photos: uploads that resume, and who sees them when.

use shared::doc::{Edit, PhotoMeta};
use shared::hash::BlobHash;
use shared::ids::{PhotoId, RecordId};
use shared::time::UnixMs;
use shared::wire::{ErrorCode, FeedEvent, UploadState, WireError};

use super::kit::{PASSWORD, Rec, Vault, World};

fn code(result: Result<impl Sized, WireError>) -> ErrorCode {
    match result {
        Err(WireError::Refused { code, .. }) => code,
        _ => panic!("not refused"),
    }
}

/// A small picture, and its name.
fn picture() -> (Vec<u8>, BlobHash) {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_fn(64, 32, |x, y| image::Rgb([x as u8, y as u8, 7]));
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    picture.write_with_encoder(encoder).unwrap();
    let hash = BlobHash::of(&bytes);
    (bytes, hash)
}

fn photo(blob: BlobHash, bytes: u64) -> Edit {
    let photo = PhotoMeta {
        sha256: blob,
        bytes,
        mime: "image/jpeg".to_owned(),
        caption: None,
        taken_at: UnixMs(1_790_000_000_000),
        width: 64,
        height: 32,
    };
    Edit::AddPhoto {
        id: PhotoId::from_bytes([1; 16]),
        photo,
    }
}

/// A submitted record that names the photo.
fn submitted(world: &World, blob: BlobHash, bytes: u64) -> (Vault, Rec) {
    let mut vault = world.vault("4417");
    let mut record = Rec::new(1);
    vault.change(&mut record, "grounds");
    vault.edit(&mut record, &[photo(blob, bytes)]);
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    world.judge();
    (vault, record)
}

#[test]
fn an_upload_resumes_at_the_durable_byte_and_is_seen_when_it_is_whole() {
    let world = World::new();
    let (bytes, blob) = picture();
    let (vault, record) = submitted(&world, blob, bytes.len() as u64);
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let token = world.server.console_sign_in("900", PASSWORD).unwrap().0;
    let list = || world.server.console_records(&token, Some(0), 10).unwrap();
    let before = list();
    assert_eq!(
        (before.records[0].photos, before.records[0].photos_here),
        (1, 0)
    );
    let seen = world.server.console_photo(&token, record.id, blob, false);
    assert_eq!(code(seen), ErrorCode::PhotoNotHere);

    let (server, credential) = (&world.server, &vault.credential);
    let len = bytes.len() as u64;
    let begin = || server.upload_begin(credential, record.id, blob, len);
    assert_eq!(begin(), Ok(UploadState::At(0)));
    let append = |offset: u64, chunk: &[u8]| server.upload_append(credential, blob, offset, chunk);
    assert_eq!(append(0, &bytes[..100]), Ok(UploadState::At(100)));
    assert_eq!(code(append(0, &bytes[..100])), ErrorCode::BadOffset);
    assert_eq!(
        code(server.photo(&sergeant.credential, blob)),
        ErrorCode::PhotoNotHere
    );
    assert_eq!(begin(), Ok(UploadState::At(100)));
    assert_eq!(append(100, &bytes[100..]), Ok(UploadState::Complete));
    assert_eq!(begin(), Ok(UploadState::Complete));
    assert_eq!(append(len, &[]), Ok(UploadState::Complete));

    let news = sergeant.pull(server);
    assert!(matches!(news.feed[0].event, FeedEvent::Stored(hash) if hash == blob));
    assert_eq!(
        server.photo(&sergeant.credential, blob).unwrap().bytes,
        bytes
    );
    let after = server
        .console_records(&token, Some(before.position), 10)
        .unwrap();
    assert_eq!(after.records[0].photos_here, 1);
    let preview = server.console_photo(&token, record.id, blob, true).unwrap();
    assert_eq!(preview.mime, "image/jpeg");
    // Another team's supervisor is told nothing, not even that it exists.
    let stranger = world.vault("34");
    assert_eq!(
        code(server.photo(&stranger.credential, blob)),
        ErrorCode::NotFound
    );
}

#[test]
fn bytes_that_are_not_the_photo_never_become_visible() {
    let world = World::new();
    let (mut bytes, blob) = picture();
    let (vault, record) = submitted(&world, blob, bytes.len() as u64);
    let server = &world.server;
    server
        .upload_begin(&vault.credential, record.id, blob, bytes.len() as u64)
        .unwrap();
    bytes[50] ^= 1;
    let answer = server.upload_append(&vault.credential, blob, 0, &bytes);
    assert_eq!(code(answer), ErrorCode::BadUpload);
    assert_eq!(server.figures().unwrap().photos, 0);
    let again = server.upload_begin(&vault.credential, record.id, blob, bytes.len() as u64);
    assert_eq!(
        again,
        Ok(UploadState::At(0)),
        "and it can be tried again from the beginning"
    );
}

#[test]
fn a_photo_may_come_before_the_words_are_judged_and_after() {
    let world = World::new();
    let (bytes, blob) = picture();
    let mut vault = world.vault("4417");
    let mut sergeant = world.vault("12");
    sergeant.pull(&world.server);
    let mut record = Rec::new(1);
    vault.edit(&mut record, &[photo(blob, bytes.len() as u64)]);
    vault.submit(&record);
    vault.push(&world.server).unwrap();
    let server = &world.server;
    server
        .upload_begin(&vault.credential, record.id, blob, bytes.len() as u64)
        .unwrap();
    server
        .upload_append(&vault.credential, blob, 0, &bytes)
        .unwrap();
    assert!(sergeant.pull(server).feed.is_empty());
    world.judge();
    let news = sergeant.pull(server);
    assert!(matches!(&news.feed[0].event, FeedEvent::Enters(_, photos) if photos == &[blob]));
}

#[test]
fn limits_and_strangers_are_refused() {
    let world = World::new();
    let (bytes, blob) = picture();
    let (vault, record) = submitted(&world, blob, bytes.len() as u64);
    let (_, other) = world.enrol();
    let server = &world.server;
    let stranger = BlobHash::of(b"something else");
    let begin = |credential, record, blob, bytes| {
        code(server.upload_begin(credential, record, blob, bytes))
    };
    assert_eq!(
        begin(&vault.credential, record.id, blob, (25 << 20) + 1),
        ErrorCode::TooLarge
    );
    assert_eq!(
        begin(&vault.credential, record.id, blob, 0),
        ErrorCode::TooLarge
    );
    let unknown = RecordId::from_bytes([77; 16]);
    assert_eq!(
        begin(&vault.credential, unknown, blob, 10),
        ErrorCode::NotFound
    );
    assert_eq!(begin(&other, record.id, stranger, 10), ErrorCode::NotFound);
    for n in 0..32_u8 {
        let blob = BlobHash::from_bytes([n; 32]);
        server
            .upload_begin(&vault.credential, record.id, blob, 10)
            .unwrap();
    }
    assert_eq!(
        begin(&vault.credential, record.id, stranger, 10),
        ErrorCode::SlowDown
    );
    server
        .upload_cancel(&vault.credential, BlobHash::from_bytes([0; 32]))
        .unwrap();
    assert!(
        server
            .upload_begin(&vault.credential, record.id, stranger, 10)
            .is_ok()
    );
}

#[test]
fn a_second_append_at_the_same_time_is_put_off_and_blocks_nothing() {
    let world = World::new();
    let (bytes, blob) = picture();
    let (vault, record) = submitted(&world, blob, bytes.len() as u64);
    let (server, credential) = (&world.server, &vault.credential);
    let len = bytes.len() as u64;
    server
        .upload_begin(credential, record.id, blob, len)
        .unwrap();
    let turn = (vault.device, blob);
    assert!(super::super::lock(&server.appending).insert(turn));
    let append = || server.upload_append(credential, blob, 0, &bytes);
    assert_eq!(code(append()), ErrorCode::BadOffset);
    assert!(super::super::lock(&server.appending).remove(&turn));
    assert_eq!(append(), Ok(UploadState::Complete));
}
