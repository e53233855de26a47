//! The program over a long time, and after its death.

use std::net::{Ipv4Addr, SocketAddr};

use quickconnect::{Event, QuickConnect};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use crate::support::{PROGRAM, Peer, Running, guidebook, http, soon};

/// Bounds that these tests shall not meet.
const NO_LIMITS: [&str; 10] = [
    "--max-invitation-burst",
    "1000000",
    "--max-join-burst",
    "1000000",
    "--max-frame-burst",
    "1000000",
    "--max-byte-burst",
    "1000000000",
    "--log",
    "warn",
];

/// Open files and sockets.
#[cfg(target_os = "linux")]
fn descriptors(running: &Running) -> usize {
    let path = format!("/proc/{}/fd", running.process_id());
    std::fs::read_dir(path).unwrap().count()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn ten_thousand_rooms_that_were_joined_and_left_leave_no_memory_behind() {
    const PEERS: usize = 20;
    const ROOMS_EACH: usize = 500;
    const MAX_ROUNDS: usize = 15;
    /// A leak of a hundred bytes for each room would be twice as much.
    const NOTHING_KIB: u64 = 512;

    let running = Running::start(guidebook(PROGRAM).args(NO_LIMITS));
    let round = async || {
        for peer in 0..PEERS {
            let id = format!("peer-{peer}");
            let mut peer = Peer::connect_to(running.address(), &id).await.unwrap();
            peer.hears_greeting().await;
            for room in 0..ROOMS_EACH {
                peer.announce(&format!("{id}-{room}")).await;
                peer.hears_room_info(1).await;
            }
            peer.closes().await;
        }
    };
    // The program compresses the book meanwhile, and keeps that for good. A leak would show in every round.
    let mut sizes = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let before = running.resident_kib();
        round().await;
        let after = running.resident_kib();
        if after <= before + NOTHING_KIB {
            return;
        }
        sizes.push((before, after));
    }
    panic!("memory grows with every round: {sizes:?} KiB");
}

/// A call between the program's companion and a reader, from the invitation to the reader's end.
#[cfg(target_os = "linux")]
async fn call_with_the_companion(running: &Running, room: &str, reader: &str) {
    let join = QuickConnect::builder(format!("http://{}", running.address()))
        .room(room)
        .id(reader)
        .data_channel("chat")
        .addresses(vec![(Ipv4Addr::LOCALHOST, 0).into()]);
    let mut reader = join.connect().await.unwrap();
    let invited = http::post_at(running.address(), "/companion", room).await;
    assert_eq!(invited.status, 204, "{}", invited.text());
    let opened =
        async { while !matches!(reader.next().await.unwrap(), Event::ChannelOpened(_)) {} };
    soon("an open channel", opened).await;
    reader.close().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn five_hundred_calls_one_after_the_other_leave_no_memory_and_no_descriptor_behind() {
    const WARM_UP: usize = 20;
    const CALLS_EACH: usize = 100;
    const ROUNDS: usize = 5;
    /// The smallest task, left behind by each call of a round, would be twice as much; a connection, hundreds of times.
    const NOTHING_KIB: u64 = 50;

    let running = Running::start(guidebook(PROGRAM).args(NO_LIMITS));
    let round = async |round: usize, calls: usize| {
        for call in 0..calls {
            // Ids that are made begin with a c: in turns the reader makes the offer, and the companion.
            let reader = ["a", "z"][call % 2];
            call_with_the_companion(&running, &format!("{round}-{call}"), reader).await;
        }
    };
    round(0, WARM_UP).await;
    let before = descriptors(&running);
    let mut sizes = Vec::new();
    for number in 1..=ROUNDS {
        let resident = running.resident_kib();
        round(number, CALLS_EACH).await;
        let gone = async {
            while descriptors(&running) > before {
                sleep(Duration::from_millis(10)).await;
            }
        };
        soon("the end of the last companion", gone).await;
        sizes.push((resident, running.resident_kib()));
    }
    // Allocators keep what they may need again. A leak would show in every round.
    let is_flat = |(before, after): &(u64, u64)| *after <= before + NOTHING_KIB;
    assert!(
        sizes.iter().any(is_flat),
        "memory grows with every round: {sizes:?} KiB"
    );
}

/// As an original client does it: comes back again and again, and knows no token. Says how many were in the room each time.
async fn comes_back(address: SocketAddr, id: String, counts: mpsc::UnboundedSender<usize>) {
    let hello = format!("/hello|{id}");
    loop {
        if let Ok(mut peer) = Peer::connect_to(address, &id).await {
            peer.says_or_ends(&peer.announcement("r")).await;
            while let Some(text) = peer.next_text_or_end().await {
                let count = text.strip_prefix(r#"/roominfo|{"memberCount":"#);
                if let Some(count) = count.and_then(|rest| rest.strip_suffix('}')) {
                    counts.send(count.parse().unwrap()).unwrap();
                }
                // Load: whoever hears a newcomer greets the room.
                if text.starts_with("/announce|") {
                    peer.says_or_ends(&hello).await;
                }
            }
        }
        // As long as an original client waits at first.
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn everybody_is_back_after_the_server_was_killed_under_load_and_started_again() {
    const CLIENTS: usize = 30;

    let running = Running::start(guidebook(PROGRAM).args(NO_LIMITS));
    let (address, port) = (running.address(), running.port);
    let (counts, mut heard) = mpsc::unbounded_channel();
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(comes_back(address, format!("c{client}"), counts.clone()));
    }
    soon("a full room", async {
        while heard.recv().await.unwrap() < CLIENTS {}
    })
    .await;
    // Kills it.
    drop(running);
    while heard.try_recv().is_ok() {}
    let _again = Running::start_at(guidebook(PROGRAM).args(NO_LIMITS), port);
    soon("a full room again", async {
        while heard.recv().await.unwrap() < CLIENTS {}
    })
    .await;
}
