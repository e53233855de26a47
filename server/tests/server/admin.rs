//! What whoever runs the server can look at.

use server::config::{Admin, Limits, Settings};

use crate::support::{Peer, Server, http, soon};

async fn server_with_metrics() -> Server {
    Server::with_settings(Settings {
        admin: Admin {
            metrics: true,
            ..Admin::default()
        },
        limits: Limits {
            max_room_members: 2,
            ..Limits::default()
        },
        ..Settings::default()
    })
    .await
}

/// The number on the line of this name.
async fn number(server: &Server, name: &str) -> f64 {
    let page = http::get(server, "/metrics").await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let line = page.text().lines().find_map(|line| {
        let value = line.strip_prefix("guidebook_")?.strip_prefix(name)?;
        value.strip_prefix(' ')?.parse().ok()
    });
    line.unwrap_or_else(|| panic!("no {name} in {}", page.text()))
}

#[tokio::test]
async fn health_and_readiness_are_answered_where_the_book_is() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(http::get(&server, path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn numbers_are_shown_to_nobody_by_default() {
    let server = Server::start().await;
    assert_eq!(http::get(&server, "/metrics").await.status, 404);
}

#[tokio::test]
async fn the_numbers_follow_what_happens() {
    let server = server_with_metrics().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let mut c = Peer::connect(&server, "c").await;
    c.announce("r").await;
    c.hears_error("room-full").await;
    b.says("/to|a|/ping|b").await;
    a.hears("/to|a|/ping|b").await;
    b.says("/hello|b").await;
    a.hears("/hello|b").await;
    b.says("hello").await;
    b.hears_error("not-a-command").await;

    for (name, value) in [
        ("connections", 3.0),
        ("rooms", 1.0),
        ("members", 2.0),
        ("connections_opened_total", 3.0),
        ("frames_received_total{kind=\"announce\"}", 3.0),
        ("frames_received_total{kind=\"directed\"}", 1.0),
        ("frames_received_total{kind=\"broadcast\"}", 1.0),
        ("frames_received_total{kind=\"bad\"}", 1.0),
        ("refusals_total{code=\"room-full\"}", 1.0),
        ("refusals_total{code=\"not-a-command\"}", 1.0),
    ] {
        assert_eq!(number(&server, name).await, value, "{name}");
    }
    // Three greetings, two counts, two errors, and what was relayed.
    let sent = async { while number(&server, "frames_sent_total").await < 10.0 {} };
    soon("all frames", sent).await;
    let timed = number(&server, "relay_latency_seconds_bucket{le=\"+Inf\"}").await;
    assert!((1.0..=10.0).contains(&timed), "{timed}");

    c.closes().await;
    let gone = async { while number(&server, "connections").await > 2.0 {} };
    soon("one connection less", gone).await;
}

#[tokio::test]
async fn an_address_of_its_own_shows_the_numbers_and_nothing_else() {
    let (server, address) = Server::with_metrics_listener().await;
    assert_eq!(http::get(&server, "/metrics").await.status, 404);
    for (path, status) in [
        ("/metrics", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/", 404),
    ] {
        let answer = http::get_at(address, path).await;
        assert_eq!(answer.status, status, "{path}");
    }
    server.stop().await;
}
