//! What happens round every request: headers that protect, one line of log, figures, and an
//! answer even when a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
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
    let method = name(request.method());
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
    if is_plain_refusal(&response) {
        let status = response.status().as_u16();
        response = Problem::new(ErrorCode::BadBody)
            .with_status(status)
            .into_response();
    }
    protect(&mut response, app.options.secure);
    record(method, &route, response.status().as_u16(), started);
    response
}

/// The name of a method. A client may make any up, and a figure is kept for each name.
fn name(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    const NAMES: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let place = KNOWN.iter().position(|known| known == method);
    place.map_or("other", |place| NAMES[place])
}

/// True for what the framework says itself of a path or a query that does not read: in plain
/// text, and quoting what was sent.
fn is_plain_refusal(response: &Response) -> bool {
    let plain = |value: &HeaderValue| value.as_bytes().starts_with(b"text/plain");
    let media_type = response.headers().get(header::CONTENT_TYPE);
    response.status().is_client_error() && media_type.is_some_and(plain)
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

fn record(method: &'static str, route: &str, status: u16, started: Instant) {
    let elapsed = started.elapsed();
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("beatbook_http_requests_total", &labels).increment(1);
    metrics::histogram!("beatbook_http_request_seconds", "route" => route.to_owned())
        .record(elapsed.as_secs_f64());
    let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match status {
        500.. => tracing::warn!(method, route, status, ms, "request failed"),
        _ => tracing::debug!(method, route, status, ms, "request"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_methods_share_one_name() {
        let made_up = Method::from_bytes(b"PROPFIND").expect("a method");
        assert_eq!(name(&made_up), "other");
        assert_eq!(name(&Method::PATCH), "PATCH");
    }
}
