//! What devices ask: enrolling, signing in, exchanging, and photos.

use std::time::Instant;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use shared::wire::{
    EnrolRequest, EnrolResponse, ErrorCode, ExchangeRequest, Limits, MEDIA_TYPE, SignInRequest,
    SignInResponse, decode_body, encode_body,
};

use super::extract::{Address, Device, Json, read_body, require_type};
use super::photo::image;
use super::problem::Problem;
use super::schema;
use super::state::App;

/// Exchanges a one-time code for the device's credential.
#[utoipa::path(
    post, path = "/api/v1/enrol", tag = "device",
    request_body = schema::EnrolRequest,
    responses(
        (status = 200, body = schema::EnrolResponse),
        (status = 403, description = "`bad_enrolment_code`", body = schema::Problem),
        (status = 429, description = "`slow_down`", body = schema::Problem),
    ),
)]
pub(super) async fn enrol(
    State(app): State<App>,
    Address(address): Address,
    Json(request): Json<EnrolRequest>,
) -> Result<axum::Json<EnrolResponse>, Problem> {
    let attempt = Attempt::take(&app, address).await?;
    let answer = app.call(move |server| server.enrol(request)).await;
    attempt.end(answer).map(axum::Json)
}

/// Signs an officer in; opens the log of a new vault.
#[utoipa::path(
    post, path = "/api/v1/sign-in", tag = "device",
    request_body = schema::SignInRequest,
    responses(
        (status = 200, body = schema::SignInResponse),
        (status = 401, description = "`bad_sign_in`, `unknown_device`", body = schema::Problem),
        (status = 429, description = "`slow_down`", body = schema::Problem),
    ),
    security(("device" = [])),
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    Address(address): Address,
    Device(credential): Device,
    Json(request): Json<SignInRequest>,
) -> Result<axum::Json<SignInResponse>, Problem> {
    let attempt = Attempt::take(&app, address).await?;
    let answer = app
        .call(move |server| server.sign_in(&credential, request))
        .await;
    attempt.end(answer).map(axum::Json)
}

/// Pushes the outbox and pulls news.
#[utoipa::path(
    post, path = "/api/v1/exchange", tag = "device",
    request_body(
        content = Vec<u8>, content_type = "application/vnd.beatbook.exchange+cbor+zstd",
        description = "Deterministic CBOR in one zstd stream",
    ),
    responses(
        (
            status = 200, body = Vec<u8>,
            content_type = "application/vnd.beatbook.exchange+cbor+zstd",
        ),
        (status = 400, description = "`bad_body`", body = schema::Problem),
        (status = 401, description = "`unknown_device`", body = schema::Problem),
        (status = 409, description = "`fork`, `gap`", body = schema::Problem),
        (status = 413, description = "`too_large`", body = schema::Problem),
        (status = 422, description = "`bad_chain`", body = schema::Problem),
        (status = 426, description = "`bad_version`", body = schema::Problem),
        (status = 503, description = "`busy`", body = schema::Problem),
    ),
    security(("device" = []), ("device" = [], "session" = [])),
)]
pub(super) async fn exchange(
    State(app): State<App>,
    Device(credential): Device,
    request: Request,
) -> Result<Response, Problem> {
    require_type(request.headers(), MEDIA_TYPE)?;
    let asking = credential.clone();
    app.call(move |server| server.check_device(&asking)).await?;
    let body = read_body(&app, request, Limits::REQUEST.compressed).await?;
    let receiving = app.receiving.clone();
    let answer = app
        .call(move |server| {
            // Decoding may take megabytes and milliseconds: not on a thread that serves others.
            let request: ExchangeRequest = match decode_body(&body.bytes, Limits::REQUEST) {
                Ok(request) => request,
                Err(error) => {
                    server.note_bad_body(&credential, error);
                    return Ok(Err(Problem::from(error)));
                }
            };
            drop(body);
            let _receiving = request.push.is_some().then(|| receiving.begin());
            Ok(Ok(encode_body(&server.exchange(&credential, request)?)))
        })
        .await??;
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, media_type)], answer).into_response())
}

/// The original bytes of a photo of a record that the vault may read.
#[utoipa::path(
    get, path = "/api/v1/photos/{sha256}", tag = "device",
    params(("sha256" = String, Path, description = "SHA-256 of the photo, hexadecimal")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 404, description = "`not_found`, `photo_not_here`", body = schema::Problem),
    ),
    security(("device" = [], "session" = [])),
)]
pub(super) async fn photo(
    State(app): State<App>,
    Device(credential): Device,
    Path(blob): Path<String>,
) -> Result<Response, Problem> {
    let blob = parse(&blob)?;
    Ok(image(
        app.call(move |server| server.photo(&credential, blob))
            .await?,
    ))
}

/// A small upright preview of the same.
#[utoipa::path(
    get, path = "/api/v1/photos/{sha256}/preview", tag = "device",
    params(("sha256" = String, Path, description = "SHA-256 of the photo, hexadecimal")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 404, description = "`not_found`, `photo_not_here`", body = schema::Problem),
    ),
    security(("device" = [], "session" = [])),
)]
pub(super) async fn photo_preview(
    State(app): State<App>,
    Device(credential): Device,
    Path(blob): Path<String>,
) -> Result<Response, Problem> {
    let blob = parse(&blob)?;
    let _turn = app.preview_turn().await?;
    Ok(image(
        app.call(move |server| server.photo_preview(&credential, blob))
            .await?,
    ))
}

/// The hash in a path. One that does not read is of nothing that is here.
pub(super) fn parse<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::new(ErrorCode::NotFound))
}

/// One attempt to prove who somebody is, held to the limits of its address.
pub(super) struct Attempt {
    app: App,
    address: std::net::IpAddr,
    _turn: tokio::sync::OwnedSemaphorePermit,
}

impl Attempt {
    /// Waits for a turn and takes an attempt. In this order: attempts that are still waiting
    /// for their turn are not counted, so that a shift may sign in all at once.
    pub(super) async fn take(app: &App, address: std::net::IpAddr) -> Result<Self, Problem> {
        let turn = app.password_turn().await?;
        app.attempts.take(address, Instant::now()).map_err(|wait| {
            metrics::counter!("beatbook_attempts_refused_total").increment(1);
            Problem::new(ErrorCode::SlowDown).after(wait.as_secs() + 1)
        })?;
        Ok(Self {
            app: app.clone(),
            address,
            _turn: turn,
        })
    }

    /// Gives the attempt back unless it was a wrong code or password.
    pub(super) fn end<T>(self, answer: Result<T, Problem>) -> Result<T, Problem> {
        let guess = matches!(
            answer,
            Err(Problem {
                code: ErrorCode::BadSignIn | ErrorCode::BadEnrolmentCode,
                ..
            })
        );
        if !guess {
            self.app.attempts.give_back(self.address);
        }
        answer
    }
}
