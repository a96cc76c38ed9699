//! What happens round every request: headers that protect, one line of log, figures, and an
//! answer even when a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use shared::wire::ErrorCode;

use super::problem::Problem;
use super::state::App;

/// What the API's answers may do in a browser: nothing.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Runs the request and completes the answer.
pub(super) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // The route and never the path: paths name records, and queries may hold more.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", |path| path.as_str())
        .to_owned();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answer.unwrap_or_else(|_| {
        tracing::error!(route, "a handler panicked");
        Problem::new(ErrorCode::Internal).into_response()
    });
    protect(&mut response, app.options.secure);
    record(&method, &route, response.status().as_u16(), started);
    response
}

/// Sets what every answer carries, unless the handler has set it.
fn protect(response: &mut Response, secure: bool) {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_SECURITY_POLICY, API_POLICY);
    set(header::REFERRER_POLICY, "no-referrer");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

fn record(method: &axum::http::Method, route: &str, status: u16, started: Instant) {
    let elapsed = started.elapsed();
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("beatbook_http_requests_total", &labels).increment(1);
    metrics::histogram!("beatbook_http_request_seconds", "route" => route.to_owned())
        .record(elapsed.as_secs_f64());
    let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let method = method.as_str();
    match status {
        500.. => tracing::warn!(method, route, status, ms, "request failed"),
        _ => tracing::debug!(method, route, status, ms, "request"),
    }
}
