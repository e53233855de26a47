//! The TURN server, packet by packet.
//!
//! # Layout
//! - [`harness`]: a server without sockets, and clients that know its password
//! - `answers`: what it answers
//! - `ways`: what it relays, and what not
//! - `streams`: clients over TCP
//! - `ends`: how long what it gave is there
//! - `hostile`: whatever may come

mod answers;
mod ends;
mod harness;
mod hostile;
mod streams;
mod ways;
