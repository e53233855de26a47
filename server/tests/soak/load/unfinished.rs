//! Messages that never end: each connection sends the first part of a large one, and then only pings.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

/// Together they would hold more than one address may.
const CLIENTS: usize = 300;
const PART_BYTES: usize = 60_000;
/// A text that goes on in another frame.
const TEXT_BEGUN: u8 = 0x01;
const PING: u8 = 0x89;
const EVERY: Duration = Duration::from_secs(1);
const LASTS: Duration = Duration::from_secs(20);
const RETURNS_AFTER: Duration = Duration::from_secs(5);

pub(super) const PART: Part = Part {
    name: "unfinished",
    begin,
    counted: &["refusals_total{code=\"too-much-unfinished\"}"],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    let begun = wire::frame(TEXT_BEGUN, &[b'x'; PART_BYTES]);
    let opening: Arc<[u8]> = [wire::upgrade(attacker.target), begun].concat().into();
    let script = Script::once(opening, LASTS)
        .repeating(wire::frame(PING, b""), EVERY)
        .returns_after(RETURNS_AFTER);
    for _ in 0..CLIENTS {
        let script = script.clone();
        attacker.keep_up(tasks, move |_| script.clone());
    }
}
