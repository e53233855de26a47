//! The slow link that other tests rely on: its delay, its rate, and what it does to connections.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::slow_link::{Direction, Pace, SlowLink};
use crate::support::soon;

/// How long nothing must come, where nothing may come.
const SILENCE: Duration = Duration::from_millis(200);
/// Far more than the machine's own delays, on a busy day too.
const GENEROUS: Duration = Duration::from_secs(3);

/// Both ends of a connection through a link.
async fn connected(pace: Pace) -> (SlowLink, TcpStream, TcpStream, TcpListener) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let link = SlowLink::open(listener.local_addr().unwrap(), pace)
        .await
        .unwrap();
    let (client, server) = ends(&link, &listener).await;
    (link, client, server, listener)
}

async fn ends(link: &SlowLink, listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = TcpStream::connect(link.address).await.unwrap();
    let (server, _) = soon("a connection", listener.accept()).await.unwrap();
    (client, server)
}

async fn arrives(bytes: &[u8], from: &mut TcpStream, at: &mut TcpStream) {
    from.write_all(bytes).await.unwrap();
    let mut heard = vec![0; bytes.len()];
    soon("what was sent", at.read_exact(&mut heard))
        .await
        .unwrap();
    assert!(heard == bytes, "other bytes came");
}

async fn is_silent(end: &mut TcpStream) {
    let mut byte = [0];
    let heard = timeout(SILENCE, end.read(&mut byte)).await;
    assert!(heard.is_err(), "{heard:?}");
}

async fn ends_now(end: &mut TcpStream) {
    let mut byte = [0];
    let heard = soon("the end of a connection", end.read(&mut byte)).await;
    assert!(matches!(heard, Ok(0) | Err(_)), "{heard:?}");
}

fn within(took: Duration, least: Duration) {
    assert!((least..least + GENEROUS).contains(&took), "{took:?}");
}

#[tokio::test]
async fn a_link_opens_after_a_round_trip_and_delays_each_way() {
    let delay = Pace::SLOW.delay;
    let begin = Instant::now();
    let (_link, mut client, mut server, _listener) = connected(Pace::SLOW).await;
    within(begin.elapsed(), 2 * delay);
    let begin = Instant::now();
    arrives(b"ping", &mut client, &mut server).await;
    within(begin.elapsed(), delay);
    let begin = Instant::now();
    arrives(b"pong", &mut server, &mut client).await;
    within(begin.elapsed(), delay);
    drop(client);
    let begin = Instant::now();
    ends_now(&mut server).await;
    within(begin.elapsed(), delay);
}

#[tokio::test]
async fn all_connections_of_a_link_share_its_rate_in_each_direction() {
    const BYTES: usize = 50_000;
    let pace = Pace {
        bits_per_second: 2_000_000,
        ..Pace::FREE
    };
    let (link, mut client, mut server, listener) = connected(pace).await;
    let (mut other_client, mut other_server) = ends(&link, &listener).await;
    let bytes: Vec<u8> = (0..BYTES).map(|number| number as u8).collect();
    let begin = Instant::now();
    tokio::join!(
        arrives(&bytes, &mut client, &mut server),
        arrives(&bytes, &mut other_client, &mut other_server),
    );
    within(begin.elapsed(), Duration::from_millis(400));
    let begin = Instant::now();
    arrives(&bytes, &mut server, &mut client).await;
    within(begin.elapsed(), Duration::from_millis(200));
}

#[tokio::test]
async fn a_frozen_direction_passes_nothing_until_it_is_thawed_and_loses_nothing() {
    let (link, mut client, mut server, listener) = connected(Pace::FREE).await;
    link.freeze(Direction::ToServer);
    client.write_all(b"held up").await.unwrap();
    is_silent(&mut server).await;
    arrives(b"the other way", &mut server, &mut client).await;
    link.freeze(Direction::ToClient);
    server.write_all(b"held up, too").await.unwrap();
    is_silent(&mut client).await;
    // Later connections are frozen as well.
    let (mut late, mut late_server) = ends(&link, &listener).await;
    late.write_all(b"late").await.unwrap();
    is_silent(&mut late_server).await;
    drop(late);
    is_silent(&mut late_server).await;

    link.thaw();
    for (end, text) in [
        (&mut server, "held up"),
        (&mut client, "held up, too"),
        (&mut late_server, "late"),
    ] {
        let mut heard = vec![0; text.len()];
        soon("what was held up", end.read_exact(&mut heard))
            .await
            .unwrap();
        assert_eq!(heard, text.as_bytes());
    }
    ends_now(&mut late_server).await;
}

#[tokio::test]
async fn a_forgotten_connection_is_silent_and_stays_open_and_a_later_one_passes() {
    let (link, mut client, mut server, listener) = connected(Pace::FREE).await;
    arrives(b"before", &mut client, &mut server).await;
    link.forget();
    is_silent(&mut client).await;
    client.write_all(b"into the void").await.unwrap();
    is_silent(&mut server).await;
    let (mut late, mut late_server) = ends(&link, &listener).await;
    arrives(b"after", &mut late, &mut late_server).await;
    drop(client);
    is_silent(&mut server).await;
}

#[tokio::test]
async fn a_cut_ends_the_clients_side_and_the_server_hears_nothing() {
    let (link, mut client, mut server, listener) = connected(Pace::FREE).await;
    arrives(b"before", &mut client, &mut server).await;
    link.cut();
    ends_now(&mut client).await;
    is_silent(&mut server).await;
    let (mut late, mut late_server) = ends(&link, &listener).await;
    arrives(b"after", &mut late, &mut late_server).await;
}
