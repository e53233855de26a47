//! At which address a port is opened for a peer: one by which it reaches this machine.
//!
//! May import: process, relay::visit.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::process::addresses;
use crate::relay::visit::Client;

/// Where this server is.
#[derive(Debug)]
pub struct Place {
    listening: IpAddr,
    external: Option<IpAddr>,
}

/// Where a port is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Of this machine.
    pub bound: IpAddr,
    /// What peers are told.
    pub told: IpAddr,
    /// Whether nobody else may use it: the server itself is reached from this machine only.
    pub only_this_machine: bool,
}

impl Place {
    /// Listening there, and known to others by another address if one is named.
    pub fn new(listening: SocketAddr, external: Option<IpAddr>) -> Self {
        let listening = listening.ip();
        Self {
            listening,
            external,
        }
    }

    /// For a client that asks for a port; none where it would take no address that this machine has. Firefox connects to no loopback address.
    pub fn choose(&self, client: &Client<'_>, not_loopback: bool) -> Option<Chosen> {
        let agent = client.user_agent.unwrap_or_default();
        let not_loopback = not_loopback || agent.contains("Firefox/");
        self.among(&addresses::of_this_machine(), client, not_loopback)
    }

    fn among(&self, machine: &[IpAddr], client: &Client<'_>, not_loopback: bool) -> Option<Chosen> {
        let own = self.listening;
        let outward = || {
            let of_family = |ip: &&IpAddr| own.is_ipv6() || ip.is_ipv4();
            let mut others = machine.iter().filter(of_family).filter(|ip| !is_local(ip));
            let first = others.clone().find(|ip| ip.is_ipv4());
            first.or_else(|| others.next()).copied()
        };
        let bound = if own.is_loopback() {
            match not_loopback {
                true => outward()?,
                false => own,
            }
        } else if own.is_unspecified() {
            let usable = |ip: &IpAddr| machine.contains(ip) && !is_local(ip);
            let chosen = reached(client).into_iter().find(usable).or_else(outward);
            match (chosen, not_loopback) {
                (Some(chosen), _) => chosen,
                (None, true) => return None,
                (None, false) if own.is_ipv4() => Ipv4Addr::LOCALHOST.into(),
                (None, false) => Ipv6Addr::LOCALHOST.into(),
            }
        } else {
            own
        };
        let external = self.external.filter(|_| !own.is_loopback());
        Some(Chosen {
            bound,
            told: external.unwrap_or(bound),
            only_this_machine: own.is_loopback(),
        })
    }
}

/// By which addresses a client may reach this machine, the surest first: the one that it asked for, and the one from which it is answered.
/// What leads to a proxy need not lead here.
fn reached(client: &Client<'_>) -> Vec<IpAddr> {
    if client.is_behind_proxy {
        return Vec::new();
    }
    let asked = client.host.and_then(|host| {
        let alone = host.rsplit_once(':').map_or(host, |(name, _)| name);
        [host, alone]
            .iter()
            .find_map(|name| name.trim_matches(['[', ']']).parse().ok())
    });
    let routed = || -> io::Result<IpAddr> {
        let any: IpAddr = match client.address {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0))?;
        // Nothing is sent: it only chooses an address.
        socket.connect((client.address, 9))?;
        Ok(socket.local_addr()?.ip())
    };
    asked.into_iter().chain(routed().ok()).collect()
}

/// Whether an address leads to this machine, or to this link, only.
fn is_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const MACHINE: [&str; 6] = [
        "127.0.0.1",
        "fe80::1",
        "2001:db8::5",
        "169.254.0.1",
        "192.0.2.5",
        "198.51.100.5",
    ];

    fn chosen(listening: &str, host: &str, not_loopback: bool) -> Option<(String, bool)> {
        let machine = MACHINE.map(|ip| ip.parse().unwrap());
        among(&machine, listening, host, not_loopback)
    }

    fn among(
        machine: &[IpAddr],
        listening: &str,
        host: &str,
        not_loopback: bool,
    ) -> Option<(String, bool)> {
        let client = Client {
            address: Ipv4Addr::LOCALHOST.into(),
            is_behind_proxy: false,
            host: Some(host),
            user_agent: None,
        };
        let place = Place::new(listening.parse().unwrap(), None);
        let chosen = place.among(machine, &client, not_loopback)?;
        Some((chosen.told.to_string(), chosen.only_this_machine))
    }

    #[test]
    fn where_others_reach_the_server_a_port_is_where_they_do() {
        for (listening, host, expected) in [
            ("0.0.0.0:8000", "localhost:8000", "192.0.2.5"),
            ("0.0.0.0:8000", "198.51.100.5:8000", "198.51.100.5"),
            ("0.0.0.0:8000", "book.example", "192.0.2.5"),
            // Of somebody else.
            ("0.0.0.0:8000", "203.0.113.9:8000", "192.0.2.5"),
            ("[::]:8000", "[2001:db8::5]:8000", "2001:db8::5"),
            ("[::]:8000", "localhost:8000", "192.0.2.5"),
            ("198.51.100.5:8000", "localhost:8000", "198.51.100.5"),
        ] {
            let expected = Some((expected.to_owned(), false));
            assert_eq!(
                chosen(listening, host, false),
                expected,
                "{listening} {host}"
            );
            assert_eq!(
                chosen(listening, host, true),
                expected,
                "{listening} {host}"
            );
        }
    }

    #[test]
    fn where_only_this_machine_does_it_is_on_loopback_unless_a_peer_is_firefox() {
        let at = |ip: &str| Some((ip.to_owned(), true));
        let host = "localhost:8000";
        assert_eq!(chosen("127.0.0.1:8000", host, false), at("127.0.0.1"));
        assert_eq!(chosen("[::1]:8000", host, false), at("::1"));
        assert_eq!(chosen("127.0.0.1:8000", host, true), at("192.0.2.5"));
    }

    #[test]
    fn a_machine_without_another_address_has_none_for_firefox() {
        let machine = ["127.0.0.1", "::1", "fe80::1"].map(|ip| ip.parse().unwrap());
        for listening in ["127.0.0.1:8000", "0.0.0.0:8000"] {
            assert_eq!(among(&machine, listening, "localhost", true), None);
            let alone = among(&machine, listening, "localhost", false).unwrap();
            assert_eq!(alone.0, "127.0.0.1");
        }
    }
}
