//! What passed a line or a NAT, kept for a while, and as a file that Wireshark opens.
//!
//! # Layout
//! - [`Ring`], here: the last packets, with what became of them
//! - `datagram`: headers of IP and UDP that were never on a wire
//! - [`pcapng`]: the file
//!
//! May import: nothing.

mod datagram;
pub mod pcapng;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

pub use datagram::MAX_PAYLOAD;

/// Packets that a ring keeps at most. The first gives way to the next.
pub const MAX_PACKETS: usize = 4_096;
/// Bytes in them at most.
pub const MAX_BYTES: usize = 4 << 20;
/// Characters of a note at most. The rest is left out.
pub const MAX_NOTE: usize = 200;

/// A packet that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// When, since the start of the capture.
    pub at: Duration,
    /// Who sent it.
    pub from: SocketAddr,
    /// To whom.
    pub to: SocketAddr,
    /// What was in the datagram.
    pub payload: Vec<u8>,
    /// What became of it, if that is worth a word: "dropped: loss".
    pub note: Option<String>,
}

/// The last packets of a line.
#[derive(Debug, Clone, Default)]
pub struct Ring {
    packets: VecDeque<Packet>,
    bytes: usize,
    dropped: u64,
}

impl Ring {
    /// Keeps a packet, in place of the first ones if there is no room. One that is larger than a datagram can be is not kept.
    pub fn push(&mut self, mut packet: Packet) {
        if packet.payload.len() > MAX_PAYLOAD {
            self.dropped += 1;
            return;
        }
        if let Some(note) = &mut packet.note
            && let Some((end, _)) = note.char_indices().nth(MAX_NOTE)
        {
            note.truncate(end);
        }
        self.bytes += packet.payload.len();
        self.packets.push_back(packet);
        while (self.packets.len() > MAX_PACKETS || self.bytes > MAX_BYTES)
            && let Some(first) = self.packets.pop_front()
        {
            self.bytes -= first.payload.len();
            self.dropped += 1;
        }
    }

    /// What it keeps, the first first.
    pub fn packets(&self) -> impl Iterator<Item = &Packet> {
        self.packets.iter()
    }

    /// How many it keeps.
    pub fn len(&self) -> usize {
        self.packets.len()
    }

    /// Whether it keeps none.
    pub fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// Bytes in what it keeps.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts a packet that whoever has the ring finds no room for.
    pub fn skip(&mut self) {
        self.dropped += 1;
    }

    /// How many it kept no longer, or never.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}
