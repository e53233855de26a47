//! Which addresses of this machine others can reach, best first. Pure.
//!
//! May import: nothing.

use std::net::IpAddr;

/// Addresses that are told, at most: nobody tries more by hand.
pub const MAX_ADDRESSES: usize = 8;

/// The beginnings of the names that containers, virtual machines and VPNs give to their interfaces, and those that Apple's devices have for
/// links of their own. Who is in the room reaches none of them.
const VIRTUAL: [&str; 22] = [
    "anpi",
    "awdl",
    "br-",
    "bridge",
    "cni",
    "docker",
    "incusbr",
    "llw",
    "lxc",
    "lxdbr",
    "podman",
    "tailscale",
    "tap",
    "tun",
    "utun",
    "vboxnet",
    "veth",
    "virbr",
    "vmnet",
    "vnet",
    "wg",
    "zt",
];

/// An interface with one of its addresses; one with several addresses is several of these.
#[derive(Debug, Clone)]
pub struct Interface {
    /// As the system calls it; empty where it does not say (Windows).
    pub name: String,
    /// Its address.
    pub address: IpAddr,
    /// Whether it leads to one other machine, as VPNs and dial-up do.
    pub is_point_to_point: bool,
}

impl Interface {
    /// Whether it is of a container, a virtual machine or a VPN, as far as its name and its kind tell.
    pub fn is_virtual(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.is_point_to_point || VIRTUAL.iter().any(|beginning| name.starts_with(beginning))
    }
}

/// The interfaces whose addresses others can reach, best first: that of the interface with the default route, then others of private networks, then
/// public ones, each kind with IPv4 before IPv6; those of virtual interfaces are last, even with the default route, which a VPN may have.
/// Loopback and link-local addresses are left out. At most [`MAX_ADDRESSES`].
///
/// `default` has the addresses that this machine uses towards the internet.
pub fn ranked<'a>(interfaces: &'a [Interface], default: &[IpAddr]) -> Vec<&'a Interface> {
    let mut reached: Vec<_> = interfaces
        .iter()
        .filter(|interface| is_for_others(interface.address))
        .collect();
    // It is stable: what ranks the same stays in the system's order.
    reached.sort_by_key(|interface| {
        let address = interface.address;
        (
            interface.is_virtual(),
            !default.contains(&address),
            address.is_ipv6(),
            !is_private(address),
        )
    });
    let mut ranked: Vec<&Interface> = Vec::new();
    for interface in reached {
        let is_known = ranked
            .iter()
            .any(|known| known.address == interface.address);
        if ranked.len() < MAX_ADDRESSES && !is_known {
            ranked.push(interface);
        }
    }
    ranked
}

fn is_for_others(address: IpAddr) -> bool {
    let is_of_one_link = match address {
        IpAddr::V4(address) => address.is_link_local(),
        // It needs the interface's name in its URL, which browsers don't take.
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !address.is_loopback() && !address.is_unspecified() && !is_of_one_link
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn interface(name: &str, address: &str) -> Interface {
        Interface {
            name: name.to_owned(),
            address: address.parse().unwrap(),
            is_point_to_point: false,
        }
    }

    fn ranked_texts(interfaces: &[Interface], default: &[&str]) -> Vec<String> {
        let default: Vec<_> = default.iter().map(|text| text.parse().unwrap()).collect();
        let ranked = ranked(interfaces, &default).into_iter();
        ranked
            .map(|interface| interface.address.to_string())
            .collect()
    }

    #[test]
    fn the_default_route_is_first_and_virtual_interfaces_are_last() {
        let interfaces = [
            interface("docker0", "172.17.0.1"),
            interface("en7", "203.0.113.5"),
            interface("en1", "10.0.0.7"),
            interface("eth0", "2001:db8::5"),
            interface("wlan0", "192.168.1.5"),
        ];
        assert_eq!(
            ranked_texts(&interfaces, &["192.168.1.5"]),
            [
                "192.168.1.5",
                "10.0.0.7",
                "203.0.113.5",
                "2001:db8::5",
                "172.17.0.1"
            ]
        );
    }

    #[test]
    fn where_both_families_have_a_default_route_ipv4_is_first_as_it_can_be_typed() {
        let interfaces = [
            interface("eth0", "2001:db8::5"),
            interface("eth1", "10.0.0.7"),
            interface("eth0", "192.168.1.5"),
        ];
        assert_eq!(
            ranked_texts(&interfaces, &["2001:db8::5", "192.168.1.5"]),
            ["192.168.1.5", "2001:db8::5", "10.0.0.7"]
        );
    }

    #[test]
    fn a_vpn_with_the_default_route_does_not_come_before_the_room() {
        let mut dialled = interface("corporate", "10.8.0.2");
        dialled.is_point_to_point = true;
        let interfaces = [
            dialled,
            interface("utun3", "10.9.0.2"),
            interface("en0", "192.168.1.5"),
        ];
        assert_eq!(
            ranked_texts(&interfaces, &["10.8.0.2"]),
            ["192.168.1.5", "10.8.0.2", "10.9.0.2"]
        );
    }

    #[test]
    fn every_name_of_a_virtual_interface_ranks_below_an_ordinary_one() {
        for name in [
            "docker0",
            "br-5f2c",
            "veth12ab",
            "virbr0",
            "vmnet8",
            "vboxnet0",
            "utun0",
            "tun0",
            "tap0",
            "wg0",
            "ztabcdef",
            "tailscale0",
            "bridge100",
            "llw0",
            "awdl0",
            "Docker0",
        ] {
            let interfaces = [interface(name, "10.0.0.1"), interface("br0", "10.0.0.2")];
            assert_eq!(
                ranked_texts(&interfaces, &[]),
                ["10.0.0.2", "10.0.0.1"],
                "{name}"
            );
        }
    }

    #[test]
    fn addresses_of_this_machine_alone_or_of_one_link_are_left_out() {
        let interfaces = [
            interface("lo", "127.0.0.1"),
            interface("lo", "::1"),
            interface("eth0", "169.254.7.7"),
            interface("eth0", "fe80::1"),
            interface("eth0", "0.0.0.0"),
        ];
        assert_eq!(ranked_texts(&interfaces, &[]), [""; 0]);
    }

    #[test]
    fn an_address_is_told_once_and_not_too_many_are() {
        let twice = [interface("", "10.0.0.1"), interface("", "10.0.0.1")];
        assert_eq!(ranked_texts(&twice, &[]), ["10.0.0.1"]);
        let many: Vec<_> = (0..50)
            .map(|last| interface("eth0", &format!("10.0.0.{last}")))
            .collect();
        assert_eq!(ranked_texts(&many, &["10.0.0.49"]).len(), MAX_ADDRESSES);
        assert_eq!(ranked_texts(&many, &["10.0.0.49"])[0], "10.0.0.49");
    }
}
