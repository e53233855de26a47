//! TURN over TCP, at the port of the book: framing, bounds and ends, and HTTP beside it.

use std::time::Duration;

use server::config::{Limits, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::relay::{LOOPBACK, given, metric, start, with_port};
use crate::support::{Peer, Server, TurnClient, http, soon};

/// A Binding request.
const BINDING: &[u8] = b"\x00\x01\x00\x00\x21\x12\xa4\x42transaction!";
/// Bytes of the answer to it, to an address of IPv4.
const BOUND: usize = 32;
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A server with these limits, whose metrics can be read.
async fn with_limits(limits: Limits) -> Server {
    let mut settings = Settings::from(limits);
    settings.admin.metrics = true;
    Server::with_relay(LOOPBACK, settings).await
}

/// A client that signals, and has a relayed port over TCP.
async fn with_port_over_tcp(
    server: &Server,
    id: &str,
) -> (Peer, TurnClient<TcpStream>, std::net::SocketAddr) {
    let peer = Peer::join(server, id, id, 1).await;
    let mut client = TurnClient::connect(server.address, &given(&peer)).await;
    let relayed = client.allocate().await.unwrap();
    (peer, client, relayed)
}

async fn until_connections_are(server: &Server, count: usize) {
    let reached = async {
        while metric(server, "guidebook_turn_connections ").await != count {
            sleep(LOOK_AGAIN).await;
        }
    };
    soon("that many connections", reached).await;
}

/// Waits until the server closes it; a reset is an end, too.
async fn is_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = soon("the end of a connection", stream.read_to_end(&mut rest)).await;
}

/// The first line of what is answered.
async fn answer_to(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = soon("an answer", stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn clients_over_tcp_and_udp_talk_through_their_relayed_ports() {
    let server = start().await;
    let (_a, mut a, a_port) = with_port_over_tcp(&server, "a").await;
    let (_b, mut b, b_port) = with_port_over_tcp(&server, "b").await;
    let (_c, mut c, c_port) = with_port(&server, "c").await;
    a.bind(0x4000, b_port).await.unwrap();
    a.bind(0x4001, c_port).await.unwrap();
    b.bind(0x4002, a_port).await.unwrap();
    c.bind(0x4003, a_port).await.unwrap();
    // Some need padding.
    for words in [&b"four"[..], b"seven!!", b"", b"one more"] {
        a.send(0x4000, words).await;
        assert_eq!(b.receive().await, (0x4002, words.to_vec()));
        b.send(0x4002, words).await;
        assert_eq!(a.receive().await, (0x4000, words.to_vec()));
        a.send(0x4001, words).await;
        assert_eq!(c.receive().await, (0x4003, words.to_vec()));
        c.send(0x4003, words).await;
        assert_eq!(a.receive().await, (0x4001, words.to_vec()));
    }
}

#[tokio::test]
async fn requests_may_come_byte_by_byte_and_all_at_once() {
    let server = start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answer = [0; BOUND];
    for byte in BINDING {
        stream.write_all(&[*byte]).await.unwrap();
        stream.flush().await.unwrap();
        // Time for the server to read it alone.
        tokio::task::yield_now().await;
    }
    soon("an answer", stream.read_exact(&mut answer))
        .await
        .unwrap();
    assert_eq!(answer[..2], [1, 1]);
    let many = 100;
    stream.write_all(&BINDING.repeat(many)).await.unwrap();
    for _ in 0..many {
        soon("an answer", stream.read_exact(&mut answer))
            .await
            .unwrap();
        assert_eq!(answer[..2], [1, 1]);
    }
}

#[tokio::test]
async fn a_connection_without_a_port_or_within_a_message_has_as_long_as_the_head_of_a_request() {
    let server = with_limits(Limits {
        request_head_timeout: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    let (_a, mut idle, _) = with_port_over_tcp(&server, "a").await;
    let (_b, mut unfinished, _) = with_port_over_tcp(&server, "b").await;
    let (_c, mut trickling, _) = with_port_over_tcp(&server, "c").await;
    let mut without_port = TcpStream::connect(server.address).await.unwrap();
    without_port.write_all(BINDING).await.unwrap();
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    unfinished.socket.write_all(&BINDING[..19]).await.unwrap();
    let trickle = async {
        let [one, two] = [&b"\x40\x00\x03\xe8"[..], b"x"];
        trickling.socket.write_all(one).await.unwrap();
        while trickling.socket.write_all(two).await.is_ok() {
            sleep(LOOK_AGAIN).await;
        }
    };
    soon("the end of a message that never ends", trickle).await;
    for stream in [&mut without_port, &mut silent, &mut unfinished.socket] {
        is_closed(stream).await;
    }
    idle.refresh().await.unwrap();
    until_connections_are(&server, 1).await;
    assert_eq!(metric(&server, "guidebook_relayed_ports ").await, 1);
}

#[tokio::test]
async fn what_a_client_does_not_read_is_dropped_and_no_message_in_part() {
    let server = with_limits(Limits {
        max_relayed_bytes_per_second: 1 << 30,
        max_relayed_bytes_per_second_in_all: 1 << 30,
        ..Limits::default()
    })
    .await;
    let slow = Peer::join(&server, "slow", "slow", 1).await;
    // The less the systems keep, the sooner there is no place.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let socket = socket.connect(server.address).await.unwrap();
    let mut slow = TurnClient::with_link(socket, server.address, &given(&slow));
    let slow_port = slow.allocate().await.unwrap();
    let (_a, mut a, a_port) = with_port_over_tcp(&server, "a").await;
    let (_b, mut b, b_port) = with_port(&server, "b").await;
    slow.bind(0x4000, a_port).await.unwrap();
    a.bind(0x4001, slow_port).await.unwrap();
    a.bind(0x4002, b_port).await.unwrap();
    b.bind(0x4003, a_port).await.unwrap();
    let dropped = "guidebook_relay_drops_total{reason=\"not-sent\"} ";
    let mut sent = 0_u32;
    let fill = async {
        while metric(&server, dropped).await == 0 {
            for _ in 0..500 {
                let message = [&sent.to_be_bytes()[..], &[7; 1001]].concat();
                a.send(0x4001, &message).await;
                sent += 1;
            }
            // Others are not held up.
            a.send(0x4002, b"beside it").await;
            assert_eq!(b.receive().await, (0x4003, b"beside it".to_vec()));
        }
    };
    soon("no place", fill).await;
    // What is left when it reads at last is whole, and in order.
    let read = async {
        let mut last = None;
        loop {
            let (channel, message) = slow.receive().await;
            assert_eq!(channel, 0x4000);
            if message == b"end" {
                return last;
            }
            assert_eq!(message.len(), 1005);
            assert!(message[4..].iter().all(|byte| *byte == 7));
            let number = u32::from_be_bytes(message[..4].try_into().unwrap());
            assert!(last.is_none_or(|last| last < number));
            last = Some(number);
        }
    };
    // Once there is a place again, new ones get through.
    let end = async {
        loop {
            a.send(0x4001, b"end").await;
            sleep(LOOK_AGAIN).await;
        }
    };
    tokio::select! {
        last = soon("all that was kept", read) => assert!(last.is_some()),
        () = end => {}
    }
}

#[tokio::test]
async fn an_address_has_as_many_connections_as_the_flags_say() {
    let server = with_limits(Limits {
        max_turn_connections_per_address: 1,
        max_connections_per_address: 4,
        ..Limits::default()
    })
    .await;
    let (_a, mut a, _) = with_port_over_tcp(&server, "a").await;
    let mut second = TcpStream::connect(server.address).await.unwrap();
    second.write_all(BINDING).await.unwrap();
    is_closed(&mut second).await;
    // It is one of those of the address as well: the WebSocket and two more are the others.
    let mut more = Vec::new();
    while http::get(&server, "/").await.status != 503 {
        more.push(TcpStream::connect(server.address).await.unwrap());
    }
    assert!(more.len() <= 2);
    a.refresh().await.unwrap();
    drop((a, more));
    let free = async {
        while http::get(&server, "/").await.status != 200 {
            sleep(LOOK_AGAIN).await;
        }
    };
    soon("a place", free).await;
    let refused = "guidebook_refusals_total{code=\"too-many-turn-connections\"} ";
    assert_eq!(metric(&server, refused).await, 1);
    until_connections_are(&server, 0).await;
}

#[tokio::test]
async fn a_connection_ends_with_its_session_and_a_port_with_its_connection() {
    let server = with_limits(Limits::default()).await;
    let (mut a, mut over_tcp, _) = with_port_over_tcp(&server, "a").await;
    let (_b, other, _) = with_port_over_tcp(&server, "b").await;
    let leave = a.leave();
    a.says(&leave).await;
    a.closes().await;
    is_closed(&mut over_tcp.socket).await;
    until_connections_are(&server, 1).await;
    assert_eq!(metric(&server, "guidebook_relayed_ports ").await, 1);
    drop(other);
    until_connections_are(&server, 0).await;
    assert_eq!(metric(&server, "guidebook_relayed_ports ").await, 0);
}

#[tokio::test]
async fn it_ends_with_the_server() {
    let server = start().await;
    let (_a, mut client, _) = with_port_over_tcp(&server, "a").await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert!(server.stop().await < Duration::from_secs(2));
    is_closed(&mut client.socket).await;
    is_closed(&mut silent).await;
}

#[tokio::test]
async fn http_is_told_apart_by_the_first_byte_however_little_comes_at_once() {
    let server = start().await;
    for step in [1, 2, 3, 1000] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(2);
        for part in request.chunks(step) {
            stream.write_all(part).await.unwrap();
            tokio::task::yield_now().await;
        }
        let mut answers = Vec::new();
        while answers.windows(6).filter(|part| part == b"alive\n").count() < 2 {
            let read = soon("two answers", stream.read_buf(&mut answers)).await;
            assert!(read.unwrap() > 0);
        }
    }
    // What is read first ends within the body, or far behind the head.
    let origin = [("origin", "http://localhost")];
    let long = "x".repeat(5000);
    let with_long_head = [origin[0], ("cookie", long.as_str())];
    for headers in [&origin[..], &with_long_head] {
        assert_eq!(
            http::request(&server, "POST", "/ice", headers).await.status,
            200
        );
    }
}

#[tokio::test]
async fn what_begins_with_neither_is_refused_as_http_and_stun_with_a_flaw_is_cut_off() {
    let server = start().await;
    for bytes in [
        // ChannelData, RTP, and nothing that anybody knows.
        &b"\x40\x00\x00\x04data"[..],
        b"\x80\x60\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x04\x00\x00\x00",
    ] {
        assert_eq!(
            answer_to(&server, bytes).await,
            "HTTP/1.1 400 Bad Request",
            "{bytes:?}"
        );
    }
    let behind_a_request = [BINDING, b"GET / HTTP/1.1"].concat();
    for bytes in [
        &b"\x00\x01\x00\x00GET "[..],
        b"\x00\x01\xff\xff\x21\x12\xa4\x42",
        b"\x00\x01\x00\x03\x21\x12\xa4\x42",
        &behind_a_request,
    ] {
        let answer = answer_to(&server, bytes).await;
        assert!(!answer.starts_with("HTTP"), "{bytes:?} {answer}");
    }
}

#[tokio::test]
async fn without_turn_and_for_a_proxy_stun_is_refused_as_http() {
    let mut settings = Settings::default();
    settings.access.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
    for server in [
        Server::start().await,
        Server::with_relay(LOOPBACK, settings).await,
    ] {
        assert_eq!(
            answer_to(&server, BINDING).await,
            "HTTP/1.1 400 Bad Request"
        );
    }
}
