//! What connects clients that can't reach each other: the greeting says it to whoever signals, and `POST /ice` to pages that don't.
//!
//! May import: access, net::client_address, relay, signaling::greeter, state, axum, serde_json.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use serde_json::json;
use signaling::greeter::IceSource;

use super::access;
use crate::net::client_address::Connection;
use crate::relay::visit::Client;
use crate::state::App;

/// Where pages ask.
pub(super) const PATH: &str = "/ice";

/// For as long as a client is connected; nothing if there is no server for it.
pub(super) fn visit(
    app: &App,
    connection: &Connection,
    headers: &HeaderMap,
) -> Option<Arc<dyn IceSource>> {
    let relay = app.relay.as_ref()?;
    let visit = relay.visit(&client(app, connection, headers))?;
    Some(Arc::new(visit))
}

/// The route. Pages of other origins may bring a token in a header, where one is needed, and their browsers ask before.
pub(super) fn route(app: &App) -> MethodRouter<App> {
    let route = match app.access_keys {
        Some(_) => post(servers).options(access::preflight),
        None => post(servers),
    };
    route.layer(from_fn_with_state(app.clone(), access::permitted))
}

/// `{"iceServers":[…],"lifetimeSeconds":600}`: 600 by default (`--ice-credential-seconds`). The list is empty where there is no server for the client.
/// Frames of the book read it as well.
async fn servers(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let client = client(&app, &connection, &headers);
    let servers = app.relay.as_ref().and_then(|relay| relay.lend(&client));
    let lifetime = app.limits.ice_credential_lifetime.as_secs();
    let body = json!({ "iceServers": servers.unwrap_or_default(), "lifetimeSeconds": lifetime });
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        // Who may ask was decided already, by more than its origin.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (StatusCode::OK, head, body.to_string()).into_response()
}

/// Who asks, as far as it matters for the way to it.
pub(super) fn client<'c>(app: &App, connection: &Connection, headers: &'c HeaderMap) -> Client<'c> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Client {
        address: connection.address(headers, &app.access),
        is_behind_proxy: connection.is_behind_proxy(),
        host: text(header::HOST),
        user_agent: text(header::USER_AGENT),
    }
}
