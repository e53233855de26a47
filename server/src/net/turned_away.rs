//! Connections beyond a limit are told which: by a response, or by the reason for which a WebSocket is closed. One that begins with TLS gets an
//! alert, since a handshake costs more than a connection without a place should.
//!
//! May import: connection_limits, opening, socket, tls_alert, transport, upgrade, axum, futures_util, hyper, hyper_util, quickconnect::protocol, tokio,
//! tokio_tungstenite, tracing, tungstenite.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::server::conn::http1;
use hyper_util::service::TowerToHyperService;
use quickconnect::protocol;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tracing::debug;
use tungstenite::Message;
use tungstenite::error::Error as WsError;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use super::connection_limits::LimitReached;
use super::opening;
use super::socket::Socket;
use super::tls_alert::{self, Alert};
use super::upgrade::{Upgrade, Upgraded};
use crate::transport::Transport;

/// After how long it is worth another try.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// How long a connection may take to ask and to hear the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The largest frame that such a WebSocket may send, and the size of its buffers.
const BUFFER_BYTES: usize = 1024;

/// Closes a WebSocket whose client is let in neither now nor later, as it is, and was told so by an `/error`. Our clients then don't say that the server
/// went away (`NOT_LET_IN` in `code/quickconnect/js/signaling.js`).
const NOT_LET_IN: CloseCode = CloseCode::Library(4003);

/// Why a client is turned away.
#[derive(Debug)]
pub struct Reason {
    code: &'static str,
    words: String,
    /// What of it fits into the frame that closes a WebSocket.
    close: CloseFrame,
    retry_after: Option<Duration>,
}

impl Reason {
    /// One that does not pass by itself. The code is a stable name, for programs.
    pub fn of(code: &'static str, words: String) -> Self {
        Self {
            code,
            words,
            close: CloseFrame {
                code: NOT_LET_IN,
                reason: code.into(),
            },
            retry_after: None,
        }
    }
}

impl From<LimitReached> for Reason {
    fn from(limit_reached: LimitReached) -> Self {
        let words = limit_reached.to_string();
        Self {
            code: limit_reached.code(),
            close: CloseFrame {
                code: CloseCode::Again,
                reason: words.as_str().into(),
            },
            words,
            retry_after: Some(RETRY_AFTER),
        }
    }
}

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
            if let Some(protocol) = first_protocol(request.headers()) {
                upgrade.choose_protocol(protocol);
            }
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

/// What a client would speak first. Browsers give up a WebSocket for which none of the protocols is chosen that they offer, and so would not hear the
/// reason. It is no secret: an access token stands behind it.
fn first_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?;
    let first = offered.as_bytes().split(|byte| *byte == b',').next()?;
    HeaderValue::from_bytes(first.trim_ascii()).ok()
}

/// Grants the upgrade, and closes the WebSocket with the reason: a page can't read the response to an upgrade that fails.
pub fn websocket(upgrade: Upgrade, reason: impl Into<Reason>) -> Response {
    let reason = reason.into();
    upgrade.grant(move |upgraded| websocket_of(upgraded, reason))
}

/// The same when it is granted already.
pub async fn websocket_of(upgraded: Upgraded, reason: Reason) {
    // A client that does not close is dropped.
    let _ = timeout(PATIENCE, tell(upgraded, reason)).await;
}

async fn tell(Upgraded { transport, early }: Upgraded, reason: Reason) -> Result<(), WsError> {
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_frame_size(Some(BUFFER_BYTES))
        .max_message_size(Some(BUFFER_BYTES));
    let mut socket =
        WebSocketStream::from_partially_read(transport, early, Role::Server, Some(config)).await;
    let error = protocol::encode_error(reason.code, &reason.words, reason.retry_after);
    socket.send(Message::text(error)).await?;
    socket.send(Message::Close(Some(reason.close))).await?;
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}
