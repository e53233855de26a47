//! How often calls may begin: with one peer, and with all together. A peer can make us begin a call with a frame, and a call
//! costs far more than a frame.
//!
//! Pure; the clock is an argument.
//!
//! May import: backoff, client, protocol, tokio.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::backoff::Backoff;
use crate::protocol::PeerId;

/// The first call with a peer begins at once, the next after the first of these waits at the earliest. The waits double up to the
/// longest, until a call has lived.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long a call has to be connected so that the next one may begin at once.
pub(in crate::client) const LIVED: Duration = Duration::from_secs(1);
/// Calls with all peers, one every so often in the long run; as many at once as there may be peers.
const CALL_PERIOD: Duration = Duration::from_secs(1);

/// When the next call may begin.
pub(super) struct Paces {
    /// Of peers that were called lately, whether they are still there or not.
    peers: HashMap<PeerId, Pace>,
    max_peers: u32,
    /// When all calls that have begun are paid for.
    repaid_at: Option<Instant>,
}

struct Pace {
    backoff: Backoff,
    free_at: Instant,
}

impl Paces {
    pub(super) fn new(max_peers: usize) -> Self {
        Self {
            peers: HashMap::new(),
            max_peers: u32::try_from(max_peers).unwrap_or(u32::MAX).max(1),
            repaid_at: None,
        }
    }

    /// The earliest moment for a call with this peer; it may be over.
    pub(super) fn free_at(&self, id: &PeerId, now: Instant) -> Instant {
        let of_peer = self.peers.get(id).map_or(now, |pace| pace.free_at);
        let all_but_one = CALL_PERIOD * (self.max_peers - 1);
        let of_all = self.repaid_at.and_then(|at| at.checked_sub(all_but_one));
        of_peer.max(of_all.unwrap_or(now))
    }

    /// A call with this peer begins.
    pub(super) fn begun(&mut self, id: &PeerId, now: Instant) {
        // So no more are kept than calls may begin in twice the longest wait.
        self.peers
            .retain(|_, pace| now < pace.free_at + LONGEST_WAIT);
        self.repaid_at = Some(self.repaid_at.unwrap_or(now).max(now) + CALL_PERIOD);
        let pace = self.peers.entry(id.clone()).or_insert_with(|| Pace {
            backoff: Backoff::new(FIRST_WAIT, LONGEST_WAIT),
            free_at: now,
        });
        pace.free_at = now + pace.backoff.next();
    }

    /// A call with this peer has lived.
    pub(super) fn lived(&mut self, id: &PeerId) {
        self.peers.remove(id);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::protocol::NameLimits;

    fn id(text: &str) -> PeerId {
        PeerId::new(text, &NameLimits::DEFAULT).unwrap()
    }

    /// How long a peer waits that makes us begin a call whenever we do.
    fn wait(paces: &mut Paces, id: &PeerId, now: &mut Instant) -> Duration {
        let free_at = paces.free_at(id, *now).max(*now);
        let wait = free_at - *now;
        *now = free_at;
        paces.begun(id, free_at);
        wait
    }

    #[test]
    fn calls_with_one_peer_come_ever_more_seldom_until_one_has_lived() {
        let (mut paces, mut now, peer) = (Paces::new(256), Instant::now(), id("a"));
        assert_eq!(wait(&mut paces, &peer, &mut now), Duration::ZERO);
        for due in [1, 2, 4, 8, 16, 30, 30] {
            let wait = wait(&mut paces, &peer, &mut now).as_secs_f64();
            assert!(
                (f64::from(due) / 2.0..=f64::from(due)).contains(&wait),
                "{wait} of {due}"
            );
        }
        paces.lived(&peer);
        assert_eq!(wait(&mut paces, &peer, &mut now), Duration::ZERO);
    }

    #[test]
    fn a_room_can_be_called_at_once_and_ever_new_ids_can_not() {
        let (mut paces, mut now) = (Paces::new(8), Instant::now());
        let waits: Vec<_> = (0..20)
            .map(|number| wait(&mut paces, &id(&number.to_string()), &mut now))
            .collect();
        let (room, later) = waits.split_at(8);
        assert!(room.iter().all(Duration::is_zero), "{waits:?}");
        assert!(later.iter().all(|wait| *wait == CALL_PERIOD), "{waits:?}");
    }

    #[test]
    fn peers_that_were_called_long_ago_are_forgotten() {
        let (mut paces, mut now) = (Paces::new(8), Instant::now());
        for number in 0..1000 {
            wait(&mut paces, &id(&number.to_string()), &mut now);
        }
        assert!(paces.peers.len() < 100, "{}", paces.peers.len());
    }
}
