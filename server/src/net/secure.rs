//! The handshake of a connection that begins with TLS: bounded in time, in number, and in number by address.
//!
//! May import: client_address, config, signaling::transport, transport::tls, rustls, thiserror, tokio.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::{AlertDescription, Error, ServerConfig};
use signaling::transport::Transport;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::client_address::Connection;
use crate::config::Limits;
use crate::transport::tls::{HTTP_1_1, Tls};

/// The handshakes of all connections of a listener.
#[derive(Debug, Clone)]
pub(super) struct Handshakes {
    places: Arc<Semaphore>,
    patience: Duration,
}

/// Why a handshake led to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("there was no place for it in time")]
    NoPlace,
    #[error("it did not end in time")]
    Late,
    #[error("the client does not trust the certificate of this server")]
    Untrusted,
    #[error("{0}")]
    Failed(io::Error),
}

impl Failure {
    /// A stable name, for the metrics.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NoPlace => "tls-handshake-no-place",
            Self::Late => "tls-handshake-timeout",
            Self::Untrusted => "tls-not-trusted",
            Self::Failed(_) => "tls-handshake-failed",
        }
    }

    fn of(error: io::Error) -> Self {
        use AlertDescription::{BadCertificate, CertificateUnknown, UnknownCA};
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        match inner {
            Some(Error::AlertReceived(BadCertificate | CertificateUnknown | UnknownCA)) => {
                Self::Untrusted
            }
            _ => Self::Failed(error),
        }
    }
}

impl Handshakes {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits.max_tls_handshakes)),
            patience: limits.tls_handshake_timeout,
        }
    }

    /// Shakes hands, once there is a place. Clients of an address that has its places already wait before they take one of all: half a handshake
    /// holds memory, and the clients of one address must not hold up those of others. The wait has its own time, as long as the handshake's: who
    /// waits for others must not have less of it.
    ///
    /// A proxy that is trusted gets HTTP/1.1, whatever else it offers.
    pub(super) async fn shake(
        &self,
        mut config: Arc<ServerConfig>,
        transport: Box<dyn Transport>,
        early: Vec<u8>,
        connection: &Connection,
    ) -> Result<Box<Tls>, Failure> {
        let places = async {
            // Neither is ever closed.
            let of_address = match connection.account() {
                Some(account) => account.handshakes().acquire().await.ok(),
                None => None,
            };
            (of_address, self.places.acquire().await.ok())
        };
        let waited = timeout(self.patience, places).await;
        let _places = waited.map_err(|_| Failure::NoPlace)?;
        // On a connection of HTTP/2 it would have its clients share bounds that are those of one.
        if connection.is_proxy() {
            Arc::make_mut(&mut config).alpn_protocols = vec![HTTP_1_1.to_vec()];
        }
        match timeout(self.patience, Tls::accept(config, transport, early)).await {
            Ok(Ok(tls)) => Ok(Box::new(tls)),
            Ok(Err(error)) => Err(Failure::of(error)),
            Err(_) => Err(Failure::Late),
        }
    }
}
