//! What came of two agents that looked for a way to each other.
//!
//! May import: agent, nat::topology, serde.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;

use super::agent::Pair;
use crate::nat::topology::Hop;

/// A packet that was sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sent {
    /// When.
    pub at: Duration,
    /// By A (0), B (1), or the relay.
    pub by: Option<usize>,
    /// What it says.
    pub message: Message,
    /// What NATs did with it.
    pub hops: Vec<Hop>,
    /// Whether it arrived.
    pub arrived: bool,
    /// Why who got it took no notice.
    pub ignored: Option<&'static str>,
}

/// What a packet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// To the STUN server: how do you see me?
    Ask,
    /// Can you hear me?
    Check {
        /// Told from others by this number.
        transaction: usize,
        /// Whether it shall be this way.
        nominates: bool,
    },
    /// Yes.
    Answer {
        /// The number of the check.
        transaction: usize,
        /// From where it came.
        seen: SocketAddr,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The pair that is used, as A and as B see it; none if there is no way.
    pub selected: Option<[Pair; 2]>,
    /// Every packet.
    pub sent: Vec<Sent>,
}
