//! One key: what it is called, and by which algorithm it signs or verifies. A token never says which: its key does.
//!
//! May import: claims, refusal, token_text, hex, ring, sha2.

use std::fmt;

use ring::hmac;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

use super::claims::Claims;
use super::refusal::Refusal;
use super::token_text::{self, Shown};
use crate::hex;

/// Bytes of a secret of HS256, at least (<https://www.rfc-editor.org/rfc/rfc7518#section-3.2>).
pub const MIN_SECRET_BYTES: usize = 32;

/// Bytes of a hash in a thumbprint.
const THUMBPRINT: usize = 16;

/// One key. Its secret is never shown.
pub struct Key {
    kid: Box<str>,
    kind: Kind,
    /// By which a key of the same name is known to be another one.
    fingerprint: [u8; 32],
}

enum Kind {
    /// Who verifies can sign as well.
    Hs256(hmac::Key),
    /// Only who has the private part can sign.
    Ed25519 {
        public: [u8; 32],
        private: Option<Box<Ed25519KeyPair>>,
    },
}

impl Key {
    /// A key of HS256; none if the secret is shorter than [`MIN_SECRET_BYTES`].
    pub fn hs256(kid: &str, secret: &[u8]) -> Option<Self> {
        let is_long = secret.len() >= MIN_SECRET_BYTES;
        is_long.then(|| Self {
            kid: kid.into(),
            kind: Kind::Hs256(hmac::Key::new(hmac::HMAC_SHA256, secret)),
            fingerprint: fingerprint("HS256", secret),
        })
    }

    /// A key of EdDSA that only verifies.
    pub fn ed25519(kid: &str, public: [u8; 32]) -> Self {
        Self {
            kid: kid.into(),
            kind: Kind::Ed25519 {
                public,
                private: None,
            },
            fingerprint: fingerprint("EdDSA", &public),
        }
    }

    /// A key of EdDSA that also signs; none if the two parts do not belong together.
    pub fn ed25519_pair(kid: &str, public: [u8; 32], seed: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_and_public_key(seed, &public).ok()?;
        let mut key = Self::ed25519(kid, public);
        key.kind = Kind::Ed25519 {
            public,
            private: Some(Box::new(pair)),
        };
        Some(key)
    }

    /// The public part of the key of EdDSA whose private part is this.
    pub(super) fn ed25519_public(seed: &[u8; 32]) -> Option<[u8; 32]> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        pair.public_key().as_ref().try_into().ok()
    }

    /// What it is called.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What says which key it is, and nothing of its secret: 32 hexadecimal digits. Another key of the same name has others.
    pub fn thumbprint(&self) -> String {
        let hash = Sha256::new()
            .chain_update(self.fingerprint)
            .chain_update(self.kid.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        hex::of(&hash[..THUMBPRINT])
    }

    /// Whether it can sign.
    pub fn can_sign(&self) -> bool {
        match &self.kind {
            Kind::Hs256(_) => true,
            Kind::Ed25519 { private, .. } => private.is_some(),
        }
    }

    /// Whether both are called the same and verify the same.
    pub fn is(&self, other: &Self) -> bool {
        self.kid == other.kid && self.fingerprint == other.fingerprint
    }

    /// The name of its algorithm in the head of a token (<https://www.rfc-editor.org/rfc/rfc7518#section-3.1>).
    pub fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Hs256(_) => "HS256",
            Kind::Ed25519 { .. } => "EdDSA",
        }
    }

    /// Checks that it has signed a token.
    ///
    /// # Errors
    /// When it has not, or when the token names another algorithm.
    pub(super) fn verify(&self, token: &Shown<'_>) -> Result<(), Refusal> {
        if token.algorithm != self.algorithm() {
            return Err(Refusal::WrongAlgorithm);
        }
        let verified = match &self.kind {
            Kind::Hs256(key) => hmac::verify(key, token.signed, &token.signature),
            Kind::Ed25519 { public, .. } => {
                UnparsedPublicKey::new(&ED25519, public).verify(token.signed, &token.signature)
            }
        };
        verified.map_err(|_| Refusal::BadSignature)
    }

    /// A token that says this; none if it cannot sign.
    pub fn sign(&self, claims: &Claims) -> Option<String> {
        let sign = |signed: &[u8]| -> Vec<u8> {
            match &self.kind {
                Kind::Hs256(key) => hmac::sign(key, signed).as_ref().to_vec(),
                Kind::Ed25519 { private, .. } => (private.iter())
                    .flat_map(|pair| pair.sign(signed).as_ref().to_vec())
                    .collect(),
            }
        };
        self.can_sign()
            .then(|| token_text::make(&self.kid, self.algorithm(), &claims.write(), sign))
    }
}

fn fingerprint(algorithm: &str, bytes: &[u8]) -> [u8; 32] {
    let hash = Sha256::new().chain_update(algorithm).chain_update(bytes);
    hash.finalize().into()
}

/// A secret must not get into a log.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.kid)
    }
}
