//! The WebSocket of a host's page: what everybody does, as often as somebody can look at it, and what the host wants done.
//!
//! May import: websocket, attendance, book, bucket, config, net::upgrade, state, futures_util, serde, serde_json, tokio, tokio_util,
//! tracing, tungstenite.

use std::time::{Duration, Instant};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::debug;
use tungstenite::Message;
use tungstenite::error::{CapacityError, Error as WsError};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::attendance::{Attendance, HostCommand, Refused};
use crate::book::Book;
use crate::book::serve;
use crate::bucket::{Bucket, Rate};
use crate::config::Limits;
use crate::http::websocket;
use crate::net::upgrade::Upgraded;
use crate::state::App;

/// Between two views of one page, at least.
const VIEW_PERIOD: Duration = Duration::from_millis(500);

/// Bytes of a command.
const MAX_COMMAND_BYTES: usize = 4096;

/// Commands of one page. More of them wait.
const COMMANDS: Rate = Rate {
    per_second: 10,
    burst: 30,
};

/// Refusals that wait to be told; the next command waits for a place.
const MAX_REFUSALS: usize = 4;

/// Periods of pings without a sign of life after which a page counts as gone.
const MISSED_PINGS: u32 = 3;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The page is gone, or reads nothing.
    Gone,
    /// The session has ended.
    SessionOver,
    TooManyPages,
    /// The server stops.
    Stopping,
    TooLarge,
    /// What came is no text.
    NoText,
}

impl Ending {
    /// What the page is told; nothing if it can't be.
    fn close(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::SessionOver => (
                CloseCode::Policy,
                "The session has ended. Press Enter in the terminal of the workshop for a new one.",
            ),
            Self::TooManyPages => (
                CloseCode::Again,
                "The host's page is open too often. Close it elsewhere.",
            ),
            Self::Stopping => (CloseCode::Away, "The server stops. Come back in a moment."),
            Self::TooLarge => (CloseCode::Size, "A command may have 4096 bytes."),
            Self::NoText => (CloseCode::Unsupported, "Commands are texts."),
        };
        Some(websocket::because(code, reason))
    }
}

/// Serves one page until it is gone, its session ends, or the server stops.
pub(super) async fn serve(
    upgraded: Upgraded,
    app: &App,
    attendance: &Attendance,
    session: CancellationToken,
) {
    let socket = websocket::accept(upgraded, MAX_COMMAND_BYTES).await;
    let (mut sink, mut stream) = socket.split();
    let ending = match app.host_access.socket() {
        Some(_place) => {
            let (refused, refusals) = mpsc::channel(MAX_REFUSALS);
            tokio::select! {
                biased; // once it has to end, nothing more is done for it
                () = app.closing.cancelled() => Ending::Stopping,
                () = session.cancelled() => Ending::SessionOver,
                ending = tell(&mut sink, attendance, refusals, &app.limits) => ending,
                ending = obey(&mut stream, app, attendance, &refused) => ending,
            }
        }
        None => Ending::TooManyPages,
    };
    debug!(connection.ending = ?ending, "A host's page is gone");
    if let Ok(socket) = sink.reunite(stream) {
        websocket::end(socket, ending.close()).await;
    }
}

/// Tells views and refusals, and pings. A page that reads slowly gets fewer views, each of its time.
async fn tell(
    sink: &mut (impl Sink<Message, Error = WsError> + Unpin),
    attendance: &Attendance,
    mut refusals: mpsc::Receiver<Refused>,
    limits: &Limits,
) -> Ending {
    let period = limits.ping_period;
    let mut pings = interval_at((Instant::now() + period).into(), period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut changes = attendance.changes();
    let mut next_view = Instant::now();
    let mut has_changed = true;
    loop {
        let message = tokio::select! {
            refused = refusals.recv() => match refused {
                Some(refused) => text(&refused),
                None => return Ending::Gone,
            },
            _ = pings.tick() => {
                let ping = Message::Ping(tungstenite::Bytes::new());
                let told = timeout(limits.stalled_response_timeout, sink.send(ping)).await;
                if !matches!(told, Ok(Ok(()))) {
                    return Ending::Gone;
                }
                websocket::ping(period)
            }
            () = sleep_until(next_view.into()), if has_changed => {
                // Before the look: what changes during it is another view.
                changes.mark_unchanged();
                has_changed = false;
                next_view = Instant::now() + VIEW_PERIOD;
                text(&attendance.view())
            }
            changed = changes.changed(), if !has_changed => match changed {
                Ok(()) => {
                    has_changed = true;
                    continue;
                }
                Err(_) => return Ending::Stopping,
            },
        };
        let told = timeout(limits.stalled_response_timeout, sink.send(message)).await;
        if !matches!(told, Ok(Ok(()))) {
            return Ending::Gone;
        }
    }
}

/// Does what the host asks for.
async fn obey(
    stream: &mut (impl Stream<Item = Result<Message, WsError>> + Unpin),
    app: &App,
    attendance: &Attendance,
    refused: &mpsc::Sender<Refused>,
) -> Ending {
    let patience = app.limits.ping_period * MISSED_PINGS;
    let mut commands = Bucket::new(Instant::now());
    loop {
        let command = match timeout(patience, stream.next()).await {
            Ok(Some(Ok(Message::Text(command)))) => command,
            Ok(Some(Ok(Message::Binary(_)))) => return Ending::NoText,
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
            Ok(Some(Err(WsError::Capacity(CapacityError::MessageTooLong { .. })))) => {
                return Ending::TooLarge;
            }
            Ok(Some(Err(WsError::Utf8(_)))) => return Ending::NoText,
            _ => return Ending::Gone,
        };
        sleep(commands.take(1, COMMANDS, Instant::now())).await;
        if let Err(refusal) = act(&app.book.current(), attendance, &command)
            && refused.send(refusal).await.is_err()
        {
            return Ending::Gone;
        }
    }
}

fn act(book: &Book, attendance: &Attendance, command: &str) -> Result<(), Refused> {
    let command: HostCommand = serde_json::from_str(command).map_err(|error| {
        Refused::bad_message(format!("The server does not know this command: {error}."))
    })?;
    if let HostCommand::Bring { place, .. } = &command
        && !has_place(book, place)
    {
        return Err(Refused::bad_message(
            "This book has no such page. Everybody can be brought to a page of this book, and nowhere else.",
        ));
    }
    attendance.command(command)
}

/// Whether a text leads to a page of this book, perhaps to a place there: what stands in an address behind the root. Browsers encode all but
/// printable ASCII, and a question mark would end the path.
fn has_place(book: &Book, place: &str) -> bool {
    let page = place.split_once('#').map_or(place, |(page, _)| page);
    let is_written = place.bytes().all(|byte| byte.is_ascii_graphic());
    is_written && !page.contains('?') && serve::has_page(book, page)
}

fn text(told: &impl Serialize) -> Message {
    let text = serde_json::to_string(told).expect("what is told has texts and numbers");
    Message::text(text)
}
