//! Headers that every response carries, of whatever route.
//!
//! May import: axum's http types.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// They narrow what a browser does with a response by itself.
pub const HARDENING: [(HeaderName, HeaderValue); 3] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Adds them.
pub async fn harden(mut response: Response) -> Response {
    response.headers_mut().extend(HARDENING);
    response
}
