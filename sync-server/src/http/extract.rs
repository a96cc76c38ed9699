//! What handlers take out of a request: who asks, from where, and bodies under limits.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::body::{BodyDataStream, Bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use shared::wire::{Credential, ErrorCode};

use super::problem::Problem;
use super::state::App;

/// The header that carries the vault's session.
pub(super) const SESSION_HEADER: &str = "beatbook-session";
/// The longest token that is looked at.
const TOKEN_MAX: usize = 256;
/// The largest body in JSON.
const JSON_MAX: usize = 64 * 1024;

/// The device that asks, with the session of its vault if it has one.
#[derive(Debug)]
pub(super) struct Device(pub(super) Credential);

impl FromRequestParts<App> for Device {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let unknown = Problem::new(ErrorCode::UnknownDevice);
        let (scheme, token) = text(&parts.headers, header::AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .ok_or(unknown)?;
        let token = token.trim();
        if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > TOKEN_MAX {
            return Err(unknown);
        }
        let session = text(&parts.headers, SESSION_HEADER)
            .filter(|session| !session.is_empty() && session.len() <= TOKEN_MAX);
        Ok(Self(Credential {
            device: token.to_owned(),
            session: session.map(str::to_owned),
        }))
    }
}

/// The session of the control room's page, from its cookie.
pub(super) struct Console(pub(super) String);

impl FromRequestParts<App> for Console {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let name = cookie_name(app.options.secure);
        parts
            .headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == name && !value.is_empty() && value.len() <= TOKEN_MAX)
            .map(|(_, value)| Self(value.to_owned()))
            .ok_or(Problem::new(ErrorCode::SignInNeeded))
    }
}

/// The name of the session cookie. The prefix makes browsers hold it to this host and to TLS.
pub(super) const fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-beatbook"
    } else {
        "beatbook"
    }
}

/// Refuses requests that another site's page made.
pub(super) struct SameOrigin;

impl FromRequestParts<App> for SameOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let refused = Err(Problem::new(ErrorCode::NotFound).with_status(403));
        if let Some(site) = text(&parts.headers, "sec-fetch-site")
            && !matches!(site, "same-origin" | "none")
        {
            return refused;
        }
        if !parts.headers.contains_key(header::ORIGIN) {
            // Not a page: browsers name the origin of every POST.
            return Ok(Self);
        }
        let host = parts
            .uri
            .authority()
            .map(|authority| authority.as_str())
            .or_else(|| text(&parts.headers, header::HOST.as_str()));
        let origin = text(&parts.headers, header::ORIGIN.as_str())
            .and_then(|origin| origin.split_once("://"))
            .map(|(_, host)| host);
        match (host, origin) {
            (Some(host), Some(origin)) if host.eq_ignore_ascii_case(origin) => Ok(Self),
            _ => refused,
        }
    }
}

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Without one (a router called in process) all share a bucket, and none is loopback.
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(
            address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip()),
        ))
    }
}

/// A small body in JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        require_type(request.headers(), "application/json")?;
        let body = read_body(request, JSON_MAX, app.options.body_silence).await?;
        let value = serde_json::from_slice(&body).map_err(|_| Problem::new(ErrorCode::BadBody))?;
        Ok(Self(value))
    }
}

/// The text of a header, if it is there and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The number in a header.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let value = text(headers, name)?;
    // `u64::from_str` would also take a plus sign.
    value
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| value.parse().ok())?
}

/// Refuses a body of another media type.
pub(super) fn require_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let given = text(headers, header::CONTENT_TYPE.as_str())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    match given {
        Some(given) if given.eq_ignore_ascii_case(wanted) => Ok(()),
        _ => Err(Problem::new(ErrorCode::BadBody).with_status(415)),
    }
}

/// Reads a whole body, never more than the limit, never waiting longer than `silence`.
pub(super) async fn read_body(
    request: Request,
    limit: usize,
    silence: Duration,
) -> Result<Vec<u8>, Problem> {
    let announced = number(request.headers(), header::CONTENT_LENGTH.as_str());
    if announced.is_some_and(|bytes| bytes > limit as u64) {
        return Err(Problem::new(ErrorCode::TooLarge));
    }
    let mut stream = request.into_body().into_data_stream();
    let mut body = Vec::new();
    while let Some(chunk) = next_chunk(&mut stream, silence).await? {
        if body.len() + chunk.len() > limit {
            return Err(Problem::new(ErrorCode::TooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The next bytes of a body; an error when the body broke off or fell silent.
pub(super) async fn next_chunk(
    stream: &mut BodyDataStream,
    silence: Duration,
) -> Result<Option<Bytes>, Problem> {
    match tokio::time::timeout(silence, stream.next()).await {
        Err(_) => Err(Problem::new(ErrorCode::BadBody).with_status(408)),
        Ok(None) => Ok(None),
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(_))) => Err(Problem::new(ErrorCode::BadBody)),
    }
}
