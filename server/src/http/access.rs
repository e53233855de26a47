//! Refuses requests of whoever may not talk to this server.
//!
//! May import: admission::refusal, state, axum, tracing.

use axum::extract::{Request, State};
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
