//! Connection limits: how many connections there are, in all and by address.
//!
//! May import: account, limits, thiserror.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::account::{Account, AccountLimits};
use crate::limits::Limits;

/// Accounts of addresses outlive their last connection, so that nobody gets a new one by reconnecting. Those that owe nothing any more are
/// removed when there are this many, and whenever there are twice as many as then remained.
const FORGET_FROM: usize = 1024;

/// All connections of the server.
#[derive(Debug)]
pub struct ConnectionLimits {
    /// A std mutex, held for a few lines that never wait.
    counts: Mutex<Counts>,
    max_connections: usize,
    max_connections_per_address: usize,
    account: AccountLimits,
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
    account: Arc<Account>,
}

/// One of the `max_connections`. Dropping it makes room for another.
#[derive(Debug)]
pub struct ConnectionPermit {
    limits: Arc<ConnectionLimits>,
}

/// One of the `max_connections_per_address` of an address.
#[derive(Debug)]
pub struct AddressPermit {
    limits: Arc<ConnectionLimits>,
    address: IpAddr,
    account: Arc<Account>,
}

/// Why a connection can't be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitReached {
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

impl LimitReached {
    /// A stable name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::OnTheServer { .. } => "too-many-connections",
            Self::ForTheAddress { .. } => "too-many-connections-per-address",
        }
    }
}

impl ConnectionLimits {
    /// Of a server without connections.
    pub fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            counts: Mutex::new(Counts {
                total: 0,
                addresses: HashMap::new(),
                forget_from: FORGET_FROM,
            }),
            max_connections: limits.max_connections,
            max_connections_per_address: limits.max_connections_per_address,
            account: limits.account,
        })
    }

    /// Counts a connection, from wherever it comes.
    pub fn connect(self: &Arc<Self>) -> Result<ConnectionPermit, LimitReached> {
        let mut counts = self.counts();
        let limit = self.max_connections;
        if counts.total >= limit {
            return Err(LimitReached::OnTheServer { limit });
        }
        counts.total += 1;
        Ok(ConnectionPermit {
            limits: Arc::clone(self),
        })
    }

    /// Counts a connection of an address.
    pub fn connect_from(self: &Arc<Self>, address: IpAddr) -> Result<AddressPermit, LimitReached> {
        let address = holder(address);
        let now = Instant::now();
        let mut counts = self.counts();
        counts.forget(now);
        let entry = counts.addresses.entry(address);
        let entry = entry.or_insert_with(|| Address {
            connections: 0,
            account: Arc::new(Account::new(self.account, now)),
        });
        let limit = self.max_connections_per_address;
        if entry.connections >= limit {
            return Err(LimitReached::ForTheAddress { limit });
        }
        entry.connections += 1;
        Ok(AddressPermit {
            limits: Arc::clone(self),
            address,
            account: Arc::clone(&entry.account),
        })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing in here can panic half-way.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose account an address is charged to. A customer of a provider has one address of IPv4, or a /64 network of IPv6.
fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            const NETWORK: u128 = !0 << 64;
            Ipv6Addr::from_bits(address.to_bits() & NETWORK).into()
        }
        address => address,
    }
}

impl Counts {
    fn forget(&mut self, now: Instant) {
        if self.addresses.len() >= self.forget_from {
            self.addresses
                .retain(|_, address| address.connections > 0 || !address.account.is_repaid(now));
            self.forget_from = FORGET_FROM.max(2 * self.addresses.len());
        }
    }
}

impl ConnectionPermit {
    /// The limits against which it counts.
    pub fn limits(&self) -> &Arc<ConnectionLimits> {
        &self.limits
    }
}

impl AddressPermit {
    /// What the connections of the address share.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.limits.counts().total -= 1;
    }
}

impl Drop for AddressPermit {
    fn drop(&mut self) {
        if let Some(address) = self.limits.counts().addresses.get_mut(&self.address) {
            address.connections -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;
    use crate::bucket::Rate;

    fn limits() -> Arc<ConnectionLimits> {
        let joins = Rate {
            per_second: 1,
            burst: 1,
        };
        ConnectionLimits::new(&Limits {
            max_connections: 2,
            max_connections_per_address: 1,
            account: AccountLimits {
                joins,
                ..Limits::DEFAULT.account
            },
            ..Limits::DEFAULT
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_permit_is_free_again_when_it_is_dropped() {
        let limits = limits();
        let kept = [limits.connect().unwrap(), limits.connect().unwrap()];
        assert_eq!(
            limits.connect().unwrap_err(),
            LimitReached::OnTheServer { limit: 2 }
        );
        drop(kept);
        limits.connect().unwrap();
    }

    #[test]
    fn a_network_of_ipv6_and_a_mapped_address_count_as_one() {
        let limits = limits();
        for [one, same, other] in [
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"],
            ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"],
        ] {
            let _one = limits.connect_from(address(one)).unwrap();
            let refused = limits.connect_from(address(same)).unwrap_err();
            assert_eq!(refused, LimitReached::ForTheAddress { limit: 1 });
            limits.connect_from(address(other)).unwrap();
        }
    }

    #[test]
    fn to_reconnect_gives_nobody_a_new_account() {
        let limits = limits();
        let permit = limits.connect_from(address("192.0.2.1")).unwrap();
        assert_eq!(permit.account().join(1, Instant::now()), Duration::ZERO);
        drop(permit);
        let permit = limits.connect_from(address("192.0.2.1")).unwrap();
        assert!(permit.account().join(1, Instant::now()) > Duration::ZERO);
    }

    /// A close frame has 125 bytes, two of them for the code (<https://www.rfc-editor.org/rfc/rfc6455#section-5.5>).
    #[test]
    fn the_reason_fits_into_a_close_frame_whatever_the_limit_is() {
        let limit = usize::MAX;
        for limit_reached in [
            LimitReached::OnTheServer { limit },
            LimitReached::ForTheAddress { limit },
        ] {
            let reason = limit_reached.to_string();
            assert!(reason.len() <= 123, "{reason}");
        }
    }

    #[test]
    fn addresses_that_owe_nothing_are_forgotten() {
        let limits = limits();
        for number in 0..10 * FORGET_FROM as u32 {
            drop(
                limits
                    .connect_from(IpAddr::from(number.to_be_bytes()))
                    .unwrap(),
            );
        }
        assert!(limits.counts().addresses.len() <= FORGET_FROM);
    }
}
