//! The control room's page, embedded in the binary by build.rs.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use shared::wire::ErrorCode;

use super::problem::Problem;

include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// What the page may do: nothing but talk to this server and run its own scripts and workers.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
    worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Shown when the binary was built before the page.
const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en-GB\"><meta charset=\"utf-8\"><title>Beatbook control room</title>
<h1>The control room's page is not in this binary</h1>
<p>Build it, then build the server again:</p>
<pre>cd sync-server/control-room
npm ci
npm run build
cargo build -p beatbook-server</pre>
<p>The API is at <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p>
</html>
";

/// One file of the page.
struct File {
    path: &'static str,
    bytes: &'static [u8],
}

/// Everything that is not a route: the page and its files, or nothing.
pub(super) async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let name = match path {
        "/" => "index.html",
        _ => path.trim_start_matches('/'),
    };
    // The table is looked up by exact name, so no path leads outside it.
    let file = FILES.iter().find(|file| reading && file.path == name);
    match file {
        Some(file) => answer(file.path, file.bytes),
        None if reading && path == "/" => answer("index.html", NOT_BUILT.as_bytes()),
        None => Problem::new(ErrorCode::NotFound).into_response(),
    }
}

/// A known path asked with a method that it does not have.
pub(super) async fn wrong_method() -> Problem {
    Problem::new(ErrorCode::NotFound).with_status(405)
}

fn answer(path: &str, bytes: &'static [u8]) -> Response {
    // The bundler names files in assets/ after their content: they never change.
    let keep = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(path)),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, bytes).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
