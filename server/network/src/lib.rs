//! A network in memory, for readers whose own network is too good to show what WebRTC is made for.
//!
//! Everything here is a model without I/O and without a clock: time comes in as a [`Duration`](std::time::Duration) since a start that the
//! caller chose, packets come in and go out as values. Tests need no sockets and no sleep.
//!
//! # Layout
//! - [`address`]: what stands behind an address
//! - [`mod@line`]: loss, delay, jitter, reordering, duplication, a rate with a queue, cuts
//! - [`nat`]: NATs of every kind, and networks of several
//! - [`traversal`]: who can connect with whom through them
//! - [`packet`]: what can be seen of the packets of a WebRTC connection
//! - [`capture`]: the last packets, and a file of them that Wireshark opens
//! - [`random`]: numbers that are the same for the same seed
//! - [`relay`]: who may use a TURN server and whom it may reach; a STUN server
//!
//! May import: the crates in its `Cargo.toml`; nothing of the server.

#![forbid(unsafe_code)]

pub mod address;
pub mod capture;
#[cfg(test)]
mod fixtures;
pub mod line;
pub mod nat;
pub mod packet;
pub mod random;
pub mod relay;
pub mod traversal;
