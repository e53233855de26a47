//! The socket to the signaling server: where it is, when it may be spoken to, and how to come back to it.
//!
//! May import: `backoff`, `event` for errors, tokio-tungstenite, url.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use url::Url;

use super::backoff::Backoff;
use super::event::ConnectError;
use crate::protocol::peer::TAKEN_OVER;
use crate::protocol::{Frame, NameLimits, parse};

/// Where a server may answer, tried in order.
const ENDPOINTS: [&str; 2] = ["", "primus"];
/// How long each has.
const TIMEOUT: Duration = Duration::from_secs(1);
/// A server that does not greet is spoken to after this time: the original's clients wait as long.
const GREETING_WAIT: Duration = Duration::from_millis(100);
/// The first wait before another attempt, and the longest.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Bytes of the longest frame that is read.
const MAX_FRAME: usize = 1024 * 1024;
/// Bytes that are read at once. The default of 128 KiB stays allocated, and is cleared for every read.
const READ_BUFFER: usize = 4096;
/// How long the server has to answer the closing handshake.
const CLOSING_TIME: Duration = Duration::from_secs(1);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the room is told.
pub(super) enum Heard {
    /// Frames may be sent from now on.
    Ready,
    /// A frame.
    Frame(String),
    /// The socket is gone, and another one will be tried if `is_for_good` says no.
    Away {
        /// Another connection has our id.
        is_for_good: bool,
    },
}

/// The addresses at which a server may answer.
pub(super) fn endpoints(text: &str) -> Result<Vec<Url>, ConnectError> {
    let bad = || ConnectError::BadUrl {
        url: text.to_owned(),
    };
    let mut base = Url::parse(text).map_err(|_| bad())?;
    let scheme = match base.scheme() {
        "http" | "ws" => "ws",
        "https" | "wss" => "wss",
        _ => return Err(bad()),
    };
    base.set_scheme(scheme).map_err(|()| bad())?;
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    ENDPOINTS
        .iter()
        .map(|path| base.join(path).map_err(|_| bad()))
        .collect()
}

/// Tries each address once.
pub(super) async fn connect(urls: &[Url]) -> Result<Socket, ConnectError> {
    let mut reason = String::new();
    for url in urls {
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_FRAME))
            .read_buffer_size(READ_BUFFER);
        match timeout(
            TIMEOUT,
            connect_async_with_config(url.as_str(), Some(config), true),
        )
        .await
        {
            Ok(Ok((socket, _))) => return Ok(socket),
            Ok(Err(error)) => reason = error.to_string(),
            Err(_) => reason = format!("no answer within {TIMEOUT:?}"),
        }
    }
    let url = urls.first().map(Url::to_string).unwrap_or_default();
    Err(ConnectError::NoServer { url, reason })
}

/// Keeps a socket until `frames` has no sender any more; what it holds by then is still sent.
pub(super) async fn run(
    first: Socket,
    urls: Vec<Url>,
    reconnect: bool,
    mut frames: mpsc::Receiver<String>,
    room: mpsc::Sender<Heard>,
) {
    let mut backoff = Backoff::new(FIRST_WAIT, LONGEST_WAIT);
    let mut socket = first;
    let mut greeting = None;
    loop {
        let Some(code) = talk(socket, &mut greeting, &mut frames, &room).await else {
            return;
        };
        let is_for_good = code == Some(TAKEN_OVER);
        if room.send(Heard::Away { is_for_good }).await.is_err() || is_for_good || !reconnect {
            return;
        }
        socket = loop {
            let wait = backoff.next();
            tokio::select! {
                () = sleep(wait) => {}
                // What is said while nobody listens is dropped.
                () = async { while frames.recv().await.is_some() {} } => return,
            }
            // Boxed, because it is large, and what runs for as long as the client would hold its place.
            if let Ok(socket) = Box::pin(connect(&urls)).await {
                backoff.reset();
                break socket;
            }
        };
    }
}

/// Talks until the socket is gone. What the server `greeting` said on the last socket is said back on this one: it proves that our
/// id is ours. `None` when the client is closed, otherwise the close code if there was one.
async fn talk(
    mut socket: Socket,
    greeting: &mut Option<Utf8Bytes>,
    frames: &mut mpsc::Receiver<String>,
    room: &mpsc::Sender<Heard>,
) -> Option<Option<u16>> {
    // The greeting, or whatever comes first, says that the server listens.
    let mut first = timeout(GREETING_WAIT, socket.next()).await.ok();
    if let Some(Some(Ok(Message::Text(text)))) = &first
        && matches!(parse(text, &NameLimits::DEFAULT), Ok(Frame::Resume { .. }))
        && let Some(last) = greeting.replace(text.clone())
        && socket.send(Message::Text(last)).await.is_err()
    {
        return Some(None);
    }
    let (mut sink, mut stream) = socket.split();
    let read = async {
        if room.send(Heard::Ready).await.is_err() {
            return None;
        }
        loop {
            let message = match first.take() {
                Some(message) => message,
                None => stream.next().await,
            };
            match message {
                Some(Ok(Message::Text(text))) => {
                    if room.send(Heard::Frame(text.to_string())).await.is_err() {
                        return None;
                    }
                }
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    };
    let write = async {
        while let Some(frame) = frames.recv().await {
            if sink.send(Message::text(frame)).await.is_err() {
                return false;
            }
        }
        true
    };
    tokio::select! {
        code = read => return Some(code),
        is_closed = write => if !is_closed {
            return Some(None);
        },
    }
    let close = async {
        if sink.send(Message::Close(None)).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {}
        }
    };
    // A server that doesn't play along is left alone.
    let _ = timeout(CLOSING_TIME, close).await;
    None
}
