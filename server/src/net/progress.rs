//! Whether a connection of HTTP/2 gets anywhere. On one of HTTP/1.1 there is one response at a time, and its socket tells when the client takes nothing of it. A
//! client of HTTP/2 may take everything that comes, and yet take nothing of its responses: it gives them no window.
//!
//! Each request has a turn: the server's, while it has to answer or to say more, and the client's, while what was said waits to be taken. A connection
//! without a request, or on which only clients' turns last, ends in time. A server that takes its time ends nothing.
//!
//! May import: held, axum, hyper, tokio.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use hyper::body::{Bytes, Frame, SizeHint};
use tokio::time::{Instant, sleep};

use super::held::Held;

/// Bytes of a body that are handed on at once: a frame has as many. Whether more of them are asked for tells that a client takes them.
const PIECE_BYTES: usize = 16 * 1024;

/// How long a connection may get nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Without a request.
    pub(super) idle: Duration,
    /// With responses of which the client takes nothing.
    pub(super) stalled: Duration,
}

/// Why it gets nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nothing was ever asked for.
    NoRequest,
    /// Everything was answered, and nothing more is asked for.
    Idle,
    /// The client takes nothing of what it has asked for.
    Stalled,
}

/// The turns of all requests of a connection. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<Mutex<Turns>>);

/// A std mutex around it is held for a few lines that never wait.
#[derive(Debug)]
struct Turns {
    of_server: usize,
    of_client: usize,
    has_request: bool,
    changed: Instant,
}

/// The turn of one request. Dropping it ends the request.
#[derive(Debug)]
pub(super) struct Turn {
    progress: Progress,
    is_client: bool,
}

impl Progress {
    /// Of a connection that has just begun.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Turns {
            of_server: 0,
            of_client: 0,
            has_request: false,
            changed: Instant::now(),
        })))
    }

    /// A request has come.
    pub(super) fn begin(&self) -> Turn {
        let mut turns = self.turns();
        turns.of_server += 1;
        turns.has_request = true;
        turns.changed = Instant::now();
        Turn {
            progress: self.clone(),
            is_client: false,
        }
    }

    /// Waits until it gets nowhere any more.
    pub(super) async fn stops(&self, patience: Patience) -> Stop {
        loop {
            let rest = match self.turns().look(patience, Instant::now()) {
                Ok(rest) => rest,
                Err(stop) => return stop,
            };
            // Another time may begin meanwhile.
            sleep(rest.min(patience.idle).min(patience.stalled)).await;
        }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        // Nothing in here can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    /// For how long it may go on like this.
    fn look(&self, patience: Patience, now: Instant) -> Result<Duration, Stop> {
        let (patience, stop) = match (self.of_server, self.of_client) {
            (0, 0) if self.has_request => (patience.idle, Stop::Idle),
            (0, 0) => (patience.idle, Stop::NoRequest),
            (0, _) => (patience.stalled, Stop::Stalled),
            _ => return Ok(patience.idle),
        };
        let rest = patience.saturating_sub(now.saturating_duration_since(self.changed));
        match rest.is_zero() {
            true => Err(stop),
            false => Ok(rest),
        }
    }

    fn count(&mut self, is_client: bool) -> &mut usize {
        match is_client {
            true => &mut self.of_client,
            false => &mut self.of_server,
        }
    }
}

impl Turn {
    fn pass(&mut self, to_client: bool) {
        let mut turns = self.progress.turns();
        *turns.count(self.is_client) -= 1;
        *turns.count(to_client) += 1;
        turns.changed = Instant::now();
        drop(turns);
        self.is_client = to_client;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = self.progress.turns();
        *turns.count(self.is_client) -= 1;
        turns.changed = Instant::now();
    }
}

/// The body of a response, in pieces, each of which the client has to take before it gets the next one.
#[derive(Debug)]
pub(super) struct InPieces {
    body: Body,
    /// Of the last frame of it.
    rest: Bytes,
    turn: Turn,
    held: Option<Arc<Held>>,
}

/// A part of a body that was made for its request: as long as it is anywhere, what was held for it is held.
struct Counted {
    bytes: Bytes,
    _held: Arc<Held>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl InPieces {
    /// With what is held for it, if it is not everybody's.
    pub(super) fn new(body: Body, turn: Turn, held: Option<Held>) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            turn,
            held: held.map(Arc::new),
        }
    }
}

impl hyper::body::Body for InPieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Whoever asks for more has taken what there was.
        self.turn.pass(false);
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => {
                        self.rest = match self.held.clone() {
                            Some(_held) => Bytes::from_owner(Counted { bytes, _held }),
                            None => bytes,
                        }
                    }
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let count = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(count);
        self.turn.pass(true);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (more, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(more.lower() + rest);
        if let Some(upper) = more.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::future::poll_fn;

    use hyper::body::Body as _;

    use super::super::held::Requests;
    use super::*;
    use crate::config::Limits;

    const PATIENCE: Patience = Patience {
        idle: Duration::from_secs(15),
        stalled: Duration::from_secs(60),
    };

    /// Why it has stopped so many seconds after the last change.
    fn stop_after(progress: &Progress, seconds: u64) -> Option<Stop> {
        let turns = progress.turns();
        let now = turns.changed + Duration::from_secs(seconds);
        turns.look(PATIENCE, now).err()
    }

    async fn next(body: &mut InPieces) -> Option<usize> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.map(|frame| frame.unwrap().into_data().unwrap().len())
    }

    #[test]
    fn a_connection_without_a_request_stops_and_says_whether_there_ever_was_one() {
        let progress = Progress::new();
        assert_eq!(stop_after(&progress, 14), None);
        assert_eq!(stop_after(&progress, 15), Some(Stop::NoRequest));
        drop(progress.begin());
        assert_eq!(stop_after(&progress, 14), None);
        assert_eq!(stop_after(&progress, 15), Some(Stop::Idle));
    }

    #[test]
    fn it_goes_on_while_the_server_has_to_answer() {
        let progress = Progress::new();
        let turn = progress.begin();
        assert_eq!(stop_after(&progress, 1000), None);
        drop(turn);
        assert_eq!(stop_after(&progress, 15), Some(Stop::Idle));
    }

    #[tokio::test]
    async fn it_stops_where_the_client_takes_nothing_more_of_any_response() {
        let progress = Progress::new();
        let body = || Body::from(vec![0; PIECE_BYTES + 1]);
        let mut one = InPieces::new(body(), progress.begin(), None);
        let mut other = InPieces::new(body(), progress.begin(), None);
        assert_eq!(one.size_hint().exact(), Some(PIECE_BYTES as u64 + 1));
        assert_eq!(next(&mut one).await, Some(PIECE_BYTES));
        assert_eq!(one.size_hint().exact(), Some(1));
        assert_eq!(next(&mut other).await, Some(PIECE_BYTES));
        assert_eq!(stop_after(&progress, 59), None);
        assert_eq!(stop_after(&progress, 60), Some(Stop::Stalled));
        // The last byte of one of them is taken up.
        assert_eq!(next(&mut one).await, Some(1));
        assert!(one.is_end_stream() && !other.is_end_stream());
        assert_eq!(stop_after(&progress, 60), Some(Stop::Stalled));
        drop((one, other));
        assert_eq!(stop_after(&progress, 15), Some(Stop::Idle));
    }

    #[tokio::test]
    async fn what_is_held_for_a_body_is_held_until_its_last_piece_is_gone() {
        let requests = Requests::new(&Limits {
            max_unfinished_bytes_in_all: 100,
            ..Limits::default()
        });
        let held = requests.hold(100, None);
        let body = Body::from(vec![0; 100]);
        let mut body = InPieces::new(body, Progress::new().begin(), held);
        let piece = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        drop(body);
        assert!(requests.hold(1, None).is_none());
        drop(piece);
        assert!(requests.hold(100, None).is_some());
    }
}
