//! Random bits that nobody guesses. A [`Secret`] is given to somebody as text, who shows it again: it is compared in constant time, and is no
//! part of any log, since it has no `Display` and `Debug` leaves it out.
//!
//! May import: base64, getrandom, subtle, thiserror.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// The operating system gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system has no random bytes: {0}")]
pub struct NoRandomBytes(#[from] getrandom::Error);

/// So many random bytes.
///
/// # Errors
/// When the operating system has none.
pub fn random_bytes<const BYTES: usize>() -> Result<[u8; BYTES], NoRandomBytes> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// `BYTES` random bytes.
#[derive(Clone)]
pub struct Secret<const BYTES: usize>([u8; BYTES]);

impl<const BYTES: usize> Secret<BYTES> {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn random() -> Result<Self, NoRandomBytes> {
        random_bytes().map(Self)
    }

    /// As it was kept.
    pub fn of_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// As somebody shows it; none if the text can't be one.
    pub fn shown(text: &str) -> Option<Self> {
        // Base64 needs four characters for three bytes. A longer text is not decoded.
        if text.len() > BYTES.div_ceil(3) * 4 {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Characters for addresses and cookies: letters, digits, `-` and `_`. Whoever calls this gives the secret away.
    pub fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The bytes. Whoever calls this can give the secret away.
    pub fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// Whether both are the same. How long this takes says nothing of where they differ.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const BYTES: usize> fmt::Debug for Secret<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
