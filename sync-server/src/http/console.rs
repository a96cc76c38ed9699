//! What the control room's page asks.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use shared::hash::BlobHash;
use shared::ids::RecordId;
use shared::wire::ErrorCode;

use super::device::{Attempt, parse};
use super::extract::{Address, Console, Json, SameOrigin, cookie_name};
use super::photo::image;
use super::problem::Problem;
use super::schema;
use super::state::App;
use crate::view::{
    ConsoleDevices, ConsoleMe, ConsoleRecordDetail, ConsoleRecords, ConsoleSearches,
};

/// The most rows that one page of the list holds.
const ROWS_MAX: u32 = 500;

/// Signs in to the page; the session is a cookie that scripts cannot read.
#[utoipa::path(
    post, path = "/api/v1/console/sign-in", tag = "console",
    request_body = schema::ConsoleSignIn,
    responses(
        (status = 200, description = "Set-Cookie holds the session", body = ConsoleMe),
        (status = 401, description = "`bad_sign_in`", body = schema::Problem),
        (status = 403, description = "Asked by another site's page", body = schema::Problem),
        (status = 429, description = "`slow_down`", body = schema::Problem),
    ),
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    _: SameOrigin,
    Address(address): Address,
    Json(request): Json<schema::ConsoleSignIn>,
) -> Result<Response, Problem> {
    let attempt = Attempt::take(&app, address).await?;
    let answer = app
        .call(move |server| server.console_sign_in(&request.collar, &request.password))
        .await;
    let (token, me) = attempt.end(answer)?;
    let seconds = me.expires.saturating_sub(now_ms()).max(0) / 1000;
    let cookie = cookie(&app, &token, seconds)?;
    Ok(([(header::SET_COOKIE, cookie)], axum::Json(me)).into_response())
}

/// Ends the session.
#[utoipa::path(
    post, path = "/api/v1/console/sign-out", tag = "console",
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn sign_out(
    State(app): State<App>,
    _: SameOrigin,
    Console(token): Console,
) -> Result<Response, Problem> {
    app.call(move |server| server.console_sign_out(&token))
        .await?;
    let gone = cookie(&app, "", 0)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/v1/console/me", tag = "console",
    responses(
        (status = 200, body = ConsoleMe),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn me(
    State(app): State<App>,
    Console(token): Console,
) -> Result<axum::Json<ConsoleMe>, Problem> {
    app.call(move |server| server.console_me(&token))
        .await
        .map(axum::Json)
}

/// Which rows of a list are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Rows {
    after: Option<u64>,
    limit: Option<u32>,
}

impl Rows {
    fn limit(&self) -> u32 {
        self.limit.unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX)
    }
}

/// Queries that do not read are refused like bodies that do not.
type RowsQuery = Result<Query<Rows>, axum::extract::rejection::QueryRejection>;

fn rows(query: RowsQuery) -> Result<Rows, Problem> {
    query
        .map(|Query(rows)| rows)
        .map_err(|_| Problem::new(ErrorCode::BadBody))
}

/// The latest state of records, in the order in which they last changed.
#[utoipa::path(
    get, path = "/api/v1/console/records", tag = "console",
    params(
        ("after" = Option<u64>, Query, description = "Position to continue after; without it the \
            last 8 hours, the newest 500"),
        ("limit" = Option<u32>, Query, description = "1 to 500"),
    ),
    responses(
        (status = 200, body = ConsoleRecords),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`: not for this role", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn records(
    State(app): State<App>,
    Console(token): Console,
    query: RowsQuery,
) -> Result<axum::Json<ConsoleRecords>, Problem> {
    let rows = rows(query)?;
    let limit = rows.limit();
    app.call(move |server| server.console_records(&token, rows.after, limit))
        .await
        .map(axum::Json)
}

/// One record in full. Reading it goes to the audit.
#[utoipa::path(
    get, path = "/api/v1/console/records/{id}", tag = "console",
    params(("id" = String, Path, description = "The record")),
    responses(
        (status = 200, body = ConsoleRecordDetail),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn record(
    State(app): State<App>,
    Console(token): Console,
    Path(id): Path<String>,
) -> Result<axum::Json<ConsoleRecordDetail>, Problem> {
    let id = parse(&id)?;
    app.call(move |server| server.console_record(&token, id))
        .await
        .map(axum::Json)
}

/// Whether the preview is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Size {
    preview: Option<String>,
}

/// A photo of a record, or its preview.
#[utoipa::path(
    get, path = "/api/v1/console/records/{id}/photos/{sha256}", tag = "console",
    params(
        ("id" = String, Path, description = "The record"),
        ("sha256" = String, Path, description = "SHA-256 of the photo, hexadecimal"),
        ("preview" = Option<u8>, Query, description = "1 for a small upright preview"),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`, `photo_not_here`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn photo(
    State(app): State<App>,
    Console(token): Console,
    Path((id, sha256)): Path<(String, String)>,
    Query(size): Query<Size>,
) -> Result<Response, Problem> {
    let (record, blob): (RecordId, BlobHash) = (parse(&id)?, parse(&sha256)?);
    let preview = matches!(size.preview.as_deref(), Some("1" | "true"));
    let _turn = match preview {
        true => Some(app.preview_turn().await?),
        false => None,
    };
    let photo = app
        .call(move |server| server.console_photo(&token, record, blob, preview))
        .await?;
    Ok(image(photo))
}

/// When devices were last heard, and what they said was waiting.
#[utoipa::path(
    get, path = "/api/v1/console/devices", tag = "console",
    responses(
        (status = 200, body = ConsoleDevices),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`: not for this role", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn devices(
    State(app): State<App>,
    Console(token): Console,
) -> Result<axum::Json<ConsoleDevices>, Problem> {
    app.call(move |server| server.console_devices(&token))
        .await
        .map(axum::Json)
}

/// The wards, as GeoJSON.
#[utoipa::path(
    get, path = "/api/v1/console/areas", tag = "console",
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/geo+json"),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn areas(
    State(app): State<App>,
    Console(token): Console,
) -> Result<Response, Problem> {
    let areas = app.call(move |server| server.console_areas(&token)).await?;
    let media_type = HeaderValue::from_static("application/geo+json");
    Ok(([(header::CONTENT_TYPE, media_type)], areas).into_response())
}

/// Searches as forces published them, newest first. They are not records of this force.
#[utoipa::path(
    get, path = "/api/v1/console/searches", tag = "console",
    params(("limit" = Option<u32>, Query, description = "1 to 500")),
    responses(
        (status = 200, body = ConsoleSearches),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn searches(
    State(app): State<App>,
    Console(token): Console,
    query: RowsQuery,
) -> Result<axum::Json<ConsoleSearches>, Problem> {
    let limit = rows(query)?.limit();
    app.call(move |server| server.console_searches(&token, limit))
        .await
        .map(axum::Json)
}

/// The session cookie. Strict: no other site's link or form ever carries it.
fn cookie(app: &App, token: &str, seconds: i64) -> Result<HeaderValue, Problem> {
    let name = cookie_name(app.options.secure);
    let secure = if app.options.secure { "; Secure" } else { "" };
    let text =
        format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Problem::new(ErrorCode::Internal))
}

fn now_ms() -> i64 {
    crate::env::Clock::now(&crate::env::SystemClock).0
}
