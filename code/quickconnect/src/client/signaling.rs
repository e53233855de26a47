//! The socket to the signaling server: when it may be spoken to, whether it lives, and how to come back to it.
//!
//! # Layout
//! - `opening`: where the server is, and how long a socket has to open
//!
//! May import: backoff, event, futures_util, outbox, protocol, protocol::peer, settings, token, tokio, tokio_tungstenite, tokio_util, url.

mod opening;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::event::{ConnectError, Error};
use super::outbox::{FrameLimit, command_of};
use super::settings::GivenServers;
use super::token::Tokens;
use crate::protocol::Greeting;
use crate::protocol::peer::{NOT_LET_IN, OVER, TAKEN_OVER};
use opening::Opening;

/// A server that has not greeted us yet is spoken to after this time: the original's clients wait as long.
const GREETING_WAIT: Duration = Duration::from_millis(100);
/// The first wait before another attempt, and the longest: a call over a relay that went away with the server works again within 10 s of its
/// return.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// A socket that lasted so long was a good one. A server that is full takes us in, says so, and closes.
const STEADY: Duration = Duration::from_secs(5);
/// How many of its ping periods a server may be silent.
const SILENT_PERIODS: f64 = 2.0;
/// The close code for a frame that is too large ([RFC 6455](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1)).
const TOO_LARGE: u16 = 1009;
/// Bytes that every server takes in one frame.
const SMALLEST_LIMIT: usize = 1024;
/// How long the server has to answer the closing handshake, and what is left to send has to be sent.
const CLOSING_TIME: Duration = Duration::from_secs(1);

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the room is told.
pub(super) enum Heard {
    /// Frames may be sent from now on.
    Ready,
    /// Nobody answers where the server should be. It is tried again, if we may.
    Unanswered(Error),
    /// A frame.
    Frame(String),
    /// The socket is gone, and another one will be tried, unless another connection has taken our id. Without an error, that was to be expected.
    Away(Option<Error>),
}

/// A server, and what it has said of itself.
pub(super) struct Signaling {
    opening: Opening,
    limit: FrameLimit,
    servers: GivenServers,
    /// What it said last. Said back on the next socket, it proves that our id is ours.
    greeting: Option<Utf8Bytes>,
    /// How long it may be silent on this socket; for ever if it promises nothing.
    silence: Option<Duration>,
    /// Cancelled when the client is closed.
    closing: CancellationToken,
}

/// How a socket ended.
enum End {
    Code(Option<u16>),
    /// The client is closed.
    Closed,
}

/// The largest frame that a socket was given.
#[derive(Default)]
struct Largest {
    command: String,
    bytes: usize,
}

impl Signaling {
    /// The server at this address.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn at(
        url: &str,
        tokens: Tokens,
        limit: FrameLimit,
        servers: GivenServers,
        closing: CancellationToken,
    ) -> Result<Self, ConnectError> {
        Ok(Self {
            opening: Opening::at(url, tokens)?,
            limit,
            servers,
            greeting: None,
            silence: None,
            closing,
        })
    }

    /// Opens the first socket.
    ///
    /// # Errors
    /// When nobody answers.
    pub(super) async fn connect(&mut self) -> Result<Socket, ConnectError> {
        self.opening.open().await
    }

    /// Keeps a socket, the first one if it is there already, until `frames` has no sender any more; what that holds by then is still
    /// sent, if it does not take long.
    pub(super) async fn run(
        mut self,
        first: Option<Socket>,
        reconnect: bool,
        mut frames: mpsc::Receiver<String>,
        room: mpsc::Sender<Heard>,
    ) {
        let closing = self.closing.clone();
        let too_late = async {
            closing.cancelled().await;
            sleep(CLOSING_TIME).await;
        };
        tokio::select! {
            () = self.keep(first, reconnect, &mut frames, &room) => {}
            () = too_late => {}
        }
    }

    async fn keep(
        &mut self,
        first: Option<Socket>,
        reconnect: bool,
        frames: &mut mpsc::Receiver<String>,
        room: &mpsc::Sender<Heard>,
    ) {
        let mut backoff = Backoff::new(FIRST_WAIT, LONGEST_WAIT);
        let mut socket = match first {
            Some(socket) => socket,
            None => match self.look(&mut backoff, reconnect, frames, room).await {
                Some(socket) => socket,
                None => return,
            },
        };
        loop {
            let began = Instant::now();
            let mut largest = Largest::default();
            let code = match self.talk(socket, &mut largest, frames, room).await {
                End::Code(code) => code,
                End::Closed => return,
            };
            if began.elapsed() >= STEADY {
                backoff.reset();
            }
            // What is over goes on with a new token; why nobody was let in was told.
            let is_expected = reconnect && matches!(code, Some(OVER | NOT_LET_IN));
            let why = (!is_expected).then(|| self.why(code, &largest));
            let is_for_good = matches!(why, Some(Error::TakenOver));
            if room.send(Heard::Away(why)).await.is_err() || is_for_good || !reconnect {
                return;
            }
            socket = match self.come_back(&mut backoff, frames, room).await {
                Some(socket) => socket,
                None => return,
            };
        }
    }

    /// Looks for a server that was not there yet; none once the client is closed, or if it may look only once.
    async fn look(
        &mut self,
        backoff: &mut Backoff,
        reconnect: bool,
        frames: &mut mpsc::Receiver<String>,
        room: &mpsc::Sender<Heard>,
    ) -> Option<Socket> {
        let error = match self.open(frames).await? {
            Ok(socket) => return Some(socket),
            Err(error) => error,
        };
        let told = match error {
            ConnectError::NoServer { url, reason } => Some(Error::NoServer { url, reason }),
            ConnectError::NoToken { reason } => Some(Error::NoToken { reason }),
            _ => None,
        };
        if let Some(error) = told {
            room.send(Heard::Unanswered(error)).await.ok()?;
        }
        match reconnect {
            true => self.come_back(backoff, frames, room).await,
            false => None,
        }
    }

    /// Tries again and again; none once the client is closed. That there is no token is told once.
    async fn come_back(
        &mut self,
        backoff: &mut Backoff,
        frames: &mut mpsc::Receiver<String>,
        room: &mpsc::Sender<Heard>,
    ) -> Option<Socket> {
        let mut is_told = false;
        loop {
            tokio::select! {
                () = sleep(backoff.next()) => {}
                () = drain(frames) => return None,
            }
            match self.open(frames).await? {
                Ok(socket) => return Some(socket),
                Err(ConnectError::NoToken { reason }) if !is_told => {
                    is_told = true;
                    let error = Error::NoToken { reason };
                    room.send(Heard::Unanswered(error)).await.ok()?;
                }
                Err(_) => {}
            }
        }
    }

    /// Tries once; none once the client is closed.
    async fn open(
        &mut self,
        frames: &mut mpsc::Receiver<String>,
    ) -> Option<Result<Socket, ConnectError>> {
        // Boxed, because it is large, and what runs for as long as the client would hold its place.
        let opening = Box::pin(self.opening.open());
        tokio::select! {
            socket = opening => Some(socket),
            () = drain(frames) => None,
        }
    }

    /// What the end of a socket means.
    fn why(&self, code: Option<u16>, largest: &Largest) -> Error {
        let Largest { command, bytes } = largest;
        match code {
            Some(TAKEN_OVER) => return Error::TakenOver,
            // A server that names no limit: what it refused is above it.
            Some(TOO_LARGE) if *bytes > SMALLEST_LIMIT => {
                self.limit.set(bytes - 1);
                if let Some(error) = self.limit.exceeded(command, *bytes) {
                    return error;
                }
            }
            _ => {}
        }
        Error::ServerAway {
            url: self.opening.url(),
        }
    }

    /// Talks until the socket is gone.
    async fn talk(
        &mut self,
        mut socket: Socket,
        largest: &mut Largest,
        frames: &mut mpsc::Receiver<String>,
        room: &mpsc::Sender<Heard>,
    ) -> End {
        self.silence = None;
        // With a greeting we get our id back: it has to be said before we announce ourselves.
        let wait = match self.greeting {
            Some(_) => self.opening.patience(),
            None => GREETING_WAIT,
        };
        // The greeting, or whatever comes first, says that the server listens.
        let mut first = timeout(wait, socket.next()).await.ok();
        let last = self.greeting.clone();
        if let Some(Some(Ok(Message::Text(text)))) = &first
            && self.greeted(text)
            && let Some(last) = last
            && socket.send(Message::Text(last)).await.is_err()
        {
            return End::Code(None);
        }
        let (mut sink, mut stream) = socket.split();
        let read = async {
            if room.send(Heard::Ready).await.is_err() {
                return End::Closed;
            }
            loop {
                let message = match (first.take(), self.silence) {
                    (Some(message), _) => message,
                    (None, None) => stream.next().await,
                    (None, Some(silence)) => match timeout(silence, stream.next()).await {
                        Ok(message) => message,
                        // It promised to ping: the connection is gone, and neither side was told.
                        Err(_) => return End::Code(None),
                    },
                };
                match message {
                    Some(Ok(Message::Text(text))) => {
                        self.greeted(&text);
                        if room.send(Heard::Frame(text.to_string())).await.is_err() {
                            return End::Closed;
                        }
                    }
                    Some(Ok(Message::Close(frame))) => {
                        return End::Code(frame.map(|frame| frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return End::Code(None),
                }
            }
        };
        let write = async {
            while let Some(frame) = frames.recv().await {
                largest.see(&frame);
                if sink.send(Message::text(frame)).await.is_err() {
                    // Whoever reads hears why.
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            end = read => return end,
            () = write => {}
        }
        let close = async {
            if sink.send(Message::Close(None)).await.is_ok() {
                while let Some(Ok(_)) = stream.next().await {}
            }
        };
        // A server that doesn't play along is left alone.
        let _ = timeout(CLOSING_TIME, close).await;
        End::Closed
    }

    /// Takes in what a greeting says, and returns whether this is one that can be said back.
    fn greeted(&mut self, text: &Utf8Bytes) -> bool {
        let Some(greeting) = Greeting::read(text) else {
            return false;
        };
        self.silence = greeting
            .ping_seconds
            .map(|seconds| Duration::from_secs_f64(SILENT_PERIODS * seconds));
        if let Some(limit) = greeting.max_frame_bytes {
            self.limit.set(limit);
        }
        self.servers.set(greeting.ice_servers);
        let can_be_said_back = greeting.resume.is_some();
        if can_be_said_back {
            self.greeting = Some(text.clone());
        }
        can_be_said_back
    }
}

/// Drops what is said while nobody listens, until there is nobody left who could say anything.
async fn drain(frames: &mut mpsc::Receiver<String>) {
    while frames.recv().await.is_some() {}
}

impl Largest {
    fn see(&mut self, frame: &str) {
        if frame.len() > self.bytes {
            self.bytes = frame.len();
            self.command = command_of(frame).to_owned();
        }
    }
}
