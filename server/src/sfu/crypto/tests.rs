//! That two peers which compute with this understand each other, and that SRTP is that of the standards; dimpl checks the rest against vectors when a
//! handshake begins.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::SdpAnswer;
use str0m::crypto::SrtpProvider as _;
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

fn of_hex(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn array<const LENGTH: usize>(hex: &str) -> [u8; LENGTH] {
    of_hex(hex).try_into().unwrap()
}

/// [RFC 3711, section B.3](https://www.rfc-editor.org/rfc/rfc3711#appendix-B.3): what the master key makes of each block, which begins with the salt.
#[test]
fn keys_of_srtp_are_derived_as_the_standard_has_it() {
    let master = of_hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    for (block, key) in [
        // For the cipher, its salt, and authentication.
        (
            "0EC675AD498AFEEBB6960B3AABE60000",
            "C61E7A93744F39EE10734AFE3FF7A087",
        ),
        (
            "0EC675AD498AFEE9B6960B3AABE60000",
            "30CBBC08863D8C85D49DB34A9AE17AC6",
        ),
        (
            "0EC675AD498AFEEAB6960B3AABE60000",
            "CEBE321F6FF7716B6FD4AB49AF256A15",
        ),
        (
            "0EC675AD498AFEEAB6960B3AABE60001",
            "6D38BAA48F0A0ACF3C34E2359E6CDBCE",
        ),
    ] {
        let mut output = [0; 32];
        srtp::Srtp.srtp_aes_128_ecb_round(&master, &of_hex(block), &mut output);
        assert_eq!(output[..16], of_hex(key), "{block}");
    }
}

/// [RFC 3711, section B.2](https://www.rfc-editor.org/rfc/rfc3711#appendix-B.2).
#[test]
fn the_key_stream_of_counter_mode_is_that_of_the_standard() {
    let profile = srtp::Srtp.aes_128_cm_sha1_80();
    let mut cipher = profile.create_cipher(array("2B7E151628AED2A6ABF7158809CF4F3C"), true);
    let iv = array("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
    let mut output = [0; 48];
    cipher.encrypt(&iv, &[0; 48], &mut output).unwrap();
    let expected = "E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0";
    assert_eq!(output[..], of_hex(expected));
    let mut back = [1; 48];
    cipher.decrypt(&iv, &output, &mut back).unwrap();
    assert_eq!(back, [0; 48]);
}

/// [RFC 7714, section 16](https://www.rfc-editor.org/rfc/rfc7714#section-16): a packet of SRTP under a key of each length.
#[test]
fn packets_under_aes_gcm_are_those_of_the_standard() {
    let iv = array("51753c6580c2726f20718414");
    let header = of_hex("8040f17b8041f8d35501a0b2");
    let plain =
        of_hex("47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573");
    let of_128 = of_hex(
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
         899d7f27beb16a9152cf765ee4390cce",
    );
    let of_256 = of_hex(
        "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b
         7aa3db36dfffd6b0f9bb7878d7a76c13",
    );
    let key: Vec<u8> = (0..32).collect();
    let short = srtp::Srtp.aead_aes_128_gcm();
    let mut short = short.create_cipher(key[..16].try_into().unwrap(), true);
    let long = srtp::Srtp.aead_aes_256_gcm();
    let mut long = long.create_cipher(key.try_into().unwrap(), true);
    let mut output = vec![0; of_128.len()];
    short.encrypt(&iv, &header, &plain, &mut output).unwrap();
    assert_eq!(output, of_128);
    long.encrypt(&iv, &header, &plain, &mut output).unwrap();
    assert_eq!(output, of_256);

    let mut opened = vec![0; plain.len()];
    let length = short
        .decrypt(&iv, &[&header], &of_128, &mut opened)
        .unwrap();
    assert_eq!(opened[..length], plain);
    opened.fill(0);
    // A header that comes in parts is the same.
    let parts = [&header[..4], &header[4..]];
    let length = long.decrypt(&iv, &parts, &of_256, &mut opened).unwrap();
    assert_eq!(opened[..length], plain);
    let mut changed = of_128;
    changed[0] ^= 1;
    assert!(
        short
            .decrypt(&iv, &[&header], &changed, &mut opened)
            .is_err()
    );
}
