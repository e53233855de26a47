//! The WebSocket of a host's page: what everybody does, as often as somebody can look at it, and what the host wants done. And that of a page
//! that shows a demo to everybody, for as long as it is connected.
//!
//! May import: websocket, attendance, book, signaling::bucket, config, signaling::upgrade, state, futures_util, serde, serde_json, tokio, tokio_util,
//! tracing, tungstenite.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde::Serialize;
use signaling::bucket::{Bucket, Rate};
use signaling::upgrade::Upgraded;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::debug;
use tungstenite::Message;
use tungstenite::error::{CapacityError, Error as WsError};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::attendance::board::{MAX_TEXT_BYTES, Showing};
use crate::attendance::showing::Show;
use crate::attendance::{Attendance, HostCommand, Refused, View};
use crate::book::Book;
use crate::book::serve;
use crate::config::Limits;
use crate::http::websocket;
use crate::state::App;

/// Between two views of one page, at least.
const VIEW_PERIOD: Duration = Duration::from_millis(500);

/// Bytes of a command.
const MAX_COMMAND_BYTES: usize = 4096;

/// Bytes of what a page shows: JSON doubles line breaks, and more of rare characters.
const MAX_SHOWN_BYTES: usize = 4 * MAX_TEXT_BYTES;

/// Commands of one page. More of them wait.
const COMMANDS: Rate = Rate {
    per_second: 10,
    burst: 30,
};

/// The same of what it shows.
const SHOWN: Rate = Rate {
    per_second: 4,
    burst: 8,
};

/// Refusals that wait to be told; the next command waits for a place.
const MAX_REFUSALS: usize = 4;

/// Periods of pings without a sign of life after which a page counts as gone.
const MISSED_PINGS: u32 = 3;

/// What a page has its WebSocket for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To see everybody, and to have things done.
    Hosting,
    /// To show a demo to everybody.
    Showing,
}

impl Purpose {
    fn max_bytes(self) -> usize {
        match self {
            Self::Hosting => MAX_COMMAND_BYTES,
            Self::Showing => MAX_SHOWN_BYTES,
        }
    }

    fn rate(self) -> Rate {
        match self {
            Self::Hosting => COMMANDS,
            Self::Showing => SHOWN,
        }
    }
}

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
    TooLarge {
        /// Bytes that a message may have.
        most: usize,
    },
    /// What came is no text.
    NoText,
    /// Another page shows a demo now.
    ShownElsewhere,
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
            Self::TooLarge { most } => {
                let reason = format!("A message may have {most} bytes.").into();
                let code = CloseCode::Size;
                return Some(CloseFrame { code, reason });
            }
            Self::NoText => (CloseCode::Unsupported, "Commands are texts."),
            Self::ShownElsewhere => (CloseCode::Normal, "Another page shows a demo now."),
        };
        Some(websocket::because(code, reason))
    }
}

/// Serves one page until it is gone, its session ends, or the server stops.
pub(super) async fn serve(
    upgraded: Upgraded,
    app: &App,
    attendance: &Arc<Attendance>,
    session: CancellationToken,
    purpose: Purpose,
) {
    let socket = websocket::accept(upgraded, purpose.max_bytes()).await;
    let (mut sink, mut stream) = socket.split();
    let ending = match app.host_access.socket() {
        Some(_place) => {
            let (refused, refusals) = mpsc::channel(MAX_REFUSALS);
            let show = (purpose == Purpose::Showing).then(|| attendance.show());
            let shown_elsewhere = async {
                match &show {
                    Some(show) => show.is_over().await,
                    None => pending().await,
                }
            };
            let does = |command: &str| match &show {
                Some(show) => put_up(&app.book.current(), show, command),
                None => act(&app.book.current(), attendance, command),
            };
            let views = show.is_none().then_some(&**attendance);
            tokio::select! {
                biased; // once it has to end, nothing more is done for it
                () = app.closing.cancelled() => Ending::Stopping,
                () = session.cancelled() => Ending::SessionOver,
                () = shown_elsewhere => Ending::ShownElsewhere,
                ending = tell(&mut sink, views, refusals, &app.limits) => ending,
                ending = obey(&mut stream, &app.limits, purpose, does, &refused) => ending,
            }
        }
        None => Ending::TooManyPages,
    };
    debug!(connection.ending = ?ending, "A host's page is gone");
    if let Ok(socket) = sink.reunite(stream) {
        websocket::end(socket, ending.close()).await;
    }
}

/// Tells refusals, views if they are wanted, and pings. A page that reads slowly gets fewer views, each of its time.
async fn tell(
    sink: &mut (impl Sink<Message, Error = WsError> + Unpin),
    views: Option<&Attendance>,
    mut refusals: mpsc::Receiver<Refused>,
    limits: &Limits,
) -> Ending {
    let period = limits.ping_period;
    let mut pings = interval_at((Instant::now() + period).into(), period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut views = views.map(Views::of);
    // A way that is cut before the first period is over is noticed, too.
    if !say(sink, websocket::ping(period), limits).await {
        return Ending::Gone;
    }
    loop {
        let message = tokio::select! {
            refused = refusals.recv() => match refused {
                Some(refused) => text(&refused),
                None => return Ending::Gone,
            },
            _ = pings.tick() => {
                if !say(sink, Message::Ping(tungstenite::Bytes::new()), limits).await {
                    return Ending::Gone;
                }
                websocket::ping(period)
            }
            view = next_view(&mut views) => match view {
                Some(view) => text(&view),
                None => return Ending::Stopping,
            },
        };
        if !say(sink, message, limits).await {
            return Ending::Gone;
        }
    }
}

/// Whether the page takes a message within its time.
async fn say(
    sink: &mut (impl Sink<Message, Error = WsError> + Unpin),
    message: Message,
    limits: &Limits,
) -> bool {
    let told = timeout(limits.stalled_response_timeout, sink.send(message)).await;
    matches!(told, Ok(Ok(())))
}

/// The views of one page.
struct Views<'a> {
    attendance: &'a Attendance,
    changes: watch::Receiver<u64>,
    /// When there may be the next.
    next: Instant,
}

impl<'a> Views<'a> {
    fn of(attendance: &'a Attendance) -> Self {
        let mut changes = attendance.changes();
        // The first one comes at once.
        changes.mark_changed();
        Self {
            attendance,
            changes,
            next: Instant::now(),
        }
    }
}

/// The next view; none if there will be none, and never where none are wanted. May be dropped at any time: nothing is lost.
async fn next_view(views: &mut Option<Views<'_>>) -> Option<View> {
    let Some(views) = views else {
        return pending().await;
    };
    views.changes.changed().await.ok()?;
    // It stays a change until the view is made, so that a wait that was given up is begun again.
    views.changes.mark_changed();
    sleep_until(views.next.into()).await;
    // Before the look: what changes during it is another view.
    views.changes.mark_unchanged();
    views.next = Instant::now() + VIEW_PERIOD;
    Some(views.attendance.view())
}

/// Does what the page asks for.
async fn obey(
    stream: &mut (impl Stream<Item = Result<Message, WsError>> + Unpin),
    limits: &Limits,
    purpose: Purpose,
    act: impl Fn(&str) -> Result<(), Refused>,
    refused: &mpsc::Sender<Refused>,
) -> Ending {
    let patience = limits.ping_period * MISSED_PINGS;
    let mut commands = Bucket::new(Instant::now());
    loop {
        let command = match timeout(patience, stream.next()).await {
            Ok(Some(Ok(Message::Text(command)))) => command,
            Ok(Some(Ok(Message::Binary(_)))) => return Ending::NoText,
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
            Ok(Some(Err(WsError::Capacity(CapacityError::MessageTooLong { .. })))) => {
                return Ending::TooLarge {
                    most: purpose.max_bytes(),
                };
            }
            Ok(Some(Err(WsError::Utf8(_)))) => return Ending::NoText,
            _ => return Ending::Gone,
        };
        sleep(commands.take(1, purpose.rate(), Instant::now())).await;
        if let Err(refusal) = act(&command)
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

fn put_up(book: &Book, show: &Show, showing: &str) -> Result<(), Refused> {
    let showing: Showing = serde_json::from_str(showing).map_err(|error| {
        Refused::bad_message(format!(
            "The server does not know what this shows: {error}."
        ))
    })?;
    if let Showing::Demo { page, .. } = &showing
        && !has_place(book, page)
    {
        return Err(Refused::bad_message(
            "This book has no such page. What is shown is a demo of this book.",
        ));
    }
    show.receive(showing)
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
