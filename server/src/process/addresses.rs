//! At which addresses a browser finds the server.
//!
//! May import: interfaces, config, rtc, tracing, url.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use rtc::shared::ifaces::{NextHop, ifaces};
use tracing::debug;
use url::Url;

use super::interfaces::{self, Interface};
use crate::config::BasePath;

/// Addresses for documentation ([RFC 5737](https://www.rfc-editor.org/rfc/rfc5737), [RFC 3849](https://www.rfc-editor.org/rfc/rfc3849)): no
/// network should have them, so the way to them is the default route.
const FAR_AWAY: [(IpAddr, IpAddr); 2] = [
    (
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    ),
    (
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
    ),
];

/// Any port will do: nothing is sent to it.
const ANY_PORT: u16 = 9;

/// At which URLs a server is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// By a browser of this machine.
    pub here: String,
    /// By those of other machines, best first. There is none if the server listens for this machine alone, or if the machine is in no network.
    pub for_others: Vec<String>,
    /// How many of these, from the best one on, are of interfaces that are not virtual: who is in the room reaches them.
    pub in_the_room: usize,
}

impl Urls {
    /// Of a server that is at no address of IP, but here.
    pub fn nowhere(here: String) -> Self {
        Self {
            here,
            for_others: Vec::new(),
            in_the_room: 0,
        }
    }

    /// The same of a server that stands below this path of its host.
    #[must_use]
    pub fn below(self, base: &BasePath) -> Self {
        let for_others = self.for_others.iter();
        Self {
            here: base.below(&self.here),
            for_others: for_others.map(|url| base.below(url)).collect(),
            ..self
        }
    }

    /// The one that has this name in place of an address; none if it is no name.
    pub fn by_name(&self, host: &str) -> Option<String> {
        let mut url = Url::parse(&self.here).ok()?;
        url.set_host(Some(host)).ok()?;
        Some(url.to_string())
    }

    /// The best one for others; where there is none, that for this machine.
    pub fn best(&self) -> &str {
        self.for_others.first().unwrap_or(&self.here)
    }
}

/// The URLs of a server that listens at this address. `0.0.0.0` and `[::]` are no addresses that could be opened, and stand for all those of
/// the machine.
pub fn urls(listening: SocketAddr) -> Urls {
    let ip = listening.ip();
    if ip.is_unspecified() {
        let interfaces = interfaces_of_this_machine();
        let ranked = interfaces::ranked(&interfaces, &with_default_route());
        return urls_of_all(listening, &ranked);
    }
    let here = url(listening);
    let for_others = match ip.is_loopback() {
        true => Vec::new(),
        false => vec![here.clone()],
    };
    Urls {
        in_the_room: for_others.len(),
        here,
        for_others,
    }
}

/// The addresses of this machine as they are now.
pub fn of_this_machine() -> Vec<IpAddr> {
    let interfaces = interfaces_of_this_machine().into_iter();
    interfaces.map(|interface| interface.address).collect()
}

/// Addresses of IPv4 that this machine has.
#[derive(Debug, Clone, Default)]
pub struct OfIpv4 {
    /// All of them.
    pub all: Vec<Ipv4Addr>,
    /// Those of interfaces that are not virtual, in networks with others; at most [`MAX_ADDRESSES`](interfaces::MAX_ADDRESSES).
    pub in_the_room: Vec<Ipv4Addr>,
}

/// Those that this machine has now.
pub fn of_ipv4() -> OfIpv4 {
    let interfaces = interfaces_of_this_machine();
    let ranked = interfaces::ranked(&interfaces, &[]).into_iter();
    OfIpv4 {
        all: interfaces.iter().filter_map(ipv4_of).collect(),
        in_the_room: ranked
            .filter(|interface| !interface.is_virtual())
            .filter_map(ipv4_of)
            .collect(),
    }
}

fn ipv4_of(interface: &Interface) -> Option<Ipv4Addr> {
    match interface.address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn interfaces_of_this_machine() -> Vec<Interface> {
    match ifaces() {
        Ok(all) => all
            .into_iter()
            .filter_map(|interface| {
                Some(Interface {
                    address: interface.addr?.ip(),
                    is_point_to_point: matches!(interface.hop, Some(NextHop::Destination(_))),
                    name: interface.name,
                })
            })
            .collect(),
        Err(error) => {
            debug!(%error, "The interfaces of this machine can't be listed");
            Vec::new()
        }
    }
}

/// The addresses that this machine uses towards the internet: none without a default route, one of each family at most. To connect a socket
/// of UDP chooses its own address, and sends nothing.
fn with_default_route() -> Vec<IpAddr> {
    let own = |(any, far): (IpAddr, IpAddr)| {
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect((far, ANY_PORT)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    FAR_AWAY.into_iter().filter_map(own).collect()
}

fn urls_of_all(listening: SocketAddr, ranked: &[&Interface]) -> Urls {
    let port = listening.port();
    // A socket of IPv6 takes connections of IPv4 as well, one of IPv4 takes no others.
    let is_reached = |to: &&&Interface| listening.is_ipv6() || to.address.is_ipv4();
    let reached = || ranked.iter().filter(is_reached);
    Urls {
        here: format!("http://localhost:{port}/"),
        for_others: reached()
            .map(|to| url(SocketAddr::new(to.address, port)))
            .collect(),
        in_the_room: reached().filter(|to| !to.is_virtual()).count(),
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// All of them; the first is for this machine.
    fn listed(urls: Urls) -> Vec<String> {
        [vec![urls.here], urls.for_others].concat()
    }

    fn urls_for(listening: &str) -> Vec<String> {
        let interfaces = [("eth0", "192.0.2.5"), ("eth0", "2001:db8::5")];
        listed(urls_of(listening, &interfaces))
    }

    /// Of a machine that has these interfaces, best first.
    fn urls_of(listening: &str, interfaces: &[(&str, &str)]) -> Urls {
        let interface = |(name, address): &(&str, &str)| Interface {
            name: (*name).to_owned(),
            address: address.parse().unwrap(),
            is_point_to_point: false,
        };
        let interfaces: Vec<_> = interfaces.iter().map(interface).collect();
        let ranked: Vec<_> = interfaces.iter().collect();
        urls_of_all(listening.parse().unwrap(), &ranked)
    }

    #[test]
    fn an_address_that_stands_for_all_is_shown_as_those_that_can_be_opened() {
        assert_eq!(
            urls_for("0.0.0.0:8000"),
            ["http://localhost:8000/", "http://192.0.2.5:8000/"]
        );
        assert_eq!(
            urls_for("[::]:8000"),
            [
                "http://localhost:8000/",
                "http://192.0.2.5:8000/",
                "http://[2001:db8::5]:8000/"
            ]
        );
    }

    #[test]
    fn addresses_of_virtual_interfaces_and_of_a_family_that_is_not_listened_to_are_not_in_the_room()
    {
        let interfaces = [
            ("eth0", "192.0.2.5"),
            ("eth0", "2001:db8::5"),
            ("docker0", "172.17.0.1"),
        ];
        for (listening, in_the_room, all) in [("0.0.0.0:8000", 1, 2), ("[::]:8000", 2, 3)] {
            let urls = urls_of(listening, &interfaces);
            assert_eq!(
                (urls.in_the_room, urls.for_others.len()),
                (in_the_room, all)
            );
        }
    }

    #[test]
    fn by_a_name_it_is_at_the_same_port_and_path() {
        let base: BasePath = "/book".parse().unwrap();
        let urls = urls_of("0.0.0.0:8000", &[]).below(&base);
        let named = urls.by_name("workshop.local").unwrap();
        assert_eq!(named, "http://workshop.local:8000/book/");
    }

    #[test]
    fn any_other_is_shown_as_it_is() {
        for address in ["127.0.0.1:8000", "[::1]:8000"] {
            assert_eq!(
                listed(urls(address.parse().unwrap())),
                [format!("http://{address}/")]
            );
        }
    }

    #[test]
    fn others_are_told_no_address_of_this_machine_alone() {
        let told = |address: &str| urls(address.parse().unwrap()).for_others;
        assert_eq!(told("127.0.0.1:8000"), [""; 0]);
        assert_eq!(told("[::1]:8000"), [""; 0]);
        assert_eq!(told("192.0.2.5:8000"), ["http://192.0.2.5:8000/"]);
    }

    #[test]
    fn the_default_route_leads_from_addresses_of_this_machine() {
        let own = of_this_machine();
        assert!(with_default_route().iter().all(|ip| own.contains(ip)));
    }
}
