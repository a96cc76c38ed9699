//! Photos by tus: cut anywhere, gone on with, finished and refused.

use std::convert::Infallible;
use std::io;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt as _, stream};
use shared::hash::BlobHash;
use shared::ids::RecordId;

use super::vault::Vault;
use super::world::{Answer, CONTROL, OFFICER, World, empty, eventually, random};

/// Bytes that begin like a JPEG.
fn photo(len: usize) -> Vec<u8> {
    let seed: [u8; 32] = random();
    let mut bytes: Vec<u8> = (0..len)
        .map(|i| seed[i % 32] ^ u8::try_from(i % 251).unwrap_or(0))
        .collect();
    bytes[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
    bytes
}

fn url(blob: BlobHash) -> String {
    format!("/api/v1/blobs/{blob}")
}

async fn create(world: &World, vault: &Vault, record: RecordId, bytes: &[u8]) -> Answer {
    let blob = BlobHash::of(bytes);
    let encode = |text: String| STANDARD.encode(text);
    let metadata = format!(
        "sha256 {},record {}",
        encode(blob.to_string()),
        encode(record.to_string())
    );
    let request = vault
        .tus(Method::POST, "/api/v1/blobs")
        .header("upload-length", bytes.len())
        .header("upload-metadata", metadata);
    world
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

async fn head(world: &World, vault: &Vault, blob: BlobHash) -> Answer {
    let request = vault.tus(Method::HEAD, &url(blob));
    world
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

async fn offset(world: &World, vault: &Vault, blob: BlobHash) -> (u64, u64) {
    let answer = head(world, vault, blob).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("tus-resumable"), "1.0.0");
    assert_eq!(answer.header("cache-control"), "no-store");
    let number = |name| answer.header(name).parse().expect("a number");
    (number("upload-offset"), number("upload-length"))
}

async fn patch(world: &World, vault: &Vault, blob: BlobHash, at: u64, body: Body) -> Answer {
    let request = vault
        .tus(Method::PATCH, &url(blob))
        .header("upload-offset", at)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream");
    world.send(request.body(body).expect("a request")).await
}

/// A body that breaks off after these bytes.
fn cut(bytes: &[u8]) -> Body {
    let chunks: Vec<_> = bytes
        .chunks(1000)
        .map(|it| Ok(Bytes::copy_from_slice(it)))
        .collect();
    let broken = stream::iter([Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    Body::from_stream(stream::iter(chunks).chain(broken))
}

#[tokio::test]
async fn what_is_spoken_is_said() {
    let world = World::new();
    let answer = world.send(empty(Method::OPTIONS, "/api/v1/blobs")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-extension"), "creation,termination");
    assert_eq!(answer.header("tus-max-size"), (25 << 20).to_string());
}

#[tokio::test]
async fn an_upload_cut_at_any_place_goes_on_where_it_stopped() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    for cut_at in [0usize, 1, 999, 1000, 300_000, 599_999] {
        let bytes = photo(600_000);
        let blob = BlobHash::of(&bytes);
        let record = vault.note(&world, "A note", &[&bytes]).await;
        let created = create(&world, &vault, record, &bytes).await;
        assert_eq!(created.status, StatusCode::CREATED);
        assert_eq!(created.header("location"), url(blob));

        patch(&world, &vault, blob, 0, cut(&bytes[..cut_at])).await;
        assert_eq!(
            offset(&world, &vault, blob).await,
            (cut_at as u64, 600_000),
            "kept"
        );

        let again = create(&world, &vault, record, &bytes).await;
        assert_eq!(
            again.header("upload-offset"),
            cut_at.to_string(),
            "begun anew is gone on with"
        );
        let rest = Body::from(bytes[cut_at..].to_vec());
        let done = patch(&world, &vault, blob, cut_at as u64, rest).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        assert_eq!(done.header("upload-offset"), "600000");
        assert_eq!(
            offset(&world, &vault, blob).await,
            (600_000, 600_000),
            "complete"
        );
    }
}

#[tokio::test]
async fn bytes_are_kept_when_the_connection_goes_with_its_handler() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(10_000);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(4);
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let request = vault
        .tus(Method::PATCH, &url(blob))
        .header("upload-offset", 0)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream")
        .body(body)
        .expect("a request");
    let router = world.router.clone();
    let handler = tokio::spawn(async move { tower::ServiceExt::oneshot(router, request).await });
    sender
        .send(Ok(Bytes::copy_from_slice(&bytes[..7000])))
        .await
        .expect("read");
    // All places of the channel are free again: the bytes have been read.
    drop(sender.reserve_many(4).await.expect("read"));
    handler.abort();
    let _ = handler.await;
    drop(sender);
    let kept = async || offset(&world, &vault, blob).await;
    eventually((7000, 10_000), kept).await;
}

#[tokio::test]
async fn an_offset_that_is_not_the_next_is_refused() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(5000);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    patch(&world, &vault, blob, 0, Body::from(bytes[..2000].to_vec())).await;
    for at in [0, 1999, 2001, 5000, 10_000] {
        let answer = patch(&world, &vault, blob, at, Body::from(bytes[2000..].to_vec())).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{at}");
        assert_eq!(answer.code(), "bad_offset");
        assert_eq!(answer.header("tus-resumable"), "1.0.0");
    }
    assert_eq!(offset(&world, &vault, blob).await, (2000, 5000));
    let more = patch(&world, &vault, blob, 2000, Body::from(vec![0; 3001])).await;
    assert_eq!(more.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn other_bytes_than_announced_are_refused_and_the_upload_begins_again() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(5000);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    let mut wrong = bytes.clone();
    wrong[4000] ^= 1;
    let answer = patch(&world, &vault, blob, 0, Body::from(wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.code(), "bad_upload");
    let again = create(&world, &vault, record, &bytes).await;
    assert_eq!(again.header("upload-offset"), "0", "it begins again");
    let answer = patch(&world, &vault, blob, 0, Body::from(bytes)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(5000);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    patch(&world, &vault, blob, 0, Body::from(bytes[..100].to_vec())).await;
    let request = vault.tus(Method::DELETE, &url(blob));
    let answer = world
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        head(&world, &vault, blob).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_tus_does_not_allow_is_refused() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(100);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    // Another version.
    let request = vault
        .request(Method::HEAD, &url(blob))
        .header("tus-resumable", "0.2.2");
    let answer = world
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    // Too large, or without what names it.
    let sha = STANDARD.encode(blob.to_string());
    let of = STANDARD.encode(record.to_string());
    for (length, metadata, status) in [
        ("26214401", format!("sha256 {sha},record {of}"), 413),
        ("-1", format!("sha256 {sha},record {of}"), 400),
        ("100", format!("record {of}"), 400),
        ("100", "sha256 !!,record !!".to_owned(), 400),
    ] {
        let request = vault
            .tus(Method::POST, "/api/v1/blobs")
            .header("upload-length", length)
            .header("upload-metadata", metadata);
        let answer = world
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.status.as_u16(), status);
    }
    // Nothing was opened.
    assert_eq!(
        head(&world, &vault, blob).await.status,
        StatusCode::NOT_FOUND
    );
    let answer = patch(&world, &vault, blob, 0, Body::from(bytes)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn post_stands_in_for_methods_that_do_not_get_through() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(100);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    let request = vault
        .tus(Method::POST, &url(blob))
        .header("x-http-method-override", "PATCH")
        .header("upload-offset", 0)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream");
    let answer = world
        .send(request.body(Body::from(bytes)).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(offset(&world, &vault, blob).await, (100, 100));
}

#[tokio::test]
async fn a_photo_is_read_by_who_may_and_by_nobody_else() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = photo(5000);
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    let cookie = world.cookie(CONTROL).await;
    let console = format!("/api/v1/console/records/{record}/photos/{blob}");
    let early = world.read(&cookie, &console).await;
    assert_eq!(
        (early.status, early.code().as_str()),
        (StatusCode::NOT_FOUND, "photo_not_here")
    );

    create(&world, &vault, record, &bytes).await;
    patch(&world, &vault, blob, 0, Body::from(bytes.clone())).await;
    let shown = world.read(&cookie, &console).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.body, bytes);
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("content-security-policy").contains("sandbox"));

    let path = format!("/api/v1/photos/{blob}");
    let own = vault
        .request(Method::GET, &path)
        .body(Body::empty())
        .expect("a request");
    assert_eq!(world.send(own).await.body, bytes);
    let other = world.vault(super::world::COLLEAGUE).await;
    let theirs = other
        .request(Method::GET, &path)
        .body(Body::empty())
        .expect("a request");
    let answer = world.send(theirs).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
}

#[tokio::test]
async fn a_photo_that_is_no_image_is_kept_as_it_came_and_never_shown_as_one() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let bytes = b"<svg onload=alert(1)>not a photo".to_vec();
    let blob = BlobHash::of(&bytes);
    let record = vault.note(&world, "A note", &[&bytes]).await;
    create(&world, &vault, record, &bytes).await;
    let sent = patch(&world, &vault, blob, 0, Body::from(bytes.clone())).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    let cookie = world.cookie(CONTROL).await;
    let path = format!("/api/v1/console/records/{record}/photos/{blob}");
    let original = world.read(&cookie, &path).await;
    assert_eq!(original.body, bytes, "evidence is evidence");
    assert_eq!(original.header("content-type"), "application/octet-stream");
    let preview = world.read(&cookie, &format!("{path}?preview=1")).await;
    assert_eq!(preview.status, StatusCode::NOT_FOUND);
    assert_eq!(preview.code(), "not_found");
}
