//! Heads of requests that never end: some short of what a server may want to keep, some far beyond it. Each holds its connection for as
//! long as the server lets it, and says another byte from time to time.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Attacker, Part, Script};

const SMALL: usize = 150;
const SMALL_BYTES: usize = 30_000;
const LARGE: usize = 100;
/// As much as hyper keeps of a head without a limit.
const LARGE_BYTES: usize = 390_000;
const EVERY: Duration = Duration::from_secs(1);
const LASTS: Duration = Duration::from_secs(20);
/// Who was refused is not back at once: 1,000 of these would be a flood of connections instead.
const RETURNS_AFTER: Duration = Duration::from_secs(5);

pub(super) const PART: Part = Part {
    name: "heads",
    begin,
    counted: &["refusals_total{code=\"request-head-too-large\"}"],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for (count, bytes) in [(SMALL, SMALL_BYTES), (LARGE, LARGE_BYTES)] {
        let head: Arc<[u8]> = head(attacker, bytes).into();
        for _ in 0..count {
            let script = Script::once(Arc::clone(&head), LASTS)
                .repeating(*b"x", EVERY)
                .returns_after(RETURNS_AFTER);
            attacker.keep_up(tasks, move |_| script.clone());
        }
    }
}

fn head(attacker: &Attacker, bytes: usize) -> Vec<u8> {
    let mut head = format!("GET / HTTP/1.1\r\nhost: {}\r\n", attacker.target);
    // No line is longer than servers allow, and there are no more than hyper allows.
    let line = bytes / 50;
    for number in 0..50 {
        head.push_str(&format!("x-{number}: {}\r\n", "x".repeat(line - 10)));
    }
    head.into_bytes()
}
