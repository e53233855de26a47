//! The signaling endpoint: peers announce themselves into rooms and pass messages to each other.
//!
//! # Layout
//! - [`limits`]: every bound
//! - [`rooms`]: who is in which room; pure
//! - [`close_reason`]: why a connection ends
//! - [`frame`]: WebSocket frames as they go out
//! - [`deliveries`]: to whom something is to be written
//! - [`elsewhere`]: the other instances of a cluster, as far as signaling knows of any
//! - [`outbox`]: the way out to one client; a queue bounded in bytes
//! - [`decoder`]: WebSocket frames as they come in; pure
//! - [`unfinished`]: the memory of messages that have come in part
//! - [`incoming`]: what one client says
//! - [`switchboard`]: what all connections share
//! - [`session`]: what each message does, and what it costs; pure
//! - [`gate`]: who may enter which room
//! - [`greeter`]: what a client is greeted with
//! - [`participant`]: a session with a connection: queues, counts and logs what has to be done
//! - [`refusal`]: why a frame did nothing
//! - [`throttle`]: how fast one client is read
//! - [`connection`]: one task per WebSocket, from upgrade to close
//!
//! May import: account, bucket, byte_budget, metrics, token, transport, quickconnect::protocol, thiserror, tokio, tracing, tungstenite.

pub mod close_reason;
pub mod connection;
pub mod decoder;
pub mod deliveries;
pub mod elsewhere;
pub mod frame;
pub mod gate;
pub mod greeter;
pub mod incoming;
pub mod limits;
pub mod outbox;
pub mod participant;
pub mod refusal;
pub mod rooms;
pub mod session;
pub mod switchboard;
pub mod throttle;
pub mod unfinished;
