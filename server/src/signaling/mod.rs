//! The signaling endpoint: peers announce themselves into rooms and pass messages to each other.
//!
//! # Layout
//! - [`rooms`]: who is in which room; pure
//! - [`frame`]: WebSocket frames as they go out                  -> tungstenite
//! - [`outbox`]: the way out to one client; a queue bounded in bytes -> frame
//! - [`incoming`]: what one client says                         -> outbox, tungstenite
//! - [`switchboard`]: what all connections share                -> rooms, outbox, session
//! - [`session`]: what each frame does                          -> switchboard, refusal, `quickconnect::protocol`
//! - [`refusal`]: why a frame did nothing                       -> rooms, outbox
//! - [`token`]: how a client proves that an id is its own
//! - [`throttle`]: how fast one client is read                   -> `bucket`
//! - [`connection`]: one task per WebSocket, from upgrade to close -> session, incoming, throttle

pub mod connection;
pub mod frame;
pub mod incoming;
pub mod outbox;
pub mod refusal;
pub mod rooms;
pub mod session;
pub mod switchboard;
pub mod throttle;
pub mod token;
