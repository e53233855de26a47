//! A certificate and its key, as PEM files have them ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)).
//!
//! May import: rustls, thiserror, x509_parser.

use std::time::{Duration, SystemTime};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};

/// What an encrypted key has in its file: as PKCS #8 ([RFC 5958](https://www.rfc-editor.org/rfc/rfc5958#section-3)), and as OpenSSL wrote it before.
const ENCRYPTED: [&str; 2] = ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"];

/// Why there is no certificate that a server could show.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum BadPair {
    /// Text without one.
    #[error(
        "there is no certificate in the file for --cert. It must be a PEM file, which has BEGIN CERTIFICATE in it"
    )]
    NoCertificate,
    /// Text without one.
    #[error(
        "there is no private key in the file for --key. It must be a PEM file, which has BEGIN PRIVATE KEY in it"
    )]
    NoKey,
    /// Only its password opens it.
    #[error(
        "the private key is encrypted, and this server asks for no password. Decrypt it into a file that only you can read: \
         openssl pkey -in KEY -out DECRYPTED"
    )]
    EncryptedKey,
    /// Of another certificate.
    #[error(
        "the private key does not belong to the certificate. If the file for --cert has several, the server's own must come first"
    )]
    Mismatch,
    /// Of a kind that TLS does not know, or damaged.
    #[error("the certificate or its private key can't be used: {0}")]
    Unusable(Error),
    /// PEM that is none.
    #[error("the {what} is damaged: {error}")]
    Damaged {
        /// Which of both.
        what: &'static str,
        /// At what its reader stumbled.
        error: String,
    },
}

/// Reads both. The certificate of the server comes first in its file, those of authorities between it and the one that clients trust follow.
///
/// # Errors
/// When something is missing, or does not fit together.
pub fn of_pem(certificates: &[u8], key: &[u8]) -> Result<CertifiedKey, BadPair> {
    let damaged = |what| {
        move |error: rustls::pki_types::pem::Error| BadPair::Damaged {
            what,
            error: error.to_string(),
        }
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = chain.map_err(damaged("certificate"))?;
    if chain.is_empty() {
        return Err(BadPair::NoCertificate);
    }
    let text = String::from_utf8_lossy(key);
    if ENCRYPTED.iter().any(|mark| text.contains(mark)) {
        return Err(BadPair::EncryptedKey);
    }
    let key = match PrivateKeyDer::from_pem_slice(key) {
        Ok(key) => key,
        Err(rustls::pki_types::pem::Error::NoItemsFound) => return Err(BadPair::NoKey),
        Err(error) => return Err(damaged("private key")(error)),
    };
    of_der(chain, key)
}

/// The same of what PEM has inside.
///
/// # Errors
/// When they do not fit together.
pub fn of_der(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, BadPair> {
    CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => BadPair::Mismatch,
        error => BadPair::Unusable(error),
    })
}

/// When the server's own certificate ends; 1970 if it does not say so.
pub fn end(pair: &CertifiedKey) -> SystemTime {
    let end = pair.cert.first().and_then(|certificate| {
        let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
        let seconds = certificate.validity().not_after.timestamp();
        // As the largest year that a certificate can name is 9999, that is within what the system's clock has.
        seconds.try_into().ok().map(Duration::from_secs)
    });
    SystemTime::UNIX_EPOCH + end.unwrap_or_default()
}
