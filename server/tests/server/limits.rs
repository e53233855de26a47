//! Every bound: what is over it, who hears so, and that the others go on.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use server::config::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::slow_link::{Pace, SlowLink};
use crate::support::{Over, Peer, Server, http, soon};

#[tokio::test]
async fn a_frame_of_the_largest_size_is_relayed() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let head = "/big|b|";
    let frame = head.to_owned() + &"x".repeat(Limits::default().max_frame_bytes - head.len());
    b.says(&frame).await;
    a.hears(&frame).await;
}

#[tokio::test]
async fn a_larger_frame_closes_its_connection_and_the_room_hears_the_leave() {
    larger_frame(Over::Tcp).await;
}

pub(crate) async fn larger_frame(over: Over) {
    let server = Server::over(over, Limits::default()).await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.says(&"/".repeat(Limits::default().max_frame_bytes + 1))
        .await;
    let (code, reason) = b.is_closed_with_reason().await;
    assert_eq!(code, CloseCode::Size);
    assert!(reason.contains("65536 bytes"), "{reason}");
    a.hears(&b.leave()).await;
}

#[tokio::test]
async fn names_that_are_too_long_are_refused_with_the_limit() {
    let server = Server::with_limits(Limits {
        max_peer_id_bytes: 3,
        max_room_name_bytes: 4,
        ..Limits::default()
    })
    .await;
    let mut peer = Peer::connect(&server, "abc").await;
    peer.says("/announce|abcd|{\"room\":\"r\"}").await;
    assert!(
        peer.hears_error("peer-id-too-long")
            .await
            .contains("the limit is 3")
    );
    peer.announce("abcde").await;
    assert!(
        peer.hears_error("room-name-too-long")
            .await
            .contains("the limit is 4")
    );
    peer.announce("abcd").await;
    peer.hears_room_info(1).await;
}

#[tokio::test]
async fn a_full_room_refuses_with_the_limit_and_lets_its_members_come_back() {
    let server = Server::with_limits(Limits {
        max_room_members: 2,
        ..Limits::default()
    })
    .await;
    let a = Peer::join(&server, "a", "r", 1).await;
    let _b = Peer::join(&server, "b", "r", 2).await;
    let mut c = Peer::join(&server, "c", "elsewhere", 1).await;
    c.announce("r").await;
    let message = c.hears_error("room-full").await;
    assert!(
        message.contains("2 members") && message.contains("--max-room-members"),
        "{message}"
    );
    // It is where it was.
    c.hears_nothing().await;

    let mut again = Peer::connect(&server, "a").await;
    again.resumes(&a).await;
    again.announce("r").await;
    again.hears_room_info(2).await;
}

#[tokio::test]
async fn rooms_over_the_limit_are_refused_and_empty_ones_are_gone() {
    let server = Server::with_limits(Limits {
        max_rooms: 1,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "first", 1).await;
    let mut b = Peer::connect(&server, "b").await;
    b.announce("second").await;
    let message = b.hears_error("too-many-rooms").await;
    assert!(
        message.contains("1 rooms") && message.contains("--max-rooms"),
        "{message}"
    );

    a.says("/leave|a").await;
    a.says("/hello|a").await;
    a.hears_error("not-announced").await;
    b.announce("second").await;
    b.hears_room_info(1).await;
}

#[tokio::test]
async fn who_finds_no_place_is_told_so_and_has_one_when_another_leaves() {
    let server = Server::with_limits(Limits {
        max_connections: 1,
        ..Limits::default()
    })
    .await;
    // A WebSocket keeps its place after the upgrade.
    let only = Peer::join(&server, "a", "r", 1).await;

    let answer = http::get(&server, "/").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert!(
        answer.text().contains("--max-connections"),
        "{}",
        answer.text()
    );
    let mut late = Peer::connect_at(&server, "/", "b").await.unwrap();
    let message = late.hears_error("too-many-connections").await;
    assert!(message.contains("1 connections"), "{message}");
    assert_eq!(late.is_closed().await, CloseCode::Again);

    only.closes().await;
    let admitted = async {
        loop {
            let mut peer = Peer::connect_at(&server, "/", "b").await.unwrap();
            if peer.next_text().await.starts_with("primus::hello") {
                return;
            }
        }
    };
    soon("a place", admitted).await;
}

#[tokio::test]
async fn an_address_over_its_connections_is_told_so() {
    let server = Server::with_limits(Limits {
        max_connections_per_address: 1,
        ..Limits::default()
    })
    .await;
    let _only = Peer::join(&server, "a", "r", 1).await;
    let mut late = Peer::connect_at(&server, "/", "b").await.unwrap();
    late.hears_error("too-many-connections-per-address").await;
    assert_eq!(late.is_closed().await, CloseCode::Again);
}

#[tokio::test]
async fn more_than_are_told_are_dropped_and_the_server_goes_on() {
    let server = Server::with_limits(Limits {
        max_connections: 1,
        ..Limits::default()
    })
    .await;
    let mut only = Peer::join(&server, "a", "r", 1).await;
    // They ask for nothing, and so take up all who are told.
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let mut byte = [0];
    let last = silent.last_mut().unwrap();
    let end = soon("the end of one too many", last.read(&mut byte)).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    only.hears_nothing().await;
}

/// What one client may do at once, and then once in a tenth of a second.
const FEW: usize = 20;
const PER_SECOND: usize = 10;

#[tokio::test]
async fn who_sends_too_many_frames_is_told_once_and_loses_nothing() {
    let server = Server::with_limits(Limits {
        max_frame_burst: FEW,
        max_frames_per_second: PER_SECOND,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;

    let begin = Instant::now();
    for number in 0..FEW + 5 {
        b.says(&format!("/count|b|{number}")).await;
    }
    let message = b.hears_error("too-many-frames").await;
    assert!(message.contains("--max-frames-per-second"), "{message}");
    // Others are read while one is not.
    a.hears("/count|b|0").await;
    a.says("/to|a|/mark|a").await;
    for number in 1..FEW - 1 {
        a.hears(&format!("/count|b|{number}")).await;
    }
    a.hears("/to|a|/mark|a").await;
    for number in FEW - 1..FEW + 5 {
        a.hears(&format!("/count|b|{number}")).await;
    }
    // The announce counts, too.
    assert!(begin.elapsed() >= Duration::from_millis(500));
    b.hears_nothing().await;
}

#[tokio::test]
async fn who_sends_too_many_bytes_hears_until_when_it_waits() {
    let server = Server::with_limits(Limits {
        max_byte_burst: 1000,
        max_bytes_per_second: 10_000,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let frame = format!("/to|a|/big|a|{}", "x".repeat(2000));
    a.says(&frame).await;
    let text = a.next_text().await;
    let json: serde_json::Value =
        serde_json::from_str(text.strip_prefix("/error|").unwrap()).unwrap();
    assert_eq!(json["code"], "too-many-bytes");
    let wait = json["retryAfterMs"].as_u64().unwrap();
    assert!((1..=200).contains(&wait), "{json}");
    a.hears(&frame).await;
}

#[tokio::test]
async fn who_says_much_to_many_is_told_so_and_loses_nothing() {
    let server = Server::with_limits(Limits {
        max_delivery_burst: FEW,
        max_deliveries_per_second: PER_SECOND,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    let announcement = b.announcement("r");
    a.hears(&announcement).await;
    let begin = Instant::now();
    // Each counts for two KiB and two members.
    let text = format!("/big|b|{}", "x".repeat(1500));
    for _ in 0..FEW / 4 + 1 {
        b.says(&text).await;
    }
    let message = b.hears_error("too-many-deliveries").await;
    assert!(message.contains("--max-deliveries-per-second"), "{message}");
    for _ in 0..FEW / 4 + 1 {
        a.hears(&text).await;
    }
    assert!(begin.elapsed() >= Duration::from_millis(300));
    b.hears_nothing().await;
}

#[tokio::test]
async fn an_address_whose_clients_together_say_much_is_slowed_down() {
    let server = Server::with_limits(Limits {
        max_delivery_burst_per_address: FEW,
        max_deliveries_per_second_per_address: PER_SECOND,
        ..Limits::default()
    })
    .await;
    let mut peers = Vec::new();
    for (room, id) in ["a", "b", "c"].into_iter().enumerate() {
        peers.push(Peer::join(&server, id, &room.to_string(), 1).await);
    }
    let begin = Instant::now();
    let mut told = 0;
    for round in 0..FEW / peers.len() + 1 {
        for (peer, id) in peers.iter_mut().zip(["a", "b", "c"]) {
            let text = format!("/to|{id}|/count|{id}|{round}");
            peer.says(&text).await;
            let mut heard = peer.next_text().await;
            if heard.contains("too-many-deliveries-per-address") {
                told += 1;
                heard = peer.next_text().await;
            }
            assert_eq!(heard, text);
        }
    }
    assert!(told > 0);
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn an_announce_to_one_peer_that_answers_none_counts_as_an_announce() {
    let server = Server::with_limits(Limits {
        max_join_burst: 3,
        max_joins_per_second: PER_SECOND,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut b = Peer::join(&server, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    // The answer was paid for by whoever asked.
    let answer = r#"/to|b|/announce|a|{"room":"r","instance":"1"}"#;
    a.says(answer).await;
    b.hears(answer).await;
    // There is one left, and then none.
    a.says(answer).await;
    b.hears(answer).await;
    a.says(answer).await;
    a.hears_error("too-many-joins").await;
    b.hears(answer).await;
}

#[tokio::test]
async fn an_address_that_joins_too_often_waits_however_many_connections_it_has() {
    let server = Server::with_limits(Limits {
        max_join_burst: 2,
        max_joins_per_second: PER_SECOND,
        ..Limits::default()
    })
    .await;
    let _a = Peer::join(&server, "a", "r", 1).await;
    let _b = Peer::join(&server, "b", "r", 2).await;
    let mut c = Peer::connect(&server, "c").await;
    c.announce("r").await;
    c.hears_error("too-many-joins").await;
    c.hears_room_info(3).await;
}

#[tokio::test]
async fn what_peers_say_when_one_joins_twenty_passes_at_once() {
    let server = Server::start().await;
    let mut peer = Peer::join(&server, "a", "r", 1).await;
    let description = format!("/to|a|/sdp|a|{}", "x".repeat(8000));
    let candidate = format!("/to|a|/candidate|a|{}", "x".repeat(250));
    for _ in 0..20 {
        peer.says(&description).await;
        peer.hears(&description).await;
        for _ in 0..40 {
            peer.says(&candidate).await;
            peer.hears(&candidate).await;
        }
    }
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_the_others_go_on() {
    does_not_read(Over::Tcp).await;
}

pub(crate) async fn does_not_read(over: Over) {
    let limits = Limits {
        max_queued_bytes: 300_000,
        max_byte_burst: usize::MAX,
        max_delivery_burst: usize::MAX,
        ..Limits::default()
    };
    let server = Server::over(over, limits).await;
    let mut talks = Peer::join(&server, "talks", "r", 1).await;
    let deaf = Peer::join(&server, "deaf", "r", 2).await;
    talks.hears(&deaf.announcement("r")).await;
    let head = "/to|deaf|/big|talks|";
    let frame = head.to_owned() + &"x".repeat(Limits::default().max_frame_bytes - head.len());
    // Until the buffers of both sockets and the queue are full, and a little more.
    let heard = async {
        loop {
            talks.says(&frame).await;
            talks.says("/to|talks|/mark|talks").await;
            let text = talks.next_text().await;
            if text != "/to|talks|/mark|talks" {
                return text;
            }
        }
    };
    assert_eq!(soon("the cut", heard).await, deaf.leave());
}

/// Long enough for a client on a busy machine to answer in time.
const PING_PERIOD: Duration = Duration::from_secs(1);

#[tokio::test]
async fn who_answers_pings_stays() {
    let server = Server::with_limits(Limits {
        ping_period: PING_PERIOD,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    // One more than who never answers would be sent.
    a.answers_pings(3).await;
    a.announce("r").await;
    a.hears_text_between_pings(r#"/roominfo|{"memberCount":1}"#)
        .await;
}

#[tokio::test]
async fn who_leaves_two_pings_unanswered_is_gone() {
    let server = Server::with_limits(Limits {
        ping_period: PING_PERIOD,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    // A client answers when it reads, and this one doesn't.
    let mut silent = Peer::connect(&server, "silent").await;
    silent.announce("r").await;
    a.hears_text_between_pings(&silent.announcement("r")).await;
    a.hears_text_between_pings(&silent.leave()).await;
}

#[tokio::test]
async fn who_is_read_slowly_is_pinged_all_the_same() {
    let server = Server::with_limits(Limits {
        ping_period: PING_PERIOD,
        max_byte_burst: 1000,
        max_bytes_per_second: 1000,
        ..Limits::default()
    })
    .await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    // It isn't read for three periods.
    let big = format!("/to|a|/big|a|{}", "x".repeat(4000));
    a.says(&big).await;
    a.hears_error("too-many-bytes").await;
    a.answers_pings(2).await;
    a.hears_text_between_pings(&big).await;
}

/// What waits for a client on a slow link takes 4 s, four times the time between two pings.
#[tokio::test]
async fn who_is_on_a_slow_link_stays_while_much_is_on_its_way() {
    let server = Server::with_limits(Limits {
        ping_period: PING_PERIOD,
        ..Limits::default()
    })
    .await;
    let link = SlowLink::open(server.address, Pace::SLOW).await.unwrap();
    let mut slow = Peer::connect_to(link.address, "slow").await.unwrap();
    slow.hears_greeting().await;
    slow.announce("r").await;
    slow.hears_text_between_pings(r#"/roominfo|{"memberCount":1}"#)
        .await;
    let mut talks = Peer::connect(&server, "talks").await;
    talks.announce("r").await;
    let big = format!("/to|slow|/big|talks|{}", "x".repeat(50_000));
    for _ in 0..10 {
        talks.says(&big).await;
    }
    let announcement = talks.announcement("r");
    let _talks = tokio::spawn(async move { while talks.next_text_or_ping().await {} });
    slow.hears_text_between_pings(&announcement).await;
    for _ in 0..10 {
        slow.hears_text_between_pings(&big).await;
    }
    slow.says("/to|slow|/mark|slow").await;
    slow.hears_text_between_pings("/to|slow|/mark|slow").await;
}

#[tokio::test]
async fn two_hundred_requests_that_never_end_their_heads_disturb_nobody() {
    let server = Server::start().await;
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(b"GET / HTTP/1.1\r\nx-").await.unwrap();
        slow.push(socket);
    }
    assert_eq!(http::get(&server, "/").await.status, 200);
    Peer::join(&server, "a", "r", 1).await.hears_nothing().await;
}

/// What comes for a request that is never finished, until the connection ends.
async fn answer_to_unfinished(server: &Server, request: &str) -> String {
    let mut slow = server.way().connect().await.unwrap();
    slow.write_all(request.as_bytes()).await.unwrap();
    slow.flush().await.unwrap();
    let mut answer = Vec::new();
    let end = soon(
        "the end of a slow connection",
        slow.read_to_end(&mut answer),
    );
    // To cut off a connection of TLS is no way for it to end, which its client is told.
    if let Err(error) = end.await {
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_request_that_never_ends_its_head_is_dropped() {
    head_never_ends(Over::Tcp).await;
}

pub(crate) async fn head_never_ends(over: Over) {
    let limits = Limits {
        request_head_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::over(over, limits).await;
    for begun in ["", "GET / HTTP/1.1\r\nx-slow: "] {
        let rest = answer_to_unfinished(&server, begun).await;
        assert!(rest.is_empty(), "{rest}");
    }
    assert_eq!(http::get(&server, "/").await.status, 200);
}

#[tokio::test]
async fn an_invitation_whose_body_never_comes_is_dropped() {
    let server = Server::with_limits(Limits {
        request_head_timeout: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let request = "POST /companion HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\n";
    let answer = answer_to_unfinished(&server, request).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn who_takes_nothing_of_a_response_loses_the_connection() {
    takes_nothing_of_a_response(Over::Tcp).await;
}

pub(crate) async fn takes_nothing_of_a_response(over: Over) {
    // More than all buffers on the way hold.
    const REQUESTS: usize = 400;
    let limits = Limits {
        max_connections: 1,
        stalled_response_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::over(over, limits).await;
    let mut stalled = server.way().connect().await.unwrap();
    stalled
        .write_all(&b"GET /connecting/ HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(REQUESTS))
        .await
        .unwrap();
    stalled.flush().await.unwrap();
    let place = async { while http::get(&server, "/").await.status != 200 {} };
    soon("a place for somebody else", place).await;
}
