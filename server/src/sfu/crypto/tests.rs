//! That two peers which compute with this understand each other; dimpl checks the rest against vectors when a handshake begins.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};

use super::*;

fn peer(address: SocketAddr) -> Rtc {
    let mut rtc = Rtc::builder()
        .set_crypto_provider(provider())
        .build(Instant::now());
    rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
    rtc
}

/// Takes all that a peer has to say. Whether it is connected now.
fn drain(rtc: &mut Rtc, sent: &mut Vec<(SocketAddr, SocketAddr, Vec<u8>)>) -> bool {
    let mut is_connected = false;
    loop {
        match rtc.poll_output().unwrap() {
            Output::Timeout(_) => return is_connected,
            Output::Transmit(packet) => {
                sent.push((packet.source, packet.destination, packet.contents.to_vec()));
            }
            Output::Event(event) => is_connected |= matches!(event, Event::Connected),
        }
    }
}

#[test]
fn two_peers_connect() {
    let addresses: [SocketAddr; 2] = [
        "192.0.2.1:1000".parse().unwrap(),
        "192.0.2.2:1000".parse().unwrap(),
    ];
    let mut peers = addresses.map(peer);
    let mut api = peers[0].sdp_api();
    api.add_media(MediaKind::Video, Direction::SendRecv, None, None, None);
    let (offer, pending) = api.apply().unwrap();
    let answer: SdpAnswer = peers[1].sdp_api().accept_offer(offer).unwrap();
    peers[0].sdp_api().accept_answer(pending, answer).unwrap();
    let mut now = Instant::now();
    let mut is_connected = [false; 2];
    for _ in 0..1000 {
        let mut sent = Vec::new();
        for (peer, is_connected) in peers.iter_mut().zip(&mut is_connected) {
            *is_connected |= drain(peer, &mut sent);
        }
        if is_connected == [true; 2] {
            return;
        }
        now += Duration::from_millis(10);
        for (source, destination, contents) in sent {
            let to = usize::from(destination == addresses[1]);
            let receive = Receive::new(Protocol::Udp, source, destination, &contents).unwrap();
            peers[to]
                .handle_input(Input::Receive(now, receive))
                .unwrap();
        }
        for peer in &mut peers {
            peer.handle_input(Input::Timeout(now)).unwrap();
        }
    }
    panic!("{is_connected:?}");
}

#[test]
fn hashes_are_those_of_the_standards() {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    // RFC 3174, FIPS 180-2, RFC 2202.
    assert_eq!(
        hex(&Hashes.sha1(b"abc")),
        "a9993e364706816aba3e25717850c26c9cd0d89d"
    );
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&Hashes.sha256(b"abc")), expected);
    let parts: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
    assert_eq!(
        hex(&Hashes.sha1_hmac(b"Jefe", &parts)),
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    );
}
