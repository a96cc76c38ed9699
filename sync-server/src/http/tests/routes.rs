//! Every route: what the document says, and who is let in.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::world::{ADMINISTRATOR, CONTROL, OFFICER, World, builder, empty};
use crate::http::openapi;

/// Who may ask a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anyone,
    Device,
    Vault,
    Console,
}

/// All routes, with who may ask them.
const ROUTES: [(&str, &str, Who); 34] = [
    ("get", "/healthz", Who::Anyone),
    ("get", "/readyz", Who::Anyone),
    ("get", "/metrics", Who::Anyone),
    ("get", "/api/v1/openapi.json", Who::Anyone),
    ("post", "/api/v1/enrol", Who::Anyone),
    ("post", "/api/v1/sign-in", Who::Device),
    ("post", "/api/v1/exchange", Who::Device),
    ("post", "/api/v1/spool/{log}", Who::Device),
    ("post", "/api/v1/evidence/{log}", Who::Device),
    ("post", "/api/v1/recovery", Who::Vault),
    ("get", "/api/v1/recovery/{log}", Who::Vault),
    ("get", "/api/v1/photos/{sha256}", Who::Vault),
    ("get", "/api/v1/photos/{sha256}/preview", Who::Vault),
    ("get", "/api/v1/live", Who::Vault),
    ("options", "/api/v1/blobs", Who::Anyone),
    ("post", "/api/v1/blobs", Who::Device),
    ("head", "/api/v1/blobs/{upload}", Who::Device),
    ("patch", "/api/v1/blobs/{upload}", Who::Device),
    ("delete", "/api/v1/blobs/{upload}", Who::Device),
    ("post", "/api/v1/blobs/{upload}", Who::Device),
    ("post", "/api/v1/console/sign-in", Who::Anyone),
    ("post", "/api/v1/console/sign-out", Who::Console),
    ("get", "/api/v1/console/me", Who::Console),
    ("get", "/api/v1/console/records", Who::Console),
    ("get", "/api/v1/console/records/{id}", Who::Console),
    (
        "get",
        "/api/v1/console/records/{id}/photos/{sha256}",
        Who::Console,
    ),
    (
        "post",
        "/api/v1/console/records/{id}/log-number",
        Who::Console,
    ),
    ("post", "/api/v1/console/notices", Who::Console),
    ("get", "/api/v1/console/notices", Who::Console),
    ("get", "/api/v1/console/devices", Who::Console),
    ("get", "/api/v1/console/areas", Who::Console),
    ("get", "/api/v1/console/searches", Who::Console),
    ("get", "/api/v1/console/live", Who::Console),
    ("get", "/r/{reference}/{secret}", Who::Anyone),
];

/// A path of the route, of something that is not there.
fn path(route: &str) -> String {
    route
        .replace("{sha256}", &"ab".repeat(32))
        .replace("{upload}", &"ab".repeat(32))
        .replace("{id}", &"cd".repeat(16))
        .replace("{log}", &"cd".repeat(16))
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.to_uppercase().as_bytes()).expect("a method")
}

/// A request to the route that would read if whoever asks were let in.
fn request(name: &str, route: &str) -> axum::http::request::Builder {
    let media_type = match (name, route) {
        ("patch", _) => "application/offset+octet-stream",
        (_, "/api/v1/exchange" | "/api/v1/evidence/{log}") => shared::wire::MEDIA_TYPE,
        (_, "/api/v1/spool/{log}") => "application/octet-stream",
        _ => "application/json",
    };
    builder(method(name), &path(route))
        .header(header::CONTENT_TYPE, media_type)
        .header("tus-resumable", "1.0.0")
        .header("upload-offset", "0")
        .header("x-http-method-override", "HEAD")
}

#[tokio::test]
async fn the_document_lists_exactly_the_routes_and_every_one_is_served() {
    let document = serde_json::to_value(openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods").keys();
            methods.map(move |method| (method.clone(), path.clone()))
        })
        .collect();
    let expected = ROUTES
        .iter()
        .map(|(m, p, _)| ((*m).to_owned(), (*p).to_owned()))
        .collect();
    assert_eq!(described, expected);

    let world = World::new();
    let served = world.send(empty(Method::GET, "/api/v1/openapi.json")).await;
    assert_eq!(served.json(), document);
    for (name, route, _) in ROUTES {
        let answer = world
            .ask(request(name, route).body(Body::empty()).expect("a request"))
            .await;
        assert_ne!(
            answer.status(),
            StatusCode::METHOD_NOT_ALLOWED,
            "{name} {route}"
        );
        let wrong = world.ask(empty(Method::TRACE, &path(route))).await;
        assert_eq!(
            wrong.status(),
            StatusCode::METHOD_NOT_ALLOWED,
            "TRACE {route}"
        );
    }
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = serde_json::to_value(openapi()).expect("JSON");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_anonymous_are_refused_everywhere_and_learn_nothing() {
    let world = World::new();
    for (name, route, who) in ROUTES {
        let answer = world
            .send(request(name, route).body(Body::from("{}")).expect("ok"))
            .await;
        match who {
            Who::Anyone => assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{name} {route}"),
            Who::Device | Who::Vault => {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {route}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                assert!(name == "head" || answer.code() == "unknown_device");
            }
            Who::Console => {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {route}");
                assert_eq!(answer.code(), "sign_in_needed");
            }
        }
    }
}

#[tokio::test]
async fn made_up_credentials_are_no_better_than_none() {
    let world = World::new();
    for (name, route, who) in ROUTES {
        if who == Who::Anyone {
            continue;
        }
        let body = match route {
            "/api/v1/sign-in" => json!({
                "collar": OFFICER, "password": super::world::PASSWORD, "key": null,
                "log": "00".repeat(16),
            })
            .to_string()
            .into_bytes(),
            "/api/v1/exchange" => world.vault(OFFICER).await.request_body(),
            _ => Vec::new(),
        };
        let request = request(name, route)
            .header(header::AUTHORIZATION, format!("Bearer {}", "0".repeat(64)))
            .header("beatbook-session", "0".repeat(64))
            .header(
                header::COOKIE,
                format!("__Host-beatbook={}", "0".repeat(64)),
            )
            .header("upload-length", "5")
            .header("upload-metadata", "sha256 AAAA,record AAAA")
            .body(Body::from(body))
            .expect("a request");
        let answer = world.send(request).await;
        let expected = match (name, route) {
            // Malformed, which is found first.
            ("post", "/api/v1/blobs") => 400,
            ("post", "/api/v1/console/notices") => 400,
            ("post", "/api/v1/console/records/{id}/log-number") => 400,
            // No session is left afterwards, whether there was one or not.
            (_, "/api/v1/console/sign-out") => 204,
            _ => 401,
        };
        assert_eq!(answer.status.as_u16(), expected, "{name} {route}");
    }
}

#[tokio::test]
async fn a_device_without_a_session_is_given_no_photo_and_no_channel() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    vault.session = "0".repeat(64);
    for (name, route, who) in ROUTES {
        if who == Who::Vault {
            let request = vault.request(method(name), &path(route));
            let answer = world
                .send(request.body(Body::empty()).expect("a request"))
                .await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {route}");
            assert_eq!(answer.code(), "sign_in_needed");
        }
    }
}

#[tokio::test]
async fn roles_that_may_not_read_records_find_nothing() {
    let world = World::new();
    let mut vault = world.vault(OFFICER).await;
    let record = vault.note(&world, "Not for everybody", &[]).await;
    let cookie = world.cookie(ADMINISTRATOR).await;
    let photo = format!("records/{record}/photos/{}", "ab".repeat(32));
    for path in ["records", &format!("records/{record}"), &photo, "live"] {
        let answer = world
            .read(&cookie, &format!("/api/v1/console/{path}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.code(), "not_found");
    }
    for path in ["me", "devices"] {
        let answer = world
            .read(&cookie, &format!("/api/v1/console/{path}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
    // Who may read nothing there is not let in at all.
    let body = json!({ "collar": OFFICER, "password": super::world::PASSWORD });
    let answer = world.post_json("/api/v1/console/sign-in", &body).await;
    assert_eq!(answer.code(), "bad_sign_in");
}

#[tokio::test]
async fn the_control_room_reads_everything_it_should() {
    let world = World::new();
    let cookie = world.cookie(CONTROL).await;
    for path in [
        "me",
        "records",
        "records?after=0&limit=10",
        "devices",
        "areas",
        "searches",
        "notices",
    ] {
        let answer = world
            .read(&cookie, &format!("/api/v1/console/{path}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.json();
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn every_answer_is_protected() {
    let world = World::new();
    for path in [
        "/",
        "/healthz",
        "/api/v1/console/me",
        "/nothing",
        "/assets/none.js",
    ] {
        let answer = world.send(empty(Method::GET, path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age="),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
    }
    let page = world.send(empty(Method::GET, "/")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("object-src 'none'"));
    for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/.env", "/api/v2/x"] {
        let answer = world.send(empty(Method::GET, path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.code(), "not_found");
    }
}

#[tokio::test]
async fn figures_are_for_this_machine_alone() {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;

    let world = World::new();
    for (address, forwarded, status) in [
        ("192.0.2.7:1000", false, StatusCode::NOT_FOUND),
        ("127.0.0.1:1000", true, StatusCode::NOT_FOUND),
        ("127.0.0.1:1000", false, StatusCode::OK),
        ("[::1]:1000", false, StatusCode::OK),
    ] {
        let mut request = empty(Method::GET, "/metrics");
        let address: SocketAddr = address.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(address));
        if forwarded {
            request
                .headers_mut()
                .insert("x-forwarded-for", "192.0.2.7".parse().expect("ok"));
        }
        assert_eq!(
            world.send(request).await.status,
            status,
            "{address} {forwarded}"
        );
    }
    assert_eq!(
        world.send(empty(Method::GET, "/healthz")).await.body,
        b"ok\n"
    );
    assert_eq!(
        world.send(empty(Method::GET, "/readyz")).await.body,
        b"ready\n"
    );
}
