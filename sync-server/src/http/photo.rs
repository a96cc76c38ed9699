//! Photos as answers.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use crate::service::PhotoBytes;

/// An image that a browser shows and never runs, guesses at or keeps.
pub(super) fn image(photo: PhotoBytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(photo.mime)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline; filename=\"photo\""),
        ),
    ];
    (headers, photo.bytes).into_response()
}
