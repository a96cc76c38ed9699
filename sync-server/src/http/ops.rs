//! For whoever runs the server: health, readiness, figures, and the description of the API.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use shared::wire::{ErrorCode, WireError};

use super::extract::Address;
use super::problem::Problem;
use super::schema;
use super::state::App;
use crate::view::Figures;

/// The process answers.
#[utoipa::path(
    get, path = "/healthz", tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The store can be written.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 503, description = "`busy`", body = schema::Problem),
    ),
)]
pub(super) async fn readyz(State(app): State<App>) -> Result<&'static str, Problem> {
    if *app.stopping.borrow() {
        return Err(Problem::busy());
    }
    app.call(|server| {
        server.ready().map_err(|error| {
            tracing::error!(%error, "not ready");
            WireError::refused(ErrorCode::Busy)
        })
    })
    .await?;
    Ok("ready\n")
}

/// Figures for Prometheus. For this machine alone.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 404, description = "`not_found`: asked from elsewhere", body = schema::Problem),
    ),
)]
pub(super) async fn metrics(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hidden = Problem::new(ErrorCode::NotFound);
    // A proxy on this machine passes on what others ask.
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if forwarded || !address.to_canonical().is_loopback() {
        return Err(hidden);
    }
    let recorder = app.metrics.clone().ok_or(hidden)?;
    let internal = WireError::refused(ErrorCode::Internal);
    let figures = app
        .call(move |server| server.figures().map_err(|_| internal))
        .await?;
    show(&figures);
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok((
        StatusCode::OK,
        [(header::CONTENT_TYPE, media_type)],
        recorder.render(),
    )
        .into_response())
}

/// Sets the gauges that are read from the store.
fn show(figures: &Figures) {
    let gauges = [
        ("received", figures.received),
        ("accepted", figures.accepted),
        ("pending", figures.pending),
        ("parked", figures.parked),
        ("over_limits", figures.over_limits),
        ("quarantined", figures.quarantined),
        ("upheld", figures.upheld),
        ("superseded", figures.superseded),
        ("rejected", figures.rejected),
        ("sealed", figures.sealed),
        ("erased", figures.erased),
    ];
    for (state, value) in gauges {
        // Exact up to 2^53, which no count of entries reaches.
        metrics::gauge!("beatbook_entries", "state" => state).set(value as f64);
    }
    metrics::gauge!("beatbook_parked_since").set(figures.parked_since as f64 / 1e3);
    metrics::gauge!("beatbook_records").set(figures.records as f64);
    metrics::gauge!("beatbook_photos").set(figures.photos as f64);
    metrics::gauge!("beatbook_devices").set(figures.devices as f64);
    metrics::gauge!("beatbook_horizon").set(figures.horizon as f64);
    metrics::gauge!("beatbook_audit_rows").set(figures.audit as f64);
}

/// The description of the API.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "operations",
    responses((status = 200, body = serde_json::Value)),
)]
pub(super) async fn openapi() -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(super::openapi())
}
