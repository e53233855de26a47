//! What whoever runs the server looks at: whether it lives, whether it is ready, and what it counts.
//!
//! May import: log, metrics, state, axum.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::log;
use crate::metrics::{Format, Gauges};
use crate::state::App;

/// Where the server says whether it lives, and whether it is ready.
pub(super) const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// For everybody: a load balancer asks where the readers are.
pub(super) fn health() -> Router<App> {
    let [alive, ready] = HEALTH;
    Router::new()
        .route(alive, get(async || "alive\n"))
        .route(ready, get(readiness))
}

/// For whoever runs the server.
pub(super) fn numbers() -> Router<App> {
    Router::new().route(
        "/metrics",
        get(async |State(app): State<App>, headers: HeaderMap| {
            let mut now = Gauges {
                signaling: app.switchboard.gauges(),
                ..Gauges::default()
            };
            if let Some(companions) = &app.companions {
                now.companions = companions.count();
                now.companion_bytes = companions.waiting_bytes();
            }
            if let Some(lines) = &app.lines {
                now.lines = lines.count();
                now.labs = lines.labs();
                now.line_held_bytes = lines.held_bytes();
            }
            if let Some(sfu) = &app.sfu {
                now.sfu_publishers = sfu.publishers();
                now.sfu_watchers = sfu.watchers();
            }
            now.cluster = app.cluster.as_ref().map(|cluster| cluster.gauges());
            if let Some(relay) = &app.relay {
                now.relayed_ports = relay.ports();
                now.turn_connections = relay.connections();
            }
            let accept = headers.get_all(header::ACCEPT).into_iter();
            let format = Format::wanted(accept.filter_map(|value| value.to_str().ok()));
            (
                [
                    (header::CONTENT_TYPE, format.content_type()),
                    (header::VARY, "accept"),
                ],
                app.metrics.render(format, &now, log::LOST.by_reason()),
            )
        }),
    )
}

async fn readiness(State(app): State<App>) -> impl IntoResponse {
    match app.closing.is_cancelled() {
        false => (StatusCode::OK, "ready\n"),
        true => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
    }
}
