//! The NAT lab: two peers, each behind a NAT of any kind, that are real browsers, and NATs that are only in the memory of this process.
//!
//! # Layout
//! - [`order`]: what a page asks for
//! - `net`: hosts, NATs and a server of STUN and TURN, as [`network::nat`] plays them
//! - `turn`: what that server relays
//! - `state`: what becomes of each packet; `log`: the last of them; `tally`: how many each NAT has passed and dropped
//! - `report`: what a panel is told of the NATs
//!
//! May import: config, futures_util, line, metrics, network, place, relay, serde, serde_json, signaling::token, tokio, tracing.

mod log;
mod net;
pub mod order;
mod report;
mod state;
mod tally;
mod turn;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::select_all;
use serde_json::{Value, json};
use signaling::token::Token;
use tokio::time::sleep;
use tracing::debug;

use super::budget::Budget;
use super::end;
use super::life::Life;
use super::refusal::Refusal;
use super::registry::Runs;
use super::running::PAUSE;
use super::side::Side;
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::place::Chosen;
use order::{Opening, Order};
pub(super) use state::MAX_WAYS;
use state::{State, Way};

/// One lab.
#[derive(Debug)]
pub struct Lab {
    id: Token,
    life: Life,
    /// A std mutex, because it is held for a batch of packets at most, and never waits.
    state: Mutex<State>,
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
        let life = Life::new(limits);
        let state = State::open(&life, chosen, opening, limits, budget, metrics)?;
        Ok(Self {
            id,
            life,
            state: Mutex::new(state),
        })
    }

    /// How it is now. Asking keeps it alive.
    pub fn report(&self) -> Value {
        let mut state = self.state();
        let age = self.life.age();
        state.heard = age;
        json!({
            "id": self.id.to_string(),
            "seconds": age.as_secs_f64(),
            "seconds_left": self.life.lifetime.saturating_sub(age).as_secs_f64(),
            "a": state.side(Side::A),
            "b": state.side(Side::B),
            "turn": state.turn(age),
            "nats": state.nats(age),
        })
    }

    /// The packets with numbers above this one. Asking keeps it alive.
    pub fn packets_after(&self, number: u64) -> Value {
        let mut state = self.state();
        state.heard = self.life.age();
        state.packets_after(number)
    }

    /// What a panel shows of it: its hosts and NATs, within bounds. Asking keeps it alive.
    pub fn watch(&self) -> Value {
        let mut state = self.state();
        let age = self.life.age();
        state.heard = age;
        let mut shown = state.watched(age);
        shown["seconds"] = age.as_secs_f64().into();
        shown["a"] = state.host(Side::A);
        shown["b"] = state.host(Side::B);
        shown
    }

    /// Does what a page says.
    pub fn order(&self, order: &Order) {
        self.state().tell(&order.credentials);
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

    fn take(&self, way: &Way) -> io::Result<()> {
        let mut state = self.state();
        end::take(&way.socket, |from, packet| {
            state.receive(self.life.age(), way, from, packet);
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A packet that made it panic is lost, and others are not.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs for Lab {
    async fn serve(&self) {
        let heard = || self.state().heard;
        self.life.spend(heard, self.carry()).await;
    }

    fn close(&self) {
        self.life.close();
    }

    fn has_port(&self, address: SocketAddr) -> bool {
        let ways = self.state().ways();
        ways.iter().any(|way| way.address == address)
    }
}
