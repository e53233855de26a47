//! One request over a connection of its own, with the headers that a browser would send.
//!
//! May import: certificate, report, transport::tls, http_body_util, hyper, hyper_util, rustls, rustls_native_certs, thiserror, tokio, tokio_rustls, url.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Method, Request, Response, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use super::certificate;
use super::report::PATIENCE;
use crate::transport::tls::HTTP_1_1;

/// Bytes of the largest page that is read.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// The key of a request for a WebSocket: the example of RFC 6455, section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// How the first frame of a signaling server begins.
const GREETING: &[u8] = b"primus::hello";
/// The same of one that lets nobody in.
const ERROR: &[u8] = b"/error|";

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
    #[error("It did not answer within {0:?}.")]
    Late(Duration),
}

/// Reads an address as people give it: of the server, or of one of its pages, with or without a fragment.
pub(super) fn address(text: &str) -> Result<Url, Failure> {
    let bad_url = || Failure::BadUrl(text.to_owned());
    let mut url = Url::parse(text.trim()).map_err(|_| bad_url())?;
    url.set_fragment(None);
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(bad_url()),
    }
}

/// What is at an address. `origin` is that of the page that asks, if a browser would name it.
pub(super) async fn get(url: &Url, origin: Option<&str>) -> Result<Answer, Failure> {
    let fields = origin.map(|origin| (header::ORIGIN, origin.to_owned()));
    in_time(ask(Method::GET, url, fields)).await
}

/// What an address answers to a `POST` without a body by a page of this origin, which may have an access token.
pub(super) async fn post(url: &Url, origin: &str, token: Option<&str>) -> Result<Answer, Failure> {
    let bearer = token.map(|token| (header::AUTHORIZATION, format!("Bearer {token}")));
    let fields = [(header::ORIGIN, origin.to_owned())].into_iter();
    in_time(ask(Method::POST, url, fields.chain(bearer))).await
}

async fn ask(
    method: Method,
    url: &Url,
    fields: impl IntoIterator<Item = (header::HeaderName, String)>,
) -> Result<Answer, Failure> {
    answer(request(method, url, fields).await?).await
}

async fn in_time<T>(asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = |_| Err(Failure::Late(PATIENCE));
    timeout(PATIENCE, asked).await.unwrap_or_else(late)
}

/// What came of a WebSocket. Only a server that sends the greeting is a signaling server.
pub(super) enum Socket {
    Greeted,
    /// The handshake succeeded, and the server said why it lets nobody in.
    LetsNobodyIn,
    /// The handshake succeeded, but no greeting came.
    Silent,
    Refused(Answer),
}

/// Asks for a WebSocket as the script of a page does, which may have an access token.
pub(super) async fn socket(
    url: &Url,
    origin: &str,
    token: Option<&str>,
) -> Result<Socket, Failure> {
    in_time(greeted(url, origin, token)).await
}

async fn greeted(url: &Url, origin: &str, token: Option<&str>) -> Result<Socket, Failure> {
    let fields = [
        (header::ORIGIN, origin),
        (header::CONNECTION, "Upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_VERSION, "13"),
        (header::SEC_WEBSOCKET_KEY, KEY),
    ];
    let fields = fields.map(|(name, value)| (name, value.to_owned()));
    let offer = token.map(|token| (header::SEC_WEBSOCKET_PROTOCOL, format!("token, {token}")));
    let response = request(Method::GET, url, fields.into_iter().chain(offer)).await?;
    if response.status().as_u16() != 101 {
        return Ok(Socket::Refused(answer(response).await?));
    }
    let upgraded = hyper::upgrade::on(response).await;
    let mut upgraded = TokioIo::new(upgraded.map_err(|error| not_http(&error))?);
    let mut heard = Vec::new();
    while heard.len() < 4 + GREETING.len() {
        match upgraded.read_buf(&mut heard).await {
            Ok(1..) => {}
            _ => break,
        }
    }
    // The header of a frame has two bytes, or four if its payload has 126 or more (RFC 6455, section 5.2).
    let begins = |with: &[u8]| {
        let mut payloads = [2, 4].into_iter().filter_map(|begin| heard.get(begin..));
        payloads.any(|payload| payload.starts_with(with))
    };
    Ok(if begins(GREETING) {
        Socket::Greeted
    } else if begins(ERROR) {
        Socket::LetsNobodyIn
    } else {
        Socket::Silent
    })
}

async fn answer(response: Response<Incoming>) -> Result<Answer, Failure> {
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await;
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.map_err(|error| not_http(&error))?.to_bytes(),
    })
}

fn not_http(error: &dyn std::fmt::Display) -> Failure {
    Failure::NotHttp(error.to_string())
}

async fn request(
    method: Method,
    url: &Url,
    fields: impl IntoIterator<Item = (header::HeaderName, String)>,
) -> Result<Response<Incoming>, Failure> {
    let bad_url = || Failure::BadUrl(url.to_string());
    let host = url.host_str().ok_or_else(bad_url)?;
    let name = host.trim_matches(['[', ']']);
    let port = url.port_or_known_default().ok_or_else(bad_url)?;
    let socket = TcpStream::connect((name, port))
        .await
        .map_err(Failure::Unreachable)?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, authority);
    for (name, value) in fields {
        request = request.header(name, value);
    }
    let request = request
        .body(Empty::new())
        .map_err(|error| not_http(&error))?;
    if url.scheme() == "http" {
        return exchange(socket, request).await;
    }
    let name = ServerName::try_from(name.to_owned()).map_err(|_| bad_url())?;
    let socket = TlsConnector::from(Arc::new(tls())).connect(name, socket);
    exchange(socket.await.map_err(Failure::Certificate)?, request).await
}

/// TLS with the certificate authorities that this machine trusts, to speak HTTP/1.1 over it: a WebSocket needs that.
fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    // An authority that can't be read is skipped: the others may do.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![HTTP_1_1.to_vec()];
    config
}

async fn exchange(
    socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Empty<Bytes>>,
) -> Result<Response<Incoming>, Failure> {
    let handshake = http1::handshake(TokioIo::new(socket)).await;
    let (mut sender, connection) = handshake.map_err(|error| not_http(&error))?;
    // The task ends when both sender and body are dropped.
    tokio::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await;
    response.map_err(|error| not_http(&error))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_may_be_that_of_a_page_and_of_a_place_in_it() {
        for (text, url) in [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
            (
                "http://host:8000/connecting/index.html#x",
                "http://host:8000/connecting/index.html",
            ),
            (" https://host:443/guide ", "https://host/guide"),
        ] {
            assert_eq!(address(text).unwrap().as_str(), url);
        }
        for text in ["the server", "host:8000", "ftp://host", "", "http://"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
