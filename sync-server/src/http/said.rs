//! What the control room says: log numbers and notices.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use shared::ids::RecordId;
use shared::time::UnixMs;

use super::device::parse;
use super::extract::{Console, Json, SameOrigin};
use super::problem::Problem;
use super::schema;
use super::state::App;
use crate::view::ConsoleNotices;

/// Gives a record the control room's log number. It shows once it is judged, a moment later.
#[utoipa::path(
    post, path = "/api/v1/console/records/{id}/log-number", tag = "console",
    params(("id" = String, Path, description = "The record")),
    request_body = schema::ConsoleLogNumber,
    responses(
        (status = 202, description = "Written in the log that the server holds for the caller"),
        (status = 400, description = "`bad_body`: empty, or too long", body = schema::Problem),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 403, description = "Asked by another site's page", body = schema::Problem),
        (status = 404, description = "`not_found`: also not for this role", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn log_number(
    State(app): State<App>,
    _: SameOrigin,
    Console(token): Console,
    Path(id): Path<String>,
    Json(request): Json<schema::ConsoleLogNumber>,
) -> Result<StatusCode, Problem> {
    let record: RecordId = parse(&id)?;
    // Its end wakes the judge.
    let _receiving = app.receiving.begin();
    app.call(move |server| server.console_log_number(&token, record, &request.number))
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Tells all officers something, on their devices, until a time.
#[utoipa::path(
    post, path = "/api/v1/console/notices", tag = "console",
    request_body = schema::ConsoleNewNotice,
    responses(
        (status = 202, description = "Written in the log that the server holds for the caller"),
        (status = 400, description = "`bad_body`: empty or too long, or over already, or later \
            than a month from now", body = schema::Problem),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 403, description = "Asked by another site's page", body = schema::Problem),
        (status = 404, description = "`not_found`: not for this role", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn notice(
    State(app): State<App>,
    _: SameOrigin,
    Console(token): Console,
    Json(request): Json<schema::ConsoleNewNotice>,
) -> Result<StatusCode, Problem> {
    let _receiving = app.receiving.begin();
    let until = UnixMs(request.until);
    app.call(move |server| server.console_notice(&token, &request.text, until))
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// The notices that are not over, the newest first.
#[utoipa::path(
    get, path = "/api/v1/console/notices", tag = "console",
    responses(
        (status = 200, body = ConsoleNotices),
        (status = 401, description = "`sign_in_needed`", body = schema::Problem),
        (status = 404, description = "`not_found`: not for this role", body = schema::Problem),
    ),
    security(("console" = [])),
)]
pub(super) async fn notices(
    State(app): State<App>,
    Console(token): Console,
) -> Result<axum::Json<ConsoleNotices>, Problem> {
    app.call(move |server| server.console_notices(&token))
        .await
        .map(axum::Json)
}
