//! Connections beyond a limit are told which: by a response, or by the reason for which a WebSocket is closed. One that begins with TLS gets an
//! alert, since a handshake costs more than a connection without a place should.
//!
//! May import: opening, tls_alert, signaling, axum, hyper, hyper_util, tokio, tracing.

use std::error::Error;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::service::TowerToHyperService;
use signaling::connection_limits::LimitReached;
use signaling::socket::Socket;
use signaling::transport::Transport;
use signaling::turned_away::{PATIENCE, RETRY_AFTER, websocket};
use signaling::upgrade::Upgrade;
use tokio::time::timeout;
use tracing::debug;

use super::opening;
use super::tls_alert::{self, Alert};

/// Answers the one request of a connection beyond a limit, of which `early` was read before; with the alert, if it begins with TLS.
pub(super) async fn serve(
    transport: Box<dyn Transport>,
    early: Vec<u8>,
    http: http1::Builder,
    limit_reached: LimitReached,
    alert: Alert,
) {
    match timeout(
        PATIENCE,
        answer(transport, early, http, limit_reached, alert),
    )
    .await
    {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "A connection without a place ended early"),
        Err(_) => debug!("A connection without a place asked for nothing"),
    }
}

async fn answer(
    mut transport: Box<dyn Transport>,
    mut early: Vec<u8>,
    http: http1::Builder,
    limit_reached: LimitReached,
    alert: Alert,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    if early.is_empty() {
        early = opening::read(&mut transport).await?;
    }
    if opening::is_tls(&early) {
        return Ok(tls_alert::refuse(transport, alert).await?);
    }
    let router = Router::new().fallback(handler).with_state(limit_reached);
    let socket = Socket::new(transport, early, PATIENCE);
    let connection = http.serve_connection(socket, TowerToHyperService::new(router));
    Ok(connection.with_upgrades().await?)
}

async fn handler(State(limit_reached): State<LimitReached>, mut request: Request) -> Response {
    match Upgrade::of(&mut request) {
        Ok(mut upgrade) => {
            upgrade.choose_first_protocol(request.headers());
            websocket(upgrade, limit_reached)
        }
        Err(_) => {
            let headers = [
                (header::RETRY_AFTER, RETRY_AFTER.as_secs().to_string()),
                (header::CONNECTION, "close".to_owned()),
            ];
            (
                StatusCode::SERVICE_UNAVAILABLE,
                headers,
                format!("{limit_reached}\n"),
            )
                .into_response()
        }
    }
}
