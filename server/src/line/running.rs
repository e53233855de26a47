//! A line as it runs: reads both ports, and sends each packet when it comes out.
//!
//! May import: budget, capture, config, metrics, order, place, refusal, registry, relay, report, side, state, token, network, serde_json, tokio,
//! tokio_util, tracing.

use std::future::pending;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use network::line::Conditions;
use serde_json::Value;
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::budget::Budget;
use super::capture::{Excerpt, Recording};
use super::order::{Opening, Order};
use super::place::Chosen;
use super::refusal::{OrderRefused, Refusal};
use super::registry::Runs;
use super::report;
use super::side::Side;
use super::state::{MAX_PACKET, State};
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::relay::is_about_a_peer;
use crate::token::Token;

/// Packets that are handled before others have their turn.
pub(super) const BATCH: usize = 64;
/// After a failed read.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// One line.
#[derive(Debug)]
pub struct Line {
    id: Token,
    started: Instant,
    lifetime: Duration,
    idle_time: Duration,
    /// A std mutex, because it is held for a batch of packets at most, and never waits.
    state: Mutex<State>,
    /// Something was ordered that the task has to look at.
    ordered: Notify,
    closed: CancellationToken,
}

impl Line {
    pub(super) fn open(
        id: Token,
        chosen: Chosen,
        opening: &Opening,
        limits: &Limits,
        budget: &Arc<Budget>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, Refusal> {
        let started = Instant::now();
        let state = State::open(started, chosen, opening, limits, budget, metrics)?;
        Ok(Self {
            id,
            started,
            lifetime: limits.line_lifetime,
            idle_time: limits.line_idle_time,
            state: Mutex::new(state),
            ordered: Notify::new(),
            closed: CancellationToken::new(),
        })
    }

    /// What the page is told that opened it.
    pub fn opened(&self) -> Value {
        report::opened(&self.id, &self.state(), self.lifetime, self.idle_time)
    }

    /// How it is now. Asking keeps it alive.
    pub fn report(&self) -> Value {
        let mut state = self.state();
        let age = self.started.elapsed();
        state.heard = age;
        report::now(&self.id, &state, age, self.lifetime)
    }

    /// Does what a page says.
    ///
    /// # Errors
    /// When a number is out of range, or no other port can be had. Nothing has changed then.
    pub fn order(&self, order: &Order) -> Result<(), OrderRefused> {
        if let Some(change) = &order.set {
            Conditions::default().with(change)?;
        }
        let now = self.started.elapsed();
        self.state().order(now, order)?;
        self.ordered.notify_one();
        Ok(())
    }

    /// The packets that were kept, from the one behind this number on. Asking keeps it alive.
    pub fn packets_after(&self, number: u64) -> Excerpt {
        let mut state = self.state();
        state.heard = self.started.elapsed();
        state.packets_after(number)
    }

    /// All of them.
    pub fn recording(&self) -> Recording {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let started = now.saturating_sub(self.started.elapsed());
        self.state().capture.recording(started)
    }

    async fn expires(&self) {
        loop {
            let idle_from = self.state().heard + self.idle_time;
            let over = idle_from.min(self.lifetime);
            if over <= self.started.elapsed() {
                return;
            }
            sleep_until((self.started + over).into()).await;
        }
    }

    async fn carry(&self) {
        loop {
            let ([a, b], next) = {
                let state = self.state();
                (state.sockets(), state.next_at())
            };
            let due = async {
                match next {
                    Some(at) => sleep_until((self.started + at).into()).await,
                    None => pending().await,
                }
            };
            let taken = tokio::select! {
                ready = a.readable() => ready.and_then(|()| self.take(Side::A, &a)),
                ready = b.readable() => ready.and_then(|()| self.take(Side::B, &b)),
                () = due => { self.deliver(); Ok(()) }
                () = self.ordered.notified() => { self.deliver(); Ok(()) }
            };
            if let Err(error) = taken {
                debug!(%error, "Cannot read from the port of a line; trying again");
                sleep(PAUSE).await;
            }
        }
    }

    fn deliver(&self) {
        self.state().deliver(self.started.elapsed());
    }

    /// The buffer is on the stack, as an idle task should hold none.
    fn take(&self, side: Side, socket: &UdpSocket) -> io::Result<()> {
        let mut buffer = [0; MAX_PACKET + 1];
        let mut state = self.state();
        for _ in 0..BATCH {
            match socket.try_recv_from(&mut buffer) {
                Ok((length, from)) => {
                    state.receive(self.started.elapsed(), side, from, &buffer[..length]);
                }
                // A host that was written to before has nobody there.
                Err(error) if is_about_a_peer(&error) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A packet that made it panic is lost, and others are not.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs for Line {
    async fn serve(&self) {
        tokio::select! {
            () = self.closed.cancelled() => {}
            () = self.expires() => {}
            () = self.carry() => {}
        }
    }

    fn close(&self) {
        self.closed.cancel();
    }

    fn has_port(&self, address: SocketAddr) -> bool {
        let state = self.state();
        Side::BOTH
            .into_iter()
            .any(|side| state.end(side).address == address)
    }
}
