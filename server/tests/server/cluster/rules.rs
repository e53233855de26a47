//! What a client can't tell from one instance.

use std::time::{Duration, Instant};

use server::config::Limits;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::broker::Broker;
use super::{ample, instance, instance_with, settings};
use crate::rust_peers::{call_started, client};
use crate::support::http::get;
use crate::support::{Peer, Server};

/// How long a silent connection keeps its id, when another one announces it.
const PROBE_TIME: Duration = Duration::from_secs(2);

const TAKEN: CloseCode = CloseCode::Library(4001);

#[tokio::test]
async fn two_on_two_instances_meet_as_on_one() {
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says("/to|a|/announce|b|{}").await;
    a.hears("/to|a|/announce|b|{}").await;
    a.says("/to|b|/ping|a").await;
    b.hears("/to|b|/ping|a").await;
    b.says("/hello|b|everybody").await;
    a.hears("/hello|b|everybody").await;
    a.says("/hello|a|everybody").await;
    b.hears("/hello|a|everybody").await;
    // What is refused is refused there, in the same words.
    b.says("/hello|c|everybody").await;
    b.hears_error("wrong-sender").await;
    b.says("nonsense").await;
    b.hears_error("not-a-command").await;

    // A room elsewhere, and back.
    b.announce("s").await;
    b.hears_room_info(1).await;
    a.hears(&b.leave()).await;
    b.announce("r").await;
    b.hears_room_info(2).await;
    a.hears(&b.announcement("r")).await;
    b.hears_nothing().await;
    let begin = Instant::now();
    let leave = b.leave();
    b.vanishes();
    a.hears(&leave).await;
    assert!(begin.elapsed() < Duration::from_secs(1));
    a.hears_nothing().await;
}

#[tokio::test]
async fn a_room_of_one_instance_has_nothing_said_of_it_to_others() {
    let broker = Broker::start();
    let mut of_x = settings(&broker.url(), Limits::default());
    of_x.admin.metrics = true;
    let x = Server::with_settings(of_x).await;
    let y = instance(&broker).await;
    let entries = async || -> Vec<String> {
        let page = get(&x, "/metrics").await;
        let lines = page.text().lines();
        let entries = lines.filter(|line| line.starts_with("guidebook_cluster_entries_total{"));
        let said = entries.filter(|line| !line.ends_with(" 0"));
        said.map(str::to_owned).collect()
    };
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&x, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    for text in ["/to|b|/hello|a", "/hello|a|everybody"] {
        a.says(text).await;
        b.hears(text).await;
    }
    assert!(entries().await.is_empty());
    // And to those that have a member in it, once.
    let mut c = Peer::join(&y, "c", "r", 3).await;
    for (number, hears) in [&mut a, &mut b].into_iter().enumerate() {
        hears.hears(&c.announcement("r")).await;
        hears
            .says(&format!("/hello|{}|{number}", ["a", "b"][number]))
            .await;
        c.hears(&format!("/hello|{}|{number}", ["a", "b"][number]))
            .await;
    }
    let said = entries().await;
    let open = r#"guidebook_cluster_entries_total{kind="open",way="in"} 1"#;
    assert!(said.contains(&open.to_owned()), "{said:?}");
    let has = |begin: &str| said.iter().any(|line| line.starts_with(begin));
    assert!(has(
        r#"guidebook_cluster_entries_total{kind="send",way="out"}"#
    ));
    assert!(!has(
        r#"guidebook_cluster_entries_total{kind="frame",way="out"}"#
    ));
}

#[tokio::test]
async fn clients_of_two_instances_call_each_other_and_go_on_when_the_home_of_their_room_stops() {
    let broker = Broker::start();
    let home = instance(&broker).await;
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let _first = Peer::join(&home, "0", "r", 1).await;
    let mut a = client(&x, "a").connect().await.unwrap();
    let mut b = client(&y, "b").connect().await.unwrap();
    assert_eq!(call_started(&mut a).await.as_str(), "b");
    assert_eq!(call_started(&mut b).await.as_str(), "a");
    home.stop().await;
    // Both come back by themselves, and are found.
    let mut c = client(&y, "c").connect().await.unwrap();
    let mut called = [(); 2].map(|()| String::new());
    for id in &mut called {
        *id = call_started(&mut c).await.to_string();
    }
    called.sort();
    assert_eq!(called, ["a", "b"]);
}

#[tokio::test]
async fn who_leaves_in_its_own_words_is_not_called_gone_a_second_time() {
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says(r#"/leave|b|{"id":"b","why":"bored"}"#).await;
    a.hears(r#"/leave|b|{"id":"b","why":"bored"}"#).await;
    b.closes().await;
    a.hears_nothing().await;
}

#[tokio::test]
async fn the_limit_of_a_room_is_exact_over_two_instances() {
    const MEMBERS: usize = 3;
    let broker = Broker::start();
    let limits = || Limits {
        max_room_members: MEMBERS,
        ..Limits::default()
    };
    let x = instance_with(&broker, limits()).await;
    let y = instance_with(&broker, limits()).await;
    let mut peers = Vec::new();
    for (index, server) in [&x, &y, &x, &y, &x, &y].into_iter().enumerate() {
        let mut peer = Peer::connect(server, &format!("peer-{index}")).await;
        peer.announce("r").await;
        peers.push(peer);
    }
    let mut full = 0;
    for peer in &mut peers {
        loop {
            let text = peer.next_text().await;
            if text.starts_with("/roominfo|") {
                break;
            }
            if text.contains("room-full") {
                full += 1;
                break;
            }
        }
    }
    assert_eq!(full, peers.len() - MEMBERS);
}

#[tokio::test]
async fn an_owner_has_its_id_on_another_instance_at_once_and_a_stranger_does_not() {
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let z = instance(&broker).await;
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut older = Peer::join(&y, "b", "r", 2).await;
    a.hears(&older.announcement("r")).await;

    let mut stranger = Peer::connect(&z, "b").await;
    stranger.announce("r").await;
    // A client answers when it reads.
    assert!(older.answers_a_ping_within(PROBE_TIME).await);
    older.hears_nothing().await;
    stranger.hears_error("id-taken").await;
    assert_eq!(stranger.is_closed().await, TAKEN);

    let mut newer = Peer::connect(&z, "b").await;
    newer.resumes(&older).await;
    newer.announce("r").await;
    newer.hears_room_info(2).await;
    a.hears(&newer.announcement("r")).await;
    assert_eq!(older.is_closed().await, TAKEN);
    a.says("/to|b|/ping|a").await;
    newer.hears("/to|b|/ping|a").await;

    // The home takes it back from there.
    let mut newest = Peer::connect(&x, "b").await;
    newest.resumes(&newer).await;
    newest.announce("r").await;
    newest.hears_room_info(2).await;
    assert_eq!(newer.is_closed().await, TAKEN);
    a.hears(&newest.announcement("r")).await;
    older.vanishes();
    newer.vanishes();
    a.hears_nothing().await;
}

#[tokio::test]
async fn a_silent_owner_gives_way_to_whoever_comes_on_another_instance() {
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    // It reads no more, and so answers no ping.
    let mut silent = Peer::join(&y, "b", "r", 2).await;
    a.hears(&silent.announcement("r")).await;
    let begin = Instant::now();
    let mut newer = Peer::connect(&x, "b").await;
    newer.announce("r").await;
    newer.hears_room_info(2).await;
    assert!(begin.elapsed() >= PROBE_TIME, "{:?}", begin.elapsed());
    assert_eq!(silent.is_closed().await, TAKEN);
}

#[tokio::test]
async fn who_is_cut_off_keeps_its_id_at_the_home_of_its_room() {
    // More than the buffers of two sockets and a queue hold.
    const FRAMES: usize = 300;
    let broker = Broker::start();
    let x = instance_with(&broker, ample()).await;
    let y = instance(&broker).await;
    let mut thief = Peer::join(&x, "a", "r", 1).await;
    let owner = Peer::join(&y, "b", "r", 2).await;
    thief.hears(&owner.announcement("r")).await;
    let junk = format!("/to|b|/junk|a|{}", "x".repeat(50_000));
    for _ in 0..FRAMES {
        thief.says(&junk).await;
    }
    thief.hears(&owner.leave()).await;
    let mut stranger = Peer::connect(&x, "b").await;
    let begin = Instant::now();
    stranger.announce("r").await;
    stranger.hears_error("id-taken").await;
    assert!(begin.elapsed() < PROBE_TIME);
    let mut again = Peer::connect(&x, "b").await;
    again.resumes(&owner).await;
    again.announce("r").await;
    again.hears_room_info(2).await;
}

#[tokio::test]
async fn what_a_frame_costs_at_the_home_is_charged_at_the_edge() {
    const MEMBERS: usize = 10;
    let broker = Broker::start();
    let x = instance(&broker).await;
    let y = instance_with(
        &broker,
        Limits {
            max_deliveries_per_second: 1,
            max_delivery_burst: 34,
            ..Limits::default()
        },
    )
    .await;
    let mut members = Vec::new();
    for index in 0..MEMBERS {
        members.push(Peer::join(&x, &format!("m{index}"), "r", index + 1).await);
    }
    // The announce and each of two words go to ten, and each mark to itself: 34 in all.
    let mut b = Peer::join(&y, "b", "r", MEMBERS + 1).await;
    for _ in 0..2 {
        b.says("/hello|b").await;
        b.hears_nothing().await;
    }
    // Without what they cost at the home these are not too many.
    for _ in 0..20 {
        b.says("/to|b|/mark|b").await;
    }
    while !b.next_text().await.contains("too-many-deliveries") {}
}

#[tokio::test]
async fn of_many_rooms_that_two_instances_ask_for_at_once_each_has_one_home() {
    const ROOMS: usize = 40;
    let broker = Broker::start();
    let limits = || Limits {
        max_connections_per_address: 1000,
        ..ample()
    };
    let x = instance_with(&broker, limits()).await;
    let y = instance_with(&broker, limits()).await;
    let join = async |server: &Server, id: &str, room: usize| {
        let mut peer = Peer::connect(server, id).await;
        peer.announce(&format!("room-{room}")).await;
        peer
    };
    let mut pairs = Vec::new();
    for room in 0..ROOMS {
        pairs.push(tokio::join!(join(&x, "a", room), join(&y, "b", room)));
    }
    for (a, b) in &mut pairs {
        a.says("/hello|a|1").await;
        b.says("/hello|b|1").await;
    }
    for (mut a, mut b) in pairs {
        while a.next_text().await != "/hello|b|1" {
            a.says_or_ends("/again|a|").await;
            b.says_or_ends("/hello|b|1").await;
        }
    }
}
