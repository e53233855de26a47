//! Who can connect with whom, through which NATs: once as the textbook says it, and once by playing the checks of ICE.
//!
//! # Layout
//! - [`mod@rule`]: the textbook
//! - [`agent`]: one side of ICE: its candidates, and what it makes of checks and answers
//! - [`outcome`]: what came of it, packet by packet
//! - [`simulation`]: two of them, a STUN server and a relay, over a [`Topology`](crate::nat::Topology)
//!
//! May import: nat, nat::behaviour, nat::topology, serde.

pub mod agent;
pub mod outcome;
pub mod rule;
pub mod simulation;
#[cfg(test)]
mod tests;

pub use agent::Kind;
pub use outcome::Outcome;
pub use rule::{Rule, rule};
pub use simulation::{Gathers, Peer, connect};
