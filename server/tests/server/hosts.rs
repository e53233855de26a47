//! Which host a request is for.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Server, soon};

/// The status line of the answer.
async fn status(server: &Server, head: &str) -> String {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon("an answer", socket.read_to_string(&mut answer))
        .await
        .unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_has_one_host_for_pages_and_signaling_alike() {
    let server = Server::start().await;
    let handshake = "upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                     sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (target, headers, expected) in [
        (
            "GET / HTTP/1.1",
            "host: localhost\r\nconnection: close",
            "HTTP/1.1 200 OK",
        ),
        (
            "GET / HTTP/1.1",
            "connection: close",
            "HTTP/1.1 400 Bad Request",
        ),
        (
            "GET /nothing HTTP/1.1",
            "host: localhost\r\nhost: localhost\r\nconnection: close",
            "HTTP/1.1 400 Bad Request",
        ),
        (
            "GET / HTTP/1.1",
            "host: x y\r\nconnection: close",
            "HTTP/1.1 400 Bad Request",
        ),
        // A health check of a load balancer.
        ("GET /healthz HTTP/1.0", "accept: */*", "HTTP/1.0 200 OK"),
    ] {
        let head = format!("{target}\r\n{headers}\r\n\r\n");
        assert_eq!(status(&server, &head).await, expected, "{head}");
    }
    for host in ["", "host: localhost\r\nhost: y\r\n"] {
        let head = format!("GET / HTTP/1.1\r\n{host}connection: upgrade, close\r\n{handshake}\r\n");
        assert_eq!(
            status(&server, &head).await,
            "HTTP/1.1 400 Bad Request",
            "{head}"
        );
    }
}
