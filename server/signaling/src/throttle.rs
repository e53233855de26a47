//! How fast one client is read. Clients over their rate are throttled, not disconnected: nothing that they send is lost, since a call that is
//! being set up would not survive that. It waits, first here, then in their own socket, and they are told once.
//!
//! May import: account, bucket, limits, session::price, quickconnect::protocol.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol;

use super::limits::Limits;
use super::session::price::Price;
use crate::account::{Account, Turn};
use crate::bucket::{Bucket, Rate};

/// What one client has sent lately, and what that has cost the others.
#[derive(Debug)]
pub struct Throttle {
    account: Arc<Account>,
    frames: Bucket,
    bytes: Bucket,
    deliveries: Bucket,
    limits: Arc<Limits>,
    is_told: bool,
    /// Its address has caused much lately.
    takes_turns: bool,
}

/// What to do before a message is handled.
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
    pub fn new(account: Arc<Account>, limits: Arc<Limits>) -> Self {
        let now = Instant::now();
        Self {
            account,
            frames: Bucket::new(now),
            bytes: Bucket::new(now),
            deliveries: Bucket::new(now),
            limits,
            is_told: false,
            takes_turns: false,
        }
    }

    /// Counts a message of so many bytes that came `now`. It is charged before it is handled: otherwise each of many connections could have one
    /// message handled at the expense of all others.
    pub fn charge(&mut self, bytes: usize, price: Price, now: Instant) -> Option<Pause> {
        let own = [self.frames, self.bytes, self.deliveries];
        if own.iter().all(|bucket| bucket.is_repaid(now)) {
            self.is_told = false;
        }
        let Price { deliveries, joins } = price;
        let joining = match joins {
            0 => Duration::ZERO,
            joins => self.account.join(joins, now),
        };
        let limits = &self.limits;
        let address = self.account.deliver(deliveries, now);
        self.takes_turns = address.takes_turns;
        let waits = [
            (self.frames.take(1, limits.frames, now), &FRAMES),
            (self.bytes.take(bytes, limits.bytes, now), &BYTES),
            (
                self.deliveries.take(deliveries, limits.deliveries, now),
                &DELIVERIES,
            ),
            (joining, &JOINS),
            (address.wait, &DELIVERIES_PER_ADDRESS),
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

    /// Whether the address of the client has caused much lately, so that its connections take turns.
    pub fn takes_turns(&self) -> bool {
        self.takes_turns
    }

    /// Waits until it is the client's turn to have a message handled. The turn is to be kept until what the message causes is delivered:
    /// otherwise each of a hundred connections would write to a hundred others before anybody else's message is even read.
    pub async fn turn(&self, price: Price) -> Option<Turn> {
        self.account.turn(price.deliveries).await
    }

    /// Counts what the end of the connection costs. Only later messages of the same address wait for that.
    pub fn charge_end(&self, price: Price, now: Instant) {
        self.account.deliver(price.deliveries, now);
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
    rate: |limits| limits.frames,
};

const BYTES: Rule = Rule {
    code: "too-many-bytes",
    what: "bytes",
    flag: "--max-bytes-per-second",
    rate: |limits| limits.bytes,
};

const DELIVERIES: Rule = Rule {
    code: "too-many-deliveries",
    what: "deliveries (each KiB of a message, to each peer)",
    flag: "--max-deliveries-per-second",
    rate: |limits| limits.deliveries,
};

const DELIVERIES_PER_ADDRESS: Rule = Rule {
    code: "too-many-deliveries-per-address",
    what: "deliveries (each KiB of a message, to each peer) from your address",
    flag: "--max-deliveries-per-second-per-address",
    rate: |limits| limits.account.deliveries,
};

const JOINS: Rule = Rule {
    code: "too-many-joins",
    what: "announces from your address",
    flag: "--max-joins-per-second",
    rate: |limits| limits.account.joins,
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
