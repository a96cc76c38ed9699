//! What handlers take out of a request: who asks, from where, and bodies under limits.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use axum::body::{BodyDataStream, Bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use shared::wire::{Credential, ErrorCode};
use tokio::sync::OwnedSemaphorePermit;

use super::problem::Problem;
use super::state::App;

/// The header that carries the vault's session.
pub(super) const SESSION_HEADER: &str = "beatbook-session";
/// The longest token that is looked at.
const TOKEN_MAX: usize = 256;
/// The largest body in JSON.
const JSON_MAX: usize = 64 * 1024;
/// Bytes a second that a body must bring: half of what 9.6 kbit/s carry.
const SLOWEST: u64 = 600;

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

/// The address of whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // Without one (a router called in process) all share a bucket, and none is loopback.
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        // Plain HTTP is for a proxy on this machine; it appends the address it was asked from.
        let proxied = !app.options.secure && peer.to_canonical().is_loopback();
        let forwarded = text(&parts.headers, "x-forwarded-for")
            .and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse().ok());
        Ok(Self(forwarded.filter(|_| proxied).unwrap_or(peer)))
    }
}

/// A small body in JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        require_type(request.headers(), "application/json")?;
        let body = read_body(app, request, JSON_MAX).await?;
        let value =
            serde_json::from_slice(&body.bytes).map_err(|_| Problem::new(ErrorCode::BadBody))?;
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

/// A body that was read, with the room it takes among all bodies.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// Takes room for as many bytes as there will be.
    fn grow(&mut self, app: &App, chunk: usize) -> Result<(), Problem> {
        let needed = (self.bytes.len() + chunk).div_ceil(1024);
        let held = self
            .room
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(needed.saturating_sub(held)).unwrap_or(u32::MAX);
        if more > 0 {
            let permit = app.bodies.clone().try_acquire_many_owned(more);
            let permit = permit.map_err(|_| Problem::busy())?;
            match &mut self.room {
                Some(room) => room.merge(permit),
                none => *none = Some(permit),
            }
        }
        Ok(())
    }
}

/// Reads a whole body, never more than the limit. One that falls silent, or comes more slowly
/// than any network does, is given up: whoever sends it has not shown yet who they are.
pub(super) async fn read_body(
    app: &App,
    request: Request,
    limit: usize,
) -> Result<Received, Problem> {
    let announced = number(request.headers(), header::CONTENT_LENGTH.as_str());
    if announced.is_some_and(|bytes| bytes > limit as u64) {
        return Err(Problem::new(ErrorCode::TooLarge));
    }
    let began = Instant::now();
    let silence = app.options.body_silence;
    let mut stream = request.into_body().into_data_stream();
    let mut body = Received {
        bytes: Vec::new(),
        room: None,
    };
    while let Some(chunk) = next_chunk(&mut stream, silence).await? {
        if body.bytes.len() + chunk.len() > limit {
            return Err(Problem::new(ErrorCode::TooLarge));
        }
        body.grow(app, chunk.len())?;
        body.bytes.extend_from_slice(&chunk);
        let late = began.elapsed().saturating_sub(silence).as_secs();
        if (body.bytes.len() as u64) < late * SLOWEST {
            return Err(Problem::new(ErrorCode::BadBody).with_status(408));
        }
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
