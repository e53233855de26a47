//! The signaling endpoint: peers announce themselves into rooms and pass messages to each other.
//!
//! # Layout
//! - [`rooms`]: who is in which room; pure
//! - [`outbox`]: the way out to one client; a bounded queue
//! - [`switchboard`]: what each frame does                      -> rooms, outbox, `quickconnect::protocol`
//! - [`connection`]: one task per WebSocket, from upgrade to close -> switchboard, axum

pub mod connection;
pub mod outbox;
pub mod rooms;
pub mod switchboard;
