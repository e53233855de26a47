//! Where companions are, by whose invitation, and how often each address has invited one. Pure; the clock is an argument.
//!
//! May import: signaling::bucket, config, refusal, network, quickconnect.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use network::address::holder;
use quickconnect::protocol::RoomName;
use signaling::bucket::Bucket;

use super::refusal::Refusal;
use crate::config::Limits;

/// The rooms, and the addresses.
#[derive(Debug, Default)]
pub(super) struct Guests {
    /// Where one is, or is about to be, and who invited it.
    rooms: HashMap<RoomName, IpAddr>,
    /// The addresses that have invited one lately. Entries are removed when they are repaid, so there are at most as many as invitations fit into
    /// the time in which a bucket is repaid.
    invitations: HashMap<IpAddr, Bucket>,
}

impl Guests {
    /// Returns whether a companion has to be sent; false if one is in the room already.
    pub(super) fn invite(
        &mut self,
        room: RoomName,
        address: IpAddr,
        limits: &Limits,
        now: Instant,
    ) -> Result<bool, Refusal> {
        if self.rooms.contains_key(&room) {
            return Ok(false);
        }
        let address = holder(address);
        let limit = limits.max_companions;
        if self.rooms.len() >= limit {
            return Err(Refusal::Busy { limit });
        }
        let limit = limits.max_companions_per_address;
        let theirs = self.rooms.values().filter(|by| **by == address).count();
        if theirs >= limit {
            return Err(Refusal::BusyForTheAddress { limit });
        }
        self.invitations.retain(|_, bucket| !bucket.is_repaid(now));
        let rate = limits.invitations();
        let mut bucket = self
            .invitations
            .get(&address)
            .copied()
            .unwrap_or_else(|| Bucket::new(now));
        let wait = bucket.take(1, rate, now);
        if !wait.is_zero() {
            return Err(Refusal::TooOften { wait });
        }
        self.invitations.insert(address, bucket);
        self.rooms.insert(room, address);
        Ok(true)
    }

    /// It has left, or never came.
    pub(super) fn left(&mut self, room: &RoomName) {
        self.rooms.remove(room);
    }

    /// Rooms with one.
    pub(super) fn count(&self) -> usize {
        self.rooms.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use quickconnect::protocol::NameLimits;

    use super::*;

    fn limits() -> Limits {
        Limits {
            max_companions: 3,
            max_companions_per_address: 2,
            max_invitations_per_second: 1,
            max_invitation_burst: 2,
            ..Limits::default()
        }
    }

    fn room(name: &str) -> RoomName {
        RoomName::new(name, &NameLimits::DEFAULT).unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_or_network_can_not_have_all_of_them() {
        for [one, same, other] in [
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"],
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"],
        ] {
            let mut guests = Guests::default();
            let now = Instant::now();
            let limits = limits();
            let mut invite = |name, by| guests.invite(room(name), address(by), &limits, now);
            assert!(invite("a", one).unwrap());
            assert!(invite("b", same).unwrap());
            // Where one is already, none is needed.
            assert!(!invite("a", same).unwrap());
            let refusal = invite("c", one).unwrap_err();
            assert!(matches!(refusal, Refusal::BusyForTheAddress { limit: 2 }));
            assert!(invite("c", other).unwrap());
            let refusal = invite("d", other).unwrap_err();
            assert!(matches!(refusal, Refusal::Busy { limit: 3 }));
        }
    }

    #[test]
    fn who_invites_again_and_again_is_refused_for_a_while_and_then_forgotten() {
        let mut guests = Guests::default();
        let begin = Instant::now();
        let limits = limits();
        let mut invite = |now| {
            let invited = guests.invite(room("a"), address("192.0.2.1"), &limits, now);
            guests.left(&room("a"));
            invited
        };
        assert!(invite(begin).unwrap());
        assert!(invite(begin).unwrap());
        let refusal = invite(begin).unwrap_err();
        assert!(matches!(refusal, Refusal::TooOften { .. }), "{refusal}");
        let later = begin + Duration::from_secs(1);
        assert!(invite(later).unwrap());
        let much_later = begin + Duration::from_secs(60);
        guests
            .invite(room("a"), address("192.0.2.2"), &limits, much_later)
            .unwrap();
        assert_eq!(guests.invitations.len(), 1);
    }
}
