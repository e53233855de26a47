//! How many sessions there may be, how much they send and how long they last.

use std::time::Duration;

use server::config::Limits;

use super::peer::{Peer, offer_to};
use super::{delete, is_empty, location};
use crate::relay::metric;
use crate::support::Server;

async fn server_with(limits: impl FnOnce(&mut Limits)) -> Server {
    let mut all = Limits::default();
    limits(&mut all);
    super::with_limits(all).await
}

/// What a refusal says, and how it is counted.
async fn is_refused(server: &Server, path: &str, status: u16, words: &str, code: &str) {
    let answer = offer_to(server, path).await;
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(words), "{}", answer.text());
    let refusals = format!("guidebook_refusals_total{{code=\"{code}\"}}");
    assert!(metric(server, &refusals).await >= 1);
}

#[tokio::test]
async fn a_room_has_so_many_publishers_and_a_place_that_one_has_left_is_free() {
    let server = server_with(|limits| limits.max_sfu_publishers_per_room = 2).await;
    let first = offer_to(&server, "/whip/lobby").await;
    let first = location("/whip/lobby", &first);
    offer_to(&server, "/whip/lobby").await;
    let (words, code) = ("2 publishers", "too-many-sfu-publishers");
    is_refused(&server, "/whip/lobby", 503, words, code).await;
    assert_eq!(offer_to(&server, "/whip/other").await.status, 201);
    delete(&server, &first).await;
    assert_eq!(offer_to(&server, "/whip/lobby").await.status, 201);
}

#[tokio::test]
async fn so_many_watch_in_a_room_and_there_are_so_many_rooms() {
    let server = server_with(|limits| {
        limits.max_sfu_watchers_per_room = 1;
        limits.max_sfu_rooms = 1;
    })
    .await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let path = format!("/whep/lobby/{}", publisher.id());
    assert_eq!(offer_to(&server, &path).await.status, 201);
    is_refused(&server, &path, 503, "1 watchers", "too-many-sfu-watchers").await;
    is_refused(&server, "/whip/other", 503, "1 rooms", "too-many-sfu-rooms").await;
}

#[tokio::test]
async fn one_address_has_so_many_sessions() {
    let server = server_with(|limits| limits.max_sfu_sessions_per_address = 1).await;
    assert_eq!(offer_to(&server, "/whip/lobby").await.status, 201);
    let code = "too-many-sfu-sessions-per-address";
    is_refused(&server, "/whip/lobby", 429, "1 sessions", code).await;
}

#[tokio::test]
async fn one_address_begins_so_many_sessions_in_a_time_though_they_have_ended() {
    let server = server_with(|limits| {
        limits.max_sfu_openings_per_second = 1;
        limits.max_sfu_opening_burst = 2;
    })
    .await;
    let code = "too-many-sfu-openings";
    for _ in 0..2 {
        let begun = offer_to(&server, "/whip/lobby").await;
        delete(&server, &location("/whip/lobby", &begun)).await;
    }
    is_refused(&server, "/whip/lobby", 429, "short time", code).await;
    let again = async {
        while offer_to(&server, "/whip/lobby").await.status != 201 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    crate::support::soon("the address may again", again).await;
}

#[tokio::test]
async fn what_a_publisher_sends_in_excess_is_dropped_and_its_browser_was_told() {
    const BYTES_PER_SECOND: usize = 10_000;
    let server = server_with(|limits| limits.max_sfu_bytes_per_second = BYTES_PER_SECOND).await;
    // 50 a second are five times as much as it may send.
    let publisher = Peer::publishes_of(&server, "lobby", &[], 1000).await;
    assert!(publisher.answer.contains("\r\nb=TIAS:80000\r\n"));
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(1).await;
    let excess = "guidebook_sfu_drops_total{reason=\"too-much\"}";
    let dropped = async {
        while metric(&server, excess).await < 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    crate::support::soon("packets are dropped", dropped).await;
    // What passes in the long run still passes.
    watcher.gets(5).await;
}

#[tokio::test]
async fn a_session_ends_whose_peer_never_comes() {
    let server = server_with(|limits| limits.sfu_idle_time = Duration::from_millis(100)).await;
    assert_eq!(offer_to(&server, "/whip/lobby").await.status, 201);
    is_empty(&server, "lobby").await;
}

#[tokio::test]
async fn a_session_ends_when_its_time_is_over_though_it_is_used() {
    let server = server_with(|limits| limits.sfu_session_lifetime = Duration::from_secs(1)).await;
    let mut publisher = Peer::publishes(&server, "lobby", &[]).await;
    publisher.sees("a connection", |it| it.is_connected).await;
    publisher.sees("the end", |it| it.is_over).await;
    is_empty(&server, "lobby").await;
}
