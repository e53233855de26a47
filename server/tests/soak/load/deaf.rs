//! Who never reads: members of a room in which much is said, and readers who ask for many pages and take none.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

const MEMBERS: usize = 5;
const READERS: usize = 5;
const PAGES: usize = 400;
const FRAME_BYTES: usize = 60_000;
const EVERY: Duration = Duration::from_millis(50);

pub(super) const PART: Part = Part {
    name: "deaf",
    begin,
    counted: &["refusals_total{code=\"queue-full\"}"],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    let room = format!("deaf-{}", attacker.number);
    let join = |id: &str| attacker.join(id, &room);
    for member in 0..MEMBERS {
        let join = join(&format!("deaf-{}-{member}", attacker.number));
        let script = Script::once(join, Duration::MAX).deaf();
        attacker.keep_up(tasks, move |_| script.clone());
    }
    let frame = wire::text(&format!("/say|talks|{}", "x".repeat(FRAME_BYTES)));
    let talks = Script::once(join("talks"), Duration::MAX).repeating(frame, EVERY);
    attacker.keep_up(tasks, move |_| talks.clone());

    let pages = wire::get(attacker.target, "/connecting/").repeat(PAGES);
    let script = Script::once(pages, Duration::MAX).deaf();
    for _ in 0..READERS {
        let script = script.clone();
        attacker.keep_up(tasks, move |_| script.clone());
    }
}
