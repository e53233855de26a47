//! What whoever runs the server looks at: whether it lives, whether it is ready, and what it counts.
//!
//! # Layout
//! - [`metrics`]: what is counted
//! - [`log`]: what is logged, and how that can't harm the server
//! - [`addresses`]: at which addresses a browser finds the server
//! - [`descriptors`]: how many files, and so connections, the process may have open
//!
//! May import: axum, rtc (its list of interfaces), [`App`], tracing-subscriber.

pub mod addresses;
pub mod descriptors;
pub mod log;
pub mod metrics;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::App;

/// The version of Prometheus' text format.
const PROMETHEUS: [(HeaderName, &str); 1] = [(
    header::CONTENT_TYPE,
    "text/plain; version=0.0.4; charset=utf-8",
)];

/// Where the server says whether it lives, and whether it is ready.
pub const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// For everybody: a load balancer asks where the readers are.
pub fn health() -> Router<App> {
    let [alive, ready] = HEALTH;
    Router::new()
        .route(alive, get(async || "alive\n"))
        .route(ready, get(readiness))
}

/// For whoever runs the server.
pub fn numbers() -> Router<App> {
    Router::new().route(
        "/metrics",
        get(async |State(app): State<App>| {
            let mut now = app.switchboard.gauges();
            if let Some(companions) = &app.companions {
                now.companions = companions.count();
                now.companion_bytes = companions.waiting_bytes();
            }
            (PROMETHEUS, app.switchboard.metrics().render(&now))
        }),
    )
}

async fn readiness(State(app): State<App>) -> impl IntoResponse {
    match app.closing.is_cancelled() {
        false => (StatusCode::OK, "ready\n"),
        true => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
    }
}
