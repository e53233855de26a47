//! Why a certificate is rejected, and what to do about it.
//!
//! May import: rustls.

use std::io;

use rustls::{AlertDescription, CertificateError, Error};

/// The error of TLS for a person: what is wrong with the certificate, and what to do.
pub(super) fn verdict(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    if let Some(Error::AlertReceived(AlertDescription::NoApplicationProtocol)) = inner {
        return "What answers there speaks no HTTP/1.1 over TLS, which a WebSocket needs: name http/1.1 among its protocols, beside h2.".to_owned();
    }
    let Some(Error::InvalidCertificate(why)) = inner else {
        return format!(
            "No secure connection comes about: {error}. Is it https:// that is spoken there?"
        );
    };
    let says = match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "It has expired: renew it. If it has not, the clock of this device is wrong."
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "It is not valid yet: is the clock of this device right?"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "It is for another name: open the address that it was made for."
        }
        CertificateError::UnknownIssuer => {
            "Nobody whom this device trusts has signed it: it is signed by itself, or by an authority of your own. Browsers will warn, and \
             allow no camera. Install its issuer on every device, or get one from a public authority."
        }
        // What `openssl req -x509` makes when it is told nothing else: an authority and a server in one.
        CertificateError::Other(why) if why.to_string().contains("CaUsedAsEndEntity") => {
            "It is signed by itself, as an authority: browsers will warn, and allow no camera. Let it be signed by an authority that every \
             device has installed, or get one from a public authority."
        }
        other => return format!("It is not taken here: {other}."),
    };
    says.to_owned()
}
