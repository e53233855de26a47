//! How fast one client is read. Who sends more than its limits allow loses nothing: what it sends waits, first here and then in
//! its own socket, and it is told once.
//!
//! May import: `bucket`, `accept`'s [`Client`], [`Limits`], `quickconnect::protocol`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::Message;
use quickconnect::protocol;

use crate::accept::visitor::Client;
use crate::bucket::Bucket;
use crate::config::{Limits, Rate};

/// What one client has sent lately.
#[derive(Debug)]
pub struct Throttle {
    client: Client,
    frames: Bucket,
    bytes: Bucket,
    limits: Arc<Limits>,
    is_told: bool,
}

/// What to do before a frame is handled.
#[derive(Debug)]
pub struct Pause {
    /// Which limit.
    pub code: &'static str,
    /// How long to wait.
    pub length: Duration,
    /// What to tell the client, unless it has been told.
    pub notice: Option<String>,
}

impl Throttle {
    /// For a client that has sent nothing yet.
    pub fn new(client: Client, limits: Arc<Limits>) -> Self {
        let now = Instant::now();
        Self {
            client,
            frames: Bucket::new(now),
            bytes: Bucket::new(now),
            limits,
            is_told: false,
        }
    }

    /// Counts a message.
    pub fn charge(&mut self, message: &Message) -> Option<Pause> {
        let now = Instant::now();
        let (bytes, joins) = match message {
            Message::Text(text) => (text.len(), protocol::is_announce(text)),
            Message::Binary(bytes) => (bytes.len(), false),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => (0, false),
        };
        if self.frames.is_repaid(now) && self.bytes.is_repaid(now) {
            self.is_told = false;
        }
        let mut longest = Over {
            wait: self.frames.take(1, self.limits.frames(), now),
            code: "too-many-frames",
            what: "messages",
            flag: "--max-frames-per-second",
            rate: self.limits.frames(),
        };
        let wait = self.bytes.take(bytes, self.limits.bytes(), now);
        if wait > longest.wait {
            longest = Over {
                wait,
                code: "too-many-bytes",
                what: "bytes",
                flag: "--max-bytes-per-second",
                rate: self.limits.bytes(),
            };
        }
        if joins {
            let wait = self.client.join(now);
            if wait > longest.wait {
                longest = Over {
                    wait,
                    code: "too-many-joins",
                    what: "announces from your address",
                    flag: "--max-joins-per-second",
                    rate: self.limits.joins(),
                };
            }
        }
        (!longest.wait.is_zero()).then(|| Pause {
            code: longest.code,
            length: longest.wait,
            notice: (!std::mem::replace(&mut self.is_told, true)).then(|| longest.notice()),
        })
    }
}

/// The limit that a message is furthest over.
struct Over {
    wait: Duration,
    code: &'static str,
    what: &'static str,
    flag: &'static str,
    rate: Rate,
}

impl Over {
    fn notice(&self) -> String {
        let Self {
            code,
            what,
            flag,
            rate: Rate { per_second, burst },
            wait,
        } = self;
        let message = format!(
            "More than {per_second} {what} a second, after the first {burst}, are too many. Nothing is lost, but the server \
             reads on more slowly. Send less, or raise {flag}."
        );
        protocol::encode_error(code, &message, Some(*wait))
    }
}
