//! The way out to one client: a queue bounded in bytes, and the request to end its connection.
//!
//! Whoever has something for the client writes it to its transport at once, without waking the connection's task. The task writes only what
//! the transport did not take at once.
//!
//! May import: close_reason, deliveries, frame, counts, transport, tokio, tungstenite.

mod backlog;
mod life;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tungstenite::Bytes;

use super::close_reason::CloseReason;
use super::deliveries::Receiver;
use super::frame;
use crate::counts::Counts;
use crate::transport::Writer;
use backlog::{Backlog, cost};
use life::Life;

/// Writes that one caller makes. If others go on to queue frames meanwhile, the connection's own task writes those.
const MAX_CALLS: usize = 8;

/// Cheap to clone; all clones reach the same client. Not a bounded channel of tokio, because that counts frames instead of bytes, and costs an
/// idle connection a kilobyte more.
#[derive(Debug, Clone)]
pub struct Outbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// A std mutex, because it is held for a few lines that never wait, and not while the transport is written to.
    state: Mutex<State>,
    max_bytes: usize,
    way: Way,
    life: Life,
    counts: Arc<Counts>,
}

/// Where the client is.
#[derive(Debug)]
enum Way {
    /// Here. Weak, because the connection's task owns it: the transport is closed when the task ends, even if somebody still has an outbox.
    Transport(Weak<dyn Writer>),
    /// At another instance, which has the queue.
    Elsewhere(Box<dyn Edge>),
}

/// The instance that has the connection of a client whose room is here. Nothing here may wait: some of it is called with the rooms locked.
pub trait Edge: fmt::Debug + Send + Sync {
    /// Passes on a frame.
    fn send(&self, frame: Bytes);
    /// Has the connection ended.
    fn end(&self, reason: CloseReason);
    /// Asks for a sign of life, which [`Outbox::is_alive`] or [`Outbox::is_gone`] answers.
    fn probe(&self);
}

#[derive(Debug, Default)]
struct State {
    backlog: Backlog,
    /// What is in the backlog, or being written.
    bytes: usize,
    /// When the oldest frame in the backlog came.
    since: Option<Instant>,
    /// Somebody is writing, and will also write what is queued meanwhile, so that frames keep their order.
    is_writing: bool,
    /// The transport takes no more for now, and the connection's task waits until it does.
    is_blocked: bool,
    /// The transport was full. If it takes more, the client's system has acknowledged something, which is a sign of life.
    is_full: bool,
    /// Apart from the backlog, because a client whose queue is full must still be told to go.
    ending: Option<CloseReason>,
    /// The closing handshake has begun.
    is_closing: bool,
    /// The connection's task.
    task: Option<Waker>,
    /// The client isn't read at the moment, so it can't show that it is alive.
    is_deaf: bool,
    /// Those who wait for a sign of life.
    probes: Vec<oneshot::Sender<()>>,
    /// Bytes that had been written when the oldest unanswered ping was sent.
    written_at_ping: Option<usize>,
}

impl Outbox {
    /// An empty one.
    pub fn new(max_queued_bytes: usize, writer: Weak<dyn Writer>, counts: Arc<Counts>) -> Self {
        Self::by(Way::Transport(writer), max_queued_bytes, counts)
    }

    /// The way to a client of another instance. What waits is bounded there, and on the way to it.
    pub fn elsewhere(edge: Box<dyn Edge>, counts: Arc<Counts>) -> Self {
        Self::by(Way::Elsewhere(edge), 0, counts)
    }

    fn by(way: Way, max_bytes: usize, counts: Arc<Counts>) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            max_bytes,
            way,
            life: Life::default(),
            counts,
        }))
    }

    /// Queues a frame and writes it.
    pub fn send(&self, frame: Bytes) {
        self.queue(frame, Instant::now());
        self.flush();
    }

    /// Queues a frame that came at `since`; [`flush`](Self::flush) has to follow, outside of all locks. If the queue is full, the client is
    /// disconnected: to drop frames silently would leave it in a state that nobody can explain, and to wait would let one client stop a
    /// room. An empty queue takes one frame of any size. Once the connection has to end, it takes none.
    pub fn queue(&self, frame: Bytes, since: Instant) {
        let state = self.state();
        if state.ending.is_none() {
            self.push(state, frame, since);
        }
    }

    /// Queues a close frame, also once the connection has to end, and writes it.
    pub fn send_close(&self, frame: Bytes) {
        self.push(self.state(), frame, Instant::now());
        self.flush();
    }

    fn push(&self, mut state: MutexGuard<'_, State>, frame: Bytes, since: Instant) {
        if let Way::Elsewhere(edge) = &self.0.way {
            // With the state locked, so that nothing is sent after the end.
            return edge.send(frame);
        }
        let cost = cost(&frame);
        if state.bytes + cost > self.0.max_bytes && state.bytes > 0 {
            state.end(CloseReason::TooSlow);
            return;
        }
        state.bytes += cost;
        self.0.counts.queued(cost);
        state.since.get_or_insert(since);
        state.backlog.push(frame);
    }

    /// Writes what is queued, as far as the transport takes it. Nothing is written once the connection has to end.
    pub fn flush(&self) {
        let mut state = self.state();
        let is_over = state.ending.is_some() && !state.is_closing;
        if state.is_writing || state.is_blocked || is_over {
            return;
        }
        let Way::Transport(writer) = &self.0.way else {
            return; // its instance writes
        };
        let Some(writer) = writer.upgrade() else {
            return; // the connection has ended
        };
        state.is_writing = true;
        let mut calls = 0;
        while !state.backlog.is_empty() {
            if calls == MAX_CALLS {
                state.block();
                break;
            }
            calls += 1;
            let mut backlog = mem::take(&mut state.backlog);
            drop(state);
            let (written, outcome) = backlog.write(|slices| writer.try_write(slices));
            state = self.state();
            let later = mem::replace(&mut state.backlog, backlog);
            state.backlog.extend(later);
            self.unqueued(&mut state, written.cost);
            self.0.life.wrote(written.bytes);
            if written.bytes > 0 && mem::take(&mut state.is_full) {
                self.0.life.took();
                state.answer_probes();
            }
            if let Some(since) = state.since
                && written.frames > 0
            {
                self.0.counts.sent(written.frames, since.elapsed());
            }
            match outcome {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    state.is_full = true;
                    state.block();
                    break;
                }
                Err(_) => {
                    state.end(CloseReason::ByClient);
                    break;
                }
            }
        }
        if state.backlog.is_empty() {
            state.since = None;
        }
        state.is_writing = false;
    }

    /// Waits until the transport is full, so that its owner has to wait for it.
    pub async fn blocked(&self) {
        poll_fn(|context| {
            let mut state = self.state();
            match state.is_blocked {
                true => Poll::Ready(()),
                false => state.wait(context),
            }
        })
        .await;
    }

    /// The transport may take more.
    pub fn unblock(&self) {
        self.state().is_blocked = false;
        self.flush();
    }

    /// Drops all queued frames but one that was written in part. What is sent from now on is the closing handshake.
    pub fn begin_closing(&self) {
        let mut state = self.state();
        state.is_closing = true;
        self.forget(&mut state);
    }

    /// Disconnects the client and drops at once what waits for it. Returns whether anything did.
    pub fn cut(&self) -> bool {
        let mut state = self.state();
        state.end(CloseReason::TooSlow);
        self.forget(&mut state) > 0
    }

    /// Asks the connection to end. The first reason given is the one that counts.
    pub fn end(&self, ending: CloseReason) {
        let mut state = self.state();
        if let Way::Elsewhere(edge) = &self.0.way
            && state.ending.is_none()
        {
            edge.end(ending);
        }
        state.end(ending);
        state.probes.clear();
    }

    /// Asks the client for a sign of life. The receiver gets it, or an error as soon as the connection ends.
    pub fn probe(&self) -> oneshot::Receiver<()> {
        let (asks, answer) = oneshot::channel();
        let mut state = self.state();
        if state.ending.is_some() {
            return answer;
        }
        state.probes.push(asks);
        if state.is_deaf {
            state.answer_probes();
        } else if state.probes.len() == 1 {
            drop(state);
            match &self.0.way {
                Way::Transport(_) => {
                    self.ping();
                    self.flush();
                }
                Way::Elsewhere(edge) => edge.probe(),
            }
        }
        answer
    }

    /// The client gave no sign of life, as its own instance has found out.
    pub fn is_gone(&self) {
        self.state().probes.clear();
    }

    /// Whether another instance has the connection.
    pub fn is_elsewhere(&self) -> bool {
        matches!(self.0.way, Way::Elsewhere(_))
    }

    /// Queues a ping; [`flush`](Self::flush) has to follow.
    pub fn ping(&self) {
        self.state()
            .written_at_ping
            .get_or_insert(self.0.life.written());
        self.queue(frame::ping(), Instant::now());
    }

    /// Something came from the client.
    pub fn heard(&self) {
        self.0.life.heard();
    }

    /// The client has answered a ping. Only a pong answers a probe: anything else may have been on its way when the client ended.
    pub fn is_alive(&self) {
        let mut state = self.state();
        if let Some(written) = state.written_at_ping.take() {
            self.0.life.arrived(written);
        }
        state.answer_probes();
    }

    /// How many signs of life the client has given so far: something came from it, or its full transport took more.
    pub fn signs_of_life(&self) -> usize {
        self.0.life.signs()
    }

    /// Whether the client isn't read at the moment.
    pub fn is_deaf(&self) -> bool {
        self.state().is_deaf
    }

    /// How long what was written, and may not have arrived yet, takes to the client over the slowest link.
    pub fn way(&self) -> Duration {
        self.0.life.way()
    }

    /// Sets whether the client isn't read for a while. It can give no sign of life then, and counts as alive.
    pub fn set_deaf(&self, is_deaf: bool) {
        let mut state = self.state();
        state.is_deaf = is_deaf;
        state.answer_probes();
    }

    /// Whether the connection had to end because more waited for the client than may wait.
    pub fn was_full(&self) -> bool {
        self.state().ending == Some(CloseReason::TooSlow)
    }

    /// Waits until the connection has to end.
    pub async fn ended(&self) -> CloseReason {
        poll_fn(|context| {
            let mut state = self.state();
            match state.ending {
                Some(ending) => Poll::Ready(ending),
                None => state.wait(context),
            }
        })
        .await
    }

    /// Bytes that wait, as the limit counts them.
    pub fn queued_bytes(&self) -> usize {
        self.state().bytes
    }

    /// Takes the text that has waited longest.
    #[cfg(test)]
    pub(super) fn take(&self) -> Option<String> {
        let mut state = self.state();
        let frame = state.backlog.pop()?;
        self.unqueued(&mut state, cost(&frame));
        Some(frame::text_in(&frame))
    }

    fn forget(&self, state: &mut State) -> usize {
        let forgotten = state.backlog.forget();
        self.unqueued(state, forgotten);
        forgotten
    }

    fn unqueued(&self, state: &mut State, bytes: usize) {
        state.bytes -= bytes;
        self.0.counts.unqueued(bytes);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiver for Outbox {
    fn flush(&self) {
        Self::flush(self);
    }

    /// The frame that was being written is lost, and nothing can be written behind a part of it.
    fn fail(&self) {
        self.end(CloseReason::Failed);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.counts.unqueued(state.bytes);
    }
}

impl State {
    fn block(&mut self) {
        self.is_blocked = true;
        self.wake();
    }

    /// The first reason given is the one that counts.
    fn end(&mut self, ending: CloseReason) {
        self.ending.get_or_insert(ending);
        self.wake();
    }

    fn wake(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }

    fn answer_probes(&mut self) {
        for asks in self.probes.drain(..) {
            // Who asked may have gone.
            let _ = asks.send(());
        }
    }

    /// Only the connection's own task waits, so one waker is enough.
    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        match &mut self.task {
            Some(task) => task.clone_from(context.waker()),
            None => self.task = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}
