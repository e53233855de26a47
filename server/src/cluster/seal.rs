//! What proves that a message comes from an instance of this cluster: HMAC-SHA-256 under a key that all of them have. Without a key there is no
//! proof, and whoever may publish at the broker speaks as anybody.
//!
//! A file has several keys while one takes the place of another: the first signs, and what any of them has signed is taken. It is read again when it
//! changes. Which key has signed a message is not said in it: there are few, and only while they change is it another than the first.
//!
//! May import: file_watch, metrics, owner_only, ring, thiserror, tracing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ring::hmac;
use tracing::{info, warn};

use crate::file_watch::{self, Looks, Stamp};
use crate::metrics::ClusterCounts;
use crate::owner_only::{self, NotRead};

/// Bytes of a key at least.
const MIN_KEY_BYTES: usize = 32;

/// Keys of a file: the one that signs, the next one, and the one before.
const MAX_KEYS: usize = 3;

/// Bytes of a seal.
const SEAL_BYTES: usize = 32;

/// Seals messages, and opens those of others. Whether it has keys is decided at the start.
pub(super) struct Seal(Option<Kept>);

/// Keys, and where they are from.
struct Kept {
    path: PathBuf,
    /// What the file was like right before it was read.
    read: Stamp,
    /// The first one signs. A std lock, held for a line.
    keys: RwLock<Arc<[hmac::Key]>>,
}

/// Why a file gives no keys. Nothing of what is in it is repeated.
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
    #[error(
        "has a key of fewer than {MIN_KEY_BYTES} bytes: each line is one, spaces at its ends not counted"
    )]
    Short,
    #[error("has no key, or more than {MAX_KEYS}: each line is one")]
    Count,
    #[error("can't be read: {0}")]
    Failed(std::io::Error),
}

impl Seal {
    /// By the keys in a file, if one is named.
    ///
    /// # Errors
    /// When the file gives no keys.
    pub(super) fn open_file(path: Option<&Path>) -> Result<Self, NoKey> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        // Before it is read, so that no change is missed.
        let stamp = Stamp::of(path);
        let keys = read(path)?;
        Ok(Self(Some(Kept {
            path: path.to_owned(),
            read: stamp,
            keys: RwLock::new(keys),
        })))
    }

    /// Looks at the file every so often, for ever, and takes the keys in it when it has changed. If they can't be used, the former ones stay, and
    /// the log says why.
    pub(super) async fn follow(&self, every: Duration, counts: &ClusterCounts) {
        let Some(Kept {
            path,
            read: seen,
            keys,
        }) = &self.0
        else {
            return;
        };
        let now = || Stamp::of(path);
        file_watch::follow(every, Looks::new(*seen), now, || read(path), |read| match read {
            Ok(new) => {
                let count = new.len();
                // Nothing in here can panic half-way.
                *keys.write().unwrap_or_else(PoisonError::into_inner) = new;
                counts.keys_changed();
                info!(path = %path.display(), count, "The keys of the cluster have changed: the first of them signs from now on");
            }
            Err(error) => {
                warn!(%error, "The keys of the cluster have changed, and can't be used; the former ones stay. {error}");
            }
        })
        .await;
    }

    /// Bytes that a seal adds to a message.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |_| SEAL_BYTES)
    }

    /// Adds the seal.
    pub(super) fn seal(&self, mut message: Vec<u8>) -> Vec<u8> {
        if let Some(key) = self.keys().first() {
            let tag = hmac::sign(key, &message);
            message.extend(tag.as_ref());
        }
        message
    }

    /// The message without its seal; `None` if that is of none of the keys.
    pub(super) fn open<'m>(&self, sealed: &'m [u8]) -> Option<&'m [u8]> {
        if self.0.is_none() {
            return Some(sealed);
        }
        let (message, tag) = sealed.split_at_checked(sealed.len().checked_sub(SEAL_BYTES)?)?;
        let is_of = |key| hmac::verify(key, message, tag).is_ok();
        self.keys().iter().any(is_of).then_some(message)
    }

    fn keys(&self) -> Arc<[hmac::Key]> {
        match &self.0 {
            Some(kept) => Arc::clone(&kept.keys.read().unwrap_or_else(PoisonError::into_inner)),
            None => Arc::default(),
        }
    }
}

/// The keys in a file.
///
/// # Errors
/// When it gives none.
pub(super) fn read(path: &Path) -> Result<Arc<[hmac::Key]>, NoKey> {
    let kept = owner_only::read(path).map_err(|error| match error {
        NotRead::Missing => Why::Missing,
        NotRead::Exposed => Why::Exposed,
        NotRead::Failed(error) => Why::Failed(error),
    });
    let keys = kept.and_then(|kept| parse(&kept.bytes));
    keys.map_err(|why| NoKey {
        path: path.to_owned(),
        why,
    })
}

fn parse(bytes: &[u8]) -> Result<Arc<[hmac::Key]>, Why> {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > MAX_KEYS {
        return Err(Why::Count);
    }
    let keys = lines.into_iter().map(|line| match line.len() {
        MIN_KEY_BYTES.. => Ok(hmac::Key::new(hmac::HMAC_SHA256, line)),
        _ => Err(Why::Short),
    });
    keys.collect()
}

/// The keys are secrets, and must not get into a log.
impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const KEYS: [&str; 3] = [
        "11111111111111111111111111111111",
        "22222222222222222222222222222222",
        "33333333333333333333333333333333",
    ];

    /// A file with these keys.
    fn file(keys: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        owner_only::write(folder.path(), "key", keys.join("\n").as_bytes()).unwrap();
        let path = folder.path().join("key");
        (folder, path)
    }

    fn seal(keys: &[&str]) -> Seal {
        let (_folder, path) = file(keys);
        Seal::open_file(Some(&path)).unwrap()
    }

    #[test]
    fn what_is_sealed_is_opened_by_the_same_key_alone() {
        let [one, other] = [0, 1].map(|index: usize| seal(&[KEYS[index]]));
        let sealed = one.seal(b"a message".to_vec());
        assert_eq!(sealed.len(), 9 + one.len());
        assert_eq!(one.open(&sealed), Some(&b"a message"[..]));
        assert_eq!(other.open(&sealed), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(one.open(&changed), None, "byte {index}");
        }
        assert_eq!(one.open(b"short"), None);
    }

    #[test]
    fn the_first_key_signs_and_what_any_has_signed_is_taken() {
        let [first, second, third] = KEYS;
        let before = seal(&[first, second]);
        let after = seal(&[second, third, first]);
        assert!(after.open(&before.seal(b"m".to_vec())).is_some());
        assert!(before.open(&after.seal(b"m".to_vec())).is_some());
        let sealed = before.seal(b"m".to_vec());
        assert!(seal(&[first]).open(&sealed).is_some());
        assert!(seal(&[second, third]).open(&sealed).is_none());
    }

    #[tokio::test]
    async fn a_file_that_has_changed_is_read_again_and_one_that_cannot_be_used_changes_nothing() {
        const LOOK_EVERY: Duration = Duration::from_millis(10);
        let [first, second, _] = KEYS;
        let (folder, path) = file(&[first]);
        let ours = Seal::open_file(Some(&path)).unwrap();
        let counts = ClusterCounts::default();
        let of = |key| seal(&[key]).seal(b"m".to_vec());
        let write = |text: &str| owner_only::write(folder.path(), "key", text.as_bytes()).unwrap();
        let until = async |is_so: &dyn Fn() -> bool| {
            while !is_so() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let looks = async {
            write("too short");
            tokio::time::sleep(20 * LOOK_EVERY).await;
            assert!(ours.open(&of(first)).is_some());
            write(&format!("{first}\n{second}\n"));
            until(&|| ours.open(&of(second)).is_some()).await;
            assert!(ours.open(&of(first)).is_some());
            write(second);
            until(&|| ours.open(&of(first)).is_none()).await;
            assert!(ours.open(&of(second)).is_some());
        };
        tokio::select! {
            done = tokio::time::timeout(Duration::from_secs(10), looks) => done.unwrap(),
            () = ours.follow(LOOK_EVERY, &counts) => panic!("it goes on for ever"),
        }
    }

    #[test]
    fn without_a_key_nothing_is_added_and_what_is_no_key_is_told() {
        let open = Seal::open_file(None).unwrap();
        assert_eq!(open.seal(b"a message".to_vec()), b"a message");
        assert_eq!(open.open(b"a message"), Some(&b"a message"[..]));
        let says = |text: &str| parse(text.as_bytes()).unwrap_err().to_string();
        assert!(says(&KEYS[0][1..]).contains("fewer than 32"));
        assert!(says(&format!("{}\nshort", KEYS[0])).contains("fewer than 32"));
        let many = [KEYS[0]; MAX_KEYS + 1].join("\n");
        for none_or_many in ["", "\n \n", many.as_str()] {
            assert!(says(none_or_many).contains("more than 3"));
        }
        let keys = parse(format!(" {}\r\n\n{}\n", KEYS[0], KEYS[1]).as_bytes());
        assert_eq!(keys.unwrap().len(), 2);
    }
}
