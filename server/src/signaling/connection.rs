//! One task per WebSocket: reads, writes, pings, and ends.
//!
//! May import: `switchboard`, `session`, `refusal`, `outbox`, `throttle`, `metrics`, axum's WebSocket, tungstenite's error, tokio.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tracing::{debug, info};
use tungstenite::error::{CapacityError, Error as WsError};

use super::outbox::{Ending, Outbox};
use super::refusal::{Occupied, Refusal};
use super::session::Session;
use super::switchboard::Switchboard;
use super::throttle::Throttle;
use crate::CLOSING_TIME;
use crate::accept::visitor::Client;
use crate::config::Limits;
use crate::operation::metrics::Metrics;

/// Unanswered pings after which a client counts as gone.
const MISSED_PONGS: usize = 2;

/// How long a client has to show that it is alive, when another one announces its id.
const PROBE_TIME: Duration = Duration::from_secs(2);

/// What each WebSocket has for reading. axum's default of 128 KiB would cost a thousand sockets 128 MiB; larger frames get a
/// larger buffer for a while.
const READ_BUFFER_BYTES: usize = 2 * 1024;

/// Frames are gathered up to this size, and then written at once. The buffer grows with what is in it.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// How long the client has to read why its frame was too large. Reading on would mean to buffer what is too large,
/// and closing a socket with unread bytes takes back what was just written.
const LINGER: Duration = Duration::from_millis(250);

/// Applies the bounds to an upgrade.
pub fn bound(upgrade: WebSocketUpgrade, limits: &Limits) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_frame_size(limits.max_frame_bytes)
        .max_message_size(limits.max_frame_bytes)
}

/// Talks with one client until the connection ends. What happens once, or rarely, is boxed: every idle connection has the memory of
/// this future.
pub async fn serve(
    socket: WebSocket,
    client: Client,
    switchboard: Arc<Switchboard>,
    limits: Arc<Limits>,
) {
    let outbox = Outbox::new(limits.max_queued_bytes);
    let throttle = Throttle::new(client, Arc::clone(&limits));
    let mut session = switchboard.enter(outbox.clone());
    let metrics = switchboard.metrics();
    let (mut sink, mut stream) = socket.split();
    let ending = tokio::select! {
        biased; // who shall go hears nothing more
        ending = outbox.ended() => ending,
        ending = read(&mut stream, &mut session, throttle, &outbox, metrics, limits.ping_period) => ending,
        ending = write(&mut sink, &outbox, metrics) => ending,
    };
    // The room hears at once, however long the socket takes to close.
    drop(session);
    if let Some(code) = ending.code() {
        metrics.refused(code);
        info!(connection.ending = ?ending, "Ended a connection");
    }
    // A client that doesn't play along is dropped when its time is up.
    let _ = timeout(CLOSING_TIME, Box::pin(close(sink, stream, ending))).await;
}

async fn read(
    stream: &mut SplitStream<WebSocket>,
    session: &mut Session,
    mut throttle: Throttle,
    outbox: &Outbox,
    metrics: &Metrics,
    ping_period: Duration,
) -> Ending {
    let mut pings = interval_at(Instant::now() + ping_period, ping_period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    loop {
        tokio::select! {
            message = stream.next() => {
                let message = match message {
                    Some(Ok(Message::Close(_))) | None => return Ending::ByClient,
                    Some(Ok(message)) => message,
                    Some(Err(error)) => return why(&error),
                };
                if let Some(pause) = throttle.charge(&message) {
                    metrics.refused(pause.code);
                    if let Some(notice) = pause.notice {
                        outbox.send(notice);
                    }
                    // Nothing is read meanwhile, so its pongs count for nothing.
                    outbox.set_deaf(true);
                    Box::pin(sleep(pause.length)).await;
                    outbox.set_deaf(false);
                    unanswered = 0;
                }
                match message {
                    Message::Text(text) => {
                        if let Some(occupied) = session.receive(&text) {
                            outbox.set_deaf(true);
                            Box::pin(claim(session, &text, occupied)).await;
                            outbox.set_deaf(false);
                        }
                    }
                    Message::Binary(_) => session.refuse(&Refusal::Binary),
                    Message::Pong(_) => {
                        unanswered = 0;
                        outbox.is_alive();
                    }
                    Message::Ping(_) | Message::Close(_) => {} // answered below us
                }
            }
            _ = pings.tick() => {
                if unanswered == MISSED_PONGS {
                    return Ending::Silent;
                }
                unanswered += 1;
                outbox.send(Message::Ping(Default::default()));
            }
        }
    }
}

/// Somebody announced an id that another connection has. It may: the network of whoever comes back may have dropped its old
/// connection without a word. The old one is asked, and if it is silent the id is free.
async fn claim(session: &mut Session, text: &Utf8Bytes, mut occupied: Occupied) {
    loop {
        if let Ok(Ok(())) = timeout(PROBE_TIME, occupied.outbox.probe()).await {
            session.refuse_id();
            return;
        }
        match session.receive_again(text, &occupied) {
            Some(another) => occupied = another,
            None => return,
        }
    }
}

/// Everything that waits goes out together.
async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    outbox: &Outbox,
    metrics: &Metrics,
) -> Ending {
    loop {
        let since = outbox.filled().await;
        let mut frames = 0;
        while let Some(message) = outbox.take() {
            if let Err(error) = sink.feed(message).await {
                return why(&error);
            }
            frames += 1;
        }
        if let Err(error) = sink.flush().await {
            return why(&error);
        }
        metrics.sent(frames, since.elapsed());
    }
}

/// axum wraps the error of the WebSocket below it.
fn why(error: &axum::Error) -> Ending {
    debug!(%error, "A WebSocket failed");
    match error.source().and_then(|source| source.downcast_ref()) {
        Some(WsError::Capacity(CapacityError::MessageTooLong { .. })) => Ending::FrameTooLarge,
        Some(WsError::Utf8(_)) => Ending::NotUtf8,
        Some(WsError::Protocol(_)) => Ending::NotWebSocket,
        _ => Ending::ByClient,
    }
}

/// The closing handshake, as far as the client plays along.
async fn close(
    mut sink: SplitSink<WebSocket, Message>,
    mut stream: SplitStream<WebSocket>,
    ending: Ending,
) {
    if let Some(frame) = ending.close_frame()
        && sink.send(Message::Close(Some(frame))).await.is_err()
    {
        return;
    }
    if ending == Ending::FrameTooLarge {
        sleep(LINGER).await;
        return;
    }
    while let Some(Ok(_)) = stream.next().await {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_idle_connection_is_about_to_do_fits_into_a_kilobyte_and_a_half() {
        fn size<F>(_: fn(WebSocket, Client, Arc<Switchboard>, Arc<Limits>) -> F) -> usize {
            size_of::<F>()
        }
        let size = size(serve);
        assert!(size <= 1536, "{size} bytes");
    }
}
