//! Sessions of the media room that nobody comes to, offers that are none, and packets at its port that belong to no session.

use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::attacker::Tally;
use super::{Attacker, Part, Script};

/// Of one address: each makes some ten offers in a second.
const CONNECTIONS: usize = 5;
/// Rooms in all; with ten publishers each, sessions are soon refused.
const ROOMS: usize = 30;
/// Every so many offers one is none.
const BAD_EVERY: usize = 5;
const LASTS: Duration = Duration::from_secs(1);
/// From one packet to the next.
const EVERY: Duration = Duration::from_millis(5);

pub(super) const PART: Part = Part {
    name: "offers",
    begin,
    counted: &[
        "refusals_total{code=\"sfu-bad-offer\"}",
        "refusals_total{code=\"too-many-sfu-publishers\"}",
        "sfu_drops_total{reason=\"stranger\"}",
    ],
};

/// What a browser offers that sends a picture, as far as the server needs it.
const OFFER: &str = "v=0\r
o=- 1 1 IN IP4 0.0.0.0\r
s=-\r
t=0 0\r
a=group:BUNDLE 0\r
m=video 9 UDP/TLS/RTP/SAVPF 96\r
c=IN IP4 0.0.0.0\r
a=ice-ufrag:soak\r
a=ice-pwd:aPasswordThatNobodyUsesHere\r
a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r
a=setup:actpass\r
a=mid:0\r
a=sendonly\r
a=rtcp-mux\r
a=rtpmap:96 VP8/90000\r
a=ssrc:7 cname:soak\r
";

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for connection in 0..CONNECTIONS {
        let target = attacker.target;
        attacker.keep_up(tasks, move |number| {
            let offer = match number % BAD_EVERY {
                0 => OFFER.replace("a=fingerprint", "a=x"),
                _ => OFFER.to_owned(),
            };
            let room = (number * CONNECTIONS + connection) % ROOMS;
            let length = offer.len();
            let request = format!(
                "POST /whip/offers-{room} HTTP/1.1\r\nhost: {target}\r\norigin: http://{target}\r\nconnection: close\r\n\
                 content-type: application/sdp\r\ncontent-length: {length}\r\n\r\n{offer}"
            );
            Script::once(request.into_bytes(), LASTS)
        });
    }
    let attacker = attacker.clone();
    tasks.spawn(async move {
        let socket = UdpSocket::bind((attacker.from, 0)).await;
        let socket = socket.expect("the address has a port that is free");
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for packet in packets().iter().cycle() {
            ticks.tick().await;
            // Nobody is there in the quiet run.
            if let Ok(bytes) = socket.send_to(packet, attacker.target).await {
                Tally::add(&attacker.tally.bytes_said, bytes);
            }
        }
    });
}

/// Media, a handshake, and a check for a session that there is not.
fn packets() -> [Vec<u8>; 3] {
    let media = [&[128, 96][..], &[7; 1_100]].concat();
    let handshake = [&[22, 254, 253][..], &[0; 200]].concat();
    let name = b"sfu0011223344556677:soak";
    let length = name.len() as u8;
    let mut check = vec![0, 1, 0, 4 + length, 0x21, 0x12, 0xa4, 0x42];
    check.extend([7; 12]);
    check.extend([0, 6, 0, length]);
    check.extend(name);
    [media, handshake, check]
}
