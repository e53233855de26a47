//! Why there is no authority, or no certificate of it.
//!
//! May import: pair, secret, rcgen, rustls, thiserror.

use std::io;
use std::path::PathBuf;

use crate::secret::NoRandomBytes;
use crate::tls::pair::BadPair;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum NoAuthority {
    /// Of the folder, or a file in it.
    #[error(
        "The certificate of --tls can't be kept in {}: {error}. Set XDG_CONFIG_HOME to a folder that you can write to.", folder.display()
    )]
    Folder {
        /// Where.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Of what makes certificates, or of a name.
    #[error("The certificate of --tls can't be made: {0}.")]
    Made(#[from] rcgen::Error),
    /// Of what was made.
    #[error("The certificate of --tls can't be used: {0}.")]
    Pair(#[from] BadPair),
    /// Of the system.
    #[error("The certificate of --tls can't be made: {0}.")]
    Random(#[from] NoRandomBytes),
    /// Of TLS.
    #[error("TLS can't be spoken: {0}.")]
    Tls(#[from] rustls::Error),
}
