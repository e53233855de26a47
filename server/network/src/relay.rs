//! What a STUN and TURN server decides, without its sockets: whom it knows, whom it answers, whom it relays to.
//!
//! # Layout
//! - [`credentials`]: names and passwords that expire
//! - [`binding`]: the answer of a STUN server
//! - [`rate`]: how often whoever is not known is answered
//! - [`peers`]: whom a relay may reach
//!
//! May import: base64, hmac, sha1, thiserror; `packet`'s numbers of STUN.

pub mod binding;
pub mod credentials;
pub mod peers;
pub mod rate;
#[cfg(test)]
mod tests;
