//! How many packets each NAT of a lab has passed and dropped, and the last that it dropped.
//!
//! May import: log, side, network, serde_json.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use network::nat::topology::{Hop, Id};
use network::packet::Dissection;
use serde_json::{Value, json};

use super::log::Sent;
use crate::line::side::Side;

/// Dropped packets that are kept of each NAT, and of the internet. The first give way to the next.
pub(super) const MAX_DROPS: usize = 64;

/// Of all NATs of a lab, and of the internet between them, which drops what is for nobody.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    by_place: HashMap<Option<Id>, Tally>,
}

/// What became of packets at one of them.
#[derive(Debug, Default)]
struct Tally {
    passed: u64,
    dropped: u64,
    drops: VecDeque<Value>,
}

impl Tallies {
    /// Counts a packet, which has this number in the lab, at each NAT that it came to.
    pub(super) fn add(
        &mut self,
        at: Duration,
        number: u64,
        sent: &Sent<'_>,
        dissection: &Dissection,
    ) {
        for Hop {
            nat,
            from,
            to,
            verdict,
        } in &sent.trip.hops
        {
            let tally = self.by_place.entry(*nat).or_default();
            match verdict {
                Ok(_) => tally.passed += 1,
                Err(why) => tally.keep(json!({
                    "number": number,
                    "at": at.as_secs_f64(),
                    "by": sent.by.map_or("stun", Side::letter),
                    "from": from,
                    "to": to,
                    "length": sent.payload.len(),
                    "protocol": dissection.protocol,
                    "summary": dissection.summary,
                    "reason": why.reason(),
                    "why": why,
                })),
            }
        }
    }

    /// Of a NAT, or of the internet: how many it passed and dropped, and the last that it dropped.
    pub(super) fn report(&self, place: Option<Id>) -> Value {
        let nothing = Tally::default();
        let tally = self.by_place.get(&place).unwrap_or(&nothing);
        json!({
            "passed": tally.passed,
            "dropped": tally.dropped,
            "drops": tally.drops,
        })
    }
}

impl Tally {
    fn keep(&mut self, shown: Value) {
        self.dropped += 1;
        if self.drops.len() == MAX_DROPS {
            self.drops.pop_front();
        }
        self.drops.push_back(shown);
    }
}
