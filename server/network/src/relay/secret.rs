//! What a server hashes with, so that it knows again what it gave away.
//!
//! May import: hmac, sha1.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;

/// The hash by a secret that nobody else knows.
pub(super) fn keyed(secret: [u8; 32]) -> Hmac<Sha1> {
    // RFC 2104, section 2: a key that is shorter than a block is continued with zeros.
    let mut key = [0; 64];
    key[..secret.len()].copy_from_slice(&secret);
    Hmac::new(&key.into())
}
