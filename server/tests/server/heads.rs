//! What a connection costs before its request is complete.
#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use server::config::Limits;
use server::process::descriptors;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::https::http2::bounds::MAX_STREAMS;
use crate::https::http2::{HTTP_2, frames};
use crate::support::tls::Certificate;
use crate::support::wire::{Way, Wire};
use crate::support::{PROGRAM, RawPeer, Running, Server, guidebook, http, soon};

const CONNECTIONS: usize = 1000;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// KiB of resident memory, for each connection. 32.6 were measured in a process that has not compressed a book, whose freed memory had hidden a
/// part: hyper's buffer for the longest head is the half of it.
const MAX_KIB_EACH: u64 = 34;

/// The same where a body has begun: its request keeps the head.
const MAX_KIB_WITH_BODY: u64 = 40;

/// Of a connection of TLS that has shaken hands and says nothing, or is a WebSocket that is idle.
const MAX_KIB_IDLE_OVER_TLS: u64 = 24;

/// The same of one whose head never ends: what it said is held once encrypted, too, until its record is complete.
const MAX_KIB_OVER_TLS: u64 = 44;

/// Whether the server at this port has read whatever was sent to it (`man 5 proc_net_tcp`).
pub(crate) fn has_read_everything(port: u16) -> bool {
    let local = format!(":{port:04X}");
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let mut of_server = sockets.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let is_local = fields.next()?.ends_with(&local);
        is_local.then(|| fields.nth(2)).flatten()
    });
    of_server.all(|queues| queues.ends_with(":00000000"))
}

/// A program that has no work of its own left, and lets everybody in.
fn idle_program(options: impl IntoIterator<Item = OsString>) -> Running {
    let mut command = guidebook(PROGRAM);
    command.args([
        "--max-connections-per-address",
        "10000",
        "--request-head-seconds",
        "600",
        "--log",
        "warn",
    ]);
    Running::start(command.args(options))
}

/// Opens so many connections that all say the same, and says how many bytes each costs the program while it is open.
async fn bytes_each(
    running: &Running,
    connect: impl AsyncFn(usize) -> io::Result<Wire>,
    connections: usize,
    say: &[u8],
    open: &mut Vec<Wire>,
) -> u64 {
    let before = running.resident_kib();
    for number in 0..connections {
        let mut wire = connect(number).await.unwrap();
        // In two pieces, as the buffer grows with what comes.
        let (one, other) = say.split_at(say.len() / 2);
        for piece in [one, other] {
            wire.write_all(piece).await.unwrap();
            wire.flush().await.unwrap();
        }
        open.push(wire);
    }
    soon("an end of reading", async {
        while !has_read_everything(running.port) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    })
    .await;
    running.resident_kib().saturating_sub(before) * 1024 / connections as u64
}

/// One of this machine's own addresses.
fn loopback(number: usize) -> IpAddr {
    let [.., high, low] = number.to_be_bytes();
    [127, 1, high, low].into()
}

fn head_of(bytes: usize) -> String {
    let begin = "GET / HTTP/1.1\r\nhost: localhost\r\nx: ";
    begin.to_owned() + &"a".repeat(bytes - begin.len())
}

#[tokio::test]
async fn a_thousand_requests_that_never_end_take_34_kib_each_at_most_and_40_with_a_body() {
    const KINDS: usize = 7;
    descriptors::provide_for(KINDS * CONNECTIONS);
    let running = idle_program([]);
    let way = Way::from(running.address());
    // They stay open, so that no memory is used a second time.
    let mut open = Vec::new();
    let longest = Limits::default().max_request_head_bytes - 1;
    let invitation = "POST /companion HTTP/1.1\r\nhost: localhost\r\n";
    for (what, say) in [
        ("the begin of a head", "GET / HTTP/1.1\r\nx-".to_owned()),
        ("half a head", head_of(longest / 2)),
        ("the longest head", head_of(longest)),
        (
            "a handshake of a WebSocket",
            "GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nx: ".to_owned()
                + &"a".repeat(longest - 100),
        ),
        (
            "requests ahead of their answers",
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100) + &head_of(longest / 2),
        ),
        (
            "an invitation",
            format!("{invitation}content-length: 100\r\n\r\nroom"),
        ),
        (
            "an invitation in chunks with extensions",
            format!(
                "{invitation}transfer-encoding: chunked\r\n\r\n4;{}",
                "a".repeat(longest / 4)
            ),
        ),
    ] {
        let connect = async |_| way.connect().await;
        let each = bytes_each(&running, connect, CONNECTIONS, say.as_bytes(), &mut open).await;
        println!("{what}: {each} bytes");
        let has_body = say.starts_with("POST");
        let most = if has_body {
            MAX_KIB_WITH_BODY
        } else {
            MAX_KIB_EACH
        };
        assert!(each <= most * 1024, "{what}: {each} bytes");
    }
}

/// Fewer, since each shakes hands.
const CONNECTIONS_OF_TLS: usize = 300;

#[tokio::test]
async fn a_connection_of_tls_takes_24_kib_at_most_while_it_is_idle_and_44_with_a_head_that_never_ends()
 {
    const KINDS: usize = 3;
    descriptors::provide_for(KINDS * CONNECTIONS_OF_TLS);
    let (certificate, folder) = (Certificate::new(), tempfile::tempdir().unwrap());
    let running = idle_program(certificate.options(folder.path()));
    let way = Way {
        address: running.address(),
        trusted: Some(certificate.trusted()),
    };
    let mut open = Vec::new();
    let longest = head_of(Limits::default().max_request_head_bytes - 1);
    for (what, say, most) in [
        ("nothing", "", MAX_KIB_IDLE_OVER_TLS),
        ("a WebSocket", &*RawPeer::request(), MAX_KIB_IDLE_OVER_TLS),
        ("the longest head", &*longest, MAX_KIB_OVER_TLS),
    ] {
        let say = say.as_bytes();
        let connect = async |_| way.connect().await;
        let each = bytes_each(&running, connect, CONNECTIONS_OF_TLS, say, &mut open).await;
        println!("{what}: {each} bytes");
        assert!(each / 1024 <= most, "{what}: {each} bytes");
    }
}

/// Of a connection of HTTP/2 that is idle: it has buffers for frames both ways, and tables of fields, beside what TLS has.
const MAX_KIB_IDLE_OVER_HTTP_2: u64 = 36;

/// The same of one whose head never ends.
const MAX_KIB_OVER_HTTP_2: u64 = 64;

/// Of one with as many requests as it may have, of which the client takes nothing but the heads, or whose bodies do not come.
const MAX_KIB_WITH_STREAMS: u64 = 448;

#[tokio::test]
async fn a_connection_of_http_2_takes_36_kib_at_most_while_it_is_idle_and_448_with_all_its_requests()
 {
    const KINDS: usize = 8;
    descriptors::provide_for(KINDS * CONNECTIONS_OF_TLS);
    let (certificate, folder) = (Certificate::new(), tempfile::tempdir().unwrap());
    let mut options = certificate.options(folder.path()).to_vec();
    // No time ends what is measured.
    options.extend(["--stalled-response-seconds", "600"].map(OsString::from));
    let running = idle_program(options);
    let way = Way {
        address: running.address(),
        trusted: Some(certificate.trusted().offering(&[HTTP_2])),
    };
    let begin = frames::opening(&[(frames::INITIAL_WINDOW_SIZE, 1)]);
    let all = |ask: &dyn Fn(u32) -> Vec<u8>| {
        let asked = frames::streams().take(MAX_STREAMS).flat_map(ask);
        [begin.clone(), asked.collect()].concat()
    };
    let post = |fields: &[u8]| {
        let fields = [&frames::request("POST", "/companion")[..], fields].concat();
        move |stream| frames::frame(frames::HEADERS, frames::END_HEADERS, stream, &fields)
    };
    let large_field = frames::field("x", &"a".repeat(12_000));
    let small_fields = (0..450).map(|number| frames::field(&format!("{number:x}"), ""));
    let small_fields: Vec<u8> = small_fields.flatten().collect();
    let with_body = |stream| {
        let body = frames::frame(frames::DATA, 0, stream, &[b'r'; 200]);
        [frames::post(stream, "/companion"), body].concat()
    };
    let half_a_head = frames::frame(frames::HEADERS, 0, 1, &large_field);
    let half_a_head = [begin.clone(), half_a_head].concat();
    let mut open = Vec::new();
    for (what, say, most) in [
        ("nothing", Vec::new(), MAX_KIB_IDLE_OVER_TLS),
        ("settings", begin.clone(), MAX_KIB_IDLE_OVER_HTTP_2),
        ("half a head", half_a_head, MAX_KIB_OVER_HTTP_2),
        (
            "pages",
            all(&|stream| frames::get(stream, "/connecting/")),
            MAX_KIB_WITH_STREAMS,
        ),
        (
            "pages that are made",
            all(&|stream| frames::get(stream, "/nothing")),
            MAX_KIB_WITH_STREAMS,
        ),
        (
            "heads with a large field",
            all(&post(&large_field)),
            MAX_KIB_WITH_STREAMS,
        ),
        (
            "heads with many fields",
            all(&post(&small_fields)),
            MAX_KIB_WITH_STREAMS,
        ),
        (
            "bodies that do not end",
            all(&with_body),
            MAX_KIB_WITH_STREAMS,
        ),
    ] {
        // From an address of its own each: those of one share what their requests may hold.
        let connect = async |number| way.connect_from(loopback(number)).await;
        let each = bytes_each(&running, connect, CONNECTIONS_OF_TLS, &say, &mut open).await;
        println!("{what}: {each} bytes");
        assert!(each / 1024 <= most, "{what}: {each} bytes");
    }
}

/// What is said to a head that is too long; the connection ends with it.
async fn answer_to_endless_head(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = head_of(400_000);
    // The server closes while this is still written.
    let _ = socket.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = soon("an answer", socket.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_wherever_it_comes_and_counted() {
    let (server, operators) = Server::with_metrics_listener().await;
    for address in [server.address, operators] {
        let answer = answer_to_endless_head(address).await;
        // The rest of what was sent may reset the connection before the answer is read.
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
            "{answer}"
        );
    }
    let counted = "guidebook_refusals_total{code=\"request-head-too-large\"} 2\n";
    soon("two refusals", async {
        while !http::get_at(operators, "/metrics")
            .await
            .text()
            .contains(counted)
        {}
    })
    .await;
}
