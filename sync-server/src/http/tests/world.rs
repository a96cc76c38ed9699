//! A server with people, and ways to ask it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use shared::ids::LogId;
use shared::policy::Role;
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::vault::Vault;
use crate::env::Env;
use crate::http::{App, Options, Receiving, router};
use crate::service::{Config, NewPerson, Server};

/// Everybody's password.
pub(super) const PASSWORD: &str = "a long enough password";
pub(super) const OFFICER: &str = "4417";
pub(super) const COLLEAGUE: &str = "4418";
pub(super) const CONTROL: &str = "9001";
pub(super) const ADMINISTRATOR: &str = "9002";

/// A server, and the router in front of it.
pub(super) struct World {
    pub(super) server: Arc<Server>,
    pub(super) router: Router,
    pub(super) stop: watch::Sender<bool>,
    _data: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The code of a problem document, which must be one in every part.
    pub(super) fn code(&self) -> String {
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        let code = problem["code"].as_str().expect("a code").to_owned();
        assert_eq!(
            problem["type"],
            format!("https://beatbook.invalid/problems/{code}")
        );
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| title.ends_with('.'))
        );
        code
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).expect(name).to_str().expect("text")
    }
}

/// Asks until the answer is this one: what frees a place or stores bytes does it by itself, after
/// the request that began it has gone.
pub(super) async fn eventually<T: PartialEq + std::fmt::Debug>(
    wanted: T,
    mut ask: impl AsyncFnMut() -> T,
) {
    const PATIENCE: Duration = Duration::from_secs(20);
    const BETWEEN: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    loop {
        let found = ask().await;
        if found == wanted {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{found:?}, not {wanted:?}");
        tokio::time::sleep(BETWEEN).await;
    }
}

/// A server with one team, and people of four roles.
pub(super) fn server() -> (Arc<Server>, TempDir) {
    let data = tempfile::tempdir().expect("a directory");
    let mut config = Config::new(data.path());
    config.password_kib = 64;
    let server = Arc::new(Server::open(config, Env::system()).expect("a server"));
    let person = |collar: &str, name: &str, role| NewPerson {
        collar: collar.to_owned(),
        title: "PC".to_owned(),
        name: name.to_owned(),
        role,
        team: "Response B".to_owned(),
        station: "Lakeside".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let people = [
        person(OFFICER, "Patel", Role::Officer),
        person(COLLEAGUE, "Byrne", Role::Officer),
        person(CONTROL, "Okafor", Role::ControlRoom),
        person(ADMINISTRATOR, "Lindqvist", Role::Administrator),
    ];
    server.add_people(&people).expect("people");
    (server, data)
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(Options {
            beat: Duration::from_millis(40),
            ..Options::default()
        })
    }

    pub(super) fn with(options: Options) -> Self {
        let (server, data) = server();
        let (stop, stopping) = watch::channel(false);
        let receiving = Arc::new(Receiving::default());
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let app = App::new(server.clone(), options, receiving, stopping, Some(metrics));
        Self {
            server,
            router: router(app),
            stop,
            _data: data,
        }
    }

    /// Asks, without reading the body.
    pub(super) async fn ask(&self, request: Request<Body>) -> axum::response::Response {
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer")
    }

    /// Asks, and reads the body.
    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.ask(request).await.into_parts();
        let body = to_bytes(body, 64 << 20).await.expect("the body").to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(super) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let request = builder(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await
    }

    /// Judges all that was received.
    pub(super) fn judge(&self) {
        while self.server.judge_next().expect("a judgement") {}
    }

    /// A device on which this officer signed in.
    pub(super) async fn vault(&self, collar: &str) -> Vault {
        let code = self.server.new_enrolment("Phone").expect("a code").code;
        let enrolled = self
            .post_json(
                "/api/v1/enrol",
                &json!({ "code": code, "form_factor": "phone" }),
            )
            .await;
        assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.json());
        Vault::sign_in(self, collar, &enrolled.json()).await
    }

    /// The cookie of somebody signed in to the page.
    pub(super) async fn cookie(&self, collar: &str) -> String {
        let body = json!({ "collar": collar, "password": PASSWORD });
        let answer = self.post_json("/api/v1/console/sign-in", &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// Reads a path as somebody signed in to the page.
    pub(super) async fn read(&self, cookie: &str, path: &str) -> Answer {
        let request = builder(Method::GET, path).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).expect("a request"))
            .await
    }
}

pub(super) fn builder(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
}

pub(super) fn empty(method: Method, path: &str) -> Request<Body> {
    builder(method, path)
        .body(Body::empty())
        .expect("a request")
}

/// Random bytes.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("randomness");
    bytes
}

pub(super) fn log_id() -> LogId {
    LogId::from_bytes(random())
}
