//! Errors as problem documents (RFC 9457). The one place where an error becomes HTTP.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::wire::{BadBody, ErrorCode, WireError};

/// What a problem's type begins with; the code follows.
const TYPE: &str = "https://beatbook.invalid/problems/";

/// A refusal, on its way to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    /// What went wrong.
    pub(super) code: ErrorCode,
    /// A status that says it better than the code's own.
    pub(super) status: Option<u16>,
    /// Seconds to wait before another attempt.
    pub(super) retry_after: Option<u64>,
}

impl Problem {
    /// A refusal with the status of its code.
    pub(super) const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            status: None,
            retry_after: None,
        }
    }

    /// The same with another status.
    pub(super) const fn with_status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// The same with a time to wait.
    pub(super) const fn after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// No room at the moment.
    pub(super) const fn busy() -> Self {
        Self::new(ErrorCode::Busy).after(2)
    }
}

impl From<WireError> for Problem {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Refused {
                code,
                retry_after_ms,
            } => Self {
                code,
                status: None,
                retry_after: retry_after_ms
                    .map(|ms| ms.div_ceil(1000).max(1))
                    .or(match code {
                        ErrorCode::Busy => Some(2),
                        ErrorCode::SlowDown => Some(5),
                        _ => None,
                    }),
            },
            // The server in this process is never out of reach of itself.
            WireError::NoConnection
            | WireError::Silent
            | WireError::WrongServer
            | WireError::Garbled => Self::new(ErrorCode::Internal),
        }
    }
}

impl From<BadBody> for Problem {
    fn from(error: BadBody) -> Self {
        Self::new(match error {
            BadBody::TooLarge => ErrorCode::TooLarge,
            BadBody::Compression | BadBody::Message => ErrorCode::BadBody,
        })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status.unwrap_or(self.code.status()))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::json!({
            "type": format!("{TYPE}{}", self.code.as_str()),
            "title": self.code.title(),
            "status": status.as_u16(),
            "code": self.code.as_str(),
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == ErrorCode::UnknownDevice {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_that_is_one() {
        for code in ErrorCode::ALL {
            let response = Problem::new(*code).into_response();
            assert_eq!(response.status().as_u16(), code.status());
            assert!(response.status().as_u16() >= 400);
        }
    }

    #[test]
    fn a_waiting_time_is_rounded_up_to_seconds() {
        let error = WireError::Refused {
            code: ErrorCode::SlowDown,
            retry_after_ms: Some(1200),
        };
        let response = Problem::from(error).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    }
}
