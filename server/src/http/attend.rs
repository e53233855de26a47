//! `GET /workshop/attend`: the WebSocket by which a page of the book takes part in a workshop.
//!
//! Only pages of this server may: neither a demo nor a page that a flag lets in must act as its reader. Each message is small, and few come in a second, so one that breaks a bound closes the
//! connection and says which.
//!
//! May import: access, websocket, attendance, signaling::bucket, net::client_address, signaling::turned_away, signaling::upgrade, state, axum, futures_util,
//! serde, serde_json, tokio, tungstenite.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use signaling::bucket::{Bucket, Rate};
use signaling::turned_away;
use signaling::upgrade::{Upgrade, Upgraded};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tungstenite::Message;
use tungstenite::error::{CapacityError, Error as WsError};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;

use super::access::refuse;
use super::websocket::{self, Socket};
use crate::attendance::message::First;
use crate::attendance::visit::Visit;
use crate::attendance::{Attendance, Refused};
use crate::net::client_address::{Client, Connection};
use crate::state::App;

/// Where pages look for it (`book/stage/workshop/`).
pub(super) const PATH: &str = "/workshop/attend";

/// Bytes of a message.
const MAX_MESSAGE_BYTES: usize = 4 * 1024;

/// Messages of one page.
const MESSAGES: Rate = Rate {
    per_second: 10,
    burst: 30,
};

/// How long a page may take to say hello.
const HELLO_TIME: Duration = Duration::from_secs(10);

/// How long a page may take to read one message.
const WRITING_TIME: Duration = Duration::from_secs(10);

/// Pings that a page may leave unanswered.
const MISSED_PONGS: u32 = 2;

/// Why a connection ends, as its page is told; none if the page ended it, or can't be told anything any more.
type Ending = Option<CloseFrame>;

/// Lets a page take part.
pub(super) async fn websocket(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    mut request: Request,
) -> Response {
    let Some(attendance) = app.attendance.clone() else {
        let text =
            "Only a workshop has attendees: this server was started without the word `workshop`.";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    if let Err(refusal) = app.admission.admit_own_page(request.headers()) {
        return refuse(&app, refusal);
    }
    let upgrade = match Upgrade::of(&mut request) {
        Ok(upgrade) => upgrade,
        Err(no_upgrade) => return no_upgrade.into_response(),
    };
    let from = connection.address(request.headers(), &app.access);
    let client = match connection.client(request.headers(), &app.access) {
        Ok(client) => client,
        Err(limit_reached) => {
            app.metrics.refused(limit_reached.code());
            return turned_away::websocket(upgrade, limit_reached);
        }
    };
    // Counted from here on, so that a server that stops right now waits for it.
    let tracked = app.tasks.token();
    upgrade.grant(move |upgraded| async move {
        serve(app, attendance, from, &client, upgraded).await;
        drop((client, tracked));
    })
}

async fn serve(
    app: App,
    attendance: Arc<Attendance>,
    from: IpAddr,
    client: &Client,
    upgraded: Upgraded,
) {
    let mut socket = websocket::accept(upgraded, MAX_MESSAGE_BYTES).await;
    let ending = tokio::select! {
        biased;
        () = app.closing.cancelled() => close(CloseCode::Away, "The server stops. Come back in a moment."),
        ending = attend(&app, &attendance, from, client, &mut socket) => ending,
    };
    websocket::end(socket, ending).await;
}

async fn attend(
    app: &App,
    attendance: &Arc<Attendance>,
    from: IpAddr,
    client: &Client,
    socket: &mut Socket,
) -> Ending {
    let mut bucket = Bucket::new(Instant::now());
    let first = match timeout(HELLO_TIME, read::<First>(app, socket, &mut bucket)).await {
        Ok(Received::Text(first)) => first,
        Ok(Received::Over(ending)) => return ending,
        Ok(Received::Nothing | Received::Bad(_)) => {
            return close(CloseCode::Policy, "The first message must be a hello.");
        }
        Err(_) => return close(CloseCode::Policy, "No hello came."),
    };
    let First::Hello(hello) = first;
    let mut visit = match Visit::begin(attendance, from, Arc::clone(client.account()), hello) {
        Ok(visit) => visit,
        Err(refused) => {
            write(socket, refusal(app, &refused)).await.ok()?;
            return close(CloseCode::Again, refused.code);
        }
    };
    let period = app.limits.ping_period;
    let mut pings = interval(period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings.reset();
    write(socket, websocket::ping(period)).await.ok()?;
    let mut unanswered = 0;
    loop {
        tokio::select! {
            received = read(app, socket, &mut bucket) => {
                unanswered = 0;
                let done = match received {
                    Received::Text(message) => visit.receive(message),
                    Received::Nothing => Ok(()),
                    Received::Bad(refused) => Err(refused),
                    Received::Over(ending) => return ending,
                };
                if let Err(refused) = done {
                    write(socket, refusal(app, &refused)).await.ok()?;
                }
            }
            told = visit.next() => match told {
                Some(text) => write(socket, Message::Text(text)).await.ok()?,
                None => return close(CloseCode::Policy, "Too many messages wait to be read."),
            },
            _ = pings.tick() => {
                if unanswered >= MISSED_PONGS {
                    return None;
                }
                unanswered += 1;
                write(socket, Message::Ping(Vec::new().into())).await.ok()?;
                write(socket, websocket::ping(period)).await.ok()?;
            }
        }
    }
}

/// What a page has sent.
enum Received<T> {
    /// A message.
    Text(T),
    /// What needs no answer, or has got it.
    Nothing,
    /// What is none of the messages that there are.
    Bad(Refused),
    /// Nothing more can come, or may.
    Over(Ending),
}

/// May be dropped at any time: nothing is lost.
async fn read<T: DeserializeOwned>(
    app: &App,
    socket: &mut Socket,
    bucket: &mut Bucket,
) -> Received<T> {
    let message = match socket.next().await {
        Some(Ok(message)) => message,
        Some(Err(WsError::Capacity(CapacityError::MessageTooLong { .. }))) => {
            app.metrics.refused("attendee-message-too-large");
            let words = "A message may have 4 KiB here.";
            return Received::Over(close(CloseCode::Size, words));
        }
        Some(Err(_)) | None => return Received::Over(None),
    };
    if !bucket.take(1, MESSAGES, Instant::now()).is_zero() {
        app.metrics.refused("attendee-too-fast");
        let words = "More than 30 messages at once, or 10 in a second, are too many.";
        return Received::Over(close(CloseCode::Policy, words));
    }
    match message {
        Message::Text(text) => match serde_json::from_str(&text) {
            Ok(message) => Received::Text(message),
            Err(error) => {
                let words =
                    format!("This message says nothing that the server understands: {error}.");
                Received::Bad(Refused::bad_message(words))
            }
        },
        Message::Binary(_) => Received::Bad(Refused::bad_message("A message must be text.")),
        Message::Close(_) => Received::Over(None),
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Received::Nothing,
    }
}

fn refusal(app: &App, refused: &Refused) -> Message {
    app.metrics.refused(refused.code);
    let text = serde_json::to_string(refused).expect("strings become JSON");
    Message::Text(text.into())
}

/// Fails if nothing can be written any more.
async fn write(socket: &mut Socket, message: Message) -> Result<(), WsError> {
    websocket::write(socket, message, WRITING_TIME).await
}

fn close(code: CloseCode, reason: &'static str) -> Ending {
    Some(websocket::because(code, reason))
}
