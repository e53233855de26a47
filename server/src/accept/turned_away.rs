//! What those hear for whom there is no place: a response, or the reason a WebSocket is closed for.
//!
//! May import: `places`, `socket`, `upgrade`, hyper, axum, tokio-tungstenite, `quickconnect::protocol`.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::server::conn::http1;
use hyper_util::service::TowerToHyperService;
use quickconnect::protocol;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tracing::debug;
use tungstenite::Message;
use tungstenite::error::Error as WsError;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use super::places::NoPlace;
use super::socket::Socket;
use super::upgrade::{Upgrade, Upgraded};

/// When it is worth another try.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// How long a connection may take to ask and to hear the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes that such a WebSocket may send in one frame, and that its buffers have.
const BUFFER_BYTES: usize = 1024;

/// Answers the one request of a connection that has no place.
pub(super) async fn serve(stream: TcpStream, http: http1::Builder, no_place: NoPlace) {
    let router = Router::new().fallback(handler).with_state(no_place);
    let connection = http
        .serve_connection(
            Socket::new(stream, PATIENCE),
            TowerToHyperService::new(router),
        )
        .with_upgrades();
    match timeout(PATIENCE, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "A connection without a place ended early"),
        Err(_) => debug!("A connection without a place asked for nothing"),
    }
}

async fn handler(State(no_place): State<NoPlace>, mut request: Request) -> Response {
    match Upgrade::of(&mut request) {
        Ok(upgrade) => websocket(upgrade, no_place),
        Err(_) => {
            let headers = [
                (header::RETRY_AFTER, RETRY_AFTER.as_secs().to_string()),
                (header::CONNECTION, "close".to_owned()),
            ];
            (
                StatusCode::SERVICE_UNAVAILABLE,
                headers,
                format!("{no_place}\n"),
            )
                .into_response()
        }
    }
}

/// A page can't read the response to a failed upgrade. So the upgrade succeeds, for as long as it takes to say why not.
pub fn websocket(upgrade: Upgrade, no_place: NoPlace) -> Response {
    upgrade.grant(move |upgraded| async move {
        // Who doesn't play along is dropped.
        let _ = timeout(PATIENCE, tell(upgraded, no_place)).await;
    })
}

async fn tell(Upgraded { stream, early }: Upgraded, no_place: NoPlace) -> Result<(), WsError> {
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_frame_size(Some(BUFFER_BYTES))
        .max_message_size(Some(BUFFER_BYTES));
    let mut socket =
        WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config)).await;
    let reason = no_place.to_string();
    let error = protocol::encode_error(no_place.code(), &reason, Some(RETRY_AFTER));
    socket.send(Message::text(error)).await?;
    let close = CloseFrame {
        code: CloseCode::Again,
        reason: reason.into(),
    };
    socket.send(Message::Close(Some(close))).await?;
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}
