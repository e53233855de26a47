//! Names and addresses that certificates are for. Pure.
//!
//! May import: serde.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// Names and addresses that a certificate has at most: what comes in excess is the oldest.
const MAX: usize = 64;

/// Networks of which nobody has an address on the internet, with the bits of their prefixes: private
/// ([RFC 1918](https://www.rfc-editor.org/rfc/rfc1918), [RFC 4193](https://www.rfc-editor.org/rfc/rfc4193)), link-local, and this machine.
pub(super) const PRIVATE: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
];

/// Names that lead to nobody on the internet, and all names below them
/// ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3), [RFC 6762](https://www.rfc-editor.org/rfc/rfc6762#section-3)).
pub(super) const LOCAL: [&str; 2] = ["local", "localhost"];

/// Names and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// In lower case, without a dot at the end.
    pub dns: Vec<String>,
    /// Of IPv4 and IPv6.
    pub addresses: Vec<IpAddr>,
}

impl Names {
    /// By which every machine calls itself.
    pub(super) fn of_every_machine() -> Self {
        Self {
            dns: vec!["localhost".to_owned()],
            addresses: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        }
    }

    /// Whether all of the others are among these.
    pub(super) fn covers(&self, others: &Self) -> bool {
        let has_name = |name: &String| self.dns.contains(name);
        let has_address = |address: &IpAddr| self.addresses.contains(address);
        others.dns.iter().all(has_name) && others.addresses.iter().all(has_address)
    }

    /// These, and then the others, as far as there is room.
    pub(super) fn and(&self, others: &Self) -> Self {
        let both = Self {
            dns: [&self.dns[..], &others.dns].concat(),
            addresses: [&self.addresses[..], &others.addresses].concat(),
        };
        both.in_order()
    }

    /// Each of them once, and not too many.
    pub(super) fn in_order(self) -> Self {
        Self {
            dns: first_of_each(self.dns),
            addresses: first_of_each(self.addresses),
        }
    }
}

fn first_of_each<T: PartialEq>(all: Vec<T>) -> Vec<T> {
    let mut each = Vec::new();
    for one in all {
        if each.len() < MAX && !each.contains(&one) {
            each.push(one);
        }
    }
    each
}

/// Whether nobody has this address on the internet.
pub(super) fn is_private(address: IpAddr) -> bool {
    PRIVATE
        .iter()
        .any(|(network, prefix)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()) >> (32 - u32::from(*prefix)) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()) >> (128 - u32::from(*prefix)) == 0
            }
            _ => false,
        })
}

/// Whether this name leads to nobody on the internet.
pub(super) fn is_local(name: &str) -> bool {
    LOCAL.iter().any(|local| {
        let above = name.strip_suffix(local);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}
