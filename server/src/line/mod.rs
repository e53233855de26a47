//! A line: two UDP ports between which what one peer sends is carried to the other, as well or as badly as a page says.
//!
//! What becomes of packets is decided in [`network::line`], which knows neither sockets nor the time. Here are the sockets, a task for each
//! line, and who may use it.
//!
//! # Layout
//! - [`order`]: what a page asks for
//! - [`report`]: what it is told
//! - [`refusal`]: why it gets no line
//! - `end`: one of its ports
//! - `life`: until when it runs
//! - `credentials`, `lock`: whose packets a port takes
//! - `budget`: what all lines together may cost
//! - [`capture`]: the last packets, for the ends of a line to look at
//! - [`lab`]: a NAT on each side in place of a line
//! - `registry`: what is open
//! - [`running`]: a line as it runs; `state`: what it does with each packet
//!
//! May import: signaling::bucket, signaling::byte_budget, config, futures_util, metrics, network, place, process, relay, signaling::token, serde,
//! serde_json, socket2, thiserror, tokio, tokio_util, tracing.

mod budget;
pub mod capture;
mod credentials;
mod end;
pub mod lab;
mod life;
mod lock;
pub mod order;
pub mod refusal;
mod registry;
pub mod report;
pub mod running;
mod side;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{self, Limits};
use crate::metrics::Metrics;
use crate::place::Place;
use crate::relay::visit::Client;
use budget::Budget;
use lab::Lab;
use refusal::Refusal;
use registry::Registry;
use running::Line;

/// Ports that a lab has at most.
pub const MAX_PORTS_OF_LAB: usize = 2 * lab::MAX_WAYS;

/// All lines and labs of the server.
#[derive(Debug)]
pub struct Lines {
    place: Place,
    limits: Arc<Limits>,
    budget: Arc<Budget>,
    metrics: Arc<Metrics>,
    lines: Arc<Registry<Line>>,
    labs: Arc<Registry<Lab>>,
}

impl Lines {
    /// Of the server that listens here. Each line ends when `closing` is cancelled, and is one of `tasks`.
    pub fn new(
        listening: SocketAddr,
        relay: &config::Relay,
        limits: Arc<Limits>,
        metrics: Arc<Metrics>,
        closing: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        let lines = [limits.max_lines, limits.max_lines_per_address];
        let labs = [limits.max_labs, limits.max_labs_per_address];
        Self {
            place: Place::new(listening, relay.external_address),
            budget: Arc::new(Budget::new(&limits)),
            limits,
            metrics,
            lines: Registry::new("lines", lines, closing.clone(), tasks.clone()),
            labs: Registry::new("labs", labs, closing, tasks),
        }
    }

    /// Opens one. Whoever has its id may do with it what can be done.
    ///
    /// # Errors
    /// When there are as many as there may be, or no port can be had that the peers reach.
    pub fn open(
        &self,
        client: &Client<'_>,
        opening: &order::Opening,
    ) -> Result<Arc<Line>, Refusal> {
        self.lines.open(client.address, |id| {
            let chosen = self.place.choose(client, opening.not_loopback);
            let chosen = chosen.ok_or(Refusal::NoAddress)?;
            Line::open(
                id,
                chosen,
                opening,
                &self.limits,
                &self.budget,
                &self.metrics,
            )
        })
    }

    /// The same with a NAT on each side.
    ///
    /// # Errors
    /// As for a line.
    pub fn open_lab(
        &self,
        client: &Client<'_>,
        opening: &lab::order::Opening,
    ) -> Result<Arc<Lab>, Refusal> {
        self.labs.open(client.address, |id| {
            let chosen = self.place.choose(client, opening.not_loopback);
            let chosen = chosen.ok_or(Refusal::NoAddress)?;
            Lab::open(
                id,
                chosen,
                opening,
                &self.limits,
                &self.budget,
                &self.metrics,
            )
        })
    }

    /// The line with this id, if it is still there.
    pub fn get(&self, id: &str) -> Option<Arc<Line>> {
        self.lines.get(id)
    }

    /// The lab with this id, if it is still there.
    pub fn get_lab(&self, id: &str) -> Option<Arc<Lab>> {
        self.labs.get(id)
    }

    /// Ends a line, and returns when its ports are closed; whether it was there.
    pub async fn close(&self, id: &str) -> bool {
        self.lines.close(id).await
    }

    /// The same with a lab.
    pub async fn close_lab(&self, id: &str) -> bool {
        self.labs.close(id).await
    }

    /// Whether a peer of a line or a lab is told of this address.
    pub fn have_port(&self, address: SocketAddr) -> bool {
        self.lines.have_port(address) || self.labs.have_port(address)
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.lines.count()
    }

    /// How many labs there are.
    pub fn labs(&self) -> usize {
        self.labs.count()
    }

    /// Bytes that are under way in all lines.
    pub fn held_bytes(&self) -> usize {
        self.budget.held()
    }
}
