//! The files of a certificate and its key that the host names, read again when they change.
//!
//! May import: pair, tls, file_watch, httpdate, rustls, thiserror, tracing.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::sign::CertifiedKey;
use tracing::{info, warn};

use super::Tls;
use super::pair::{self, BadPair};
use crate::file_watch::{self, Looks, Stamp, Watch};

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
    /// They fit together.
    #[error("The certificate in {}, which --cert names, ended on {ended}. Renew it.", path.display())]
    Ended {
        /// Where it is.
        path: PathBuf,
        /// When, as HTTP writes it.
        ended: String,
    },
    /// Whatever is in them.
    #[error("TLS can't be spoken: {0}.")]
    Tls(#[from] rustls::Error),
}

impl Files {
    /// Until when the certificate in them is good, as HTTP writes it.
    ///
    /// # Errors
    /// When one is missing, when both do not fit together, and when that is over.
    pub fn good_until(&self, now: SystemTime) -> Result<String, BadFiles> {
        let end = pair::end(&self.read()?);
        let ended = httpdate::fmt_http_date(end);
        match end > now {
            true => Ok(ended),
            false => Err(BadFiles::Ended {
                path: self.cert.clone(),
                ended,
            }),
        }
    }

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
        let looks = Looks::new(self.stamps());
        let tls = Tls::new(Arc::new(self.read()?))?;
        let ours = tls.clone();
        let looking = async move {
            let read = || self.read();
            file_watch::follow(every, looks, || self.stamps(), read, |read| match read {
                Ok(certificate) => {
                    ours.replace(Arc::new(certificate), None);
                    info!(cert = %self.cert.display(), "New connections get the new certificate");
                }
                Err(error) => {
                    warn!(%error, "The certificate has changed, and can't be used; the former one stays. {error}");
                }
            })
            .await;
        };
        Ok((tls, Watch::of(looking)))
    }

    fn stamps(&self) -> [Stamp; 2] {
        [&self.cert, &self.key].map(|path| Stamp::of(path))
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
