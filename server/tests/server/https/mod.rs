//! TLS at the port of plain HTTP.
//!
//! # Layout
//! - this page: pages, signaling and the end of connections
//! - `attacks`: what one client does to harm the others
//! - `bounds`: what a client can hold that shakes hands slowly, or not at all
//! - `files`: the certificate that the host names, good, bad and replaced
//! - `http2`: HTTP/2

mod attacks;
mod bounds;
mod files;
pub(crate) mod http2;

use std::io::ErrorKind;

use server::config::{Limits, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::relay::metric;
use crate::support::tls::{Certificate, Trusted};
use crate::support::{Peer, Server, http, soon};

/// A Binding request of STUN, and how the answer to it begins.
const BINDING: &[u8] = b"\x00\x01\x00\x00\x21\x12\xa4\x42transaction!";
const BOUND: &[u8] = b"\x01\x01";

const REFUSED: &str = "guidebook_refusals_total{code=";

/// A server that speaks TLS, with metrics, and a client that trusts it.
async fn with_limits(limits: Limits) -> (Server, Trusted) {
    let certificate = Certificate::new();
    let mut settings = Settings::from(limits);
    settings.admin.metrics = true;
    let server = Server::with_tls(&certificate.tls(), settings).await;
    (server, certificate.trusted())
}

async fn start() -> (Server, Trusted) {
    with_limits(Limits::default()).await
}

/// Waits until the server has refused something for this reason so often.
async fn is_refused(server: &Server, code: &str, count: usize) {
    let name = format!("{REFUSED}\"{code}\"}} ");
    let counted = async { while metric(server, &name).await != count {} };
    soon(code, counted).await;
}

#[tokio::test]
async fn a_page_comes_over_tls_and_plainly_at_one_port_and_stun_is_told_apart() {
    let (server, trusted) = start().await;
    let stream = trusted.connect(server.address).await.unwrap();
    let secure = http::get_over(stream, "/connecting/", &[]).await;
    let plain = http::get(&server, "/connecting/").await;
    assert_eq!((secure.status, plain.status), (200, 200));
    assert_eq!(secure.body, plain.body);
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(BINDING).await.unwrap();
    let mut answer = [0; BOUND.len()];
    soon("an answer of STUN", stream.read_exact(&mut answer))
        .await
        .unwrap();
    assert_eq!(answer, BOUND);
}

#[tokio::test]
async fn one_who_came_over_tls_and_one_who_did_not_meet_in_a_room() {
    let (server, trusted) = start().await;
    let mut plain = Peer::join(&server, "plain", "r", 1).await;
    // As a page of this server sends it.
    let origin = format!("https://localhost:{}", server.address.port());
    let headers = [("origin", origin.as_str())];
    let mut secure = Peer::connect_over_tls(&server, &trusted, &headers, "secure").await;
    secure.announce("r").await;
    secure.hears_room_info(2).await;
    plain.hears(&secure.announcement("r")).await;
    let long = "x".repeat(60_000);
    for _ in 0..20 {
        let to_plain = format!("/to|plain|/big|secure|{long}");
        let to_secure = format!("/to|secure|/big|plain|{long}");
        secure.says(&to_plain).await;
        plain.hears(&to_plain).await;
        plain.says(&to_secure).await;
        secure.hears(&to_secure).await;
    }
    secure.closes().await;
    plain.hears(r#"/leave|secure|{"id":"secure"}"#).await;
}

#[tokio::test]
async fn one_who_reads_late_hears_everything_over_tls() {
    /// Far more than the buffers of the system hold.
    const MESSAGES: usize = 300;

    let (server, trusted) = with_limits(Limits {
        max_queued_bytes: 1 << 26,
        max_byte_burst: 1 << 26,
        max_delivery_burst: 1 << 20,
        ..Limits::default()
    })
    .await;
    let mut late = Peer::connect_over_tls(&server, &trusted, &[], "late").await;
    late.announce("r").await;
    late.hears_room_info(1).await;
    let mut quick = Peer::join(&server, "quick", "r", 2).await;
    late.hears(&quick.announcement("r")).await;
    let message = |number: usize| format!("/to|late|/big|quick|{number}{}", "x".repeat(60_000));
    for number in 0..MESSAGES {
        quick.says(&message(number)).await;
    }
    // It has been read and queued.
    quick.hears_nothing().await;
    for number in 0..MESSAGES {
        late.hears_text_between_pings(&message(number)).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_certificate_is_counted_as_such() {
    let (server, _) = start().await;
    let stranger = Trusted::only([]);
    for count in 1..=2 {
        soon("a refusal", stranger.connect(server.address))
            .await
            .unwrap_err();
        is_refused(&server, "tls-not-trusted", count).await;
    }
}

#[tokio::test]
async fn what_looks_like_tls_and_is_none_is_counted_and_told_so() {
    let (server, _) = start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"\x16GET / HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = soon("the end", stream.read_to_end(&mut answer)).await;
    // A record with an alert.
    assert_eq!(answer.first(), Some(&0x15));
    is_refused(&server, "tls-handshake-failed", 1).await;
}

#[tokio::test]
async fn connections_of_tls_hear_that_nothing_comes_any_more_when_the_server_stops() {
    let (server, trusted) = start().await;
    let mut idle = trusted.connect(server.address).await.unwrap();
    idle.write_all(b"HEAD / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0];
    soon("a response", idle.read_exact(&mut byte))
        .await
        .unwrap();
    let mut websocket = trusted.connect(server.address).await.unwrap();
    let request = crate::support::RawPeer::request();
    websocket.write_all(request.as_bytes()).await.unwrap();
    soon("a response", websocket.read_exact(&mut byte))
        .await
        .unwrap();
    let ends = async |mut stream: tokio_rustls::client::TlsStream<TcpStream>| {
        let mut rest = Vec::new();
        // Without a `close_notify` this is an error, `UnexpectedEof`.
        let end = stream
            .read_to_end(&mut rest)
            .await
            .map_err(|error| error.kind());
        assert!(!matches!(end, Err(ErrorKind::UnexpectedEof)), "{end:?}");
        end.unwrap();
    };
    tokio::join!(
        server.stop(),
        soon("the end of HTTP", ends(idle)),
        soon("the end of a WebSocket", ends(websocket))
    );
}
