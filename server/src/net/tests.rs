//! HTTP and upgrades over a byte stream that is no socket.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use signaling::transport::memory::{self, Memory};
use signaling::upgrade::Upgrade;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::config::Access;

/// Has one connection to accept.
struct One(Mutex<Option<Memory>>);

impl Listener for One {
    async fn accept(&self) -> io::Result<(Box<dyn Transport>, SocketAddr)> {
        let transport = self.0.lock().unwrap().take();
        match transport {
            Some(transport) => Ok((
                Box::new(transport),
                SocketAddr::from(([192, 0, 2, 1], 4000)),
            )),
            None => pending().await,
        }
    }
}

/// Answers with the address of the client, and echoes what comes behind an upgrade.
#[derive(Clone)]
struct Echo;

impl Site for Echo {
    fn at_once(&self, _: &mut Request<Incoming>, _: &Connection) -> Option<Response> {
        None
    }

    fn respond(
        &self,
        request: Request<Incoming>,
        connection: &Connection,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        let mut request = request.map(Body::new);
        let address = connection.address(request.headers(), &Access::default());
        let response = match Upgrade::of(&mut request) {
            Ok(upgrade) => upgrade.grant(async |upgraded| {
                let (mut reader, mut writer) = tokio::io::split(upgraded.transport);
                tokio::io::copy(&mut reader, &mut writer).await.unwrap();
            }),
            Err(_) => address.to_string().into_response(),
        };
        ready(Ok(response))
    }
}

fn connect(max_connections: usize) -> Memory {
    let [ours, theirs] = memory::pair(1 << 16);
    let environment = Environment {
        limits: Arc::new(Limits {
            max_connections,
            ..Limits::default()
        }),
        proxy: Arc::default(),
        access: Arc::default(),
        metrics: Arc::default(),
        closing: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    let listener = One(Mutex::new(Some(theirs)));
    tokio::spawn(serve_until(pending(), listener, Echo, environment));
    ours
}

/// Sends a request and reads until what comes ends with this.
async fn ask(stream: &mut Memory, request: &str, end: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(end.as_bytes()) {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn http_is_served_over_any_byte_stream() {
    let mut stream = connect(1);
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for _ in 0..2 {
        let answer = ask(&mut stream, request, "192.0.2.1").await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

#[tokio::test]
async fn an_upgrade_gives_the_byte_stream_back() {
    let mut stream = connect(1);
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let answer = ask(&mut stream, request, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains(header::SEC_WEBSOCKET_ACCEPT.as_str()));
    assert_eq!(ask(&mut stream, "hello", "hello").await, "hello");
}

#[tokio::test]
async fn a_connection_beyond_the_limit_is_told_so_over_any_byte_stream() {
    let mut stream = connect(0);
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let answer = ask(&mut stream, request, "--max-connections.\n").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
}

#[tokio::test]
async fn a_websocket_beyond_the_limit_gets_the_first_protocol_that_it_offers() {
    let mut stream = connect(0);
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: token, a.b.c\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Frames follow.
    while !answer.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
    }
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(
        answer.contains("sec-websocket-protocol: token\r\n"),
        "{answer}"
    );
}
