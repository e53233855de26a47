//! At which UDP port media comes in: the book's own, which STUN and TURN share, wherever they are served.

use std::net::{IpAddr, SocketAddr};

use quickconnect::protocol::IceServer;
use server::config::Limits;
use server::process::addresses;
use server::sfu::crypto;
use str0m::ice::{StunMessage, TransId};
use tokio::net::UdpSocket;

use super::peer::{Peer, offer};
use super::{OWN_PAGE, SDP, is_empty, settings};
use crate::relay::{LOOPBACK, metric};
use crate::support::{Server, TurnClient, http};

/// Where an answer says that media goes.
fn told(answer: &str) -> SocketAddr {
    let candidate = answer
        .lines()
        .find_map(|line| line.strip_prefix("a=candidate:"));
    let fields: Vec<_> = candidate.unwrap().split(' ').collect();
    SocketAddr::new(fields[4].parse().unwrap(), fields[5].parse().unwrap())
}

#[tokio::test]
async fn media_comes_in_at_the_port_of_the_book_and_so_does_stun() {
    let server = Server::with_relay(LOOPBACK, settings(Limits::default())).await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    assert_eq!(told(&publisher.answer), server.address);
    assert!(!publisher.answer.contains("a=ice-lite"));
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(5).await;
    let client = TurnClient::new(server.address, &IceServer::default()).await;
    assert_eq!(client.binding().await, client.socket.local_addr().unwrap());
    watcher.gets(5).await;
}

/// A check that nominates, as whoever has the session can make it.
fn check_of(peer: &Peer) -> Vec<u8> {
    let said = |text: &str, word: &str| {
        let mut lines = text.lines();
        let found = lines.find_map(|line| line.strip_prefix(word));
        found.unwrap().to_owned()
    };
    let name = "a=ice-ufrag:";
    let name = [said(&peer.answer, name), said(&peer.offer, name)].join(":");
    let check = StunMessage::binding_request(&name, TransId::new(), true, 1, u32::MAX, true);
    let password = said(&peer.answer, "a=ice-pwd:");
    let mut packet = vec![0; 500];
    let hmac = |key: &[u8], parts: &[&[u8]]| {
        let provider = crypto::provider();
        provider.sha1_hmac_provider.sha1_hmac(key, parts)
    };
    let length = check.to_bytes(Some(password.as_bytes()), &mut packet, hmac);
    packet.truncate(length.unwrap());
    packet
}

#[tokio::test]
async fn an_address_that_answers_no_check_gets_no_media_though_checks_come_from_there() {
    let server = Server::with_relay(LOOPBACK, settings(Limits::default())).await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(1).await;
    // It is the address of somebody else for all that the server can tell.
    let victim = UdpSocket::bind(LOOPBACK).await.unwrap();
    let check = check_of(&watcher);
    let (mut came, mut went) = (0, 0);
    for _ in 0..20 {
        went += victim.send_to(&check, server.address).await.unwrap();
        watcher.gets(5).await;
        let mut buffer = [0; 2000];
        while let Ok(length) = victim.try_recv(&mut buffer) {
            assert!(buffer[0] < 4, "{} is no message of STUN", buffer[0]);
            came += length;
        }
    }
    assert!((1..=3 * went).contains(&came), "{came} of {went}");
}

#[tokio::test]
async fn firefox_is_told_no_loopback_address_and_others_may_be() {
    let server = Server::with_relay(LOOPBACK, settings(Limits::default())).await;
    let offer = offer(&server).await;
    let firefox = (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    );
    let answer = http::post(&server, "/whip/lobby", &[OWN_PAGE, SDP, firefox], &offer).await;
    let of_machine = |ip: &IpAddr| ip.is_ipv4() && !ip.is_loopback();
    match addresses::of_this_machine().iter().any(of_machine) {
        true => {
            assert_eq!(answer.status, 201, "{}", answer.text());
            assert!(!told(answer.text()).ip().is_loopback());
        }
        false => assert_eq!(answer.status, 409),
    }
}

#[tokio::test]
async fn junk_at_the_port_harms_nobody() {
    let server = Server::with_relay(LOOPBACK, settings(Limits::default())).await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(1).await;
    let stranger = UdpSocket::bind(LOOPBACK).await.unwrap();
    for first in 0..=u8::MAX {
        for length in [1, 12, 40, 1400] {
            let mut packet = vec![first; length];
            packet[length - 1] = 0xff;
            stranger.send_to(&packet, server.address).await.unwrap();
        }
    }
    watcher.gets(10).await;
    let strangers = "guidebook_sfu_drops_total{reason=\"stranger\"}";
    assert!(metric(&server, strangers).await > 0);
    super::delete(&server, &publisher.location).await;
    is_empty(&server, "lobby").await;
}
