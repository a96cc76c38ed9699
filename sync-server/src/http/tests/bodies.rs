//! Bodies that are too large, cut off, silent, or not what they should be.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode, header};
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use shared::wire::{ExchangeResponse, Limits, MEDIA_TYPE, SessionState, decode_body};
use tokio::sync::Notify;

use super::world::{OFFICER, World, builder};
use crate::http::Options;

#[tokio::test]
async fn an_exchange_with_nothing_to_do_is_small() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let first = vault.exchange(&world, None).await;
    assert_eq!(first.status, StatusCode::OK);
    let first: ExchangeResponse = decode_body(&first.body, Limits::RESPONSE).expect("an answer");
    assert_eq!(first.session, SessionState::Current);

    let mut request = vault.exchange_request(None);
    request.epoch = Some(first.epoch);
    request.cursors.records = first.records;
    request.cursors.mailbox = first.mail.last().map(|item| item.seq).unwrap_or_default();
    request.cursors.reference = first
        .reference
        .last()
        .map(|item| item.seq)
        .unwrap_or_default();
    let body = shared::wire::encode_body(&request);
    let idle = world.send(vault.exchange_bytes(body.clone())).await;
    assert_eq!(idle.status, StatusCode::OK);
    assert!(
        body.len() + idle.body.len() <= 400,
        "{} + {}",
        body.len(),
        idle.body.len()
    );
}

#[tokio::test]
async fn garbage_is_refused_and_nothing_breaks() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let good = vault.request_body();
    let mut cases: Vec<Vec<u8>> = vec![Vec::new(), vec![0; 100], b"{}".to_vec()];
    cases.extend((0..good.len()).step_by(3).map(|cut| good[..cut].to_vec()));
    let not_cbor = zstd::bulk::compress(&[0xff; 64], 3).expect("zstd");
    cases.push(not_cbor.clone());
    cases.push([good.clone(), good.clone()].concat());
    cases.push([good.clone(), not_cbor].concat());
    for body in cases {
        let answer = world.send(vault.exchange_bytes(body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.code(), "bad_body");
    }
    assert_eq!(
        world.send(vault.exchange_bytes(good)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let never = stream::pending::<Result<Bytes, Infallible>>();
    let mut request = vault.exchange_bytes(Body::from_stream(never));
    request
        .headers_mut()
        .insert(header::CONTENT_LENGTH, (5u64 << 20).into());
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), "too_large");
}

#[tokio::test]
async fn a_body_that_does_not_say_its_size_is_cut_at_the_limit() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![0; 64 * 1024])));
    let answer = world
        .send(vault.exchange_bytes(Body::from_stream(endless)))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_small_body_that_would_become_a_large_one_is_refused() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).expect("zstd");
    assert!(bomb.len() < 16 * 1024);
    let answer = world.send(vault.exchange_bytes(bomb)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), "too_large");
}

#[tokio::test]
async fn a_body_that_falls_silent_is_given_up() {
    let body_silence = Duration::from_millis(50);
    let world = World::with(Options {
        body_silence,
        ..Options::default()
    });
    let vault = world.vault(OFFICER).await;
    let start = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"half"))]);
    let silent = start.chain(stream::pending());
    let answer = world
        .send(vault.exchange_bytes(Body::from_stream(silent)))
        .await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.code(), "bad_body");
}

#[tokio::test]
async fn a_body_that_drips_is_given_up() {
    let body_silence = Duration::from_millis(100);
    let world = World::with(Options {
        body_silence,
        ..Options::default()
    });
    let vault = world.vault(OFFICER).await;
    let drops = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b"x")), ()))
    });
    let request = vault.exchange_bytes(Body::from_stream(drops));
    let answer = tokio::time::timeout(Duration::from_secs(5), world.send(request)).await;
    assert_eq!(
        answer.expect("given up").status,
        StatusCode::REQUEST_TIMEOUT
    );
}

#[tokio::test]
async fn a_body_of_another_type_is_not_looked_at() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let request = vault
        .request(Method::POST, "/api/v1/exchange")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(vault.request_body()))
        .expect("a request");
    assert_eq!(
        world.send(request).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    // What a form of another site could send without asking first.
    let request = builder(Method::POST, "/api/v1/console/sign-in")
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from("{}"))
        .expect("a request");
    assert_eq!(
        world.send(request).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn json_has_limits_too() {
    let world = World::new();
    let deep = "[".repeat(10_000);
    let long = json!({ "code": "x".repeat(70_000), "form_factor": "phone" }).to_string();
    for (body, status) in [(deep, 400), ("null".to_owned(), 400), (long, 413)] {
        let request = builder(Method::POST, "/api/v1/enrol")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .expect("a request");
        assert_eq!(world.send(request).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn a_server_with_too_much_to_do_says_when_to_come_back() {
    let world = World::with(Options {
        calls_max: 0,
        ..Options::default()
    });
    let body = json!({ "code": "x", "form_factor": "phone" });
    let answer = world.post_json("/api/v1/enrol", &body).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.code(), "busy");
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 0)
    );
}

#[tokio::test]
async fn bodies_share_a_room_and_leave_it_when_they_break_off() {
    let world = World::with(Options {
        bodies_kib: 64,
        ..Options::default()
    });
    let vault = world.vault(OFFICER).await;
    let large = Bytes::from(vec![0; 64 * 1024]);
    let start = stream::iter([Ok::<_, Infallible>(large)]);
    let taken = Arc::new(Notify::new());
    let asked = taken.clone();
    let more = stream::once(async move {
        // Whoever asks for more has taken what there was.
        asked.notify_one();
        std::future::pending().await
    });
    let request = vault.exchange_bytes(Body::from_stream(start.chain(more)));
    let router = world.router.clone();
    let held = tokio::spawn(async move { tower::ServiceExt::oneshot(router, request).await });
    taken.notified().await;
    let refused = world.send(vault.exchange_bytes(vault.request_body())).await;
    assert_eq!(refused.code(), "busy");
    held.abort();
    let _ = held.await;
    let answer = world.send(vault.exchange_bytes(vault.request_body())).await;
    assert_eq!(answer.status, StatusCode::OK, "the room is free again");
    assert_eq!(MEDIA_TYPE, answer.header("content-type"));
}

#[tokio::test]
async fn guesses_run_out_and_right_answers_do_not() {
    let world = World::with(Options {
        attempts_per_minute: 3,
        ..Options::default()
    });
    for _ in 0..5 {
        world.vault(OFFICER).await;
    }
    let guess = json!({ "code": "AAAA-AAAA-AAAA", "form_factor": "phone" });
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(world.post_json("/api/v1/enrol", &guess).await.code());
    }
    let wrong = "bad_enrolment_code";
    assert_eq!(codes, [wrong, wrong, wrong, "slow_down"]);
    let answer = world.post_json("/api/v1/enrol", &guess).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|s| (1..=60).contains(&s))
    );
}

#[tokio::test]
async fn a_proxy_on_this_machine_says_who_guesses_and_nobody_else_does() {
    for (secure, peer, expected) in [
        (false, "127.0.0.1:9", "bad_enrolment_code"),
        (false, "192.0.2.7:9", "slow_down"),
        (true, "127.0.0.1:9", "slow_down"),
    ] {
        let world = World::with(Options {
            attempts_per_minute: 1,
            secure,
            ..Options::default()
        });
        let mut last = String::new();
        for from in 1..=3 {
            let mut request = builder(Method::POST, "/api/v1/enrol")
                .header(header::CONTENT_TYPE, "application/json")
                .header("x-forwarded-for", format!("203.0.113.1, 198.51.100.{from}"))
                .body(Body::from(r#"{"code":"A","form_factor":"phone"}"#))
                .expect("a request");
            let peer: SocketAddr = peer.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
            last = world.send(request).await.code();
        }
        assert_eq!(last, expected, "secure: {secure}, from {peer}");
    }
}
