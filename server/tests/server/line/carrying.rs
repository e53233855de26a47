//! Whose packets pass a line, and whose do not.

use std::net::Ipv6Addr;

use server::process::addresses;

use super::*;

#[tokio::test]
async fn what_a_peer_sends_to_its_port_comes_unaltered_from_the_others_port() {
    let server = Server::start().await;
    let (line, a, b) = connected(&server, json!({})).await;
    for packet in [&[0; 1][..], &[0xff; 1_500], b"text"] {
        a.send(line.a, packet).await;
        assert_eq!(b.receive().await, (packet.to_vec(), line.b));
        b.send(line.b, packet).await;
        assert_eq!(a.receive().await, (packet.to_vec(), line.a));
    }
    let now = line.look().await;
    // The first is the check.
    assert_eq!(now["a_to_b"]["statistics"]["delivered"]["packets"], 4);
}

#[tokio::test]
async fn nothing_passes_before_a_check_that_verifies() {
    let server = Server::start().await;
    let (a, b) = (Peer::new("a").await, Peer::new("b").await);
    let mut line = Line::open(&server, &json!({})).await;
    // Nobody can know yet who the peers are.
    a.check(&b, line.a).await;
    line.is("its end", |now| now["a"]["dropped"]["stranger"] == 1)
        .await;
    line.order(json!({ "credentials": { "a": a.credentials(), "b": b.credentials() } }))
        .await;
    a.send(line.a, b"early").await;
    // With its own password in place of the other's, as no peer does.
    a.check(&a, line.a).await;
    b.check(&b, line.b).await;
    let now = line
        .is("all of them", |now| {
            now["a"]["dropped"]["stranger"] == 3 && now["b"]["dropped"]["stranger"] == 1
        })
        .await;
    assert_eq!(now["a"]["locked"], false);
    assert_eq!(now["b"]["locked"], false);
    // What comes through first is what came behind all that.
    meet(&line, &a, &b).await;
}

#[tokio::test]
async fn what_is_for_a_peer_that_is_not_there_yet_goes_to_nobody() {
    let server = Server::start().await;
    let (a, b) = (Peer::new("a").await, Peer::new("b").await);
    let credentials = json!({ "a": a.credentials(), "b": b.credentials() });
    let line = Line::open(&server, &json!({ "credentials": credentials })).await;
    a.check(&b, line.a).await;
    let is_lost = |now: &Value| now["b"]["dropped"]["nobody"] == 1;
    let now = line.is("the end of A's check", is_lost).await;
    assert_eq!(now["a"]["locked"], true);
    assert_eq!(now["b"]["locked"], false);
}

#[tokio::test]
async fn a_stranger_gets_nothing_through_not_even_the_same_check() {
    let server = Server::start().await;
    let (line, a, b) = connected(&server, json!({})).await;
    let stranger = Peer::new("s").await;
    stranger.send(line.a, b"stranger").await;
    let check = a.check(&b, line.a).await;
    assert_eq!(b.receive().await, (check.clone(), line.b));
    // Overheard, and sent again.
    stranger.send(line.a, &check).await;
    a.send(line.a, b"peer").await;
    b.hears(b"peer").await;
    b.send(line.b, b"for a").await;
    a.hears(b"for a").await;
    let now = line.look().await;
    assert_eq!(now["a"]["dropped"]["stranger"], 2);
}

#[tokio::test]
async fn after_a_restart_of_ice_a_peer_may_have_another_address() {
    let server = Server::start().await;
    let (mut line, _old, mut b) = connected(&server, json!({})).await;
    // Both have new credentials, and A comes from somewhere else.
    let (a, restarted) = (Peer::new("c").await, Peer::new("d").await);
    (b.ufrag, b.password) = (restarted.ufrag, restarted.password);
    line.order(json!({ "credentials": { "a": a.credentials(), "b": b.credentials() } }))
        .await;
    let check = a.check(&b, line.a).await;
    assert_eq!(b.receive().await, (check, line.b));
    b.send(line.b, b"to the new place").await;
    a.hears(b"to the new place").await;
}

#[tokio::test]
async fn a_port_that_is_rebound_is_another_one_for_the_same_peer() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    let before = (line.a, line.b);
    line.order(json!({ "rebind": "b" })).await;
    assert_eq!(line.a, before.0);
    assert_ne!(line.b, before.1);
    a.send(line.a, b"from elsewhere").await;
    assert_eq!(b.receive().await, (b"from elsewhere".to_vec(), line.b));
    b.send(line.b, b"to elsewhere").await;
    a.hears(b"to elsewhere").await;
    is_free(before.1).await;
}

#[tokio::test]
async fn firefox_gets_an_address_of_the_machine_where_the_server_is_on_loopback() {
    let server = Server::start().await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
    let of_other = Line::open(&server, &json!({ "not_loopback": true })).await;
    let line = Line::open_with(&server, &[("user-agent", agent)], &json!({})).await;
    let plain = Line::open(&server, &json!({})).await;
    assert!(plain.a.ip().is_loopback() && plain.b.ip().is_loopback());
    let machine = line.a.ip();
    assert!(!machine.is_loopback() && addresses::of_this_machine().contains(&machine));
    assert_eq!(of_other.b.ip(), machine);
    let (a, b) = (Peer::at(machine, "a").await, Peer::at(machine, "b").await);
    let mut line = line;
    line.order(json!({ "credentials": { "a": a.credentials(), "b": b.credentials() } }))
        .await;
    meet(&line, &a, &b).await;
}

#[tokio::test]
async fn a_line_has_ports_of_ipv6_where_the_server_has_such_an_address() {
    let here = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let server = Server::start_at(SocketAddr::new(here, 0)).await;
    let mut line = Line::open(&server, &json!({})).await;
    assert_eq!([line.a.ip(), line.b.ip()], [here; 2]);
    let (a, b) = (Peer::at(here, "a").await, Peer::at(here, "b").await);
    line.order(json!({ "credentials": { "a": a.credentials(), "b": b.credentials() } }))
        .await;
    meet(&line, &a, &b).await;
    a.send(line.a, b"by IPv6").await;
    assert_eq!(b.receive().await, (b"by IPv6".to_vec(), line.b));
}

/// Waits until a port can be had.
pub(super) async fn is_free(port: SocketAddr) {
    let freed = async {
        while UdpSocket::bind(port).await.is_err() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    soon("the end of a port", freed).await;
}
