//! What a STUN and TURN server decides, without its sockets: whom it knows, whom it answers, whom it relays to.
//!
//! # Layout
//! - [`five_tuple`]: what tells clients apart
//! - [`framing`]: messages in a stream of bytes
//! - [`credentials`]: names and passwords that expire
//! - [`binding`]: the answer of a STUN server
//! - [`rate`]: how often whoever is not known is answered
//! - [`peers`]: whom a relay may reach
//! - [`known`]: which clients are connected, and from where they have asked
//! - [`quota`]: how much there is for each of them
//! - [`turn`]: the TURN server
//! - `message`, `nonce`, `secret`: parts of it
//!
//! May import: address, base64, hmac, packet::stun, packet::stun::integrity, sha1, thiserror.

pub mod binding;
pub mod credentials;
pub mod five_tuple;
pub mod framing;
pub mod known;
mod message;
mod nonce;
pub mod peers;
pub mod quota;
pub mod rate;
mod secret;
#[cfg(test)]
mod tests;
pub mod turn;
