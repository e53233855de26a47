//! A room of the media room, of whose packets most have to arrive: one publishes, and two watch.
//!
//! May import: [`peer`](crate::peer).

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::peer::Peer;

const WATCHERS: usize = 2;
/// What is sent, and what part of it has to arrive, on a machine whose processors the load wants as well.
const PACKETS_PER_SECOND: f64 = 120.0;
const LEAST_PART: f64 = 0.5;
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Room {
    /// Ends when the room does.
    _publisher: Peer,
    watchers: Vec<Peer>,
    begun: Instant,
}

impl Room {
    /// Once all are connected.
    pub(crate) fn begin(server: SocketAddr) -> Self {
        let publisher = Peer::publishes(server, "innocents").unwrap();
        let watches = |_| Peer::watches(server, &publisher.whom).unwrap();
        let watchers: Vec<Peer> = (0..WATCHERS).map(watches).collect();
        let begun = Instant::now();
        while watchers
            .iter()
            .any(|watcher| watcher.seen().picture.is_none())
        {
            assert!(begun.elapsed() < PATIENCE, "nobody sees a picture");
            thread::sleep(Duration::from_millis(10));
        }
        Self {
            _publisher: publisher,
            watchers,
            begun: Instant::now(),
        }
    }

    /// What is not as it must be, in sentences.
    pub(crate) fn end(self) -> Vec<String> {
        let sent = self.begun.elapsed().as_secs_f64() * PACKETS_PER_SECOND;
        let came = self.watchers.iter().map(|watcher| watcher.seen().packets);
        came.filter(|came| (*came as f64) < sent * LEAST_PART)
            .map(|came| format!("a watcher got {came} packets of some {sent:.0}"))
            .collect()
    }
}
