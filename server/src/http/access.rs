//! Refuses requests of whoever may not talk to this server.
//!
//! May import: admission::refusal, state, axum, tracing.

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::info;

use crate::admission::refusal::Refusal;
use crate::state::App;

/// Lets in whoever may use what this server offers to its own pages.
pub(super) async fn admitted(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.admission.admit(request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refuse(&app, refusal),
    }
}

/// Counts, logs and tells a refusal.
pub(super) fn refuse(app: &App, refusal: Refusal) -> Response {
    app.switchboard.metrics().refused(refusal.code());
    info!(error.code = refusal.code(), "Refused a request. {refusal}");
    refusal.into_response()
}

/// The same for a page of whatever origin that asks why. Other refusals can't be read by other sites: that there is one would tell them what this
/// server offers, a workshop for example.
pub(super) fn refuse_readably(app: &App, refusal: Refusal) -> Response {
    let any_origin = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (any_origin, refuse(app, refusal)).into_response()
}
