//! A full room whose members all speak to all: 100 members from four addresses, and each frame is 99 deliveries.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

/// With those of the other addresses they fill the room (`--max-room-members`).
const MEMBERS: usize = 25;
/// Twice as many frames as a client may send in the long run (`--max-frames-per-second`).
const FRAMES_AT_ONCE: usize = 20;
const EVERY: Duration = Duration::from_millis(50);

pub(super) const PART: Part = Part {
    name: "storm",
    begin,
    counted: &[
        "frames_received_total{kind=\"broadcast\"}",
        "refusals_total{code=\"too-many-deliveries-per-address\"}",
    ],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for member in 0..MEMBERS {
        let id = format!("storm-{}-{member}", attacker.number);
        let join = attacker.join(&id, "storm");
        let frames = wire::text(&format!("/storm|{id}|{}", "x".repeat(40))).repeat(FRAMES_AT_ONCE);
        let script = Script::once(join, Duration::MAX).repeating(frames, EVERY);
        attacker.keep_up(tasks, move |_| script.clone());
    }
}
