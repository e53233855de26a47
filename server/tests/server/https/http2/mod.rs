//! HTTP/2, for clients that choose it in the handshake of TLS.
//!
//! # Layout
//! - this page: what is served over it, and how it ends
//! - `attacks`: what one client does to harm the others
//! - `bounds`: what a connection may hold, and for how long
//! - `frames`: a client frame by frame

mod attacks;
pub(crate) mod bounds;
pub(crate) mod frames;

use std::time::Duration;

use server::config::{Limits, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::start;
use crate::support::http::{self, Http2};
use crate::support::tls::{Certificate, Trusted};
use crate::support::{Checkout, Peer, Server, soon};
use frames::{ENABLE_CONNECT_PROTOCOL, GOAWAY, Raw, SETTINGS};

/// What clients offer, as ALPN calls it.
pub(crate) const HTTP_2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

/// What the server promises of its end, whatever its clients do.
const PROMISE: Duration = Duration::from_secs(2);

async fn connect(server: &Server, trusted: &Trusted) -> Http2 {
    let both = trusted.offering(&[HTTP_2, HTTP_1_1]);
    let stream = both.connect(server.address).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(HTTP_2));
    Http2::over(stream).await
}

#[tokio::test]
async fn it_is_agreed_upon_with_whoever_offers_it_and_with_nobody_else() {
    let (server, trusted) = start().await;
    for (offered, agreed) in [
        (&[HTTP_2, HTTP_1_1][..], Some(HTTP_2)),
        (&[HTTP_1_1, HTTP_2], Some(HTTP_2)),
        // As browsers ask for a WebSocket.
        (&[HTTP_1_1], Some(HTTP_1_1)),
        (&[], None),
    ] {
        let stream = trusted.offering(offered).connect(server.address).await;
        let stream = stream.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), agreed);
        if agreed != Some(HTTP_2) {
            let answer = http::get_over(stream, "/healthz", &[]).await;
            assert_eq!(answer.status, 200);
        }
    }
}

#[tokio::test]
async fn a_trusted_proxy_gets_http_1_1_since_it_asks_for_many() {
    let certificate = Certificate::new();
    let mut settings = Settings::from(Limits::default());
    settings.access.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
    let server = Server::with_tls(&certificate.tls(), settings).await;
    let proxy = certificate.trusted().offering(&[HTTP_2, HTTP_1_1]);
    let stream = proxy.connect(server.address).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(HTTP_1_1));
    let answer = http::get_over(stream, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
    let only = certificate.trusted().offering(&[HTTP_2]);
    let refused = soon("a refusal", only.connect(server.address)).await;
    refused.expect_err("no protocol is left to agree upon");
}

#[tokio::test]
async fn it_is_not_spoken_without_tls() {
    let server = Server::start().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(&frames::opening(&[])).await.unwrap();
    let mut answer = Vec::new();
    let _ = soon("the end", socket.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
    // As a client asks that would change to it on the same connection.
    let upgrade = [
        ("connection", "upgrade, http2-settings"),
        ("upgrade", "h2c"),
        ("http2-settings", "AAMAAABkAAQAAP__"),
    ];
    let answer = http::get_with(&server, "/healthz", &upgrade).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_page_and_all_that_belongs_to_it_come_over_one_connection_at_once() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    let page = connection.get("/connecting/").await;
    assert_eq!(page.status, 200);
    let plain = http::get(&server, "/connecting/").await;
    assert_eq!(page.body, plain.body);
    for name in ["content-type", "etag", "content-length", "cache-control"] {
        assert_eq!(page.header(name), plain.header(name), "{name}");
    }
    let book = server.book.current();
    let mut asked = tokio::task::JoinSet::new();
    for path in book.paths().filter(|path| path.ends_with(".js")) {
        let path = format!("/{path}");
        let connection = connection.clone();
        asked.spawn(async move { (connection.get(&path).await, path) });
    }
    assert!(asked.len() > 100, "{}", asked.len());
    while let Some(answered) = asked.join_next().await {
        let (answer, path) = answered.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        let file = book.get(&path[1..]).unwrap();
        assert!(answer.body == file.identity().body, "{path}");
    }
    assert!(!connection.is_closed());
}

#[tokio::test]
async fn what_only_the_head_is_wanted_of_comes_without_a_body_and_a_part_as_a_part() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    for path in ["/connecting/", "/nothing", "/healthz"] {
        let whole = connection.get(path).await;
        let head = connection.exchange("HEAD", path, &[], "").await;
        assert_eq!((head.status, head.body.len()), (whole.status, 0), "{path}");
        let length = head.header("content-length");
        assert_eq!(length, whole.body.len().to_string(), "{path}");
    }
    let part = [("range", "bytes=2-4")];
    let part = connection.exchange("GET", "/connecting/", &part, "").await;
    let whole = connection.get("/connecting/").await;
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[2..5]));
    let known = [("if-none-match", whole.header("etag"))];
    let known = connection.exchange("GET", "/connecting/", &known, "").await;
    assert_eq!((known.status, known.body.len()), (304, 0));
}

#[tokio::test]
async fn the_host_is_the_authority_and_admission_compares_origins_with_it() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    for (host, status) in [("localhost", 200), ("LOCALHOST", 200), ("other", 400)] {
        let answer = connection.exchange("GET", "/", &[("host", host)], "").await;
        assert_eq!(answer.status, status, "{host}");
    }
    for (origin, status) in [
        ("https://localhost", 200),
        ("https://localhost:1", 403),
        ("https://elsewhere.example", 403),
    ] {
        let headers = [("origin", origin)];
        let answer = connection.exchange("POST", "/ice", &headers, "").await;
        assert_eq!(answer.status, status, "{origin}");
    }
    // The page's policy names the other address of this machine, as for one who asks at localhost.
    let page = connection.get("/connecting/").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("connect-src 'self' 127.0.0.1"), "{policy}");
}

#[tokio::test]
async fn one_who_came_by_a_page_of_http_2_signals_over_http_1_1_beside_it() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    assert_eq!(connection.get("/connecting/").await.status, 200);
    let origin = format!("https://localhost:{}", server.address.port());
    let headers = [("origin", origin.as_str())];
    let browser = trusted.offering(&[HTTP_1_1]);
    let mut page = Peer::connect_over_tls(&server, &browser, &headers, "page").await;
    page.announce("r").await;
    page.hears_room_info(1).await;
    let mut plain = Peer::join(&server, "plain", "r", 2).await;
    page.hears(&plain.announcement("r")).await;
    page.says("/to|plain|/hello|page").await;
    plain.hears("/to|plain|/hello|page").await;
    // Nobody is told that a WebSocket could be had over HTTP/2, and a connection to another server can't.
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    let settings = raw.until(|frame| frame.kind == SETTINGS).await;
    let mut names = settings.payload.chunks(6).map(|field| [field[0], field[1]]);
    assert!(names.all(|name| name != ENABLE_CONNECT_PROTOCOL.to_be_bytes()));
}

#[tokio::test]
async fn a_body_is_taken_over_it() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    let mut alone = Peer::join(&server, "alone", "r", 1).await;
    let answer = connection.exchange("POST", "/companion", &[], "r").await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(alone.next_text().await.starts_with("/announce|"));
    let long = "r".repeat(100_000);
    let answer = connection.exchange("POST", "/companion", &[], &long).await;
    assert_eq!(answer.status, 413);
    assert_eq!(connection.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn events_come_as_they_happen_beside_everything_else_and_hold_up_no_end() {
    let checkout = Checkout::new();
    let certificate = Certificate::new();
    let server = Server::with_book_and_tls(checkout.book(), &certificate.tls()).await;
    let connection = connect(&server, &certificate.trusted()).await;
    let mut events = connection.stream("/author/events").await;
    assert!(events.next().await.contains("\"edition\":1"));
    assert_eq!(connection.get("/").await.status, 200);
    let ends = tokio::spawn(async move { events.ends().await });
    let took = server.stop().await;
    assert!(took < PROMISE, "{took:?}");
    ends.await.unwrap();
}

#[tokio::test]
async fn the_end_of_the_server_says_goodbye_and_waits_for_nobody_who_does_not_answer() {
    let (server, trusted) = start().await;
    // This one answers.
    let connection = connect(&server, &trusted).await;
    assert_eq!(connection.get("/").await.status, 200);
    // These don't: one has asked for nothing, and one takes nothing of what it has asked for.
    let mut silent = Raw::open(&server, &trusted, &[]).await;
    let mut deaf = Raw::open(&server, &trusted, &[(frames::INITIAL_WINDOW_SIZE, 0)]).await;
    deaf.send(&frames::get(1, "/connecting/")).await.unwrap();
    deaf.until(|frame| frame.kind == frames::HEADERS).await;
    silent.until(|frame| frame.kind == SETTINGS).await;
    let took = server.stop().await;
    assert!(took < PROMISE, "{took:?}");
    for raw in [&mut silent, &mut deaf] {
        let rest = raw.rest().await;
        let goodbye = rest.iter().find(|frame| frame.kind == GOAWAY);
        assert_eq!(goodbye.expect("a goodbye").code(), 0);
    }
    soon("the end of the connection", connection.ends()).await;
}

#[tokio::test]
async fn a_client_that_agrees_ends_the_connection_before_the_server_gives_it_up() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    raw.send(&frames::get(1, "/healthz")).await.unwrap();
    raw.until(|frame| frame.flags & frames::END_STREAM != 0)
        .await;
    let (took, ()) = tokio::join!(server.stop(), async {
        // The first one says that it ends, and the server asks whether all that was sent is here; the last one says which request was the last.
        while let Some(frame) = raw.next().await {
            if frame.kind == frames::PING {
                let answer = frames::frame(frames::PING, frames::ACK, 0, &frame.payload);
                raw.send(&answer).await.unwrap();
            }
            if frame.kind == GOAWAY && frame.last_stream() == 1 {
                return;
            }
        }
        panic!("given up");
    });
    assert!(took < PROMISE, "{took:?}");
}
