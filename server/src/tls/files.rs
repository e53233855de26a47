//! The files of a certificate and its key that the host names, read again when they change.
//!
//! May import: pair, tls, rustls, thiserror, tokio, tokio_util, tracing.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::sign::CertifiedKey;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tracing::{info, warn};

use super::Tls;
use super::pair::{self, BadPair};

/// Time between two looks at the files. They are read when two looks have seen the same change, since one file is written after the other.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Bytes of the largest file: a chain of certificates has a few thousand.
const MAX_BYTES: u64 = 1024 * 1024;

/// Where a certificate and its key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The certificate of the server, and behind it those of authorities.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why they give no certificate.
#[derive(Debug, thiserror::Error)]
pub enum BadFiles {
    /// Nothing there.
    #[error("There is no file {}, which {flag} names. Check the path.", path.display())]
    Missing {
        /// Which option named it.
        flag: &'static str,
        /// Where it should be.
        path: PathBuf,
    },
    /// Something there.
    #[error("The file {}, which {flag} names, can't be read: {error}.", path.display())]
    Unreadable {
        /// Which option named it.
        flag: &'static str,
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// They are there.
    #[error("{} and {}: {error}.", files.cert.display(), files.key.display())]
    Bad {
        /// Which.
        files: Files,
        /// What is wrong with them.
        error: BadPair,
    },
    /// Whatever is in them.
    #[error("TLS can't be spoken: {0}.")]
    Tls(#[from] rustls::Error),
}

impl Files {
    fn read(&self) -> Result<CertifiedKey, BadFiles> {
        let certificates = read("--cert", &self.cert)?;
        let key = read("--key", &self.key)?;
        pair::of_pem(&certificates, &key).map_err(|error| BadFiles::Bad {
            files: self.clone(),
            error,
        })
    }

    /// TLS with what is in them. They are looked at every so often, until the watch is dropped, and new connections get what is in them when
    /// they have changed. What can't be used leaves the former certificate in its place, and the log says why.
    ///
    /// # Errors
    /// When one is missing, or both do not fit together.
    pub fn open(self, every: Duration) -> Result<(Tls, Watch), BadFiles> {
        // Before they are read, so that no change is missed.
        let mut looks = Looks::new(self.stamps());
        let tls = Tls::new(Arc::new(self.read()?))?;
        let ours = tls.clone();
        let looking = async move {
            let mut said = String::new();
            loop {
                sleep(every).await;
                match looks.look(self.stamps(), || self.read()) {
                    None => {}
                    Some(Ok(certificate)) => {
                        said.clear();
                        ours.replace(Arc::new(certificate), None);
                        info!(cert = %self.cert.display(), "New connections get the new certificate");
                    }
                    // It is tried again, and each reason is said once.
                    Some(Err(error)) if error.to_string() == said => {}
                    Some(Err(error)) => {
                        said = error.to_string();
                        warn!(%error, "The certificate has changed, and can't be used; the former one stays. {error}");
                    }
                }
            }
        };
        Ok((tls, Watch::of(looking)))
    }

    fn stamps(&self) -> [Stamp; 2] {
        [&self.cert, &self.key].map(|path| Stamp::of(path))
    }
}

/// Looks at what a certificate depends on, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _task: AbortOnDropHandle<()>,
}

impl Watch {
    pub(super) fn of(looking: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            _task: AbortOnDropHandle::new(tokio::spawn(looking)),
        }
    }
}

fn read(flag: &'static str, path: &Path) -> Result<Vec<u8>, BadFiles> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(BadFiles::Missing {
            flag,
            path: path.to_owned(),
        }),
        Err(error) => Err(BadFiles::Unreadable {
            flag,
            path: path.to_owned(),
            error,
        }),
    }
}

/// By what a file that has changed is known; nothing if it can't be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(SystemTime, u64)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        let seen = fs::metadata(path).and_then(|data| Ok((data.modified()?, data.len())));
        Self(seen.ok())
    }
}

/// What was seen of the files.
#[derive(Debug)]
struct Looks<T> {
    /// When they were read last; nothing if that failed.
    read: Option<T>,
    /// At the last look.
    seen: T,
}

impl<T: Copy + PartialEq> Looks<T> {
    fn new(read: T) -> Self {
        let seen = read;
        Self {
            read: Some(read),
            seen,
        }
    }

    /// Reads them again if they are others than those that were read, and the same at two looks. What fails is tried again at each look: a disk
    /// that was away, or a permission that is given later, changes nothing that a look could see.
    fn look<R, E>(&mut self, now: T, read: impl FnOnce() -> Result<R, E>) -> Option<Result<R, E>> {
        let is_settled = now == self.seen;
        self.seen = now;
        if !is_settled || self.read == Some(now) {
            return None;
        }
        let outcome = read();
        self.read = outcome.is_ok().then_some(now);
        Some(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;

    /// At which of these looks files are read, if reading them goes so.
    fn read_at<const N: usize>(seen: [[i32; 2]; N], goes: impl Fn(usize) -> bool) -> [bool; N] {
        let mut looks = Looks::new([1, 1]);
        let mut count = 0;
        seen.map(|now| {
            let read = looks.look(now, || {
                count += 1;
                if goes(count) { Ok(()) } else { Err(()) }
            });
            read.is_some()
        })
    }

    #[test]
    fn files_are_read_again_once_when_two_looks_have_seen_the_same_change() {
        // One file is written, then the other; then nothing; then one is as it was before.
        let seen = [[1, 1], [2, 1], [2, 2], [2, 2], [2, 2], [1, 2], [1, 2]];
        let read = read_at(seen, |_| true);
        assert_eq!(read, [false, false, false, true, false, false, true]);
    }

    #[test]
    fn files_that_could_not_be_read_are_tried_again_until_they_can_be_though_nothing_changes() {
        let seen = [[1, 1], [2, 2], [2, 2], [2, 2], [2, 2], [2, 2]];
        let read = read_at(seen, |count| count == 3);
        assert_eq!(read, [false, false, true, true, true, false]);
        // Those that were there before are back.
        let seen = [[2, 2], [2, 2], [1, 1], [1, 1], [1, 1]];
        let read = read_at(seen, |count| count > 1);
        assert_eq!(read, [false, true, false, true, false]);
    }
}
