//! The NAT lab: two peers, each behind a NAT of any kind, that are real browsers, and NATs that are only in the memory of this process.
//!
//! # Layout
//! - [`order`]: what a page asks for
//! - `net`: hosts, NATs and a STUN server, as [`network::nat`] plays them
//! - `state`: what becomes of each packet; `log`: the last of them
//!
//! May import: config, futures_util, line, metrics, network, relay, serde, serde_json, token, tokio, tokio_util, tracing.

mod log;
mod net;
pub mod order;
mod state;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::select_all;
use serde_json::{Value, json};
use tokio::time::{sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::budget::{Budget, Flow};
use super::place::Chosen;
use super::refusal::Refusal;
use super::registry::Runs;
use super::running::{BATCH, PAUSE};
use super::side::Side;
use super::state::MAX_PACKET;
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::relay::is_about_a_peer;
use crate::token::Token;
use order::{Opening, Order};
pub(super) use state::MAX_WAYS;
use state::{State, Way};

/// One lab.
#[derive(Debug)]
pub struct Lab {
    id: Token,
    started: Instant,
    lifetime: Duration,
    idle_time: Duration,
    /// A std mutex, because it is held for a batch of packets at most, and never waits.
    state: Mutex<State>,
    closed: CancellationToken,
}

impl Lab {
    pub(super) fn open(
        id: Token,
        chosen: Chosen,
        opening: &Opening,
        limits: &Limits,
        budget: &Arc<Budget>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, Refusal> {
        let started = Instant::now();
        let flow = Flow::new(limits.max_line_bytes_per_second);
        let state = State::open(started, chosen, opening, flow, budget, metrics)?;
        Ok(Self {
            id,
            started,
            lifetime: limits.line_lifetime,
            idle_time: limits.line_idle_time,
            state: Mutex::new(state),
            closed: CancellationToken::new(),
        })
    }

    /// How it is now. Asking keeps it alive.
    pub fn report(&self) -> Value {
        let mut state = self.state();
        let age = self.started.elapsed();
        state.heard = age;
        json!({
            "id": self.id.to_string(),
            "seconds": age.as_secs_f64(),
            "seconds_left": self.lifetime.saturating_sub(age).as_secs_f64(),
            "a": state.side(Side::A),
            "b": state.side(Side::B),
            "nats": state.nats(age),
        })
    }

    /// The packets with numbers above this one. Asking keeps it alive.
    pub fn packets_after(&self, number: u64) -> Value {
        let mut state = self.state();
        state.heard = self.started.elapsed();
        state.packets_after(number)
    }

    /// Does what a page says.
    pub fn order(&self, order: &Order) {
        self.state().tell(&order.credentials);
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
            let ways = self.state().ways();
            let readable = ways.iter().map(|way| Box::pin(way.socket.readable()));
            let (ready, index, _) = select_all(readable).await;
            if let Err(error) = ready.and_then(|()| self.take(&ways[index])) {
                debug!(%error, "Cannot read from a port of a lab; trying again");
                sleep(PAUSE).await;
            }
        }
    }

    /// The buffer is on the stack, as an idle task should hold none.
    fn take(&self, way: &Way) -> io::Result<()> {
        let mut buffer = [0; MAX_PACKET + 1];
        let mut state = self.state();
        for _ in 0..BATCH {
            match way.socket.try_recv_from(&mut buffer) {
                Ok((length, from)) => {
                    state.receive(self.started.elapsed(), way, from, &buffer[..length]);
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

impl Runs for Lab {
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
        let ways = self.state().ways();
        ways.iter().any(|way| way.address == address)
    }
}
