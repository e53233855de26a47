//! WebSocket (RFC 6455) as the server speaks it, byte by byte. What a client of a library can't say stands here.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Peer, RawPeer, Server};

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// What goes to its sender itself.
const MARK: &[u8] = b"/to|raw|/mark|raw";

#[tokio::test]
async fn a_message_in_fragments_is_relayed_whole_and_pings_between_them_are_answered() {
    let server = Server::start().await;
    let mut raw = RawPeer::join(&server, "raw", "r").await;
    let (head, tail) = MARK.split_at(1);
    raw.sends(0x01, head).await;
    for byte in tail {
        raw.sends(PING, &[*byte]).await;
        raw.sends(0x00, &[*byte]).await;
        assert_eq!(raw.hears().await, (PONG, vec![*byte]));
    }
    raw.sends(0x80, b"").await;
    assert_eq!(raw.hears().await, (TEXT, MARK.to_vec()));
}

#[tokio::test]
async fn bytes_that_come_one_by_one_are_the_same_frame() {
    let server = Server::start().await;
    let mut raw = RawPeer::join(&server, "raw", "r").await;
    for byte in RawPeer::frame(TEXT, MARK) {
        raw.stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.hears().await, (TEXT, MARK.to_vec()));
}

#[tokio::test]
async fn frames_that_come_with_the_request_are_heard() {
    let server = Server::start().await;
    let early = [
        RawPeer::frame(TEXT, br#"/announce|raw|{"id":"raw","room":"r"}"#),
        RawPeer::frame(TEXT, MARK),
    ];
    let mut raw = RawPeer::connect(&server, &early.concat()).await;
    raw.hears().await;
    assert_eq!(raw.hears().await.1, br#"/roominfo|{"memberCount":1}"#);
    assert_eq!(raw.hears().await, (TEXT, MARK.to_vec()));
}

#[tokio::test]
async fn a_ping_is_answered_with_its_own_payload() {
    let server = Server::start().await;
    let mut raw = RawPeer::join(&server, "raw", "r").await;
    for payload in [&b""[..], b"x", &[0xff; 125]] {
        raw.sends(PING, payload).await;
        assert_eq!(raw.hears().await, (PONG, payload.to_vec()));
    }
    // Nobody asked for it, and nobody minds.
    raw.sends(PONG, b"unasked").await;
    raw.sends(TEXT, MARK).await;
    assert_eq!(raw.hears().await, (TEXT, MARK.to_vec()));
}

#[tokio::test]
async fn a_close_is_answered_with_its_own_payload_and_the_socket_ends() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    for code in [1000, 1001, 1003, 1007, 1011, 3000, 4999_u16] {
        let mut raw = RawPeer::join(&server, "raw", "r").await;
        a.next_text().await;
        let payload = [&code.to_be_bytes(), "good bye é".as_bytes()].concat();
        raw.sends(CLOSE, &payload).await;
        assert_eq!(raw.hears().await, (CLOSE, payload));
        raw.ends().await;
        a.hears(r#"/leave|raw|{"id":"raw"}"#).await;
    }
    let mut raw = RawPeer::join(&server, "raw", "r").await;
    raw.sends(CLOSE, b"").await;
    assert_eq!(raw.hears().await, (CLOSE, Vec::new()));
    raw.ends().await;
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_its_connection_with_the_reason_and_no_other() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let frame = RawPeer::frame;
    let closes = |code: u16| frame(CLOSE, &code.to_be_bytes());
    let wrong = [
        (1002, b"\x81\x01x".to_vec()),
        (1002, frame(0xc1, MARK)),
        (1002, frame(0xa1, MARK)),
        (1002, frame(0x91, MARK)),
        (1002, frame(0x83, b"")),
        (1002, frame(0x8b, b"")),
        (1002, frame(0x80, b"a part of nothing")),
        (1002, [frame(0x01, b"/"), frame(TEXT, MARK)].concat()),
        (1002, frame(0x09, b"a ping in parts")),
        (1002, frame(PING, &[b'x'; 126])),
        (1002, frame(CLOSE, b"x")),
        (1002, closes(0)),
        (1002, closes(999)),
        (1002, closes(1004)),
        (1002, closes(1005)),
        (1002, closes(1006)),
        (1002, closes(1016)),
        (1002, closes(2999)),
        (1002, closes(5000)),
        (1007, frame(CLOSE, b"\x03\xe8\xff")),
        (1007, frame(TEXT, b"/to|raw|/mark|raw\xff")),
        (1007, frame(TEXT, b"cut \xc3")),
        // It fails before its end has come.
        (1007, frame(0x01, b"\xc3\x28")),
        (1007, [frame(0x01, b"\xc3"), frame(0x00, b"\x28")].concat()),
        (1009, b"\x81\xff\x80\0\0\0\0\0\0\0mask".to_vec()),
        (1009, b"\x82\xff\0\0\0\0\0\x01\0\x01mask".to_vec()),
    ];
    for (code, bytes) in wrong {
        let mut raw = RawPeer::join(&server, "raw", "r").await;
        a.next_text().await;
        raw.stream.write_all(&bytes).await.unwrap();
        let (first, payload) = raw.hears().await;
        assert_eq!(
            (first, u16::from_be_bytes([payload[0], payload[1]])),
            (CLOSE, code),
            "{bytes:x?}"
        );
        std::str::from_utf8(&payload[2..]).unwrap();
        // It may answer, and say whatever it likes, and hears no more.
        raw.stream.write_all(&closes(code)).await.unwrap();
        raw.stream.write_all(b"more").await.unwrap();
        raw.stream.shutdown().await.unwrap();
        raw.ends().await;
        a.hears(r#"/leave|raw|{"id":"raw"}"#).await;
    }
}

#[tokio::test]
async fn who_closes_its_half_of_the_socket_without_a_word_is_gone() {
    let server = Server::start().await;
    let mut a = Peer::join(&server, "a", "r", 1).await;
    let mut raw = RawPeer::join(&server, "raw", "r").await;
    a.next_text().await;
    raw.stream.shutdown().await.unwrap();
    a.hears(r#"/leave|raw|{"id":"raw"}"#).await;
    raw.ends().await;
}

#[tokio::test]
async fn what_is_no_request_for_a_websocket_is_told_what_one_is() {
    let server = Server::start().await;
    let request = |change: fn(&str) -> String| change(&RawPeer::request());
    let wrong = [
        request(|whole| {
            whole.replace(
                "sec-websocket-version: 13\r\n",
                "sec-websocket-version: 8\r\n",
            )
        }),
        request(|whole| whole.replace("sec-websocket-version: 13\r\n", "")),
        request(|whole| whole.replace("sec-websocket-key", "x-key")),
        request(|whole| whole.replace("upgrade: websocket", "upgrade: h2c")),
    ];
    for request in wrong {
        let mut stream = tokio::net::TcpStream::connect(server.address)
            .await
            .unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(!answer.starts_with("HTTP/1.1 101"), "{request}\n{answer}");
    }
}
