//! Security headers: every response carries them, whatever route it comes from.
//!
//! May import: axum.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// They narrow what a browser does with a response by itself.
pub const SECURITY_HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
];

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// What a browser wants what it asks for as.
pub const FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Adds them to the response of a route.
pub async fn add(request: Request, next: Next) -> Response {
    let isolation = isolation(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Files of the book have them already.
    for (name, value) in SECURITY_HEADERS.into_iter().chain(isolation) {
        headers.insert(name, value);
    }
    response
}

/// The header that keeps a page of another origin from holding a handle on ours, for requests that it has an effect on.
///
/// Browsers heed it for top-level documents at a trustworthy URL (HTTPS, or this machine), and complain of it in the console
/// elsewhere, as on a plain HTTP address in the room's network. They send `Sec-Fetch-Dest` to trustworthy URLs only
/// (<https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header>), so the request itself tells, also behind a proxy that
/// speaks TLS.
pub fn isolation(request: &HeaderMap) -> Option<(HeaderName, HeaderValue)> {
    let is_document = request
        .get(FETCH_DESTINATION)
        .is_some_and(|destination| destination == "document");
    is_document.then_some((OPENER_POLICY, HeaderValue::from_static("same-origin")))
}
