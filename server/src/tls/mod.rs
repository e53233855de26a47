//! The certificate by which this server speaks TLS, and how another one takes its place while it runs.
//!
//! # Layout
//! - [`pair`]: a certificate and its key, as PEM files have them
//! - [`files`]: those that the host names, read again when they change
//! - [`authority`]: those that the server makes itself, and the root that devices trust
//!
//! May import: file_watch, owner_only, secret, transport::tls, httpdate, rcgen, rustls, serde, serde_json, sha2, thiserror, tokio, tracing,
//! x509_parser.

pub mod authority;
pub mod files;
pub mod pair;

use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{Error, ServerConfig};

use crate::transport::tls::{HTTP_1_1, HTTP_2};

/// TLS as this server speaks it. Cheap to clone; all clones have the same certificate.
#[derive(Debug, Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    current: Arc<Current>,
}

/// What new connections get. A std lock, held for a line.
#[derive(Debug)]
struct Current(RwLock<Shown>);

#[derive(Debug)]
struct Shown {
    certificate: Arc<CertifiedKey>,
    /// The root that has signed it, if devices can get that here.
    root: Option<Arc<[u8]>>,
}

impl Tls {
    /// With this certificate.
    ///
    /// # Errors
    /// When the versions of TLS and the provider of its algorithms don't fit together, which they do.
    pub fn new(certificate: Arc<CertifiedKey>) -> Result<Self, Error> {
        Self::with(certificate, None)
    }

    fn with(certificate: Arc<CertifiedKey>, root: Option<Arc<[u8]>>) -> Result<Self, Error> {
        let current = Arc::new(Current(RwLock::new(Shown { certificate, root })));
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(&current) as _;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        // The first of them that the client names, too. Browsers name only the second for a WebSocket.
        config.alpn_protocols = [HTTP_2, HTTP_1_1].map(<[u8]>::to_vec).into();
        Ok(Self {
            config: Arc::new(config),
            current,
        })
    }

    /// What a handshake needs.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// The root that devices have to trust (DER), if this server has one to give.
    pub fn root(&self) -> Option<Arc<[u8]>> {
        let current = self.current.0.read();
        current.unwrap_or_else(PoisonError::into_inner).root.clone()
    }

    fn replace(&self, certificate: Arc<CertifiedKey>, root: Option<Arc<[u8]>>) {
        // Nothing in here can panic half-way.
        let mut current = (self.current.0.write()).unwrap_or_else(PoisonError::into_inner);
        *current = Shown { certificate, root };
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.certificate))
    }
}
