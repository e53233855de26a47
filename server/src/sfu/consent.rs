//! To which addresses a session sends: media to those that have answered a check lately ([RFC 7675](https://www.rfc-editor.org/rfc/rfc7675)), and to others
//! checks alone, of not many more bytes than came from there. Whoever forges where packets come from makes the server send hardly more than they send.
//!
//! str0m sends media to no pair that it has not checked either ([RFC 8445, section 7.3.1.5](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.5)), but it
//! goes on for as long as requests come, which can be forged, and takes an answer from whatever address it comes.
//!
//! May import: demux.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::demux::{Stun, stun};

/// For how long an answer is good ([RFC 7675, section 5.1](https://www.rfc-editor.org/rfc/rfc7675#section-5.1)).
const LIFETIME: Duration = Duration::from_secs(30);
/// How many times as much as came from an address goes there before it has answered, as in QUIC
/// ([RFC 9000, section 8.1](https://www.rfc-editor.org/rfc/rfc9000#section-8.1)).
const TIMES: usize = 3;
/// Addresses of one peer that are known at once; a browser has one for each network of its machine.
const MAX_ADDRESSES: usize = 16;
/// Checks that may still be answered.
const MAX_CHECKS: usize = 64;

/// Of one session.
#[derive(Debug, Default)]
pub(super) struct Consents {
    addresses: Vec<Address>,
    /// Those under way: their numbers, and where they went.
    checks: VecDeque<([u8; 12], SocketAddr)>,
}

/// From where packets of the peer come.
#[derive(Debug)]
struct Address {
    at: SocketAddr,
    /// When it has answered last.
    answered: Option<Instant>,
    /// Bytes that came from there, and that went there while it had not answered.
    received: usize,
    sent: usize,
}

impl Address {
    fn consents(&self, now: Instant) -> bool {
        let is_new = |answered| now.saturating_duration_since(answered) < LIFETIME;
        self.answered.is_some_and(is_new)
    }
}

impl Consents {
    /// Whether packets of the peer come from there.
    pub(super) fn knows(&self, at: SocketAddr) -> bool {
        self.addresses.iter().any(|address| address.at == at)
    }

    /// From where packets of the peer come.
    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.addresses.iter().map(|address| address.at)
    }

    /// A packet has come that is the peer's, as its password or its keys show. Which address is forgotten for that of this packet, if one has to be.
    pub(super) fn received(
        &mut self,
        from: SocketAddr,
        packet: &[u8],
        now: Instant,
    ) -> Option<SocketAddr> {
        let known = self.addresses.iter().position(|it| it.at == from);
        let mut forgotten = None;
        let index = known.unwrap_or_else(|| {
            if self.addresses.len() >= MAX_ADDRESSES {
                let silent = self.addresses.iter().position(|it| !it.consents(now));
                forgotten = Some(self.addresses.remove(silent.unwrap_or(0)).at);
            }
            self.addresses.push(Address {
                at: from,
                answered: None,
                received: 0,
                sent: 0,
            });
            self.addresses.len() - 1
        });
        let address = &mut self.addresses[index];
        address.received = address.received.saturating_add(packet.len());
        if let Some(Stun::Success(number)) = stun(packet)
            && let Some(at) = self.checks.iter().position(|it| *it == (number, from))
        {
            self.checks.remove(at);
            address.answered = Some(now);
        }
        forgotten
    }

    /// Whether a packet may go there, which then goes.
    pub(super) fn may_send(&mut self, to: SocketAddr, packet: &[u8], now: Instant) -> bool {
        let Some(address) = self.addresses.iter_mut().find(|it| it.at == to) else {
            return false;
        };
        let kind = stun(packet);
        if !address.consents(now) {
            let sent = address.sent.saturating_add(packet.len());
            if kind.is_none() || sent > address.received.saturating_mul(TIMES) {
                return false;
            }
            address.sent = sent;
        }
        if let Some(Stun::Request(number)) = kind {
            if self.checks.len() >= MAX_CHECKS {
                self.checks.pop_front();
            }
            self.checks.push_back((number, to));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIA: [u8; 100] = [128; 100];

    fn at(port: u16) -> SocketAddr {
        SocketAddr::new([192, 0, 2, 1].into(), port)
    }

    /// Of 100 bytes.
    fn message(kind: [u8; 2], number: u8) -> Vec<u8> {
        let mut packet = [kind, [0, 80], [0x21, 0x12], [0xa4, 0x42]].concat();
        packet.resize(20, number);
        packet.resize(100, 0);
        packet
    }

    fn request(number: u8) -> Vec<u8> {
        message([0, 1], number)
    }

    fn success(number: u8) -> Vec<u8> {
        message([1, 1], number)
    }

    #[test]
    fn media_goes_to_an_address_that_has_answered_a_check_for_thirty_seconds() {
        let now = Instant::now();
        let mut consents = Consents::default();
        consents.received(at(1), &request(1), now);
        assert!(!consents.may_send(at(1), &MEDIA, now));
        assert!(consents.may_send(at(1), &request(2), now));
        consents.received(at(1), &success(2), now);
        let last = now + LIFETIME - Duration::from_millis(1);
        assert!(consents.may_send(at(1), &MEDIA, now) && consents.may_send(at(1), &MEDIA, last));
        // Requests prolong nothing, as anybody may forge them; nor does the same answer.
        consents.received(at(1), &request(3), last);
        consents.received(at(1), &success(2), last);
        assert!(!consents.may_send(at(1), &MEDIA, now + LIFETIME));
        assert!(consents.may_send(at(1), &request(4), now + LIFETIME));
        consents.received(at(1), &success(4), now + LIFETIME);
        assert!(consents.may_send(at(1), &MEDIA, now + LIFETIME));
    }

    #[test]
    fn an_answer_counts_for_the_address_that_was_asked_and_by_its_number_alone() {
        let now = Instant::now();
        let mut consents = Consents::default();
        for port in [1, 2] {
            consents.received(at(port), &request(1), now);
        }
        assert!(consents.may_send(at(1), &request(2), now));
        consents.received(at(2), &success(2), now);
        consents.received(at(1), &success(3), now);
        consents.received(at(1), &message([1, 0x11], 2), now);
        for port in [1, 2] {
            assert!(!consents.may_send(at(port), &MEDIA, now), "{port}");
        }
    }

    #[test]
    fn three_times_as_much_goes_to_an_address_as_came_until_it_answers_and_nothing_where_nothing_came()
     {
        let now = Instant::now();
        let mut consents = Consents::default();
        assert!(!consents.may_send(at(1), &request(0), now));
        consents.received(at(1), &request(1), now);
        let sent = (0..10).filter(|number| consents.may_send(at(1), &request(*number), now));
        assert_eq!(sent.count(), 3);
        consents.received(at(1), &request(1), now);
        assert!(consents.may_send(at(1), &success(1), now));
        consents.received(at(1), &success(1), now);
        for number in 0..10 {
            assert!(consents.may_send(at(1), &request(number), now));
        }
    }

    #[test]
    fn addresses_that_have_not_answered_are_forgotten_before_one_that_has() {
        let now = Instant::now();
        let mut consents = Consents::default();
        consents.received(at(1), &request(1), now);
        assert!(consents.may_send(at(1), &request(2), now));
        consents.received(at(1), &success(2), now);
        let mut forgotten = Vec::new();
        for port in 2..100 {
            forgotten.extend(consents.received(at(port), &request(1), now));
        }
        assert_eq!(forgotten.len(), 99 - MAX_ADDRESSES);
        assert!(!forgotten.contains(&at(1)) && consents.may_send(at(1), &MEDIA, now));
        assert_eq!(consents.addresses().count(), MAX_ADDRESSES);
    }
}
