//! At which UDP port media comes in: the book's own, which STUN and TURN share, wherever they are served.

use std::net::{IpAddr, SocketAddr};

use quickconnect::protocol::IceServer;
use server::config::Limits;
use server::process::addresses;
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
    assert!(publisher.answer.contains("a=ice-lite"));
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(5).await;
    let client = TurnClient::new(server.address, &IceServer::default()).await;
    assert_eq!(client.binding().await, client.socket.local_addr().unwrap());
    watcher.gets(5).await;
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
