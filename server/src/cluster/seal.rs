//! What proves that a message comes from an instance of this cluster: HMAC-SHA-256 under a key that all of them have. Without a key there is no
//! proof, and whoever may publish at the broker speaks as anybody.
//!
//! May import: owner_only, ring, thiserror.

use std::fmt;
use std::path::{Path, PathBuf};

use ring::hmac;

use crate::owner_only::{self, NotRead};

/// Bytes of the key at least.
const MIN_KEY_BYTES: usize = 32;

/// Bytes of a seal.
const SEAL_BYTES: usize = 32;

/// Seals messages, and opens those of others.
pub(super) struct Seal(Option<hmac::Key>);

/// Why a file gives no key. Nothing of what is in it is repeated.
#[derive(Debug, thiserror::Error)]
#[error("The file {}, which --cluster-key names, {why}.", path.display())]
pub struct NoKey {
    path: PathBuf,
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error(
        "is not there; `openssl rand -hex 32` prints a key for it, which all instances have to have"
    )]
    Missing,
    #[error(
        "could be read by others than its owner, and who has the key can speak as anybody: `chmod 600` it"
    )]
    Exposed,
    #[error("has fewer than {MIN_KEY_BYTES} bytes, spaces at its ends not counted")]
    Short,
    #[error("can't be read: {0}")]
    Failed(std::io::Error),
}

impl Seal {
    /// By the key in a file, if one is named.
    ///
    /// # Errors
    /// When the file gives no key.
    pub(super) fn open_key(path: Option<&Path>) -> Result<Self, NoKey> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        let failed = |why| NoKey {
            path: path.to_owned(),
            why,
        };
        let kept = owner_only::read(path).map_err(|error| {
            failed(match error {
                NotRead::Missing => Why::Missing,
                NotRead::Exposed => Why::Exposed,
                NotRead::Failed(error) => Why::Failed(error),
            })
        })?;
        Self::by(kept.bytes.trim_ascii()).ok_or_else(|| failed(Why::Short))
    }

    fn by(key: &[u8]) -> Option<Self> {
        let is_long_enough = key.len() >= MIN_KEY_BYTES;
        is_long_enough.then(|| Self(Some(hmac::Key::new(hmac::HMAC_SHA256, key))))
    }

    /// Bytes that a seal adds to a message.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |_| SEAL_BYTES)
    }

    /// Adds the seal.
    pub(super) fn seal(&self, mut message: Vec<u8>) -> Vec<u8> {
        if let Some(key) = &self.0 {
            let tag = hmac::sign(key, &message);
            message.extend(tag.as_ref());
        }
        message
    }

    /// The message without its seal; `None` if that is not of this key.
    pub(super) fn open<'m>(&self, sealed: &'m [u8]) -> Option<&'m [u8]> {
        let Some(key) = &self.0 else {
            return Some(sealed);
        };
        let (message, tag) = sealed.split_at_checked(sealed.len().checked_sub(SEAL_BYTES)?)?;
        hmac::verify(key, message, tag).ok()?;
        Some(message)
    }
}

/// The key is a secret, and must not get into a log.
impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_the_same_key_alone() {
        let seal = |byte: u8| Seal::by(&[byte; MIN_KEY_BYTES]).unwrap();
        let sealed = seal(1).seal(b"a message".to_vec());
        assert_eq!(sealed.len(), 9 + seal(1).len());
        assert_eq!(seal(1).open(&sealed), Some(&b"a message"[..]));
        assert_eq!(seal(2).open(&sealed), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(seal(1).open(&changed), None, "byte {index}");
        }
        assert_eq!(seal(1).open(b"short"), None);
    }

    #[test]
    fn without_a_key_nothing_is_added_and_a_short_key_is_none() {
        let open = Seal(None);
        assert_eq!(open.seal(b"a message".to_vec()), b"a message");
        assert_eq!(open.open(b"a message"), Some(&b"a message"[..]));
        assert!(Seal::by(&[0; MIN_KEY_BYTES - 1]).is_none());
    }
}
