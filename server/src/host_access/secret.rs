//! Random bits that somebody is given as text, and shows again. They are compared in constant time, and are no part of any log: there is no
//! `Display`, and `Debug` leaves them out.
//!
//! May import: base64, getrandom, subtle.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// `BYTES` random bytes.
pub struct Secret<const BYTES: usize>([u8; BYTES]);

impl<const BYTES: usize> Secret<BYTES> {
    /// A new one; none if the operating system has no random bytes.
    pub fn random() -> Option<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As somebody shows it; none if the text can't be one.
    pub(super) fn shown(text: &str) -> Option<Self> {
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

    /// Whether both are the same. How long this takes says nothing of where they differ.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const BYTES: usize> fmt::Debug for Secret<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
