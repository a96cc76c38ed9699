//! The whole map. A route is in the description of the API because it is in this list, and
//! nothing is served that is not in it, the page's files excepted.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{SESSION_HEADER, cookie_name};
use super::state::App;
use super::{console, device, live, ops, page, person, said, sealed, tus, watch};

/// The service.
pub fn router(app: App) -> Router {
    let (router, _) = map().split_for_parts();
    router
        .fallback(page::page)
        .method_not_allowed_fallback(page::wrong_method)
        .layer(from_fn_with_state(app.clone(), watch::watch))
        .with_state(app)
}

/// The description of the API.
pub fn openapi() -> OpenApi {
    map().into_openapi()
}

fn map() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(front_matter())
        // For whoever runs the server.
        .routes(routes!(ops::healthz))
        .routes(routes!(ops::readyz))
        .routes(routes!(ops::metrics))
        .routes(routes!(ops::openapi))
        // Devices.
        .routes(routes!(device::enrol))
        .routes(routes!(device::sign_in))
        .routes(routes!(device::exchange))
        .routes(routes!(device::photo))
        .routes(routes!(device::photo_preview))
        .routes(routes!(live::device))
        .routes(routes!(sealed::spool))
        .routes(routes!(sealed::evidence))
        .routes(routes!(sealed::ask))
        .routes(routes!(sealed::fetch))
        .merge(uploads())
        // The control room's page.
        .routes(routes!(console::sign_in))
        .routes(routes!(console::sign_out))
        .routes(routes!(console::me))
        .routes(routes!(console::records))
        .routes(routes!(console::record))
        .routes(routes!(console::photo))
        .routes(routes!(said::log_number))
        .routes(routes!(said::notice, said::notices))
        .routes(routes!(console::devices))
        .routes(routes!(console::areas))
        .routes(routes!(console::searches))
        .routes(routes!(live::console))
        // Whoever holds a receipt.
        .routes(routes!(person::page))
}

fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(tus::options, tus::create))
        .routes(routes!(
            tus::progress,
            tus::append,
            tus::end,
            tus::overridden
        ))
        .layer(from_fn(tus::mark))
}

fn front_matter() -> OpenApi {
    let device = Http::new(HttpAuthScheme::Bearer);
    let session = ApiKey::Header(ApiKeyValue::new(SESSION_HEADER));
    let console = ApiKey::Cookie(ApiKeyValue::new(cookie_name(true)));
    let components = ComponentsBuilder::new()
        .security_scheme("device", SecurityScheme::Http(device))
        .security_scheme("session", SecurityScheme::ApiKey(session))
        .security_scheme("console", SecurityScheme::ApiKey(console));
    let info = InfoBuilder::new()
        .title("Beatbook")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Errors are problem documents (RFC 9457) with a member `code`.",
        ));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components.build()))
        .build()
}
