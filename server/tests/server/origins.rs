//! Which pages may signal, and for whom a proxy asks.

use server::config::{Access, Limits, Settings};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Peer, Server};

fn settings(access: Access) -> Settings {
    Settings {
        access,
        ..Settings::default()
    }
}

/// The status that a page of this origin gets for its WebSocket.
async fn status(server: &Server, origin: &str) -> u16 {
    match Peer::connect_with(server, &[("origin", origin)], "a").await {
        Ok(mut peer) => {
            peer.hears_greeting().await;
            101
        }
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn own_pages_and_sandboxed_frames_may_signal_and_strangers_may_not() {
    let server = Server::start().await;
    assert_eq!(
        status(&server, &format!("http://{}", server.address)).await,
        101
    );
    assert_eq!(status(&server, "null").await, 101);
    assert_eq!(status(&server, "https://stranger.example").await, 403);
}

#[tokio::test]
async fn strangers_can_be_allowed_and_sandboxed_frames_refused() {
    let server = Server::with_settings(settings(Access {
        allow_origin: vec!["https://friend.example:443".parse().unwrap()],
        refuse_null_origin: true,
        ..Access::default()
    }))
    .await;
    assert_eq!(status(&server, "https://friend.example").await, 101);
    assert_eq!(status(&server, "https://stranger.example").await, 403);
    assert_eq!(status(&server, "null").await, 403);
}

#[tokio::test]
async fn whom_a_trusted_proxy_asks_for_counts_instead_of_the_proxy() {
    let server = Server::with_settings(Settings {
        access: Access {
            trusted_proxy: vec!["127.0.0.1".parse().unwrap()],
            ..Access::default()
        },
        limits: Limits {
            max_connections_per_address: 1,
            ..Limits::default()
        },
        ..Settings::default()
    })
    .await;
    let connect = async |address| {
        let headers = [("x-forwarded-for", address)];
        Peer::connect_with(&server, &headers, "a").await.unwrap()
    };
    let mut one = connect("192.0.2.1").await;
    one.hears_greeting().await;
    let mut other = connect("192.0.2.2").await;
    other.hears_greeting().await;
    // Some proxies add the port of the connection.
    let mut with_port = connect("[2001:db8::1]:443").await;
    with_port.hears_greeting().await;
    for address in [
        "198.51.100.1, 192.0.2.1",
        "192.0.2.1:5123",
        "[2001:db8::1]:444",
    ] {
        let mut same = connect(address).await;
        same.hears_error("too-many-connections-per-address").await;
        assert_eq!(same.is_closed().await, CloseCode::Again);
    }
}

#[tokio::test]
async fn nobody_else_is_believed() {
    let server = Server::with_limits(Limits {
        max_connections_per_address: 1,
        ..Limits::default()
    })
    .await;
    let headers = [("x-forwarded-for", "192.0.2.1")];
    let mut one = Peer::connect_with(&server, &headers, "a").await.unwrap();
    one.hears_greeting().await;
    let headers = [("x-forwarded-for", "192.0.2.2")];
    let mut other = Peer::connect_with(&server, &headers, "a").await.unwrap();
    other.hears_error("too-many-connections-per-address").await;
}
