//! What devices send beside their exchanges: parcels of a locked phone, the tail of a log that
//! has split, and the request of somebody who forgot the PIN.

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use shared::ids::LogId;
use shared::log::Segment;
use shared::wire::{Limits, MEDIA_TYPE, PARCEL_MAX, RecoveryRequest, RecoveryTicket, decode_body};

use super::device::{Attempt, parse};
use super::extract::{Address, Device, Json, read_body, require_type};
use super::problem::Problem;
use super::schema;
use super::state::App;

/// The media type of age files and of signed receipts.
const BYTES: &str = "application/octet-stream";

fn bytes(bytes: Vec<u8>) -> Response {
    let media_type = HeaderValue::from_static(BYTES);
    (StatusCode::OK, [(header::CONTENT_TYPE, media_type)], bytes).into_response()
}

/// Receives a parcel of a locked phone as a push; gives the signed checkpoint.
#[utoipa::path(
    post, path = "/api/v1/spool/{log}", tag = "device",
    params(("log" = String, Path, description = "The log, 32 hexadecimal digits")),
    request_body(
        content = Vec<u8>, content_type = "application/octet-stream",
        description = "An age file of one segment",
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, description = "`bad_body`", body = schema::Problem),
        (status = 401, description = "`unknown_device`", body = schema::Problem),
        (status = 403, description = "`unknown_log`", body = schema::Problem),
        (status = 409, description = "`fork`, `gap`", body = schema::Problem),
        (status = 413, description = "`too_large`", body = schema::Problem),
        (status = 422, description = "`bad_chain`", body = schema::Problem),
        (status = 503, description = "`busy`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn spool(
    State(app): State<App>,
    Device(credential): Device,
    Path(log): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let log: LogId = parse(&log)?;
    require_type(request.headers(), BYTES)?;
    let asking = credential.clone();
    app.call(move |server| server.check_device(&asking)).await?;
    let body = read_body(&app, request, PARCEL_MAX).await?;
    let receiving = app.receiving.clone();
    let receipt = app
        .call(move |server| {
            let _receiving = receiving.begin();
            server.spool(&credential, log, &body.bytes)
        })
        .await?;
    Ok(bytes(receipt))
}

/// Keeps the tail of a log that has split, as evidence.
#[utoipa::path(
    post, path = "/api/v1/evidence/{log}", tag = "device",
    params(("log" = String, Path, description = "The log, 32 hexadecimal digits")),
    request_body(
        content = Vec<u8>, content_type = "application/vnd.beatbook.exchange+cbor+zstd",
        description = "A segment in deterministic CBOR, in one zstd stream",
    ),
    responses(
        (status = 204, description = "It is kept"),
        (status = 400, description = "`bad_body`", body = schema::Problem),
        (status = 401, description = "`unknown_device`", body = schema::Problem),
        (status = 403, description = "`unknown_log`", body = schema::Problem),
        (
            status = 413, description = "`too_large`: also when the log has enough of it",
            body = schema::Problem,
        ),
        (status = 422, description = "`bad_chain`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn evidence(
    State(app): State<App>,
    Device(credential): Device,
    Path(log): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let log: LogId = parse(&log)?;
    require_type(request.headers(), MEDIA_TYPE)?;
    let asking = credential.clone();
    app.call(move |server| server.check_device(&asking)).await?;
    let body = read_body(&app, request, Limits::REQUEST.compressed).await?;
    app.call(move |server| {
        let segment: Segment = match decode_body(&body.bytes, Limits::REQUEST) {
            Ok(segment) => segment,
            Err(error) => {
                server.note_bad_body(&credential, error);
                return Ok(Err(Problem::from(error)));
            }
        };
        drop(body);
        if segment.log != log {
            return Ok(Err(Problem::new(shared::wire::ErrorCode::BadBody)));
        }
        Ok(Ok(server.evidence(&credential, segment)?))
    })
    .await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for the key of the vault that is signed in, whose PIN was forgotten.
#[utoipa::path(
    post, path = "/api/v1/recovery", tag = "device",
    request_body = schema::RecoveryRequest,
    responses(
        (status = 200, body = schema::RecoveryTicket),
        (status = 400, description = "`bad_body`", body = schema::Problem),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 429, description = "`slow_down`", body = schema::Problem),
    ),
    security(("device" = [], "session" = [])),
)]
pub(super) async fn ask(
    State(app): State<App>,
    Address(address): Address,
    Device(credential): Device,
    request: Request,
) -> Result<axum::Json<RecoveryTicket>, Problem> {
    let asking = credential.clone();
    app.call(move |server| server.check_session(&asking))
        .await?;
    let Json(request) = Json::<RecoveryRequest>::from_request(request, &app).await?;
    let attempt = Attempt::take(&app, address).await?;
    let answer = app
        .call(move |server| server.recovery_begin(&credential, request))
        .await;
    attempt.end(answer).map(axum::Json)
}

/// The answer to that: an age file for the key of the request, once a person has given it.
#[utoipa::path(
    get, path = "/api/v1/recovery/{log}", tag = "device",
    params(("log" = String, Path, description = "The log, 32 hexadecimal digits")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 204, description = "Not yet"),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`", body = schema::Problem),
    ),
    security(("device" = [], "session" = [])),
)]
pub(super) async fn fetch(
    State(app): State<App>,
    Device(credential): Device,
    Path(log): Path<String>,
) -> Result<Response, Problem> {
    let log: LogId = parse(&log)?;
    let answer = app
        .call(move |server| server.recovery_fetch(&credential, log))
        .await?;
    Ok(match answer {
        Some(sealed) => bytes(sealed),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
