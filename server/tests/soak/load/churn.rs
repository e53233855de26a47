//! Who comes and goes: a connection, a new room, and away again, with a word or without.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};
use crate::wire;

/// More in a second than an address may announce in the long run (`--max-joins-per-second`).
const CONNECTIONS: usize = 20;
const LASTS: Duration = Duration::from_millis(150);
/// A room for so many, then another.
const ROOMS: usize = 50;

pub(super) const PART: Part = Part {
    name: "churn",
    begin,
    counted: &[
        "frames_received_total{kind=\"announce\"}",
        "frames_received_total{kind=\"leave\"}",
    ],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for connection in 0..CONNECTIONS {
        let (member, name) = (
            attacker.clone(),
            format!("{}-{connection}", attacker.number),
        );
        attacker.keep_up(tasks, move |number| {
            let id = format!("churn-{name}-{number}");
            let room = format!("churn-{}", number % ROOMS);
            let mut said = member.join(&id, &room);
            if number % 2 == 0 {
                said.extend(wire::text(&format!("/leave|{id}")));
            }
            Script::once(said, LASTS)
        });
    }
}
