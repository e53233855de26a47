//! How fast one client is read. Who sends more than its limits allow loses nothing: what it sends waits, first here and then in
//! its own socket, and it is told once.
//!
//! May import: `decoder`'s [`Received`], `bucket`, `accept`'s [`Client`], [`Limits`], `quickconnect::protocol`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol;

use super::decoder::{Message, Received};
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

    /// Counts a frame that came `now`.
    pub fn charge(&mut self, received: &Received, now: Instant) -> Option<Pause> {
        let bytes = received.bytes;
        let joins = match &received.message {
            Message::Text(text) => protocol::is_announce(text),
            _ => false,
        };
        if self.frames.is_repaid(now) && self.bytes.is_repaid(now) {
            self.is_told = false;
        }
        let joining = if joins {
            self.client.join(now)
        } else {
            Duration::ZERO
        };
        let waits = [
            (self.frames.take(1, self.limits.frames(), now), &FRAMES),
            (self.bytes.take(bytes, self.limits.bytes(), now), &BYTES),
            (joining, &JOINS),
        ];
        let (length, rule) = waits.into_iter().max_by_key(|(wait, _)| *wait)?;
        if length.is_zero() {
            return None;
        }
        let is_news = !std::mem::replace(&mut self.is_told, true);
        Some(Pause {
            code: rule.code,
            length,
            notice: is_news.then(|| rule.notice(&self.limits, length)),
        })
    }
}

/// One of the limits, and how to speak of it.
struct Rule {
    code: &'static str,
    what: &'static str,
    flag: &'static str,
    rate: fn(&Limits) -> Rate,
}

const FRAMES: Rule = Rule {
    code: "too-many-frames",
    what: "messages",
    flag: "--max-frames-per-second",
    rate: Limits::frames,
};

const BYTES: Rule = Rule {
    code: "too-many-bytes",
    what: "bytes",
    flag: "--max-bytes-per-second",
    rate: Limits::bytes,
};

const JOINS: Rule = Rule {
    code: "too-many-joins",
    what: "announces from your address",
    flag: "--max-joins-per-second",
    rate: Limits::joins,
};

impl Rule {
    fn notice(&self, limits: &Limits, wait: Duration) -> String {
        let Self {
            code, what, flag, ..
        } = self;
        let Rate { per_second, burst } = (self.rate)(limits);
        let message = format!(
            "More than {per_second} {what} a second, after the first {burst}, are too many. Nothing is lost, but the server \
             reads on more slowly. Send less, or raise {flag}."
        );
        protocol::encode_error(code, &message, Some(wait))
    }
}
