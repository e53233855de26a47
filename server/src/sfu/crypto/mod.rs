//! What str0m computes with, on *ring* and *aes*, which are here for TLS and for the Rust client already. str0m's own choices are aws-lc, which
//! wants a long build in C, and fifty crates of RustCrypto.
//!
//! # Layout
//! - `dtls`: handshakes, which the crate dimpl knows
//! - `handshake`: what dimpl computes with
//! - `srtp`: the ciphers of media
//!
//! May import: aes, ctr, dimpl, rcgen, ring, str0m, x509_parser.

mod dtls;
mod handshake;
mod srtp;

use std::sync::Arc;

use ring::{digest, hmac};
use str0m::crypto::{CryptoProvider, Sha1HmacProvider, Sha1Provider, Sha256Provider};

/// For [`RtcConfig::set_crypto_provider`](str0m::RtcConfig::set_crypto_provider), of the server's peers and of those in tests.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        srtp_provider: &srtp::Srtp,
        sha1_hmac_provider: &Hashes,
        sha1_provider: &Hashes,
        sha256_provider: &Hashes,
        dtls_provider: &dtls::Dtls,
    })
}

/// STUN and SRTP are made with SHA-1, fingerprints of certificates with SHA-256.
#[derive(Debug)]
struct Hashes;

impl Sha1HmacProvider for Hashes {
    fn sha1_hmac(&self, key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let mut context = hmac::Context::with_key(&key);
        for payload in payloads {
            context.update(payload);
        }
        bytes(context.sign().as_ref())
    }
}

impl Sha1Provider for Hashes {
    fn sha1(&self, data: &[u8]) -> [u8; 20] {
        bytes(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
    }
}

impl Sha256Provider for Hashes {
    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        bytes(digest::digest(&digest::SHA256, data).as_ref())
    }
}

fn bytes<const LENGTH: usize>(digest: &[u8]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes.copy_from_slice(digest);
    bytes
}

#[cfg(test)]
mod tests;
