//! A line as it runs: reads both ports, and sends each packet when it comes out.
//!
//! May import: budget, capture, config, end, life, metrics, order, place, refusal, registry, report, side, state, signaling::token, network,
//! serde_json, tokio, tracing.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use network::line::Conditions;
use serde_json::Value;
use signaling::token::Token;
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};
use tracing::debug;

use super::budget::Budget;
use super::capture::{Excerpt, Recording};
use super::end;
use super::life::Life;
use super::order::{Opening, Order};
use super::refusal::{OrderRefused, Refusal};
use super::registry::Runs;
use super::report;
use super::side::Side;
use super::state::State;
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::place::Chosen;

/// After a failed read.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// One line.
#[derive(Debug)]
pub struct Line {
    id: Token,
    life: Life,
    /// A std mutex, because it is held for a batch of packets at most, and never waits.
    state: Mutex<State>,
    /// Something was ordered that the task has to look at.
    ordered: Notify,
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
        let life = Life::new(limits);
        let state = State::open(life.started, chosen, opening, limits, budget, metrics)?;
        Ok(Self {
            id,
            life,
            state: Mutex::new(state),
            ordered: Notify::new(),
        })
    }

    /// What the page is told that opened it.
    pub fn opened(&self) -> Value {
        report::opened(&self.id, &self.state(), &self.life)
    }

    /// How it is now. Asking keeps it alive.
    pub fn report(&self) -> Value {
        let mut state = self.state();
        let age = self.life.age();
        state.heard = age;
        report::now(&self.id, &state, age, &self.life)
    }

    /// Does what a page says.
    ///
    /// # Errors
    /// When a number is out of range, or no other port can be had. Nothing has changed then.
    pub fn order(&self, order: &Order) -> Result<(), OrderRefused> {
        if let Some(change) = &order.set {
            Conditions::default().with(change)?;
        }
        let now = self.life.age();
        self.state().order(now, order)?;
        self.ordered.notify_one();
        Ok(())
    }

    /// The packets that were kept, from the one behind this number on. Asking keeps it alive.
    pub fn packets_after(&self, number: u64) -> Excerpt {
        let mut state = self.state();
        state.heard = self.life.age();
        state.packets_after(number)
    }

    /// All of them.
    pub fn recording(&self) -> Recording {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let started = now.saturating_sub(self.life.age());
        self.state().capture.recording(started)
    }

    async fn carry(&self) {
        loop {
            let ([a, b], next) = {
                let state = self.state();
                (state.sockets(), state.next_at())
            };
            let due = async {
                match next {
                    Some(at) => sleep_until((self.life.started + at).into()).await,
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
        self.state().deliver(self.life.age());
    }

    fn take(&self, side: Side, socket: &UdpSocket) -> io::Result<()> {
        let mut state = self.state();
        end::take(socket, |from, packet| {
            state.receive(self.life.age(), side, from, packet);
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A packet that made it panic is lost, and others are not.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs for Line {
    async fn serve(&self) {
        let heard = || self.state().heard;
        self.life.spend(heard, self.carry()).await;
    }

    fn close(&self) {
        self.life.close();
    }

    fn has_port(&self, address: SocketAddr) -> bool {
        let state = self.state();
        Side::BOTH
            .into_iter()
            .any(|side| state.end(side).address == address)
    }
}
