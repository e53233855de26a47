//! Requests and responses as they are on the wire: nothing is decoded, nothing is followed.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::header::HeaderValue;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::{Server, soon};

/// A response that has arrived.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    headers: hyper::HeaderMap,
}

impl Answer {
    /// The value of a header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The values of a header, in the order in which they came.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

pub(crate) async fn get(server: &Server, path: &str) -> Answer {
    request(server, "GET", path, &[]).await
}

pub(crate) async fn get_with(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    request(server, "GET", path, headers).await
}

pub(crate) async fn request(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    exchange(server, method, path, headers, "").await
}

/// Sends a body along.
pub(crate) async fn post(
    server: &Server,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    exchange(server, "POST", path, headers, body).await
}

/// Any request, with a body.
pub(crate) async fn exchange(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    arrived(begin(server, method, path, headers, body).await).await
}

async fn arrived(response: Response<Incoming>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = soon("a body", body.collect()).await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    }
}

/// From another address than the server's own.
pub(crate) async fn get_at(address: SocketAddr, path: &str) -> Answer {
    get_at_with(address, path, &[]).await
}

/// The same with headers.
pub(crate) async fn get_at_with(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    arrived(begin_at(address, "GET", path, headers, "").await).await
}

/// The same with a body.
pub(crate) async fn post_at(address: SocketAddr, path: &str, body: &str) -> Answer {
    post_at_with(address, path, &[], body).await
}

/// The same with headers.
pub(crate) async fn post_at_with(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    arrived(begin_at(address, "POST", path, headers, body).await).await
}

/// Any request over a stream that is connected already.
pub(crate) async fn exchange_over(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    arrived(begin_over(stream, method, path, headers, body).await).await
}

/// Over a stream that is connected already, as TLS is.
pub(crate) async fn get_over(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    arrived(begin_over(stream, "GET", path, headers, "").await).await
}

/// A response whose body may never end.
pub(crate) struct Stream(Incoming);

impl Stream {
    /// The next piece of text.
    pub(crate) async fn next(&mut self) -> String {
        let frame = soon("an event", self.0.frame())
            .await
            .expect("the stream goes on");
        let bytes = frame.unwrap().into_data().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    pub(crate) async fn ends(&mut self) {
        // HTTP/2 says so by a frame of its own, which is empty.
        while let Some(frame) = soon("the end of a stream", self.0.frame()).await {
            assert!(frame.unwrap().into_data().unwrap().is_empty());
        }
    }
}

pub(crate) async fn stream(server: &Server, path: &str) -> Stream {
    Stream(begin(server, "GET", path, &[], "").await.into_body())
}

async fn begin(
    server: &Server,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Incoming> {
    begin_at(server.address, method, path, headers, body).await
}

async fn begin_at(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Incoming> {
    let socket = soon("a connection", TcpStream::connect(address))
        .await
        .unwrap();
    begin_over(socket, method, path, headers, body).await
}

async fn begin_over(
    socket: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Incoming> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await.unwrap();
    // It ends with the last of the sender and the body.
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path);
    if headers.iter().all(|(name, _)| *name != "host") {
        request = request.header("host", "localhost");
    }
    for (name, value) in headers {
        request = request.header(*name, HeaderValue::from_str(value).unwrap());
    }
    let request = request
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .unwrap();
    soon("a response", sender.send_request(request))
        .await
        .unwrap()
}

/// A connection of HTTP/2, on which many requests may be at a time. It ends with its last clone.
#[derive(Clone)]
pub(crate) struct Http2 {
    sender: http2::SendRequest<Full<Bytes>>,
    /// Cancelled when it has ended.
    ended: CancellationToken,
}

impl Http2 {
    /// Over a stream of TLS whose ends have agreed to speak it.
    pub(crate) async fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
        let ended = CancellationToken::new();
        let guard = ended.clone().drop_guard();
        tokio::spawn(async move {
            let _guard = guard;
            connection.await
        });
        Self { sender, ended }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.exchange("GET", path, &[], "").await
    }

    /// Any request, as to `localhost`. A header `host` is one beside that.
    pub(crate) async fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        arrived(self.begin(method, path, headers, body).await).await
    }

    pub(crate) async fn stream(&self, path: &str) -> Stream {
        Stream(self.begin("GET", path, &[], "").await.into_body())
    }

    async fn begin(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Incoming> {
        let uri = format!("https://localhost{path}");
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_str(value).unwrap());
        }
        let body = Full::new(Bytes::copy_from_slice(body.as_bytes()));
        let response = self
            .sender
            .clone()
            .send_request(request.body(body).unwrap());
        soon("a response", response).await.unwrap()
    }

    /// Whether the server has ended it.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until it has.
    pub(crate) async fn ends(&self) {
        self.ended.cancelled().await;
    }
}
