//! Bytes that are no HTTP, no WebSocket, no text, and frames that are no signaling.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

const CONNECTIONS: usize = 5;
/// Long enough for the server to say what it thinks of it.
const LASTS: Duration = Duration::from_millis(250);
/// Of a connection whose frames wait for their turn: its address says more than it may.
const READ_SLOWLY_LASTS: Duration = Duration::from_secs(5);
/// Bad frames of one connection.
const FRAMES: usize = 100;

pub(super) const PART: Part = Part {
    name: "junk",
    begin,
    counted: &[
        "frames_received_total{kind=\"bad\"}",
        "refusals_total{code=\"announce-not-json\"}",
        "refusals_total{code=\"binary-frame\"}",
        "refusals_total{code=\"frame-too-large\"}",
        "refusals_total{code=\"no-command\"}",
        "refusals_total{code=\"no-sender\"}",
        "refusals_total{code=\"no-target\"}",
        "refusals_total{code=\"not-a-command\"}",
        "refusals_total{code=\"not-announced\"}",
        "refusals_total{code=\"not-utf8\"}",
        "refusals_total{code=\"not-websocket\"}",
        "refusals_total{code=\"wrong-sender\"}",
    ],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for _ in 0..CONNECTIONS {
        let upgrade = wire::upgrade(attacker.target);
        let upgraded = |bytes: Vec<u8>| [&upgrade[..], &bytes].concat();
        let announced = [attacker.join("junk", "junk"), bad_frames()].concat();
        let scripts: Vec<Script> = junk()
            .into_iter()
            .map(upgraded)
            .chain([noise(4000)])
            .map(|bytes| Script::once(bytes, LASTS))
            .chain(
                [upgraded(bad_frames()), announced]
                    .map(|bytes| Script::once(bytes, READ_SLOWLY_LASTS)),
            )
            .collect();
        attacker.keep_up(tasks, move |number| scripts[number % scripts.len()].clone());
    }
}

/// What follows an upgrade.
fn junk() -> Vec<Vec<u8>> {
    vec![
        noise(4000),
        wire::frame(wire::TEXT, &[0xff; 100]),
        wire::frame(wire::BINARY, &[0; 100]).repeat(FRAMES),
        // The head of a frame of 2^62 bytes, and of one that isn't masked.
        vec![wire::TEXT, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],
        vec![wire::TEXT, 5, b'h', b'e', b'l', b'l', b'o'],
        wire::frame(wire::TEXT, &vec![b'/'; 70_000]),
        // A reserved opcode, and the middle of a message that didn't begin.
        wire::frame(0x83, b"/x"),
        wire::frame(0x80, b"/x"),
    ]
}

/// Frames that are no signaling, or are refused for what they say.
fn bad_frames() -> Vec<u8> {
    let each = [
        "",
        "/",
        "hello",
        "/to|",
        "/announce|a",
        "/announce|a|null",
        "/announce||{}",
        "/x|somebody else",
        "|",
        "/to|nobody|/x|junk",
    ];
    each.into_iter()
        .flat_map(wire::text)
        .collect::<Vec<u8>>()
        .repeat(FRAMES / each.len())
}

/// Bytes without a pattern, the same each time (a linear congruential generator).
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..len).map(|_| next()).collect()
}
