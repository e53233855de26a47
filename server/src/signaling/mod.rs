//! The signaling endpoint: peers announce themselves into rooms and pass messages to each other.
//!
//! # Layout
//! - [`rooms`]: who is in which room; pure
//! - [`frame`]: WebSocket frames as they go out                  -> tungstenite
//! - [`deliveries`]: to whom something is to be written
//! - [`outbox`]: the way out to one client; a queue bounded in bytes -> frame, deliveries
//! - [`decoder`]: WebSocket frames as they come in; pure          -> frame, tungstenite
//! - [`incoming`]: what one client says                         -> decoder, outbox
//! - [`switchboard`]: what all connections share                -> rooms, outbox, deliveries
//! - [`session`]: what each frame does, and what it costs        -> switchboard, refusal, throttle, `quickconnect::protocol`
//! - [`refusal`]: why a frame did nothing                       -> rooms, outbox
//! - [`throttle`]: how fast one client is read                   -> `bucket`
//! - [`connection`]: one task per WebSocket, from upgrade to close -> session, incoming, throttle

pub mod connection;
pub mod decoder;
pub mod deliveries;
pub mod frame;
pub mod incoming;
pub mod outbox;
pub mod refusal;
pub mod rooms;
pub mod session;
pub mod switchboard;
pub mod throttle;
