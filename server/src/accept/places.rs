//! Who is connected, counted in all and by address, and what each address has taken.
//!
//! May import: std, `bucket`, tokio's Semaphore, [`Limits`].

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bucket::{Account, Dues};
use crate::config::Limits;

/// Addresses are kept for a while after their last connection, so that nobody gets a new bucket by reconnecting. Those that
/// owe nothing any more are forgotten when there are this many, and whenever there are twice as many as then remained.
const FORGET_FROM: usize = 1024;

/// Deliveries that the connections of one address make before all other connections have had their turn.
const TURN: usize = 32;

/// Deliveries that an address may owe without taking turns. What people do is mostly less, and then costs no more than counting it.
const FREE: usize = 16 * TURN;

/// All connections of the server.
#[derive(Debug)]
pub struct Places {
    /// A std mutex, held for a few lines that never wait.
    counts: Mutex<Counts>,
    limits: Arc<Limits>,
}

#[derive(Debug)]
struct Counts {
    total: usize,
    addresses: HashMap<IpAddr, Address>,
    forget_from: usize,
}

#[derive(Debug)]
struct Address {
    connections: usize,
    shared: Arc<Shared>,
}

/// What the connections of one address share, apart from the counts of all, because it is charged with every frame.
#[derive(Debug)]
struct Shared {
    /// A std mutex, held for a few lines that never wait.
    account: Mutex<Account>,
    /// Deliveries that the address may make before all others have had their turn.
    turns: Semaphore,
}

/// One of the `max_connections`. Dropping it makes room for another.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
}

/// One of the `max_connections_per_address` of an address.
#[derive(Debug)]
pub struct Guest {
    places: Arc<Places>,
    address: IpAddr,
    shared: Arc<Shared>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// On the whole server.
    #[error(
        "The server has its {limit} connections already. Try again later, or raise --max-connections."
    )]
    OnTheServer {
        /// How many are allowed.
        limit: usize,
    },
    /// For one address.
    #[error(
        "Your address has its {limit} connections already. Close some, or raise --max-connections-per-address."
    )]
    ForTheAddress {
        /// How many are allowed.
        limit: usize,
    },
}

impl NoPlace {
    /// A stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::OnTheServer { .. } => "too-many-connections",
            Self::ForTheAddress { .. } => "too-many-connections-per-address",
        }
    }
}

impl Places {
    /// All of them free.
    pub fn new(limits: &Arc<Limits>) -> Arc<Self> {
        Arc::new(Self {
            counts: Mutex::new(Counts {
                total: 0,
                addresses: HashMap::new(),
                forget_from: FORGET_FROM,
            }),
            limits: Arc::clone(limits),
        })
    }

    /// Takes a place on the server.
    pub fn enter(self: &Arc<Self>) -> Result<Place, NoPlace> {
        let mut counts = self.counts();
        let limit = self.limits.max_connections;
        if counts.total >= limit {
            return Err(NoPlace::OnTheServer { limit });
        }
        counts.total += 1;
        Ok(Place {
            places: Arc::clone(self),
        })
    }

    /// Counts a connection of an address.
    pub fn welcome(self: &Arc<Self>, address: IpAddr) -> Result<Guest, NoPlace> {
        let address = network(address);
        let now = Instant::now();
        let mut counts = self.counts();
        counts.forget(now);
        let entry = counts.addresses.entry(address).or_insert(Address {
            connections: 0,
            shared: Arc::new(Shared {
                account: Mutex::new(Account::new(now)),
                turns: Semaphore::new(TURN),
            }),
        });
        let limit = self.limits.max_connections_per_address;
        if entry.connections >= limit {
            return Err(NoPlace::ForTheAddress { limit });
        }
        entry.connections += 1;
        Ok(Guest {
            places: Arc::clone(self),
            address,
            shared: Arc::clone(&entry.shared),
        })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing in here can panic half-way.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn forget(&mut self, now: Instant) {
        if self.addresses.len() >= self.forget_from {
            self.addresses.retain(|_, address| {
                address.connections > 0 || !address.shared.account().is_repaid(now)
            });
            self.forget_from = FORGET_FROM.max(2 * self.addresses.len());
        }
    }
}

impl Place {
    /// All places, of which this is one.
    pub(super) fn places(&self) -> &Arc<Places> {
        &self.places
    }
}

impl Guest {
    /// Counts announces, and says how long they have to wait.
    pub fn join(&self, count: usize, now: Instant) -> Duration {
        let rate = self.places.limits.joins();
        self.shared.account().join(count, rate, now)
    }

    /// Counts deliveries.
    pub fn deliver(&self, count: usize, now: Instant) -> Dues {
        let rate = self.places.limits.deliveries_per_address();
        self.shared.account().deliver(count, FREE, rate, now)
    }

    /// Waits for a turn of so many deliveries, in the order in which the connections of the address ask. It lasts until it is dropped, and
    /// shall be kept until all others have had theirs.
    pub async fn turn(&self, deliveries: usize) -> Option<SemaphorePermit<'_>> {
        let permits = deliveries.min(TURN) as u32;
        // It is never closed.
        self.shared.turns.acquire_many(permits).await.ok()
    }
}

impl Shared {
    fn account(&self) -> MutexGuard<'_, Account> {
        // Nothing in there can panic half-way.
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.counts().total -= 1;
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if let Some(address) = self.places.counts().addresses.get_mut(&self.address) {
            address.connections -= 1;
        }
    }
}

/// What one customer of a provider has: an address of IPv4, or a /64 network of IPv6.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            const NETWORK: u128 = !0 << 64;
            Ipv6Addr::from_bits(address.to_bits() & NETWORK).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn places() -> Arc<Places> {
        Places::new(&Arc::new(Limits {
            max_connections: 2,
            max_connections_per_address: 1,
            max_joins_per_second: 1,
            max_join_burst: 1,
            ..Limits::default()
        }))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_is_free_again_when_its_owner_is_gone() {
        let places = places();
        let kept = [places.enter().unwrap(), places.enter().unwrap()];
        assert_eq!(
            places.enter().unwrap_err(),
            NoPlace::OnTheServer { limit: 2 }
        );
        drop(kept);
        places.enter().unwrap();
    }

    #[test]
    fn a_network_of_ipv6_and_a_mapped_address_count_as_one() {
        let places = places();
        for [one, same, other] in [
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"],
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"],
        ] {
            let _one = places.welcome(address(one)).unwrap();
            let refused = places.welcome(address(same)).unwrap_err();
            assert_eq!(refused, NoPlace::ForTheAddress { limit: 1 });
            places.welcome(address(other)).unwrap();
        }
    }

    #[test]
    fn to_reconnect_gives_nobody_a_new_bucket() {
        let places = places();
        let guest = places.welcome(address("192.0.2.1")).unwrap();
        assert_eq!(guest.join(1, Instant::now()), Duration::ZERO);
        drop(guest);
        let guest = places.welcome(address("192.0.2.1")).unwrap();
        assert!(guest.join(1, Instant::now()) > Duration::ZERO);
    }

    /// A close frame has 125 bytes, two of them for the code (<https://www.rfc-editor.org/rfc/rfc6455#section-5.5>).
    #[test]
    fn the_reason_fits_into_a_close_frame_whatever_the_limit_is() {
        let limit = usize::MAX;
        for no_place in [
            NoPlace::OnTheServer { limit },
            NoPlace::ForTheAddress { limit },
        ] {
            let reason = no_place.to_string();
            assert!(reason.len() <= 123, "{reason}");
        }
    }

    #[test]
    fn addresses_that_owe_nothing_are_forgotten() {
        let places = places();
        for number in 0..10 * FORGET_FROM as u32 {
            drop(places.welcome(IpAddr::from(number.to_be_bytes())).unwrap());
        }
        assert!(places.counts().addresses.len() <= FORGET_FROM);
    }
}
