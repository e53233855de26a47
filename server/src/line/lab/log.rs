//! The last packets of a lab, and what became of each.
//!
//! May import: net, side, network, serde_json.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use network::packet::Dissection;
use serde_json::{Value, json};

use super::net::{Net, Trip};
use crate::line::side::Side;

/// Packets that are kept. The first give way to the next.
const MAX_KEPT: usize = 1_000;
/// Packets that one answer shows at most. Who wants more asks again.
const MAX_SHOWN: usize = 200;

/// The packets that are kept, as they are shown.
#[derive(Debug, Default)]
pub(super) struct Log {
    kept: VecDeque<(u64, Value)>,
    count: u64,
}

/// A packet that was sent in a lab.
#[derive(Debug)]
pub(super) struct Sent<'p> {
    /// By whom; none if by the STUN server.
    pub(super) by: Option<Side>,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) payload: &'p [u8],
    pub(super) trip: &'p Trip,
    /// What became of it where it came to.
    pub(super) fate: &'static str,
}

impl Log {
    /// Keeps a packet, and returns its number.
    pub(super) fn add(
        &mut self,
        at: Duration,
        net: &Net,
        sent: &Sent<'_>,
        dissection: &Dissection,
    ) -> u64 {
        self.count += 1;
        let hops = sent.trip.hops.iter().map(|hop| {
            let mut shown = json!(hop);
            shown["nat"] = hop.nat.and_then(|id| net.name(id)).into();
            shown
        });
        let shown = json!({
            "number": self.count,
            "at": at.as_secs_f64(),
            "by": sent.by.map_or("stun", Side::letter),
            "from": sent.from,
            "to": sent.to,
            "length": sent.payload.len(),
            "protocol": dissection.protocol,
            "summary": dissection.summary,
            "hops": hops.collect::<Vec<_>>(),
            "fate": sent.fate,
        });
        if self.kept.len() == MAX_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((self.count, shown));
        self.count
    }

    /// Those with numbers above this one, the first ones of them.
    pub(super) fn after(&self, number: u64) -> Value {
        let later = self.kept.iter().filter(|(own, _)| *own > number);
        let shown: Vec<_> = later.take(MAX_SHOWN).map(|(_, packet)| packet).collect();
        json!({ "packets": shown, "dropped": self.count - self.kept.len() as u64 })
    }
}
