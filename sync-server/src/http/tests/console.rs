//! The page's session, and what other sites' pages cannot do with it.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::json;

use super::world::{CONTROL, OFFICER, PASSWORD, World, builder, empty};

const SIGN_IN: &str = "/api/v1/console/sign-in";
const SIGN_OUT: &str = "/api/v1/console/sign-out";

#[tokio::test]
async fn the_session_is_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let world = World::new();
    let body = json!({ "collar": CONTROL, "password": PASSWORD });
    let answer = world.post_json(SIGN_IN, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["role"], "control_room");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-beatbook="));
    for part in [
        "Path=/",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Max-Age=",
    ] {
        assert!(cookie.contains(part), "{part}");
    }
    assert!(!cookie.contains("Domain"));
    assert!(!String::from_utf8_lossy(&answer.body).contains(&cookie[16..40]));
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let me = "/api/v1/console/me";
    assert_eq!(world.read(&cookie, me).await.status, StatusCode::OK);
    let request = builder(Method::POST, SIGN_OUT).header(header::COOKIE, &cookie);
    let answer = world
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(world.read(&cookie, me).await.code(), "sign_in_needed");
}

#[tokio::test]
async fn another_sites_page_cannot_post() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let cases = [
        ("origin", "https://evil.example", 403),
        ("origin", "https://localhost.evil.example", 403),
        ("origin", "https://localhost:8444", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "https://localhost", 204),
    ];
    for (name, value, status) in cases {
        let request = builder(Method::POST, SIGN_OUT)
            .header(header::COOKIE, &cookie)
            .header(name, value)
            .body(Body::empty())
            .expect("a request");
        assert_eq!(
            world.send(request).await.status.as_u16(),
            status,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn wrong_passwords_and_unknown_people_are_told_the_same() {
    let world = World::new();
    let mut answers = Vec::new();
    for (collar, password) in [(CONTROL, "wrong"), ("0000", PASSWORD), ("", "")] {
        let body = json!({ "collar": collar, "password": password });
        let answer = world.post_json(SIGN_IN, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answers.push(answer.body);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_record_is_listed_and_read() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let record = vault
        .note(&world, "Broken window at the library", &[])
        .await;
    let cookie = world.cookie(CONTROL).await;
    let list = world.read(&cookie, "/api/v1/console/records").await.json();
    assert_eq!(list["records"][0]["id"], record.to_string());
    assert_eq!(list["more"], false);
    let position = list["position"].as_u64().expect("a position");
    let after = format!("/api/v1/console/records?after={position}");
    assert_eq!(
        world.read(&cookie, &after).await.json()["records"],
        json!([])
    );

    let detail = world
        .read(&cookie, &format!("/api/v1/console/records/{record}"))
        .await;
    assert_eq!(detail.status, StatusCode::OK);
    assert!(String::from_utf8_lossy(&detail.body).contains("Broken window"));
    for bad in ["zz", "cd", &"0".repeat(32)] {
        let answer = world
            .read(&cookie, &format!("/api/v1/console/records/{bad}"))
            .await;
        assert_eq!(answer.code(), "not_found");
    }
    let answer = world
        .read(&cookie, "/api/v1/console/records?after=-1")
        .await;
    assert_eq!(answer.code(), "bad_body");
}

#[tokio::test]
async fn a_log_number_and_a_notice_are_posted_by_the_page_alone() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let record = vault.note(&world, "Broken window", &[]).await;
    let cookie = world.cookie(CONTROL).await;
    let number = format!("/api/v1/console/records/{record}/log-number");
    let post = async |path: &str, cookie: &str, origin: &str, body: &serde_json::Value| {
        let request = builder(Method::POST, path)
            .header(header::COOKIE, cookie)
            .header("origin", origin)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        world.send(request).await.status.as_u16()
    };
    let (here, evil) = ("https://localhost", "https://evil.example");
    let body = json!({ "number": "1234-56" });
    assert_eq!(post(&number, &cookie, evil, &body).await, 403);
    assert_eq!(post(&number, &cookie, here, &body).await, 202);
    let empty = json!({ "number": " " });
    assert_eq!(post(&number, &cookie, here, &empty).await, 400);
    let until = world
        .server
        .console_devices(cookie.split_once('=').expect("a value").1);
    let until = until.expect("a clock").server_time + 60_000;
    let notice = json!({ "text": "Bridge closed", "until": until });
    let path = "/api/v1/console/notices";
    assert_eq!(post(path, &cookie, evil, &notice).await, 403);
    assert_eq!(post(path, &cookie, here, &notice).await, 202);
    let other = world.cookie(super::world::ADMINISTRATOR).await;
    assert_eq!(post(&number, &other, here, &body).await, 404);
    assert_eq!(post(path, &other, here, &notice).await, 404);
    while world.server.judge_next().expect("a judgement") {}
    let listed = world.read(&cookie, "/api/v1/console/records").await.json();
    assert_eq!(listed["records"][0]["incident_log"], "1234-56");
    let notices = world.read(&cookie, path).await.json();
    assert_eq!(notices["notices"][0]["text"], "Bridge closed");
}

#[tokio::test]
async fn a_cookie_among_others_is_found_and_a_strange_one_is_not() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    let many = format!("a=b; {cookie}; c=d");
    assert_eq!(
        world.read(&many, "/api/v1/console/me").await.status,
        StatusCode::OK
    );
    let token = cookie.split_once('=').expect("a value").1;
    for other in [format!("beatbook={token}"), "__Host-beatbook=".to_owned()] {
        let answer = world.read(&other, "/api/v1/console/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let without = world.send(empty(Method::GET, "/api/v1/console/me")).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
}
