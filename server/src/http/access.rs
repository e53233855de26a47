//! Refuses requests of whoever may not talk to this server.
//!
//! May import: entry, admission::refusal, state, axum, tracing.

use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::info;

use super::entry;
use crate::admission::refusal::Refusal;
use crate::state::App;

/// Who may ask was decided already, by more than its origin.
pub(super) const ANY_ORIGIN: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

/// Lets in whoever may use what this server offers to its own pages.
pub(super) async fn admitted(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.admission.admit(request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refuse(&app, refusal),
    }
}

/// Lets in whoever also shows an access token, where one is needed. How it was let in is an extension of the request. A browser that asks what it
/// may ask carries nothing (<https://fetch.spec.whatwg.org/#cors-preflight-fetch>).
pub(super) async fn permitted(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Err(refusal) = app.admission.admit(request.headers(), request.uri()) {
        return refuse(&app, refusal);
    }
    if request.method() != Method::OPTIONS {
        match entry::of(&app, request.headers(), request.uri()) {
            Ok(entry) => request.extensions_mut().insert(entry),
            Err(refusal) => return entry::refuse(&app, &refusal),
        };
    }
    next.run(request).await
}

/// Frames have an origin of their own, so their browsers ask before they PATCH or DELETE
/// ([Fetch, section 4.8](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
///
/// Where a token is needed, they may bring it in its header.
pub(super) async fn preflight(State(app): State<App>) -> Response {
    let headers = match app.access_keys.is_some() {
        true => "authorization, content-type",
        false => "content-type",
    };
    let head = [
        ANY_ORIGIN,
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PATCH, DELETE",
        ),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, headers),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, head).into_response()
}

/// Counts, logs and tells a refusal.
pub(super) fn refuse(app: &App, refusal: Refusal) -> Response {
    app.metrics.refused(refusal.code());
    info!(error.code = refusal.code(), "Refused a request. {refusal}");
    refusal.into_response()
}

/// The same for a page of whatever origin that asks why. Other refusals can't be read by other sites: that there is one would tell them what this
/// server offers, a workshop for example.
pub(super) fn refuse_readably(app: &App, refusal: Refusal) -> Response {
    let any_origin = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (any_origin, refuse(app, refusal)).into_response()
}
