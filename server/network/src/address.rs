//! What stands behind an address.
//!
//! May import: nothing.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// An address of IPv4 as such also where it is written as one of IPv6.
pub fn canonical(endpoint: SocketAddr) -> SocketAddr {
    SocketAddr::new(endpoint.ip().to_canonical(), endpoint.port())
}

/// Whose account an address is charged to. A customer of a provider has one address of IPv4, or a /64 network of IPv6.
pub fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            const NETWORK: u128 = !0 << 64;
            Ipv6Addr::from_bits(address.to_bits() & NETWORK).into()
        }
        address => address,
    }
}
