//! Rooms of rtc-quickconnect, from Rust.
//!
//! # Layout
//! - [`protocol`]: the wire frames, parse and encode; no I/O, no clock. May import nothing of this workspace.

pub mod protocol;
