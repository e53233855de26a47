//! What one client does to harm the others, at the place where their bytes meet: the sockets that everybody writes to.

use std::time::Duration;

use server::config::Limits;
use tokio::io::AsyncWriteExt;

use crate::support::{Over, Peer, RawPeer, Server, soon};

const TEXT: u8 = 0x81;
/// A text that goes on in another frame, and the last one of it.
const TEXT_BEGUN: u8 = 0x01;
const TEXT_ENDED: u8 = 0x80;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;

fn without_throttle() -> Limits {
    Limits {
        max_frame_burst: usize::MAX,
        max_byte_burst: usize::MAX,
        max_delivery_burst: usize::MAX,
        max_delivery_burst_per_address: usize::MAX,
        max_queued_bytes: usize::MAX / 2,
        ..Limits::default()
    }
}

/// On several threads, so that several write to the same socket, and its owner, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_many_say_to_a_slow_reader_arrives_whole_and_in_the_order_of_each() {
    many_to_a_slow_reader(Over::Tcp).await;
}

pub(crate) async fn many_to_a_slow_reader(over: Over) {
    const SENDERS: usize = 8;
    const FRAMES: usize = 300;
    let server = Server::over(over, without_throttle()).await;
    let mut slow = RawPeer::join(&server, "slow", "r").await;
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let mut raw = RawPeer::join(&server, &format!("s{sender}"), "r").await;
        senders.spawn(async move {
            for number in 0..FRAMES {
                let filling = "x".repeat(number * 37 % 5000);
                let text = format!("/to|slow|/say|s{sender}|{number}|{filling}");
                raw.sends(TEXT, text.as_bytes()).await;
            }
            raw
        });
    }
    // What is sent fills all buffers before it reads.
    let _senders = senders.join_all().await;
    let mut next = [0; SENDERS];
    while next.iter().sum::<usize>() < SENDERS * FRAMES {
        let (first, payload) = slow.hears().await;
        assert_eq!(first, TEXT);
        let text = String::from_utf8(payload).unwrap();
        let Some(said) = text.strip_prefix("/to|slow|/say|s") else {
            assert!(text.starts_with("/announce|s"), "{text}");
            continue;
        };
        let fields: Vec<_> = said.split('|').collect();
        let (sender, number): (usize, usize) =
            (fields[0].parse().unwrap(), fields[1].parse().unwrap());
        assert_eq!(number, next[sender]);
        assert_eq!(fields[2].len(), number * 37 % 5000);
        next[sender] += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_vanishes_while_it_is_written_to_harms_nobody() {
    vanishes_while_it_is_written_to(Over::Tcp).await;
}

pub(crate) async fn vanishes_while_it_is_written_to(over: Over) {
    let server = Server::over(over, without_throttle()).await;
    let mut talks = Peer::join(&server, "talks", "r", 1).await;
    for _ in 0..30 {
        let victim = RawPeer::join(&server, "victim", "r").await;
        talks.next_text().await;
        let reset = tokio::spawn(async move {
            // Without reading what has come: the socket is reset.
            victim.stream.socket().peek(&mut [0]).await.unwrap();
            victim.stream.socket().set_zero_linger().unwrap();
        });
        for _ in 0..20 {
            talks
                .says(&format!("/to|victim|/big|talks|{}", "x".repeat(50_000)))
                .await;
        }
        talks.hears(r#"/leave|victim|{"id":"victim"}"#).await;
        reset.await.unwrap();
    }
}

/// On one thread, which one client could have to itself.
#[tokio::test]
async fn a_flood_of_small_frames_leaves_room_for_others() {
    flood_of_small_frames(Over::Tcp).await;
}

pub(crate) async fn flood_of_small_frames(over: Over) {
    const FLOOD: usize = 100_000;
    let server = Server::over(over, without_throttle()).await;
    let mut hears = RawPeer::join(&server, "h", "r").await;
    let mut flooder = RawPeer::join(&server, "f", "r").await;
    let mut other = RawPeer::join(&server, "o", "r").await;
    let frame = RawPeer::frame(TEXT, b"/to|h|/x|f");
    let flood = tokio::spawn(async move {
        flooder
            .stream
            .write_all(&frame.repeat(FLOOD))
            .await
            .unwrap();
        flooder.stream.flush().await.unwrap();
        flooder
    });
    let mut count = 0;
    let mut has_asked = false;
    loop {
        let (_, text) = hears.hears().await;
        match &text[..] {
            b"/to|h|/x|f" => count += 1,
            b"/to|h|/mark|o" => break,
            _ => {}
        }
        if count > 0 && !has_asked {
            other.sends(TEXT, b"/to|h|/mark|o").await;
            has_asked = true;
        }
    }
    assert!(count < FLOOD / 2, "{count} frames came first");
    flood.abort();
}

#[tokio::test]
async fn pings_and_empty_fragments_count_as_frames() {
    const FEW: usize = 5;
    let server = Server::with_limits(Limits {
        max_frame_burst: FEW,
        max_frames_per_second: 1000,
        ..Limits::default()
    })
    .await;
    let pings = vec![(0x89, ""); 3 * FEW];
    let fragments = [vec![(0x01, "")], vec![(0x00, ""); 3 * FEW]].concat();
    for (id, frames) in [("pings", pings), ("fragments", fragments)] {
        let mut raw = RawPeer::join(&server, id, "r").await;
        for (first, payload) in frames {
            raw.sends(first, payload.as_bytes()).await;
        }
        let told = async {
            loop {
                let (_, payload) = raw.hears().await;
                if payload.starts_with(b"/error|") {
                    return String::from_utf8(payload).unwrap();
                }
            }
        };
        let text = soon("a word about the limit", told).await;
        assert!(text.contains("too-many-frames"), "{text}");
    }
}

#[tokio::test]
async fn who_never_reads_holds_up_neither_its_own_end_nor_the_servers() {
    never_reads_and_closes(Over::Tcp).await;
}

pub(crate) async fn never_reads_and_closes(over: Over) {
    let server = Server::over(over, without_throttle()).await;
    let mut deaf = RawPeer::join(&server, "deaf", "r").await;
    // Its own frames fill its socket; then it closes, and reads no answer.
    let text = format!("/to|deaf|/big|deaf|{}", "x".repeat(60_000));
    for _ in 0..200 {
        deaf.sends(TEXT, text.as_bytes()).await;
    }
    deaf.sends(0x88, b"").await;
    // Its place is free as soon as its last frame is read, although its socket still is full.
    let other = soon("the id of who has closed", async {
        loop {
            let mut other = Peer::connect(&server, "deaf").await;
            other.announce("r").await;
            while let Some(text) = other.next_text_or_end().await {
                if text.starts_with("/roominfo|") {
                    return other;
                }
            }
        }
    })
    .await;
    let took = server.stop().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    drop((deaf, other));
}

#[tokio::test]
async fn where_too_much_waits_in_all_the_one_for_which_most_waits_is_cut_off() {
    too_much_waits_in_all(Over::Tcp).await;
}

pub(crate) async fn too_much_waits_in_all(over: Over) {
    let limits = Limits {
        max_queued_bytes_in_all: 500_000,
        ..without_throttle()
    };
    let server = Server::over(over, limits).await;
    let mut talks = Peer::join(&server, "talks", "r", 1).await;
    let mut deaf = Vec::new();
    for (index, id) in ["d0", "d1", "d2"].into_iter().enumerate() {
        deaf.push(Peer::join(&server, id, "r", index + 2).await);
        talks.next_text().await;
    }
    let mut reads = Peer::join(&server, "reads", "r", 5).await;
    talks.next_text().await;
    // Each of them could have as much as it likes, but not all of them.
    let frame = format!("/big|talks|{}", "x".repeat(60_000));
    let mut left = Vec::new();
    let all_cut = async {
        while left.len() < deaf.len() {
            talks.says(&frame).await;
            while reads.next_text().await != frame {}
            talks.says("/to|talks|/mark|talks").await;
            loop {
                let text = talks.next_text().await;
                if text == "/to|talks|/mark|talks" {
                    break;
                }
                left.push(text);
            }
        }
    };
    soon("the cut of all who don't read", all_cut).await;
    left.sort();
    assert_eq!(left, deaf.iter().map(Peer::leave).collect::<Vec<_>>());
}

/// A client that has begun a large message, or what the server closes with instead of holding it.
async fn begun(server: &Server, room: &str) -> Result<RawPeer, Vec<u8>> {
    let mut peer = RawPeer::join(server, "p", room).await;
    peer.sends(TEXT_BEGUN, &[b'x'; 60_000]).await;
    peer.sends(PING, b"").await;
    match peer.hears().await {
        (PONG, _) => Ok(peer),
        (CLOSE, payload) => Err(payload),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn messages_that_never_end_take_bounded_memory_and_harm_nobody_else() {
    messages_never_end(Over::Tcp).await;
}

pub(crate) async fn messages_never_end(over: Over) {
    const MAX_BYTES: usize = 500_000;
    /// https://www.iana.org/assignments/websocket/websocket.xml#close-code-number
    const TRY_AGAIN_LATER: [u8; 2] = 1013_u16.to_be_bytes();
    let per_address = Limits {
        max_unfinished_bytes_per_address: MAX_BYTES,
        ..without_throttle()
    };
    let in_all = Limits {
        max_unfinished_bytes_in_all: MAX_BYTES,
        ..without_throttle()
    };
    for limits in [per_address, in_all] {
        let server = Server::over(over, limits).await;
        let mut honest = Peer::join(&server, "honest", "r", 1).await;
        let mut held = Vec::new();
        let refusal = loop {
            match begun(&server, &held.len().to_string()).await {
                Ok(peer) => held.push(peer),
                Err(payload) => break payload,
            }
        };
        assert_eq!(refusal[..2], TRY_AGAIN_LATER);
        assert!(
            (2..=MAX_BYTES / 60_000).contains(&held.len()),
            "{}",
            held.len()
        );
        honest.says("/to|honest|/still|honest").await;
        honest.hears("/to|honest|/still|honest").await;
        // What is finished makes room, and what ends unfinished, too.
        held[0].sends(TEXT_ENDED, b"").await;
        drop(held.remove(1));
        let again = async {
            let mut rooms = held.len()..;
            while begun(&server, &format!("again {:?}", rooms.next()))
                .await
                .is_err()
            {}
        };
        soon("room for another message", again).await;
    }
}
