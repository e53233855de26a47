//! The WebSockets of pages that say little: how they are set up, and how they end.
//!
//! May import: signaling::upgrade, signaling::transport, serde_json, tokio, tokio_tungstenite, tungstenite, futures_util.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tungstenite::error::Error as WsError;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Message, Utf8Bytes};

use signaling::transport::Transport;
use signaling::upgrade::Upgraded;

/// Bytes that are read and written at once. A message is written whole, however long it is.
const BUFFER_BYTES: usize = 4 * 1024;

/// How long the closing handshake may take.
const CLOSING_TIME: Duration = Duration::from_secs(1);

/// The WebSocket of a page.
pub(super) type Socket = WebSocketStream<Box<dyn Transport>>;

/// Takes over a connection whose upgrade was granted; of what the page sends, a message may have so many bytes.
pub(super) async fn accept(upgraded: Upgraded, max_message_bytes: usize) -> Socket {
    let Upgraded { transport, early } = upgraded;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(max_message_bytes))
        .max_frame_size(Some(max_message_bytes));
    WebSocketStream::from_partially_read(transport, early, Role::Server, Some(config)).await
}

/// Writes a message, for which the page has some time.
///
/// # Errors
/// When nothing can be written any more, or the page reads nothing.
pub(super) async fn write(
    socket: &mut Socket,
    message: Message,
    patience: Duration,
) -> Result<(), WsError> {
    match timeout(patience, socket.send(message)).await {
        Ok(written) => written,
        Err(_) => Err(WsError::ConnectionClosed),
    }
}

/// Code in a browser doesn't see pings of WebSocket, and has to know that the server is there. This says how often it hears so, in ms.
pub(super) fn ping(period: Duration) -> Message {
    Message::text(json!({"type": "ping", "every": period.as_millis() as u64}).to_string())
}

/// Why a connection ends, as its page is told.
pub(super) fn because(code: CloseCode, reason: &'static str) -> CloseFrame {
    let reason = Utf8Bytes::from_static(reason);
    CloseFrame { code, reason }
}

/// The closing handshake, as far as the page takes part in it within [`CLOSING_TIME`]; without a reason if the page ended the connection, or
/// can't be told anything any more. What it still sends is read: a connection that is closed with something unread is reset, which takes back
/// what was just written.
pub(super) async fn end(mut socket: Socket, why: Option<CloseFrame>) {
    let closed = async {
        // A page that is gone hears nothing.
        let _ = socket.close(why).await;
        while let Some(Ok(_)) = socket.next().await {}
    };
    // A page that does not close is dropped when its time is up.
    let _ = timeout(CLOSING_TIME, closed).await;
}
