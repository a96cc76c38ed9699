//! What somebody who means harm sends.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};

use super::world::{CONTROL, OFFICER, World, builder, eventually};
use crate::http::Options;

#[tokio::test]
async fn a_stranger_makes_nobody_unpack_what_they_sent() {
    let world = World::new();
    let bomb = zstd::bulk::compress(&vec![0; 16 << 20], 3).expect("zstd");
    let request = builder(Method::POST, "/api/v1/exchange")
        .header(header::AUTHORIZATION, "Bearer 00")
        .header(header::CONTENT_TYPE, shared::wire::MEDIA_TYPE)
        .body(Body::from(bomb))
        .expect("a request");
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.code(), "unknown_device");
}

#[tokio::test]
async fn a_path_or_a_query_that_does_not_read_is_a_problem_like_any_other() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let (id, sha256) = ("cd".repeat(16), "ab".repeat(32));
    for path in [
        format!("/api/v1/console/records/{id}/photos/{sha256}?preview=1&preview=1"),
        format!("/api/v1/console/records/%ff/photos/{sha256}"),
        "/api/v1/console/records/%ff".to_owned(),
        "/api/v1/console/records?limit=many".to_owned(),
    ] {
        let answer = world.read(&cookie, &path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.code(), "bad_body", "{path}");
    }
}

#[tokio::test]
async fn previews_wait_for_each_other_and_not_for_ever() {
    let world = World::with(Options {
        previews_max: 0,
        turn_within: Duration::from_millis(20),
        ..Options::default()
    });
    let vault = world.vault(OFFICER).await;
    let path = format!("/api/v1/photos/{}/preview", "ab".repeat(32));
    let request = vault.request(Method::GET, &path).body(Body::empty());
    let answer = world.send(request.expect("a request")).await;
    assert_eq!(answer.code(), "busy");
}

#[tokio::test]
async fn one_caller_does_not_take_every_live_channel() {
    let world = World::with(Options {
        live_each: 2,
        ..Options::default()
    });
    let vault = world.vault(OFFICER).await;
    let open = || {
        let request = vault.request(Method::GET, "/api/v1/live");
        world.ask(request.body(Body::empty()).expect("a request"))
    };
    let (first, second) = (open().await, open().await);
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(second.status(), StatusCode::OK);
    assert_eq!(open().await.status(), StatusCode::TOO_MANY_REQUESTS);
    let cookie = world.cookie(CONTROL).await;
    let page = builder(Method::GET, "/api/v1/console/live").header(header::COOKIE, cookie);
    let page = world
        .ask(page.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(page.status(), StatusCode::OK, "others are let in");
    drop(first);
    // The place is free again.
    eventually(StatusCode::OK, async || open().await.status()).await;
}

#[tokio::test]
async fn a_revoked_device_is_told_so_and_what_it_brings_is_kept_apart() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let device = world
        .server
        .devices()
        .expect("devices")
        .devices
        .remove(0)
        .id;
    let device = device.parse().expect("an id");
    world.server.revoke_device(device).expect("revoked");
    let path = format!("/api/v1/photos/{}", "ab".repeat(32));
    for path in ["/api/v1/live", path.as_str()] {
        let request = vault.request(Method::GET, path).body(Body::empty());
        let answer = world.send(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.code(), "device_revoked", "{path}");
    }
    // It is received all the same, and shown to nobody.
    let record = vault.note(&world, "written before it was told", &[]).await;
    assert_eq!(world.server.figures().expect("figures").sealed, 2);
    let cookie = world.cookie(CONTROL).await;
    let path = format!("/api/v1/console/records/{record}");
    assert_eq!(world.read(&cookie, &path).await.code(), "not_found");
    // Another device of the same officer goes on.
    let mut other = world.vault(OFFICER).await;
    let record = other.note(&world, "on another phone", &[]).await;
    let path = format!("/api/v1/console/records/{record}");
    assert_eq!(world.read(&cookie, &path).await.status, StatusCode::OK);
}
