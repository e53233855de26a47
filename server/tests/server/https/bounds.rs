//! What a client can hold that shakes hands slowly, or not at all.

use std::time::Duration;

use server::config::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsConnector;

use super::{REFUSED, is_refused, with_limits};
use crate::relay::metric;
use crate::support::tls::{Certificate, Trusted};
use crate::support::{Peer, Server, http, soon};

/// How a ClientHello begins that never ends: a record of 16 KiB, of a message of 64 KiB.
const ENDLESS: &[u8] = b"\x16\x03\x01\x40\x00\x01\x00\xff\xf0\x03\x03";

async fn half(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(ENDLESS).await.unwrap();
    stream
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_ended_and_counted() {
    let (server, _) = with_limits(Limits {
        tls_handshake_timeout: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    let begin = Instant::now();
    let mut stream = half(&server).await;
    // Little by little does not help.
    let mut answer = [0; 100];
    let end = async {
        loop {
            tokio::select! {
                read = stream.read(&mut answer) => return read.unwrap_or(0),
                () = sleep(Duration::from_millis(20)) => drop(stream.write_all(&[0]).await),
            }
        }
    };
    assert_eq!(soon("the end", end).await, 0);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    is_refused(&server, "tls-handshake-timeout", 1).await;
}

#[tokio::test]
async fn a_slow_client_gets_its_page_byte_by_byte() {
    let (server, trusted) = with_limits(Limits::default()).await;
    let (ours, theirs) = tokio::io::duplex(64);
    let socket = TcpStream::connect(server.address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    // One byte a packet, both ways.
    let (mut from_server, mut to_server) = socket.into_split();
    let (mut from_client, mut to_client) = tokio::io::split(theirs);
    let up = tokio::spawn(async move {
        while let Ok(byte) = from_client.read_u8().await {
            if to_server.write_u8(byte).await.is_err() {
                break;
            }
        }
    });
    tokio::spawn(async move {
        while let Ok(byte) = from_server.read_u8().await {
            if to_client.write_u8(byte).await.is_err() {
                break;
            }
        }
    });
    let connector = TlsConnector::from(trusted.config());
    let name = "localhost".try_into().unwrap();
    let stream = soon("a handshake", connector.connect(name, ours))
        .await
        .unwrap();
    let answer = http::get_over(stream, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
    up.abort();
}

#[tokio::test]
async fn whoever_finds_no_place_to_shake_hands_waits_for_one() {
    for (in_all, of_address) in [(1, 9), (9, 1)] {
        let (server, trusted) = with_limits(Limits {
            max_tls_handshakes: in_all,
            max_tls_handshakes_per_address: of_address,
            ..Limits::default()
        })
        .await;
        let first = half(&server).await;
        // Plain HTTP needs no place; by its answer, the server has taken up the first one.
        assert_eq!(http::get(&server, "/healthz").await.status, 200);
        let waits = tokio::spawn(get(trusted, server.address));
        sleep(Duration::from_millis(100)).await;
        assert!(!waits.is_finished());
        drop(first);
        assert_eq!(soon("a place", waits).await.unwrap(), 200);
    }
}

#[tokio::test]
async fn who_waits_for_a_place_has_the_whole_time_of_a_handshake_afterwards_and_does_not_wait_for_ever()
 {
    const TIME: Duration = Duration::from_secs(2);

    let (server, trusted) = with_limits(Limits {
        max_tls_handshakes: 1,
        tls_handshake_timeout: TIME,
        ..Limits::default()
    })
    .await;
    let first = half(&server).await;
    assert_eq!(http::get(&server, "/healthz").await.status, 200);
    let begin = Instant::now();
    let mut second = half(&server).await;
    sleep(TIME * 7 / 10).await;
    drop(first);
    let mut answer = [0; 100];
    let end = soon("the end", second.read(&mut answer)).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert!(begin.elapsed() > TIME * 3 / 2, "{:?}", begin.elapsed());
    is_refused(&server, "tls-handshake-timeout", 1).await;
    // One gets the place of the first, and the others have waited for too long by then.
    let mut halves = Vec::new();
    for _ in 0..10 {
        halves.push(half(&server).await);
    }
    let name = format!("{REFUSED}\"tls-handshake-no-place\"}} ");
    let counted = async { while metric(&server, &name).await == 0 {} };
    soon("one without a place", counted).await;
    drop(halves);
    let again = async { while trusted.connect(server.address).await.is_err() {} };
    soon("a place", again).await;
}

#[tokio::test]
async fn a_client_of_tls_without_a_place_among_the_connections_hears_an_alert() {
    let (server, trusted) = with_limits(Limits {
        max_connections: 1,
        ..Limits::default()
    })
    .await;
    let only = Peer::join(&server, "a", "r", 1).await;
    let error = soon("a refusal", trusted.connect(server.address)).await;
    let error = error.unwrap_err().into_inner().unwrap();
    assert_eq!(
        error.downcast_ref(),
        Some(&rustls::Error::AlertReceived(
            rustls::AlertDescription::InternalError
        ))
    );
    // Plain HTTP is told so as before.
    assert_eq!(http::get(&server, "/").await.status, 503);
    only.closes().await;
    let admitted = async { while trusted.connect(server.address).await.is_err() {} };
    soon("a place", admitted).await;
}

async fn get(trusted: Trusted, address: std::net::SocketAddr) -> u16 {
    let stream = trusted.connect(address).await.unwrap();
    http::get_over(stream, "/healthz", &[]).await.status
}

#[tokio::test]
async fn half_a_handshake_does_not_hold_up_the_end() {
    let (server, _) = with_limits(Limits::default()).await;
    let _half = half(&server).await;
    assert_eq!(http::get(&server, "/healthz").await.status, 200);
    assert!(server.stop().await < Duration::from_secs(1));
}

/// What the help promises of half a handshake.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn half_a_handshake_holds_at_most_so_much() {
    use crate::heads::has_read_everything;
    use crate::support::{PROGRAM, Running, guidebook};

    const MAX_KIB: u64 = 96;
    const HALVES: u64 = 300;

    let folder = tempfile::tempdir().unwrap();
    let mut command = guidebook(PROGRAM);
    command.args(Certificate::new().options(folder.path()));
    command.args(["--max-tls-handshakes-per-address", "1000"]);
    let running = Running::start(&mut command);
    let before = running.resident_kib();
    // Three records of a message, and a part of the fourth.
    let record = |first: bool| {
        let mut record = vec![0x16, 3, 1, 0x40, 0];
        record.extend(if first {
            &[1, 0, 0xff, 0xf0, 3, 3][..]
        } else {
            &[0; 6]
        });
        record.resize(5 + 0x4000, 0);
        record
    };
    let mut bytes = [record(true), record(false), record(false), record(false)].concat();
    bytes.truncate(bytes.len() - 100);
    let mut halves = Vec::new();
    for _ in 0..HALVES {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        halves.push(stream);
    }
    let all_read = async {
        while !has_read_everything(running.port) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    soon("that all is read", all_read).await;
    let each = running.resident_kib().saturating_sub(before) / HALVES;
    assert!(each <= MAX_KIB, "{each} KiB");
}
