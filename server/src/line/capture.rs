//! The last packets of a line, for its ends to look at.
//!
//! May import: budget, signaling::byte_budget, credentials, side, network, serde_json.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use network::capture::{Packet, Ring, pcapng};
use network::line::{Direction, DropReason};
use network::packet::{self, Key};
use serde_json::{Value, json};
use signaling::byte_budget::Share;

use super::budget::Budget;
use super::credentials::Credentials;
use super::side::Side;

/// Packets that one answer shows at most. Who wants more asks again.
const MAX_SHOWN: usize = 200;

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was sent to the peer.
    Delivered,
    /// The line dropped it.
    Dropped(DropReason),
    /// Nobody has shown to be the peer that it was for.
    Nobody,
    /// The system did not take it.
    NotSent,
}

/// Packets that are kept, each with a number.
#[derive(Debug)]
pub(super) struct Capture {
    pub(super) is_on: bool,
    ring: Ring,
    /// Of each packet of the ring.
    marks: VecDeque<Mark>,
    count: u64,
    share: Share,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    number: u64,
    way: Direction,
    fate: Fate,
}

/// Some of the packets, which are taken apart outside of the line's lock.
#[derive(Debug)]
pub struct Excerpt {
    packets: Vec<(Mark, Packet)>,
    dropped: u64,
    /// What MESSAGE-INTEGRITY may have been made with.
    told: Vec<(Side, Credentials)>,
}

/// All of them.
#[derive(Debug)]
pub struct Recording {
    ring: Ring,
    /// When the line was opened, since 1970.
    started: Duration,
}

impl Capture {
    pub(super) fn new(is_on: bool, budget: &Budget) -> Self {
        Self {
            is_on,
            ring: Ring::default(),
            marks: VecDeque::new(),
            count: 0,
            share: budget.captured(),
        }
    }

    /// Keeps a packet, in place of the first ones if there is no room; if other lines have all the room, it is not kept.
    pub(super) fn see(
        &mut self,
        at: Duration,
        way: Direction,
        [from, to]: [SocketAddr; 2],
        payload: &[u8],
        fate: Fate,
    ) {
        self.count += 1;
        if !self.share.has_room(payload.len()) {
            return self.ring.skip();
        }
        self.ring.push(Packet {
            at,
            from,
            to,
            payload: payload.to_vec(),
            note: fate.note(),
        });
        let number = self.count;
        self.marks.push_back(Mark { number, way, fate });
        while self.marks.len() > self.ring.len() {
            self.marks.pop_front();
        }
        self.share.set(self.ring.bytes());
    }

    pub(super) fn len(&self) -> usize {
        self.ring.len()
    }

    /// How many it kept no longer, or never.
    pub(super) fn dropped(&self) -> u64 {
        self.ring.dropped()
    }

    /// Those with numbers above this one, the first ones of them.
    pub(super) fn after(&self, number: u64, told: Vec<(Side, Credentials)>) -> Excerpt {
        let both = self.marks.iter().zip(self.ring.packets());
        let later = both.filter(|(mark, _)| mark.number > number);
        Excerpt {
            packets: later
                .take(MAX_SHOWN)
                .map(|(mark, packet)| (*mark, packet.clone()))
                .collect(),
            dropped: self.dropped(),
            told,
        }
    }

    pub(super) fn recording(&self, started: Duration) -> Recording {
        let ring = self.ring.clone();
        Recording { ring, started }
    }
}

impl Fate {
    fn name(self) -> Value {
        match self {
            Self::Delivered => json!("delivered"),
            Self::Dropped(reason) => json!(reason),
            Self::Nobody => json!("nobody"),
            Self::NotSent => json!("not-sent"),
        }
    }

    fn note(self) -> Option<String> {
        match self {
            Self::Delivered => None,
            Self::Dropped(reason) => Some(format!("dropped: {reason}")),
            Self::Nobody => Some("dropped: the other peer has not shown itself yet".to_owned()),
            Self::NotSent => Some("dropped: the system did not take it".to_owned()),
        }
    }
}

impl Excerpt {
    /// As a page shows them.
    pub fn report(&self) -> Value {
        let keys: Vec<_> = self
            .told
            .iter()
            .map(|(side, credentials)| Key {
                of: side.name(),
                secret: credentials.password(),
            })
            .collect();
        let shown = self.packets.iter().map(|(mark, packet)| {
            let dissection = packet::dissect(&packet.payload, &keys);
            json!({
                "number": mark.number,
                "at": packet.at.as_secs_f64(),
                "way": mark.way,
                "length": packet.payload.len(),
                "fate": mark.fate.name(),
                "protocol": dissection.protocol,
                "summary": dissection.summary,
                "rows": dissection.rows,
            })
        });
        json!({ "packets": shown.collect::<Vec<_>>(), "dropped": self.dropped })
    }
}

impl Recording {
    /// As Wireshark opens them.
    pub fn file(&self) -> Vec<u8> {
        pcapng::file(&self.ring, "a line between A and B", self.started)
    }
}
