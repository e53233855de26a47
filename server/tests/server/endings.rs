//! How the whole server ends: everybody is told, and nobody can hold it up.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Checkout, Peer, Server, http, soon};

/// What the server promises, whatever its clients do.
const PROMISE: Duration = Duration::from_secs(2);

/// What a connection gets that doesn't end by itself.
const CLOSING_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn every_websocket_hears_that_the_server_goes_away() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    let mut silent = Peer::connect(&server, "c").await;
    let closed = async {
        for peer in [&mut a, &mut b, &mut silent] {
            assert_eq!(peer.is_closed().await, CloseCode::Away);
        }
    };
    let (took, ()) = tokio::join!(server.stop(), closed);
    assert!(took < PROMISE, "{took:?}");
}

#[tokio::test]
async fn no_client_holds_up_the_end() {
    let checkout = Checkout::new();
    let server = Server::with_book(checkout.book()).await;
    let request = b"GET /index.html HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(request).await.unwrap();
    let mut byte = [0];
    soon("a response", idle.read_exact(&mut byte))
        .await
        .unwrap();
    let mut half_a_head = TcpStream::connect(server.address).await.unwrap();
    half_a_head.write_all(&request[..20]).await.unwrap();
    let mut events = http::stream(&server, "/author/events").await;
    events.next().await;
    // It never reads the close frame, and so never answers it.
    let _deaf = Peer::join(&server, "deaf", "r", 1).await;

    let took = server.stop().await;
    assert!(took < PROMISE, "{took:?}");
    events.ends().await;
}

#[tokio::test]
async fn an_idle_connection_is_not_waited_for() {
    let server = Server::start().await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"HEAD / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0];
    soon("a response", idle.read_exact(&mut byte))
        .await
        .unwrap();
    let took = server.stop().await;
    assert!(took < CLOSING_TIME, "{took:?}");
}

#[tokio::test]
async fn a_stopped_server_accepts_nobody() {
    let server = Server::start().await;
    let address = server.address;
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}
