//! Nonces that a server gives away without keeping them: the time, and a hash of it with the client's address and a secret
//! ([RFC 8489, section 9.2](https://www.rfc-editor.org/rfc/rfc8489#section-9.2)).
//!
//! May import: secret, base64, hmac, sha1.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::secret::keyed;

/// How long one is good.
pub(super) const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// Bytes of the hash. With the time it makes sixteen characters, so that a challenge is no larger than it may be.
const HASH: usize = 8;

pub(super) struct Nonces(Hmac<Sha1>);

impl Nonces {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self(keyed(secret))
    }

    pub(super) fn issue(&self, now: Duration, client: SocketAddr) -> String {
        self.at(now.as_secs() as u32, client)
    }

    /// Whether it was given to this client, and not too long ago.
    pub(super) fn is_good(&self, now: Duration, client: SocketAddr, nonce: &[u8]) -> bool {
        let bytes = STANDARD.decode(nonce).unwrap_or_default();
        let Some(Ok(time)) = bytes.get(..4).map(<[u8; 4]>::try_from) else {
            return false;
        };
        let issued = u32::from_be_bytes(time);
        let age = (now.as_secs() as u32).wrapping_sub(issued);
        u64::from(age) < LIFETIME.as_secs() && self.at(issued, client).as_bytes() == nonce
    }

    fn at(&self, time: u32, client: SocketAddr) -> String {
        let time = time.to_be_bytes();
        let seed = self.0.clone().chain_update(time);
        let hash = seed.chain_update(client.to_string()).finalize();
        STANDARD.encode([&time, &hash.into_bytes()[..HASH]].concat())
    }
}
