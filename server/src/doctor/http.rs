//! One GET over a connection of its own.
//!
//! May import: `certificate`, hyper, rustls.

use std::sync::Arc;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::certificate;

/// Bytes of the largest page that is read.
const MAX_BODY: usize = 4 * 1024 * 1024;

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0:?} is not an address such as http://127.0.0.1:8000.")]
    BadUrl(String),
    #[error("Nothing answers there: {0}. Is the server running, and is it this address?")]
    Unreachable(std::io::Error),
    #[error("{}", certificate::verdict(.0))]
    Certificate(std::io::Error),
    #[error("What answers there does not speak HTTP: {0}.")]
    NotHttp(String),
}

pub(super) async fn get(url: &str) -> Result<Answer, Failure> {
    let bad_url = || Failure::BadUrl(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| bad_url())?;
    let authority = uri.authority().ok_or_else(bad_url)?;
    let host = authority.host().trim_matches(['[', ']']);
    let is_secure = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(bad_url()),
    };
    let port = authority
        .port_u16()
        .unwrap_or(if is_secure { 443 } else { 80 });
    let socket = TcpStream::connect((host, port))
        .await
        .map_err(Failure::Unreachable)?;
    if !is_secure {
        return exchange(socket, &uri).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| bad_url())?;
    let socket = TlsConnector::from(Arc::new(tls())).connect(name, socket);
    exchange(socket.await.map_err(Failure::Certificate)?, &uri).await
}

/// It trusts what this machine trusts.
fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    // Those that can't be read are as good as absent.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

async fn exchange(
    socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    uri: &Uri,
) -> Result<Answer, Failure> {
    let not_http = |error: &dyn std::fmt::Display| Failure::NotHttp(error.to_string());
    let handshake = http1::handshake(TokioIo::new(socket)).await;
    let (mut sender, connection) = handshake.map_err(|error| not_http(&error))?;
    // It ends with the last of the sender and the body.
    tokio::spawn(connection);
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::get(path).header("host", host);
    let request = request
        .body(Empty::<Bytes>::new())
        .map_err(|error| not_http(&error))?;
    let response = sender.send_request(request).await;
    let (parts, body) = response.map_err(|error| not_http(&error))?.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await;
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.map_err(|error| not_http(&error))?.to_bytes(),
    })
}
