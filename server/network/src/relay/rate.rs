//! How often a part of the internet is answered. UDP's senders can be forged, so what counts is a prefix, not an address, and nothing is kept
//! for any of them: prefixes share a fixed number of places.
//!
//! May import: nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::time::Duration;

/// Places. Prefixes that have the same place, which a secret seed decides, are counted as one.
const PLACES: usize = 4_096;

/// What comes of a packet of a prefix.
#[derive(Debug)]
pub struct Rates {
    /// What one packet costs.
    interval: Duration,
    /// What may be owed.
    tolerance: Duration,
    seed: u64,
    /// When what each place owes is repaid (the generic cell rate algorithm).
    repaid_at: Box<[Duration]>,
}

impl Rates {
    /// So many packets a second in the long run, and so many at once. Both are at least 1.
    pub fn new(per_second: u32, burst: u32, seed: u64) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self {
            interval,
            tolerance: interval * burst.max(1),
            seed,
            repaid_at: vec![Duration::ZERO; PLACES].into_boxed_slice(),
        }
    }

    /// Whether a packet from this address is answered. One that is not costs nothing.
    pub fn admits(&mut self, now: Duration, address: IpAddr) -> bool {
        let mut hasher = DefaultHasher::new();
        (self.seed, prefix(address)).hash(&mut hasher);
        let place = &mut self.repaid_at[(hasher.finish() % PLACES as u64) as usize];
        let repaid_at = (*place).max(now) + self.interval;
        let admits = repaid_at <= now + self.tolerance;
        if admits {
            *place = repaid_at;
        }
        admits
    }
}

/// The part of an address that its owner does not choose: /24 of IPv4, /56 of IPv6 (what many a home is given,
/// [RFC 6177, section 2](https://www.rfc-editor.org/rfc/rfc6177#section-2)).
pub fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address) & !0xff).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 72 << 72).into()),
    }
}
