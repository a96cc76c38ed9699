//! Photos by tus 1.0, so that an upload goes on where it was cut. The URL of an upload ends in
//! the photo's SHA-256: any later run of the app can ask where it stands.

use std::time::{Duration, Instant};

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::{Credential, ErrorCode, UploadState};

use super::device::parse;
use super::extract::{Device, next_chunk, number, require_type, text};
use super::problem::Problem;
use super::schema;
use super::state::App;

/// The largest photo.
pub(super) const PHOTO_MAX: u64 = 25 << 20;
const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,termination";
/// Bytes gathered before they are stored: each store is a write to disk.
const GATHER: usize = 256 * 1024;
/// And how long they may be gathered: on a slow link that is cut, no more than this is lost.
const GATHER_FOR: Duration = Duration::from_secs(1);

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// What this server speaks.
#[utoipa::path(
    options, path = "/api/v1/blobs", tag = "uploads",
    responses((status = 204, description = "Tus-Version, Tus-Extension, Tus-Max-Size")),
)]
pub(super) async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-version", HeaderValue::from_static(VERSION));
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert("tus-max-size", PHOTO_MAX.into());
    response
}

/// Announces a photo.
#[utoipa::path(
    post, path = "/api/v1/blobs", tag = "uploads",
    params(
        ("Tus-Resumable" = String, Header),
        ("Upload-Length" = u64, Header),
        ("Upload-Metadata" = String, Header, description = "`sha256` and `record`, in base64"),
    ),
    responses(
        (status = 201, description = "Location is the URL of the upload"),
        (status = 400, description = "`bad_body`", body = schema::Problem),
        (status = 404, description = "`not_found`", body = schema::Problem),
        (status = 413, description = "`too_large`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    Device(credential): Device,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let bad = Problem::new(ErrorCode::BadBody);
    let bytes = number(&headers, UPLOAD_LENGTH.as_str()).ok_or(bad)?;
    if bytes > PHOTO_MAX {
        return Err(Problem::new(ErrorCode::TooLarge));
    }
    let metadata = text(&headers, "upload-metadata").ok_or(bad)?;
    let blob: BlobHash = metadata_value(metadata, "sha256").ok_or(bad)?;
    let record: RecordId = metadata_value(metadata, "record").ok_or(bad)?;
    let state = app
        .call(move |server| server.upload_begin(&credential, record, blob, bytes))
        .await?;
    let offset = match state {
        UploadState::At(offset) => offset,
        UploadState::Complete => bytes,
    };
    let mut response = StatusCode::CREATED.into_response();
    let location = HeaderValue::from_str(&format!("/api/v1/blobs/{blob}"))
        .map_err(|_| Problem::new(ErrorCode::Internal))?;
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(UPLOAD_OFFSET, offset.into());
    Ok(response)
}

/// Where an upload stands. A photo that is complete and verified stands at its length.
#[utoipa::path(
    head, path = "/api/v1/blobs/{upload}", tag = "uploads",
    params(
        ("upload" = String, Path, description = "SHA-256 of the photo, hexadecimal"),
        ("Tus-Resumable" = String, Header),
    ),
    responses(
        (status = 200, description = "Upload-Offset and Upload-Length"),
        (status = 404, description = "No such upload"),
    ),
    security(("device" = [])),
)]
pub(super) async fn progress(
    State(app): State<App>,
    Device(credential): Device,
    Path(upload): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let blob = parse(&upload)?;
    let turn = app.upload_turn(blob).await;
    let progress = app
        .call(move |server| {
            let _turn = turn;
            server.upload_progress(&credential, blob)
        })
        .await?;
    let mut response = StatusCode::OK.into_response();
    let offset = if progress.complete {
        progress.bytes
    } else {
        progress.offset
    };
    response.headers_mut().insert(UPLOAD_OFFSET, offset.into());
    response
        .headers_mut()
        .insert(UPLOAD_LENGTH, progress.bytes.into());
    Ok(response)
}

/// Appends bytes. What arrived before a connection was cut is kept.
#[utoipa::path(
    patch, path = "/api/v1/blobs/{upload}", tag = "uploads",
    params(
        ("upload" = String, Path, description = "SHA-256 of the photo, hexadecimal"),
        ("Tus-Resumable" = String, Header),
        ("Upload-Offset" = u64, Header),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "Upload-Offset is where to continue"),
        (status = 404, description = "`not_found`", body = schema::Problem),
        (status = 409, description = "`bad_offset`", body = schema::Problem),
        (status = 413, description = "`too_large`", body = schema::Problem),
        (status = 415, description = "`bad_body`", body = schema::Problem),
        (status = 422, description = "`bad_upload`: it begins again at 0", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn append(
    State(app): State<App>,
    Device(credential): Device,
    Path(upload): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    // In a task of its own: when the connection is cut this handler is dropped, and what has
    // arrived by then must still be stored.
    let work = tokio::spawn(receive(app, credential, upload, request));
    work.await.unwrap_or(Err(Problem::new(ErrorCode::Internal)))
}

async fn receive(
    app: App,
    credential: Credential,
    upload: String,
    request: Request,
) -> Result<Response, Problem> {
    require_version(request.headers())?;
    require_type(request.headers(), "application/offset+octet-stream")?;
    let offset = number(request.headers(), UPLOAD_OFFSET.as_str())
        .ok_or(Problem::new(ErrorCode::BadBody))?;
    let blob = parse(&upload)?;
    let credential = std::sync::Arc::new(credential);
    let asking = credential.clone();
    let turn = app.upload_turn(blob).await;
    let progress = app
        .call(move |server| {
            let _turn = turn;
            server.upload_progress(&asking, blob)
        })
        .await?;
    if offset != progress.offset && !(progress.complete && offset == progress.bytes) {
        return Err(Problem::new(ErrorCode::BadOffset));
    }
    let room = progress.bytes.saturating_sub(offset);
    let announced = number(request.headers(), header::CONTENT_LENGTH.as_str());
    if announced.is_some_and(|bytes| bytes > room) {
        return Err(Problem::new(ErrorCode::TooLarge));
    }
    let silence = app.options.body_silence;
    let mut appending = Appending {
        app,
        credential,
        blob,
        offset,
        gathered: Vec::new(),
    };
    let mut stream = request.into_body().into_data_stream();
    let mut since = Instant::now();
    let mut left = room;
    loop {
        let wait = if appending.gathered.is_empty() {
            silence
        } else {
            GATHER_FOR
        };
        match next_chunk(&mut stream, wait).await {
            Ok(Some(chunk)) => {
                left = left
                    .checked_sub(chunk.len() as u64)
                    .ok_or(Problem::new(ErrorCode::TooLarge))?;
                appending.gathered.extend_from_slice(&chunk);
                if appending.gathered.len() >= GATHER || since.elapsed() >= GATHER_FOR {
                    appending.store().await?;
                    since = Instant::now();
                }
            }
            // Silent for a moment with bytes in hand: store them, and go on waiting.
            Err(Problem {
                status: Some(408), ..
            }) if !appending.gathered.is_empty() => {
                appending.store().await?;
                since = Instant::now();
            }
            Ok(None) => break,
            Err(problem) => {
                appending.store().await?;
                return Err(problem);
            }
        }
    }
    appending.store().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response
        .headers_mut()
        .insert(UPLOAD_OFFSET, appending.offset.into());
    Ok(response)
}

/// Bytes on their way into the store.
struct Appending {
    app: App,
    credential: std::sync::Arc<Credential>,
    blob: BlobHash,
    offset: u64,
    gathered: Vec<u8>,
}

impl Appending {
    /// Stores what was gathered.
    async fn store(&mut self) -> Result<(), Problem> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::take(&mut self.gathered);
        let (blob, offset, bytes) = (self.blob, self.offset, chunk.len() as u64);
        let credential = self.credential.clone();
        let turn = self.app.upload_turn(blob).await;
        let state = self
            .app
            .call(move |server| {
                let _turn = turn;
                server.upload_append(&credential, blob, offset, &chunk)
            })
            .await?;
        metrics::counter!("beatbook_upload_bytes_total").increment(bytes);
        self.offset = match state {
            UploadState::At(offset) => offset,
            UploadState::Complete => offset + bytes,
        };
        Ok(())
    }
}

/// Gives an upload up.
#[utoipa::path(
    delete, path = "/api/v1/blobs/{upload}", tag = "uploads",
    params(
        ("upload" = String, Path, description = "SHA-256 of the photo, hexadecimal"),
        ("Tus-Resumable" = String, Header),
    ),
    responses(
        (status = 204, description = "Ended"),
        (status = 404, description = "`not_found`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn end(
    State(app): State<App>,
    Device(credential): Device,
    Path(upload): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_version(&headers)?;
    let blob = parse(&upload)?;
    app.call(move |server| server.upload_cancel(&credential, blob))
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// For clients behind something that lets only GET and POST through.
#[utoipa::path(
    post, path = "/api/v1/blobs/{upload}", tag = "uploads",
    params(
        ("upload" = String, Path, description = "SHA-256 of the photo, hexadecimal"),
        ("X-HTTP-Method-Override" = String, Header, description = "PATCH, HEAD or DELETE"),
    ),
    responses(
        (status = 204, description = "As the method that was named"),
        (status = 405, description = "`not_found`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn overridden(
    app: State<App>,
    device: Device,
    upload: Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    match text(&headers, "x-http-method-override") {
        Some("PATCH") => append(app, device, upload, request).await,
        Some("HEAD") => progress(app, device, upload, headers).await,
        Some("DELETE") => end(app, device, upload, headers).await,
        _ => Err(Problem::new(ErrorCode::NotFound).with_status(405)),
    }
}

/// Refuses another version of tus, as tus asks.
fn require_version(headers: &HeaderMap) -> Result<(), Problem> {
    match text(headers, TUS_RESUMABLE.as_str()) {
        Some(VERSION) => Ok(()),
        _ => Err(Problem::new(ErrorCode::BadVersion).with_status(412)),
    }
}

/// One value of `Upload-Metadata`: pairs of a key and a value in base64, by commas.
fn metadata_value<T: std::str::FromStr>(metadata: &str, key: &str) -> Option<T> {
    let value = metadata
        .split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.trim())?;
    String::from_utf8(STANDARD.decode(value).ok()?)
        .ok()?
        .parse()
        .ok()
}

/// Every answer carries the version, refusals too; 412 also says which versions are spoken.
pub(super) async fn mark(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let refused = response.status() == StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    if refused {
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
    }
    response
}
