//! Who has an id, when two announce it: its owner, or whoever is alive.

use std::time::{Duration, Instant};

use server::config::Limits;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::slow_link::{Pace, SlowLink};
use crate::support::{Peer, Server};

/// How long a silent connection keeps its id, when another one announces it.
const PROBE_TIME: Duration = Duration::from_secs(2);

const TAKEN: CloseCode = CloseCode::Library(4001);

#[tokio::test]
async fn an_owner_that_comes_back_has_its_id_at_once_and_nobody_hears_a_leave() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut older = Peer::join(&server, "b", "r", 2).await;
    a.hears(&older.announcement("r")).await;

    let begin = Instant::now();
    let mut newer = Peer::connect(&server, "b").await;
    newer.resumes(&older).await;
    newer.announce("r").await;
    newer.hears_room_info(2).await;
    assert!(begin.elapsed() < PROBE_TIME);
    a.hears(&newer.announcement("r")).await;
    assert_eq!(older.is_closed().await, TAKEN);
    older.vanishes();

    a.says("/to|b|/ping|a").await;
    newer.hears("/to|b|/ping|a").await;
    a.hears_nothing().await;

    // What counts is the greeting of the last connection.
    let mut newest = Peer::connect(&server, "b").await;
    newest.resumes(&newer).await;
    newest.announce("r").await;
    newest.hears_room_info(2).await;
}

#[tokio::test]
async fn a_stranger_is_told_that_the_id_is_taken_and_its_owner_feels_nothing() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut owner = Peer::join(&server, "b", "r", 2).await;
    a.hears(&owner.announcement("r")).await;

    let mut stranger = Peer::connect(&server, "b").await;
    stranger
        .says(r#"primus::hello|{"resume":"0123456789abcdef0123456789abcdef"}"#)
        .await;
    stranger.announce("r").await;
    // A client answers when it reads.
    assert_eq!(owner.next().await, Some(Message::Ping(Default::default())));
    owner.hears_nothing().await;
    stranger.hears_error("id-taken").await;
    assert_eq!(stranger.is_closed().await, TAKEN);

    a.says("/to|b|/ping|a").await;
    owner.hears("/to|b|/ping|a").await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn a_stranger_that_sits_elsewhere_stays_there() {
    let server = Server::start().await;
    let mut owner = Peer::join(&server, "b", "r", 1).await;
    let mut stranger = Peer::join(&server, "b", "elsewhere", 1).await;
    stranger.announce("r").await;
    assert_eq!(owner.next().await, Some(Message::Ping(Default::default())));
    owner.hears_nothing().await;
    stranger.hears_error("id-taken").await;
    stranger.hears_nothing().await;
}

#[tokio::test]
async fn a_client_whose_network_dropped_has_its_id_when_its_old_connection_is_silent() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    // It reads no more, and so answers no ping.
    let mut silent = Peer::join(&server, "b", "r", 2).await;
    a.hears(&silent.announcement("r")).await;

    let begin = Instant::now();
    let mut newer = Peer::connect(&server, "b").await;
    newer.announce("r").await;
    newer.hears_room_info(2).await;
    assert!(begin.elapsed() >= PROBE_TIME, "{:?}", begin.elapsed());
    a.hears(&newer.announcement("r")).await;
    assert_eq!(silent.is_closed().await, TAKEN);
    a.hears_nothing().await;
}

/// A client on a slow link that reads and answers, until the test ends.
async fn owner_on(link: &SlowLink) -> JoinHandle<()> {
    let mut owner = Peer::connect_to(link.address, "b").await.unwrap();
    owner.hears_greeting().await;
    owner.announce("r").await;
    while !owner.next_text().await.starts_with("/roominfo|") {}
    tokio::spawn(async move { while owner.next_text_or_ping().await {} })
}

#[tokio::test]
async fn an_owner_on_a_slow_link_keeps_its_id_however_much_is_sent_ahead_of_the_question() {
    // 300 KB take 2.4 s.
    const JUNK: [usize; 6] = [50_000; 6];
    let server = Server::start().await;
    let link = SlowLink::open(server.address, Pace::SLOW).await.unwrap();
    let mut thief = Peer::join(&server, "a", "r", 1).await;
    let owner = owner_on(&link).await;
    thief.next_text().await;

    for bytes in JUNK {
        thief
            .says(&format!("/to|b|/junk|a|{}", "x".repeat(bytes)))
            .await;
    }
    thief.hears_nothing().await;
    let mut stranger = Peer::connect(&server, "b").await;
    stranger.announce("r").await;
    stranger.hears_error("id-taken").await;
    assert_eq!(stranger.is_closed().await, TAKEN);
    thief.hears_nothing().await;
    assert!(!owner.is_finished());
}

#[tokio::test]
async fn who_fills_the_queue_of_another_client_does_not_get_its_id() {
    // More than the buffers of two sockets and a queue hold.
    const FRAMES: usize = 300;
    let server = Server::with_limits(Limits {
        max_frame_burst: usize::MAX,
        max_byte_burst: usize::MAX,
        ..Limits::default()
    })
    .await;
    let mut thief = Peer::join(&server, "a", "r", 1).await;
    let owner = Peer::join(&server, "b", "r", 2).await;
    thief.hears(&owner.announcement("r")).await;
    let junk = format!("/to|b|/junk|a|{}", "x".repeat(50_000));
    for _ in 0..FRAMES {
        thief.says(&junk).await;
    }
    thief.hears(&owner.leave()).await;

    let mut stranger = Peer::connect(&server, "b").await;
    stranger.announce("r").await;
    stranger.hears_error("id-taken").await;
    let mut again = Peer::connect(&server, "b").await;
    again.resumes(&owner).await;
    again.announce("r").await;
    again.hears_room_info(2).await;
    thief.hears(&again.announcement("r")).await;
}

#[tokio::test]
async fn an_owner_that_is_gone_is_replaced_in_bounded_time_whatever_was_sent_to_it() {
    let server = Server::start().await;
    let link = SlowLink::open(server.address, Pace::FREE).await.unwrap();
    let mut thief = Peer::join(&server, "a", "r", 1).await;
    let _owner = owner_on(&link).await;
    thief.next_text().await;
    link.forget();
    for _ in 0..6 {
        thief
            .says(&format!("/to|b|/junk|a|{}", "x".repeat(50_000)))
            .await;
    }
    thief.hears_nothing().await;
    let begin = Instant::now();
    let mut newer = Peer::connect(&server, "b").await;
    newer.announce("r").await;
    // 300 KB could have taken 4.6 s.
    newer.hears_room_info(2).await;
    assert!(begin.elapsed() >= PROBE_TIME, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn an_id_is_free_as_soon_as_the_old_connection_is_gone() {
    let server = Server::start().await;
    let silent = Peer::join(&server, "b", "r", 1).await;
    let mut newer = Peer::connect(&server, "b").await;
    let begin = Instant::now();
    newer.announce("r").await;
    silent.vanishes();
    newer.hears_room_info(1).await;
    assert!(begin.elapsed() < PROBE_TIME);
}

#[tokio::test]
async fn of_many_that_announce_one_id_exactly_one_has_it() {
    const MANY: usize = 10;
    let server = Server::start().await;
    let mut connected = Vec::new();
    for _ in 0..MANY {
        connected.push(Peer::connect(&server, "a").await);
    }
    for peer in &mut connected {
        peer.announce("r").await;
    }
    // Whoever is probed answers while it waits for what it hears.
    let answers = connected.into_iter().map(|mut peer| {
        tokio::spawn(async move {
            let text = peer.next_text_between_pings().await;
            let has_it = text.starts_with("/roominfo|");
            assert!(has_it || text.contains("id-taken"), "{text}");
            if has_it {
                // Until all others are refused.
                while peer.answers_a_ping_within(PROBE_TIME).await {}
            }
            has_it
        })
    });
    let mut owners = 0;
    for answer in answers.collect::<Vec<_>>() {
        owners += usize::from(answer.await.unwrap());
    }
    assert_eq!(owners, 1);
}
