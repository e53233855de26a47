//! A client that is not let in is told why by its WebSocket, which is opened and closed: a page can't read the response to one that fails.
//!
//! May import: connection_limits, gate, upgrade, axum, futures_util, quickconnect::protocol, tokio, tokio_tungstenite, tungstenite.

use std::time::Duration;

use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use quickconnect::protocol;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tungstenite::Message;
use tungstenite::error::Error as WsError;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use crate::connection_limits::LimitReached;
use crate::gate::NotAdmitted;
use crate::upgrade::{Upgrade, Upgraded};

/// After how long it is worth another try.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// How long a connection may take to hear the answer.
pub const PATIENCE: Duration = Duration::from_secs(2);

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

    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        self.code
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

impl From<NotAdmitted> for Reason {
    fn from(not_admitted: NotAdmitted) -> Self {
        Self::of(not_admitted.code, not_admitted.words.to_owned())
    }
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
