//! What the server does with good frames: one test for each rule of the protocol.

use std::time::Duration;

use quickconnect::protocol::Greeting;
use server::config::Limits;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{Peer, Server};

#[tokio::test]
async fn both_places_where_original_clients_look_greet_a_websocket() {
    let server = Server::start().await;
    for path in ["/", "/primus", "/?_=1700000000"] {
        let mut peer = Peer::connect_at(&server, path, "a").await.unwrap();
        peer.hears_greeting().await;
    }
}

#[tokio::test]
async fn the_greeting_says_how_often_the_server_pings_and_what_it_takes() {
    let server = Server::with_limits(Limits {
        ping_period: Duration::from_millis(1500),
        max_frame_bytes: 2000,
        ..Limits::default()
    })
    .await;
    let peer = Peer::connect(&server, "a").await;
    let greeting = Greeting::read(peer.greeting()).unwrap();
    assert_eq!(greeting.ping_seconds, Some(1.5));
    assert_eq!(greeting.max_frame_bytes, Some(2000));
    assert!(greeting.resume.is_some());
}

#[tokio::test]
async fn a_websocket_anywhere_else_is_not_found() {
    let server = Server::start().await;
    match Peer::connect_at(&server, "/elsewhere", "a")
        .await
        .map(|_| ())
    {
        Err(Error::Http(response)) => assert_eq!(response.status(), 404),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_announce_is_answered_with_the_count_and_relayed_as_it_came() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    a.hears_nothing().await;
    b.hears_nothing().await;
}

#[tokio::test]
async fn an_announce_with_a_bar_in_its_json_joins_and_is_relayed() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::connect(&server, "b").await;
    let frame = r#"/announce|b|{"nick":"x|y","id":"b","room":"r"}"#;
    b.says(frame).await;
    b.hears_room_info(2).await;
    a.hears(frame).await;
}

#[tokio::test]
async fn a_second_announce_is_answered_and_relayed_again() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    b.announce("r").await;
    b.hears_room_info(2).await;
    a.hears(&b.announcement("r")).await;
    a.hears(&b.announcement("r")).await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn an_announce_of_another_room_moves_and_the_old_room_hears_the_leave() {
    let server = Server::start().await;
    let mut stays = Peer::join(&server, "stays", "old", 1).await;
    let mut awaits = Peer::join(&server, "awaits", "new", 1).await;
    let mut moves = Peer::join(&server, "moves", "old", 2).await;
    stays.hears(&moves.announcement("old")).await;

    moves.announce("new").await;
    moves.hears_room_info(2).await;
    stays.hears(&moves.leave()).await;
    awaits.hears(&moves.announcement("new")).await;

    moves.says("/hello|moves").await;
    awaits.hears("/hello|moves").await;
    stays.hears_nothing().await;
}

#[tokio::test]
async fn a_directed_frame_reaches_its_target_only_and_as_it_came() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    let mut c = Peer::join(&server, "c", "r", 3).await;
    a.hears(&b.announcement("r")).await;
    for peer in [&mut a, &mut b] {
        peer.hears(&c.announcement("r")).await;
    }
    let frame = r#"/to|b|/sdp|a|{"sdp":"v=0\r\no=- 1 | 2","type":"offer"}"#;
    a.says(frame).await;
    b.hears(frame).await;
    c.hears_nothing().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn a_directed_frame_may_be_for_its_sender() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    a.says("/to|a|/ping|a").await;
    a.hears("/to|a|/ping|a").await;
}

#[tokio::test]
async fn a_directed_frame_to_nobody_is_dropped() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    a.says("/to|nobody|/ping|a").await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn ids_of_digits_can_be_reached() {
    let server = Server::start().await;
    let mut one = Peer::join(&server, "1", "r", 1).await;
    let mut two = Peer::join(&server, "002", "r", 2).await;
    one.hears(&two.announcement("r")).await;
    one.says("/to|002|/ping|1").await;
    two.hears("/to|002|/ping|1").await;
}

#[tokio::test]
async fn any_other_command_is_relayed_to_the_rest_of_the_room() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says("/custom:thing|b|1|{\"x\":2}||").await;
    a.hears("/custom:thing|b|1|{\"x\":2}||").await;
    b.hears_nothing().await;
}

#[tokio::test]
async fn commands_are_case_insensitive() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::connect(&server, "b").await;
    b.says(r#"/ANNOUNCE|b|{"id":"b","room":"r"}"#).await;
    b.hears_room_info(2).await;
    a.hears(r#"/ANNOUNCE|b|{"id":"b","room":"r"}"#).await;
    b.says("/TO|a|/Ping|b").await;
    a.hears("/TO|a|/Ping|b").await;
    b.says("/Leave|b").await;
    a.hears("/Leave|b").await;
    b.says("/hello|b").await;
    b.hears_error("not-announced").await;
}

#[tokio::test]
async fn chatter_of_the_original_transport_is_ignored() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says("primus::ping::1700000000000").await;
    b.hears_nothing().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn a_leave_is_relayed_once_however_the_connection_ends_after_it() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let leave = b.leave();
    b.says(&leave).await;
    a.hears(&leave).await;
    b.closes().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn who_left_is_reached_no_more_and_may_come_back() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says("/leave|b|{\"id\":\"b\"}").await;
    a.hears("/leave|b|{\"id\":\"b\"}").await;
    a.says("/to|b|/ping|a").await;
    a.hears_nothing().await;

    b.announce("r").await;
    b.hears_room_info(2).await;
    a.hears(&b.announcement("r")).await;
}

#[tokio::test]
async fn the_room_hears_of_a_connection_that_is_closed() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let leave = b.leave();
    b.closes().await;
    a.hears(&leave).await;
}

#[tokio::test]
async fn the_room_hears_of_a_connection_that_breaks() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let leave = b.leave();
    b.vanishes();
    a.hears(&leave).await;
    a.announce("r").await;
    a.hears_room_info(1).await;
}

#[tokio::test]
async fn ids_are_unique_within_a_room_only() {
    let server = Server::start().await;
    let mut here = Peer::join(&server, "a", "here", 1).await;
    let mut there = Peer::join(&server, "a", "there", 1).await;
    here.hears_nothing().await;
    there.hears_nothing().await;
}

#[tokio::test]
async fn rooms_are_kept_apart() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut other = Peer::join(&server, "b", "another", 1).await;
    other.says("/hello|b").await;
    other.says("/to|a|/ping|b").await;
    other.hears_nothing().await;
    let leave = other.leave();
    other.says(&leave).await;
    other.closes().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn pings_of_a_client_are_answered() {
    let server = Server::start().await;
    let mut a = Peer::connect(&server, "a").await;
    a.sends(Message::Ping("x".into())).await;
    a.hears_pong("x").await;
}
