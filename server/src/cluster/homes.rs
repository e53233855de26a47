//! The rooms that are at home at this instance. Pure: the time is told.
//!
//! May import: quickconnect::protocol.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;

/// A room without members keeps its home for so long, so that a page that is loaded again finds it.
const RELEASE_AFTER: Duration = Duration::from_secs(10);

/// The rooms. Whoever holds the lock never waits.
#[derive(Debug, Default)]
pub(super) struct Homes(Mutex<HashMap<RoomName, Held>>);

/// A room that is at home here.
#[derive(Debug)]
struct Held {
    /// Whether the broker says so.
    is_claimed: bool,
    /// When somebody came into it, or was seen in it.
    used: Instant,
}

impl Held {
    fn is_unused(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) >= RELEASE_AFTER
    }
}

impl Homes {
    /// A room is at home here from now on; nothing changes if it is already.
    pub(super) fn add(&self, room: &RoomName, is_claimed: bool, used: Instant) {
        let held = Held { is_claimed, used };
        self.homes().entry(room.clone()).or_insert(held);
    }

    /// Whether a room is at home here.
    pub(super) fn has(&self, room: &RoomName) -> bool {
        self.homes().contains_key(room)
    }

    /// Whether a room is at home here, into which somebody comes.
    pub(super) fn uses(&self, room: &RoomName, now: Instant) -> bool {
        let mut homes = self.homes();
        let held = homes.get_mut(room);
        held.map(|held| held.used = now).is_some()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.homes().len()
    }

    /// The broker says that a room is at home here.
    pub(super) fn confirm(&self, room: &RoomName) {
        if let Some(held) = self.homes().get_mut(room) {
            held.is_claimed = true;
        }
    }

    /// Another instance has a room.
    pub(super) fn remove(&self, room: &RoomName) {
        self.homes().remove(room);
    }

    /// All of them, which are none afterwards.
    pub(super) fn take(&self) -> Vec<RoomName> {
        let mut homes = self.homes();
        homes.drain().map(|(room, _)| room).collect()
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<RoomName> {
        self.of_which(|_| true)
    }

    /// Those of which the broker does not know that they are at home here.
    pub(super) fn unclaimed(&self) -> Vec<RoomName> {
        self.of_which(|held| !held.is_claimed)
    }

    /// Those into which nobody has come for a while. They may have members.
    pub(super) fn unused(&self, now: Instant) -> Vec<RoomName> {
        self.of_which(|held| held.is_unused(now))
    }

    fn of_which(&self, wanted: impl Fn(&Held) -> bool) -> Vec<RoomName> {
        let homes = self.homes();
        let wanted = homes.iter().filter(|(_, held)| wanted(held));
        wanted.map(|(room, _)| room.clone()).collect()
    }

    /// Forgets those of some rooms that nobody has come into meanwhile, and that have no members.
    pub(super) fn give_up<'r>(
        &self,
        rooms: &'r [RoomName],
        have_members: &[bool],
        now: Instant,
    ) -> Vec<&'r RoomName> {
        let mut homes = self.homes();
        let mut given_up = Vec::new();
        for (room, has_members) in rooms.iter().zip(have_members) {
            let Some(held) = homes.get_mut(room).filter(|held| held.is_unused(now)) else {
                continue;
            };
            if *has_members {
                held.used = now;
            } else {
                homes.remove(room);
                given_up.push(room);
            }
        }
        given_up
    }

    /// The broker was told that these are not at home here. Whoever came into one meanwhile may have claimed it just before: returns whether one has
    /// to be claimed again.
    pub(super) fn doubt(&self, rooms: &[&RoomName]) -> bool {
        let mut homes = self.homes();
        let mut any = false;
        for room in rooms {
            if let Some(held) = homes.get_mut(*room) {
                held.is_claimed = false;
                any = true;
            }
        }
        any
    }

    fn homes(&self) -> MutexGuard<'_, HashMap<RoomName, Held>> {
        // Nothing in there can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use quickconnect::protocol::NameLimits;

    use super::*;

    fn room(name: &str) -> RoomName {
        RoomName::new(name, &NameLimits::DEFAULT).unwrap()
    }

    #[test]
    fn a_room_is_given_up_when_nobody_is_in_it_and_nobody_came_for_a_while() {
        let homes = Homes::default();
        let now = Instant::now();
        for name in ["empty", "full"] {
            homes.add(&room(name), true, now);
        }
        assert!(homes.unused(now).is_empty());
        let later = now + RELEASE_AFTER;
        let unused = homes.unused(later);
        let is_full: Vec<_> = unused.iter().map(|room| room.as_str() == "full").collect();
        assert_eq!(homes.give_up(&unused, &is_full, later), [&room("empty")]);
        assert_eq!(homes.all(), [room("full")]);
        // It was seen in use.
        assert!(homes.unused(later).is_empty());
    }

    #[test]
    fn who_comes_into_a_room_that_is_given_up_has_it_claimed_again() {
        let homes = Homes::default();
        let now = Instant::now();
        let came = room("came");
        homes.add(&came, true, now);
        assert!(homes.unclaimed().is_empty());
        assert!(homes.doubt(&[&came]) && !homes.doubt(&[&room("other")]));
        assert_eq!(homes.unclaimed(), std::slice::from_ref(&came));
        homes.confirm(&came);
        assert!(homes.unclaimed().is_empty() && homes.has(&came));
    }
}
