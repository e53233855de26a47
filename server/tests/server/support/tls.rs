//! Certificates, and clients that trust them.

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::tls::{Tls, pair};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name by which all clients ask.
const NAME: &str = "localhost";

/// A certificate that is signed by itself, and its key.
pub(crate) struct Certificate {
    pub(crate) pem: String,
    pub(crate) key: String,
    der: CertificateDer<'static>,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        Self::of(rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap())
    }

    /// One that was good until the year 2020.
    pub(crate) fn ended() -> Self {
        let mut params = CertificateParams::new([NAME.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        let signing_key = KeyPair::generate().unwrap();
        let cert = params.self_signed(&signing_key).unwrap();
        Self::of(CertifiedKey { cert, signing_key })
    }

    fn of(CertifiedKey { cert, signing_key }: CertifiedKey<KeyPair>) -> Self {
        Self {
            pem: cert.pem(),
            key: signing_key.serialize_pem(),
            der: cert.der().clone(),
        }
    }

    /// TLS with it.
    pub(crate) fn tls(&self) -> Tls {
        let pair = pair::of_pem(self.pem.as_bytes(), self.key.as_bytes()).unwrap();
        Tls::new(Arc::new(pair)).unwrap()
    }

    /// Writes both into a folder, and says how the program is told to use them.
    pub(crate) fn options(&self, folder: &Path) -> [OsString; 4] {
        let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.join(name));
        std::fs::write(&cert, &self.pem).unwrap();
        std::fs::write(&key, &self.key).unwrap();
        ["--cert".into(), cert.into(), "--key".into(), key.into()]
    }

    /// A client that trusts it, and no other.
    pub(crate) fn trusted(&self) -> Trusted {
        Trusted::only([self.der.clone()])
    }
}

/// A client of TLS.
#[derive(Clone)]
pub(crate) struct Trusted(Arc<ClientConfig>);

impl Trusted {
    /// That trusts these.
    pub(crate) fn only(roots: impl IntoIterator<Item = CertificateDer<'static>>) -> Self {
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(root).unwrap();
        }
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(store)
            .with_no_client_auth();
        Self::of(config)
    }

    /// With other settings.
    pub(crate) fn of(config: ClientConfig) -> Self {
        Self(Arc::new(config))
    }

    pub(crate) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.0)
    }

    /// The same, which offers to speak these protocols.
    pub(crate) fn offering(&self, protocols: &[&[u8]]) -> Self {
        let mut config = (*self.0).clone();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Self::of(config)
    }

    /// Connects as to `localhost`.
    pub(crate) async fn connect(&self, address: SocketAddr) -> io::Result<TlsStream<TcpStream>> {
        self.connect_as(NAME, address).await
    }

    /// Connects as if the address were that of a name.
    pub(crate) async fn connect_as(
        &self,
        name: &str,
        address: SocketAddr,
    ) -> io::Result<TlsStream<TcpStream>> {
        self.over(name, TcpStream::connect(address).await?).await
    }

    /// Connects as to `localhost` over a stream that is connected already.
    pub(crate) async fn connect_over(&self, socket: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.over(NAME, socket).await
    }

    async fn over(&self, name: &str, socket: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(self.config())
            .connect(name, socket)
            .await
    }
}
