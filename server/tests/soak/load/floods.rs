//! Frames of nearly the largest size, in rooms where all is read: four members for each address, each with five times the bytes that
//! a client may send in the long run.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

const MEMBERS: usize = 4;
const FRAME_BYTES: usize = 60_000;
const EVERY: Duration = Duration::from_millis(50);

pub(super) const PART: Part = Part {
    name: "floods",
    begin,
    counted: &["refusals_total{code=\"too-many-bytes\"}"],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    let room = format!("flood-{}", attacker.number);
    for member in 0..MEMBERS {
        let id = format!("flood-{}-{member}", attacker.number);
        let join = attacker.join(&id, &room);
        let frame = wire::text(&format!("/flood|{id}|{}", "x".repeat(FRAME_BYTES)));
        let script = Script::once(join, Duration::MAX).repeating(frame, EVERY);
        attacker.keep_up(tasks, move |_| script.clone());
    }
}
