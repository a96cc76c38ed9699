//! Parcels, evidence and forgotten PINs over HTTP, and apps that are too old for news.

use age::secrecy::ExposeSecret as _;
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::json;
use shared::log::encode;
use shared::wire::{
    Checkpoint, ExchangeRequest, ExchangeResponse, Limits, MEDIA_TYPE, PARCEL_MAX, SessionState,
    decode_body, encode_body,
};

use super::vault::Vault;
use super::world::{Answer, OFFICER, World};

/// A parcel of what the vault has not sent yet.
fn parcel(world: &World, vault: &mut Vault) -> Vec<u8> {
    let (recipient, _) = world.server.sealing_keys().unwrap();
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    age::encrypt(&recipient, &encode(&vault.unsent_note("spooled"))).unwrap()
}

async fn post(world: &World, vault: &Vault, path: &str, of: &str, body: Vec<u8>) -> Answer {
    let request = vault
        .request(Method::POST, path)
        .header(header::CONTENT_TYPE, of)
        .body(Body::from(body))
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn a_parcel_is_receipted_without_a_session() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let sealed = parcel(&world, &mut vault);
    vault.session = String::new();
    let path = format!("/api/v1/spool/{}", vault.log);
    for _ in 0..2 {
        let octets = "application/octet-stream";
        let answer = post(&world, &vault, &path, octets, sealed.clone()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), octets);
        let receipt = Checkpoint::verify(world.server.receipt_key(), &answer.body).unwrap();
        assert_eq!((receipt.log, receipt.seq.0), (vault.log, 1));
    }
    world.judge();
    assert_eq!(world.server.figures().unwrap().accepted, 2);
    let json = post(&world, &vault, &path, "application/json", sealed).await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = vec![0; PARCEL_MAX + 1];
    let large = post(&world, &vault, &path, "application/octet-stream", large).await;
    assert_eq!(large.code(), "too_large");
    let odd = post(
        &world,
        &vault,
        &path,
        "application/octet-stream",
        vec![0; 99],
    )
    .await;
    assert_eq!(odd.code(), "bad_body");
}

#[tokio::test]
async fn evidence_is_kept_and_answered_with_nothing() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let segment = vault.unsent_note("elsewhere");
    let path = format!("/api/v1/evidence/{}", vault.log);
    let body = encode_body(&segment);
    let answer = post(&world, &vault, &path, MEDIA_TYPE, body.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(world.server.listed_devices().unwrap()[0].evidence, 2);
    let other = format!("/api/v1/evidence/{}", super::world::log_id());
    let answer = post(&world, &vault, &other, MEDIA_TYPE, body).await;
    assert_eq!(answer.code(), "bad_body", "the path names another log");
}

#[tokio::test]
async fn a_forgotten_pin_is_asked_for_and_answered() {
    let world = World::new();
    let vault = world.vault(OFFICER).await;
    let (escrow, once) = (
        age::x25519::Identity::generate(),
        age::x25519::Identity::generate(),
    );
    let body = json!({
        "log": vault.log,
        "wrap": age::encrypt(&escrow.to_public(), b"key").unwrap(),
        "recipient": once.to_public().to_string(),
    });
    let json = "application/json";
    let asked = post(
        &world,
        &vault,
        "/api/v1/recovery",
        json,
        body.to_string().into(),
    )
    .await;
    assert_eq!(asked.status, StatusCode::OK);
    let code = asked.json()["code"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/recovery/{}", vault.log);
    let fetch = || async {
        let request = vault.request(Method::GET, &path).body(Body::empty());
        world.send(request.unwrap()).await
    };
    assert_eq!(fetch().await.status, StatusCode::NO_CONTENT);
    let identity = escrow.to_string();
    world
        .server
        .recover(&code, identity.expose_secret())
        .unwrap();
    let answer = fetch().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(age::decrypt(&once, &answer.body).unwrap(), b"key");
}

/// An app below the oldest version that is served is told so, and still drains its outbox.
#[tokio::test]
async fn an_app_that_is_too_old_is_told_to_upgrade_and_drains_its_outbox() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let push = Some(vault.unsent_note("written by an old app"));
    let old = ExchangeRequest {
        version: 0,
        oldest: 0,
        ..vault.exchange_request(push)
    };
    let answer = world.send(vault.exchange_bytes(encode_body(&old))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer: ExchangeResponse = decode_body(&answer.body, Limits::RESPONSE).unwrap();
    assert_eq!(answer.session, SessionState::Upgrade);
    assert!(answer.checkpoint.is_some(), "its entries are received");
    assert!(answer.mail.is_empty() && answer.feed.is_empty() && answer.reference.is_empty());
    world.judge();
    assert_eq!(world.server.figures().unwrap().accepted, 2);
    let newer = ExchangeRequest {
        version: 9,
        oldest: 9,
        ..vault.exchange_request(None)
    };
    let answer = world.send(vault.exchange_bytes(encode_body(&newer))).await;
    assert_eq!(answer.code(), "bad_version");
}
