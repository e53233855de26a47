//! Access tokens: who may join which room, as somebody else has decided who signs that. Off, unless a key is named (`--access-key`).
//!
//! A token is a JSON Web Token (<https://www.rfc-editor.org/rfc/rfc7519>) that a key of HS256 or EdDSA has signed. Checked by *ring*, which TLS brings: the two
//! algorithms and the one form of a token that are read here need no more of a library for tokens.
//!
//! # Layout
//! - [`bounds`]: what its parts share
//! - [`room_pattern`]: which rooms a token is for; pure
//! - [`token_text`]: its text, taken apart and made; pure
//! - [`claims`]: what it says, and for how long; pure
//! - [`key`]: one key
//! - [`key_set`]: those of a file
//! - [`keys`]: those of a server, read again when the file changes
//! - [`refusal`]: why a token opens nothing
//! - [`gate`]: what a session that began with one may do
//!
//! May import: file_watch, hex, owner_only, secret, signaling::gate, base64, quickconnect::protocol, ring, serde, serde_json, sha2, thiserror, tokio, tracing.

pub mod bounds;
pub mod claims;
pub mod gate;
pub mod key;
pub mod key_set;
pub mod keys;
pub mod refusal;
pub mod room_pattern;
#[cfg(test)]
mod tests;
pub mod token_text;
