//! STUN and TURN over real sockets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::Command;
use std::time::Duration;

use quickconnect::protocol::{Greeting, IceServer};
use quickconnect::{Event, QuickConnect};
use server::config::{Limits, Settings};
use server::process::addresses;
use tokio::time::sleep;

use crate::support::{PROGRAM, Peer, Running, Server, TurnClient, guidebook, http, soon};

pub(crate) const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub(crate) async fn start() -> Server {
    Server::with_relay(LOOPBACK, Settings::default()).await
}

/// What the greeting gives.
pub(crate) fn given(peer: &Peer) -> IceServer {
    let greeting = Greeting::read(peer.greeting()).unwrap();
    greeting.ice_servers.into_iter().next().unwrap()
}

/// A client that signals, and has a relayed port.
pub(crate) async fn with_port(server: &Server, id: &str) -> (Peer, TurnClient, SocketAddr) {
    let peer = Peer::join(server, id, id, 1).await;
    let mut client = TurnClient::new(server.address, &given(&peer)).await;
    let relayed = client.allocate().await.unwrap();
    (peer, client, relayed)
}

async fn relayed_ports(server: &Server) -> usize {
    metric(server, "guidebook_relayed_ports").await
}

pub(crate) async fn metric(server: &Server, name: &str) -> usize {
    let metrics = http::get(server, "/metrics").await;
    let value = |line: &str| line.strip_prefix(name)?.trim().parse().ok();
    metrics.text().lines().find_map(value).unwrap_or(0)
}

#[tokio::test]
async fn the_port_of_the_book_says_where_a_client_comes_from() {
    let server = start().await;
    let client = TurnClient::new(server.address, &IceServer::default()).await;
    assert_eq!(client.binding().await, client.socket.local_addr().unwrap());
}

#[tokio::test]
async fn two_clients_talk_through_their_relayed_ports() {
    let server = start().await;
    let (_a, mut a, a_port) = with_port(&server, "a").await;
    let (_b, mut b, b_port) = with_port(&server, "b").await;
    a.permit(b_port).await.unwrap();
    a.bind(0x4000, b_port).await.unwrap();
    b.bind(0x4001, a_port).await.unwrap();
    a.send(0x4000, b"from a").await;
    assert_eq!(b.receive().await, (0x4001, b"from a".to_vec()));
    b.send(0x4001, b"from b").await;
    assert_eq!(a.receive().await, (0x4000, b"from b".to_vec()));
}

/// Loopback peers are reached through relayed ports only, so this needs an address of the machine.
#[tokio::test]
async fn a_client_without_a_relayed_port_is_reached_where_it_asked_from() {
    let is_good = |ip: &IpAddr| ip.is_ipv4() && !ip.is_loopback();
    let machine = addresses::of_this_machine().into_iter().find(is_good);
    let machine = machine.expect("the machine has an address besides 127.0.0.1");
    let server = Server::with_relay(SocketAddr::new(machine, 0), Settings::default()).await;
    let (_a, mut a, a_port) = with_port(&server, "a").await;
    let direct = TurnClient::new(server.address, &IceServer::default()).await;
    let seen = direct.binding().await;
    a.bind(0x4000, seen).await.unwrap();
    a.send(0x4000, b"out").await;
    let mut buffer = [0; 100];
    let (length, from) = soon("a packet", direct.socket.recv_from(&mut buffer))
        .await
        .unwrap();
    assert_eq!((&buffer[..length], from), (&b"out"[..], a_port));
    direct.socket.send_to(b"back", a_port).await.unwrap();
    assert_eq!(a.receive().await, (0x4000, b"back".to_vec()));
    // Somebody who has not asked gets nothing through, in either direction; what comes behind it does.
    let stranger = tokio::net::UdpSocket::bind(SocketAddr::new(machine, 0))
        .await
        .unwrap();
    stranger.send_to(b"stranger", a_port).await.unwrap();
    direct.socket.send_to(b"again", a_port).await.unwrap();
    assert_eq!(a.receive().await, (0x4000, b"again".to_vec()));
}

#[tokio::test]
async fn clients_and_relayed_ports_may_have_addresses_of_ipv6() {
    let here = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 0);
    let server = Server::with_relay(here, Settings::default()).await;
    let mut clients = Vec::new();
    for id in ["a", "b"] {
        let peer = Peer::join(&server, id, id, 1).await;
        let mut client = TurnClient::new(server.address, &given(&peer)).await;
        let relayed = client.allocate_of_ipv6().await.unwrap();
        assert_eq!(relayed.ip(), here.ip());
        clients.push((peer, client, relayed));
    }
    let [(_, a, a_port), (_, b, b_port)] = &mut clients[..] else {
        unreachable!("there are two");
    };
    a.permit(*b_port).await.unwrap();
    b.bind(0x4000, *a_port).await.unwrap();
    b.send(0x4000, b"by IPv6").await;
    assert_eq!(a.receive_from().await, (*b_port, b"by IPv6".to_vec()));
    // A permission is for the family of the port: 443 (Peer Address Family Mismatch).
    assert_eq!(a.permit("127.0.0.1:5000".parse().unwrap()).await, Err(443));
}

/// A system that is left to itself answers to such a client from 127.0.0.1.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_asks_one_of_several_addresses_is_answered_from_that_one() {
    for everywhere in [
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ] {
        let server = Server::with_relay(SocketAddr::new(everywhere, 0), Settings::default()).await;
        let asked = SocketAddr::new([127, 0, 0, 2].into(), server.address.port());
        let peer = Peer::join(&server, "a", "a", 1).await;
        // A client takes nothing from another address than it has asked.
        let mut a = TurnClient::new(asked, &given(&peer)).await;
        assert_eq!(a.binding().await, a.socket.local_addr().unwrap());
        let a_port = a.allocate().await.unwrap();
        let mut b = TurnClient::new(asked, &given(&peer)).await;
        let b_port = b.allocate().await.unwrap();
        a.permit(b_port).await.unwrap();
        b.bind(0x4000, a_port).await.unwrap();
        b.send(0x4000, b"from b").await;
        assert_eq!(a.receive_from().await, (b_port, b"from b".to_vec()));
    }
}

#[tokio::test]
async fn the_greeting_names_the_host_that_the_client_asked_for() {
    let server = start().await;
    let port = server.address.port();
    let peer = Peer::connect(&server, "a").await;
    let urls = [
        format!("stun:127.0.0.1:{port}"),
        format!("turn:127.0.0.1:{port}?transport=udp"),
        format!("turn:127.0.0.1:{port}?transport=tcp"),
    ];
    assert_eq!(given(&peer).urls, urls);
    let host = format!("192.0.2.1:{port}");
    let mut other = Peer::connect_with(&server, &[("host", &host)], "b")
        .await
        .unwrap();
    other.hears_greeting().await;
    assert_eq!(given(&other).urls[0], format!("stun:192.0.2.1:{port}"));
    // It takes no server at a loopback address.
    let firefox = [(
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    )];
    let mut firefox = Peer::connect_with(&server, &firefox, "c").await.unwrap();
    firefox.hears_greeting().await;
    let greeting = Greeting::read(firefox.greeting()).unwrap();
    assert_eq!(greeting.ice_servers, []);
    assert!(greeting.resume.is_some());
}

#[tokio::test]
async fn behind_a_proxy_only_an_address_that_was_given_is_named() {
    for external in [None, Some("203.0.113.1")] {
        let mut settings = Settings::default();
        settings.access.trusted_proxy = vec!["127.0.0.1".parse().unwrap()];
        settings.relay.external_address = external.map(|ip| ip.parse().unwrap());
        let server = Server::with_relay(LOOPBACK, settings).await;
        let peer = Peer::connect(&server, "a").await;
        let greeting = Greeting::read(peer.greeting()).unwrap();
        let urls = greeting
            .ice_servers
            .first()
            .map(|server| server.urls.clone());
        let port = server.address.port();
        // To a book on loopback no other address leads.
        let expected = external.map(|ip| {
            vec![
                format!("stun:{ip}:{port}"),
                format!("turn:{ip}:{port}?transport=udp"),
            ]
        });
        assert_eq!(urls, expected);
    }
}

#[tokio::test]
async fn pages_ask_for_it_and_only_those_of_the_book() {
    let server = start().await;
    let ask = async |path: &str, origin: &str| {
        http::request(&server, "POST", path, &[("origin", origin)]).await
    };
    let path = format!("/ice?{}", server.proof());
    // The tests' requests are for the host `localhost`.
    for (path, origin) in [("/ice", "http://localhost"), (&path, "null")] {
        let answer = ask(path, origin).await;
        assert_eq!(answer.status, 200);
        let answer: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
        assert_eq!(answer["lifetimeSeconds"], 600);
        let given: IceServer = serde_json::from_value(answer["iceServers"][0].clone()).unwrap();
        let mut client = TurnClient::new(server.address, &given).await;
        client.allocate().await.unwrap();
    }
    for origin in ["null", "http://elsewhere.example"] {
        assert_eq!(ask("/ice", origin).await.status, 403, "{origin}");
    }
}

#[tokio::test]
async fn credentials_are_of_one_session_and_end_with_it() {
    let mut settings = Settings::default();
    settings.admin.metrics = true;
    let server = Server::with_relay(LOOPBACK, settings).await;
    let (mut a, mut client, _) = with_port(&server, "a").await;
    let (_b, b, _) = with_port(&server, "b").await;
    // The port of `a`, with the credentials of `b`.
    let mut thief = b.with_socket_of(client);
    assert_eq!(thief.refresh().await, Err(441));
    client = thief.with_credentials(&given(&a));
    client.refresh().await.unwrap();
    assert_eq!(relayed_ports(&server).await, 2);
    let own = given(&a);
    let leave = a.leave();
    a.says(&leave).await;
    a.closes().await;
    let left = async {
        while relayed_ports(&server).await != 1 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon("the end of what it had", left).await;
    assert_eq!(client.with_credentials(&own).allocate().await, Err(401));
}

/// When credentials are over, in seconds since 1970.
fn end_of(given: &IceServer) -> u64 {
    let (seconds, _) = given.username.split_once(':').unwrap();
    seconds.parse().unwrap()
}

/// With the first no port can be had any more, and the one that was had with them stays.
#[tokio::test]
async fn who_stays_is_given_new_credentials_before_the_first_are_over() {
    // Half of it is room for a machine that is busy, and both halves are less than the patience of a test.
    const LIFETIME: Duration = Duration::from_secs(8);
    let limits = Limits {
        ice_credential_lifetime: LIFETIME,
        // Nothing else is said to the client meanwhile.
        ping_period: Duration::from_secs(3600),
        ..Limits::default()
    };
    let server = Server::with_relay(LOOPBACK, limits).await;
    // It joins no room: nothing but greetings is said to it.
    let mut peer = Peer::connect(&server, "a").await;
    let first = given(&peer);
    let mut call = TurnClient::new(server.address, &first).await;
    call.allocate().await.unwrap();
    peer.hears_greeting().await;
    let second = given(&peer);
    assert_eq!(second.urls, first.urls);
    assert_ne!(second.username, first.username);
    // When the second were made, by the clock of the server: a test that is late changes nothing of it.
    let given_at = end_of(&second) - LIFETIME.as_secs();
    assert!(given_at < end_of(&first), "they came too late");
    let ask = async |given: &IceServer| {
        let mut client = TurnClient::new(server.address, given).await;
        client.allocate().await
    };
    let over = async {
        while ask(&first).await != Err(401) {
            sleep(Duration::from_millis(100)).await;
        }
    };
    soon("the end of the first", over).await;
    let renewed = async {
        loop {
            // What waits to be read may be over already.
            peer.hears_greeting().await;
            if ask(&given(&peer)).await.is_ok() {
                break;
            }
        }
    };
    soon("credentials that are good", renewed).await;
    call.refresh().await.unwrap();
}

#[tokio::test]
async fn calls_outlive_a_connection_that_was_lost() {
    let server = start().await;
    let (a, mut client, _) = with_port(&server, "a").await;
    drop(a);
    // Whoever comes next is handled after its end.
    let mut others = Vec::new();
    for id in ["b", "c", "d"] {
        others.push(with_port(&server, id).await);
    }
    client.refresh().await.unwrap();
}

#[tokio::test]
async fn a_session_has_as_many_ports_as_a_flag_says() {
    let limits = Limits {
        max_relayed_ports_per_session: 1,
        ..Limits::default()
    };
    let server = Server::with_relay(LOOPBACK, limits).await;
    let (peer, _first, _) = with_port(&server, "a").await;
    let mut second = TurnClient::new(server.address, &given(&peer)).await;
    assert_eq!(second.allocate().await, Err(486));
}

#[tokio::test]
async fn its_ports_are_free_when_the_server_has_stopped() {
    let server = start().await;
    let (_peer, _client, relayed) = with_port(&server, "a").await;
    let address = server.address;
    assert!(server.stop().await < Duration::from_secs(2));
    for address in [address, relayed] {
        UdpSocket::bind(address).unwrap();
    }
}

/// Neither has an address that the other could reach.
#[tokio::test]
async fn rust_clients_that_cannot_reach_each_other_are_connected() {
    let both = SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), 0);
    let server = Server::with_relay(both, Settings::default()).await;
    let join = async |ip: IpAddr, id: &str| {
        QuickConnect::builder(format!(
            "http://{}",
            SocketAddr::new(ip, server.address.port())
        ))
        .room("r")
        .id(id)
        .addresses(vec![SocketAddr::new(ip, 0)])
        .connect()
        .await
        .unwrap()
    };
    let mut a = join(Ipv4Addr::LOCALHOST.into(), "a").await;
    let _b = join(Ipv6Addr::LOCALHOST.into(), "b").await;
    let started = async {
        loop {
            if let Some(Event::CallStarted(call)) = a.next().await {
                return call;
            }
        }
    };
    soon("a call", started).await;
}

#[test]
fn the_program_serves_them_where_the_book_is_unless_it_is_told_not_to() {
    let bound = |arguments: &[&str]| {
        let running = Running::start(guidebook(PROGRAM).args(arguments));
        UdpSocket::bind(running.address()).is_err()
    };
    assert!(bound(&[]));
    assert!(!bound(&["--no-turn"]));
    assert!(!bound(&["--turn-listen", "127.0.0.1:0"]));
}

#[test]
fn a_port_that_is_taken_is_an_error_where_it_was_named_and_a_warning_where_not() {
    // Of TCP it is free, and was ours a moment ago.
    let (taken, port) = loop {
        let free = std::net::TcpListener::bind(LOOPBACK).unwrap();
        let address = free.local_addr().unwrap();
        if let Ok(taken) = UdpSocket::bind(address) {
            break (taken, address.port());
        }
    };
    let named = guidebook(PROGRAM)
        .args([
            "--listen",
            "127.0.0.1:0",
            "--turn-listen",
            &format!("127.0.0.1:{port}"),
        ])
        .output()
        .unwrap();
    assert!(!named.status.success());
    let says = String::from_utf8(named.stderr).unwrap();
    assert!(
        says.contains(&format!("UDP port {port} is in use by another program.")),
        "{says}"
    );
    let running = Running::start_at(&mut guidebook(PROGRAM), port);
    let (status, _, log) = running.end_by("-TERM");
    assert!(status.success());
    assert!(
        log.contains(&format!("Cannot listen on UDP 127.0.0.1:{port}")),
        "{log}"
    );
    assert!(log.contains("--no-turn"), "{log}");
    drop(taken);
}

/// The client of coturn, which many servers are tested with.
#[tokio::test]
async fn another_implementation_gets_everything_through() {
    for over in [&[][..], &["-t"]] {
        let server = start().await;
        passes_with_coturn(&server, over).await;
    }
}

async fn passes_with_coturn(server: &Server, over: &[&str]) {
    let peer = Peer::connect(server, "a").await;
    let IceServer {
        username,
        credential,
        ..
    } = given(&peer);
    let port = server.address.port().to_string();
    let arguments = [
        "-y",
        "-c",
        "-m",
        "2",
        "-n",
        "50",
        "-u",
        &username,
        "-w",
        &credential,
        "-p",
        &port,
        "127.0.0.1",
    ];
    let mut command = Command::new("turnutils_uclient");
    command.args(over).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap();
    let output =
        output.expect("Debian's package coturn is there: `cargo xtask system` installs it");
    let says = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(says.contains("Total lost packets 0 (0.000000%)"), "{says}");
    drop(peer);
}
