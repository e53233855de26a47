//! Whom a broker that speaks TLS is signed by, and why its certificate is not taken.
//!
//! May import: redis, rustls, thiserror.

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use redis::RedisError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, Error, RootCertStore};

/// Why a file gives no authorities.
#[derive(Debug, thiserror::Error)]
#[error("The file {}, which --cluster-ca names, {why}.", path.display())]
pub struct BadAuthorities {
    path: PathBuf,
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("can't be read: {0}")]
    NotRead(io::Error),
    #[error("has no certificate of an authority, as PEM")]
    Empty,
    #[error("has something in it that is no certificate of an authority: {0}")]
    NoCertificate(String),
}

/// How many authorities a file has.
///
/// # Errors
/// When it has none, or something else.
pub fn check_authorities(path: &Path) -> Result<usize, BadAuthorities> {
    read(path).map(|(_, count)| count)
}

/// The authorities in a file, as PEM, and how many there are.
pub(super) fn read(path: &Path) -> Result<(Vec<u8>, usize), BadAuthorities> {
    let read = fs::read(path).map_err(Why::NotRead);
    let counted = read.and_then(|pem| count(&pem).map(|count| (pem, count)));
    counted.map_err(|why| BadAuthorities {
        path: path.to_owned(),
        why,
    })
}

fn count(pem: &[u8]) -> Result<usize, Why> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| Why::NoCertificate(error.to_string()))?;
        let added = roots.add(certificate);
        added.map_err(|error| Why::NoCertificate(error.to_string()))?;
    }
    match roots.len() {
        0 => Err(Why::Empty),
        count => Ok(count),
    }
}

/// What is wrong with the certificate of a broker, and what to do, if that is why it can't be used.
pub(super) fn verdict(error: &RedisError) -> Option<String> {
    type Inner = Arc<dyn std::error::Error + Send + Sync>;
    let inner: &Inner = error.source()?.downcast_ref()?;
    let inner: &io::Error = inner.downcast_ref()?;
    let Error::InvalidCertificate(why) = inner.get_ref()?.downcast_ref()? else {
        return None;
    };
    Some(match why {
        CertificateError::UnknownIssuer => {
            "nobody whom this machine trusts has signed it. Name the file of its authority with --cluster-ca.".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name. Name the broker in --cluster as its certificate does.".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has ended. Renew it; if it has not, the clock of this machine is wrong.".to_owned()
        }
        // What `openssl req -x509` makes when it is told nothing else.
        CertificateError::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
            "it is that of an authority. Let that sign one for the broker.".to_owned()
        }
        other => format!("{other}."),
    })
}
