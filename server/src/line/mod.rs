//! A line: two UDP ports between which what one peer sends is carried to the other, as well or as badly as a page says.
//!
//! What becomes of packets is decided in [`network::line`], which knows neither sockets nor the time. Here are the sockets, a task for each
//! line, and who may use it.
//!
//! # Layout
//! - [`order`]: what a page asks for
//! - [`report`]: what it is told
//! - [`refusal`]: why it gets no line
//! - `place`: at which address a line is opened
//! - `end`: one of its ports
//! - `credentials`, `lock`: whose packets a port takes
//! - `budget`: what all lines together may cost
//! - [`capture`]: the last packets, for the ends of a line to look at
//! - [`running`]: a line as it runs; `state`: what it does with each packet
//!
//! May import: bucket, config, metrics, network, process, relay, token, serde, serde_json, socket2, thiserror, tokio, tokio_util,
//! tracing.

mod budget;
pub mod capture;
mod credentials;
mod end;
mod lock;
pub mod order;
mod place;
pub mod refusal;
pub mod report;
pub mod running;
mod side;
mod state;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use network::address::holder;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{self, Limits};
use crate::metrics::Metrics;
use crate::relay::visit::Client;
use crate::token::Token;
use budget::Budget;
use order::Opening;
use place::Place;
use refusal::Refusal;
use running::Line;

/// All lines of the server.
#[derive(Debug)]
pub struct Lines {
    place: Place,
    limits: Arc<Limits>,
    budget: Arc<Budget>,
    metrics: Arc<Metrics>,
    /// A std mutex, because it is held for few lines that never wait.
    open: Mutex<HashMap<Token, Open>>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

/// A line, and by whom it was opened.
#[derive(Debug)]
struct Open {
    line: Arc<Line>,
    holder: IpAddr,
    task: JoinHandle<()>,
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
        Self {
            place: Place::new(listening, relay.external_address),
            budget: Arc::new(Budget::new(&limits)),
            limits,
            metrics,
            open: Mutex::default(),
            closing,
            tasks,
        }
    }

    /// Opens one. Whoever has its id may do with it what can be done.
    ///
    /// # Errors
    /// When there are as many as there may be, or no port can be had that the peers reach.
    pub fn open(
        self: &Arc<Self>,
        client: &Client<'_>,
        opening: &Opening,
    ) -> Result<Arc<Line>, Refusal> {
        let holder = holder(client.address);
        let id = Token::random().ok_or(Refusal::NoRandomBytes)?;
        // Held while the ports are opened: two requests must not find the same place free.
        let mut open = self.lines();
        if open.len() >= self.limits.max_lines {
            return Err(Refusal::TooMany(self.limits.max_lines));
        }
        let of_holder = open.values().filter(|open| open.holder == holder).count();
        if of_holder >= self.limits.max_lines_per_address {
            return Err(Refusal::TooManyOfTheAddress(
                self.limits.max_lines_per_address,
            ));
        }
        let chosen = self.place.choose(client, opening.not_loopback)?;
        let line = Line::open(
            id,
            chosen,
            opening,
            &self.limits,
            &self.budget,
            &self.metrics,
        )?;
        let line = Arc::new(line);
        let lines = Arc::clone(self);
        let running = Arc::clone(&line);
        let task = self.tasks.spawn(async move {
            tokio::select! {
                () = lines.closing.cancelled() => {}
                () = running.serve() => {}
            }
            lines.lines().remove(&id);
        });
        let of_line = Open {
            line: Arc::clone(&line),
            holder,
            task,
        };
        open.insert(id, of_line);
        Ok(line)
    }

    /// The line with this id, if it is still there.
    pub fn get(&self, id: &str) -> Option<Arc<Line>> {
        let id = id.parse::<Token>().ok()?;
        self.lines().get(&id).map(|open| Arc::clone(&open.line))
    }

    /// Ends a line, and returns when its ports are closed; whether it was there.
    pub async fn close(&self, id: &str) -> bool {
        let id = id.parse::<Token>().ok();
        let removed = id.and_then(|id| self.lines().remove(&id));
        let Some(Open { line, task, .. }) = removed else {
            return false;
        };
        line.close();
        drop(line);
        // A task that panicked has ended as well.
        let _ = task.await;
        true
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lines().len()
    }

    /// Bytes that are under way in all of them.
    pub fn held_bytes(&self) -> usize {
        self.budget.held()
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<Token, Open>> {
        // Nothing in here can panic half-way.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
