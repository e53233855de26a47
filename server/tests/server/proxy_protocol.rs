//! `--proxy-protocol`: the address of a client, as a proxy says it that passes on bytes.

use std::net::SocketAddr;
use std::time::Duration;

use server::config::{Limits, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::http::{Answer, exchange_over, get_over};
use crate::support::tls::Certificate;
use crate::support::{Peer, Server, soon};

const ALICE: &str = "PROXY TCP4 192.0.2.1 127.0.0.1 5555 8000\r\n";
const BOB: &str = "PROXY TCP4 192.0.2.2 127.0.0.1 5555 8000\r\n";

/// Version 2, of an address of IPv4.
fn v2(ip: [u8; 4]) -> Vec<u8> {
    let head = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c";
    [&head[..], &ip, &[127, 0, 0, 1, 0x15, 0xb3, 0x1f, 0x40]].concat()
}

/// For the server's own health check.
const V2_LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
/// For a client that the proxy can't name.
const UNKNOWN: &[u8] = b"PROXY UNKNOWN\r\n";

fn settings(proxy: &str) -> Settings {
    let mut settings = Settings::from(Limits {
        max_connections_per_address: 1,
        proxy_header_timeout: Duration::from_millis(300),
        ..Limits::default()
    });
    settings.proxy.proxy_protocol = true;
    settings.access.trusted_proxy = vec![proxy.parse().unwrap()];
    settings.admin.metrics = true;
    settings
}

async fn start() -> Server {
    Server::with_settings(settings("127.0.0.1")).await
}

/// A connection of the proxy that begins so.
async fn begin(address: SocketAddr, header: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(header).await.unwrap();
    stream
}

async fn ask(server: &Server, header: &[u8], path: &str) -> Answer {
    get_over(begin(server.address, header).await, path, &[]).await
}

async fn join(server: &Server, header: &[u8]) -> Peer {
    let stream = begin(server.address, header).await;
    let peer = Peer::connect_over(stream, "ws://localhost/", "a").await;
    peer.unwrap()
}

#[tokio::test]
async fn the_clients_that_a_proxy_names_are_told_apart_and_counted() {
    let server = start().await;
    let mut alice = join(&server, ALICE.as_bytes()).await;
    alice.hears_greeting().await;
    let mut bob = join(&server, &v2([192, 0, 2, 2])).await;
    bob.hears_greeting().await;
    for header in [BOB.as_bytes(), &v2([192, 0, 2, 1])] {
        let mut late = join(&server, header).await;
        late.hears_error("too-many-connections-per-address").await;
        let refused = ask(&server, header, "/healthz").await;
        assert_eq!(refused.status, 503, "{}", refused.text());
    }
}

#[tokio::test]
async fn a_header_that_comes_in_pieces_with_the_request_behind_it_is_read() {
    let server = start().await;
    let mut stream = begin(server.address, b"PROX").await;
    stream.set_nodelay(true).unwrap();
    tokio::task::yield_now().await;
    stream.write_all(&ALICE.as_bytes()[4..30]).await.unwrap();
    tokio::task::yield_now().await;
    let rest = [
        &ALICE[30..],
        "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ];
    stream.write_all(rest.concat().as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon("an answer", stream.read_to_string(&mut answer))
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_proxy_that_asks_for_itself_is_answered() {
    let server = start().await;
    for header in [V2_LOCAL, UNKNOWN] {
        assert_eq!(ask(&server, header, "/healthz").await.status, 200);
    }
}

#[tokio::test]
async fn a_client_without_a_name_is_not_believed_as_the_proxy_is_and_counts_for_its_address() {
    let server = start().await;
    for (header, status) in [(V2_LOCAL, 400), (UNKNOWN, 200)] {
        let stream = begin(server.address, header).await;
        let forwarded = [("x-forwarded-host", "no host")];
        let answer = get_over(stream, "/healthz", &forwarded).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let mut one = join(&server, UNKNOWN).await;
    one.hears_greeting().await;
    let mut other = join(&server, UNKNOWN).await;
    other.hears_error("too-many-connections-per-address").await;
}

#[tokio::test]
async fn a_proxy_without_a_good_header_in_time_is_cut_off_and_counted() {
    let server = start().await;
    for (begins, code) in [
        (
            &b"GET /healthz HTTP/1.1\r\n\r\n"[..],
            "proxy-header-missing",
        ),
        (b"PROXY TCP4 nonsense\r\n", "proxy-header-malformed"),
        (b"PROXY TCP4 ", "proxy-header-timeout"),
    ] {
        let mut stream = begin(server.address, begins).await;
        let mut answer = Vec::new();
        // A reset is an end, too: what was sent behind is not read.
        let _ = soon("the end", stream.read_to_end(&mut answer)).await;
        assert!(answer.is_empty(), "{code}");
        let metrics = ask(&server, ALICE.as_bytes(), "/metrics").await;
        let line = format!("refusals_total{{code=\"{code}\"}} 1\n");
        assert!(metrics.text().contains(&line), "{code}: {}", metrics.text());
    }
}

#[tokio::test]
async fn who_asks_at_the_address_for_metrics_names_no_client() {
    let (_server, address) = Server::with_metrics_listener_and(settings("127.0.0.1")).await;
    let stream = begin(address, b"").await;
    assert_eq!(get_over(stream, "/metrics", &[]).await.status, 200);
}

#[tokio::test]
async fn whoever_is_no_trusted_proxy_is_a_client_and_is_believed_nothing() {
    let server = Server::with_settings(settings("192.0.2.9")).await;
    assert_eq!(ask(&server, b"", "/healthz").await.status, 200);
    assert_eq!(ask(&server, ALICE.as_bytes(), "/healthz").await.status, 400);
}

#[tokio::test]
async fn tls_goes_through_to_this_server() {
    let certificate = Certificate::new();
    let server = Server::with_tls(&certificate.tls(), settings("127.0.0.1")).await;
    let stream = begin(server.address, ALICE.as_bytes()).await;
    let trusted = certificate.trusted();
    let stream = trusted.connect_over(stream).await.unwrap();
    assert_eq!(get_over(stream, "/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn nobody_becomes_the_host_by_an_address_of_another_machine() {
    let server = Server::of_workshop(settings("127.0.0.1")).await;
    let code = server
        .host_access
        .make_code(std::time::Instant::now())
        .unwrap();
    let host = format!("localhost:{}", server.address.port());
    let origin = format!("http://{host}");
    let header = b"PROXY TCP4 127.0.0.1 127.0.0.1 5555 8000\r\n";
    let stream = begin(server.address, header).await;
    let headers = [("host", host.as_str()), ("origin", &origin)];
    let answer = exchange_over(
        stream,
        "POST",
        "/workshop/host/session",
        &headers,
        &code.reveal(),
    )
    .await;
    assert_eq!(answer.status, 403, "{}", answer.text());
}
