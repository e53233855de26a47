//! Bad frames: their sender hears what is wrong, nobody else hears anything, and everything goes on.

use tokio_tungstenite::tungstenite::Message;

use crate::support::{Peer, Server};

/// Frames that are wrong whoever sends them.
const BAD: [(&str, &str); 22] = [
    ("", "not-a-command"),
    ("hello", "not-a-command"),
    ("{\"type\":\"offer\"}", "not-a-command"),
    ("/", "no-command"),
    ("/|b", "no-command"),
    ("/hello", "no-sender"),
    ("/hello||", "no-sender"),
    ("/to", "no-target"),
    ("/to||/ping|b", "no-target"),
    ("/to|a", "no-command"),
    ("/to|a|ping|b", "no-command"),
    ("/to|a|/ping", "no-sender"),
    ("/to|a|/to|a|/ping|b", "nested-to"),
    ("/error|b|{}", "reserved-command"),
    ("/roominfo|b|{\"memberCount\":9}", "reserved-command"),
    ("/announce|b", "announce-not-json"),
    ("/announce|b|null", "announce-not-json"),
    ("/announce|b|[1]", "announce-not-json"),
    ("/announce|b|{\"room\":\"r\"", "announce-not-json"),
    ("/announce|b|{\"id\":\"b\"}", "no-room"),
    ("/announce|b|{\"id\":\"b\",\"room\":\"\"}", "bad-room-name"),
    ("/announce|b|{\"id\":\"a\",\"room\":\"r\"}", "two-ids"),
];

#[tokio::test]
async fn a_bad_frame_tells_its_sender_and_disturbs_nobody() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    for (frame, code) in BAD {
        b.says(frame).await;
        let message = b.hears_error(code).await;
        assert!(message.ends_with('.'), "{message}");
        b.hears_nothing().await;
        a.hears_nothing().await;
    }
}

#[tokio::test]
async fn a_bad_frame_before_the_announce_is_no_obstacle_to_it() {
    let server = Server::start().await;
    let mut b = Peer::connect(&server, "b").await;
    for (frame, code) in BAD {
        b.says(frame).await;
        b.hears_error(code).await;
    }
    b.announce("r").await;
    b.hears_room_info(1).await;
}

#[tokio::test]
async fn a_binary_frame_tells_its_sender_and_disturbs_nobody() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.sends(Message::binary(b"/hello|b".as_slice())).await;
    b.hears_error("binary-frame").await;
    b.hears_nothing().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn nobody_is_heard_before_the_announce() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::connect(&server, "b").await;
    for frame in [
        "/hello|b",
        "/to|a|/ping|b",
        "/leave|b|{\"id\":\"b\"}",
        "/leave|a|{\"id\":\"a\"}",
    ] {
        b.says(frame).await;
        b.hears_error("not-announced").await;
    }
    a.hears_nothing().await;
}

#[tokio::test]
async fn nobody_speaks_as_somebody_else() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    for frame in [
        "/hello|a",
        "/to|a|/ping|c",
        "/leave|a|{\"id\":\"a\"}",
        "/announce|a|{\"id\":\"a\",\"room\":\"r\"}",
        "/announce|c|{\"id\":\"c\",\"room\":\"another\"}",
    ] {
        b.says(frame).await;
        let message = b.hears_error("wrong-sender").await;
        assert!(message.contains("is not \"b\""), "{message}");
    }
    a.hears_nothing().await;
    b.hears_nothing().await;
}

#[tokio::test]
async fn the_id_stays_fixed_after_a_leave() {
    let server = Server::start().await;
    let mut b = Peer::join(&server, "b", "r", 1).await;
    b.says("/leave|b").await;
    b.says("/announce|c|{\"id\":\"c\",\"room\":\"r\"}").await;
    b.hears_error("wrong-sender").await;
}

#[tokio::test]
async fn an_error_frame_has_one_bar_whatever_it_tells_of() {
    let server = Server::start().await;
    let mut b = Peer::connect(&server, "b").await;
    b.says("/announce|b|{\"room\":\"x|y\"}").await;
    b.hears_error("bad-room-name").await;
}
