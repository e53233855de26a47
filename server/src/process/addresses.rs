//! At which addresses a browser finds the server.
//!
//! May import: rtc, tracing.

use std::net::{IpAddr, SocketAddr};

use rtc::shared::ifaces::ifaces;
use tracing::debug;

/// The URLs of a server that listens at this address; the first is for this machine. `0.0.0.0` and `[::]` are no addresses that
/// could be opened, and stand for all those of the machine.
pub fn urls(listening: SocketAddr) -> Vec<String> {
    match listening.ip().is_unspecified() {
        true => urls_of_all(listening, &of_this_machine()),
        false => vec![format!("http://{listening}/")],
    }
}

/// The addresses of this machine as they are now.
pub fn of_this_machine() -> Vec<IpAddr> {
    match ifaces() {
        Ok(interfaces) => {
            let addresses = interfaces
                .into_iter()
                .filter_map(|interface| interface.addr);
            addresses.map(|address| address.ip()).collect()
        }
        Err(error) => {
            debug!(%error, "The interfaces of this machine can't be listed");
            Vec::new()
        }
    }
}

fn urls_of_all(listening: SocketAddr, interfaces: &[IpAddr]) -> Vec<String> {
    let port = listening.port();
    // A socket of IPv6 takes connections of IPv4 as well, one of IPv4 takes no others.
    let is_reached = |ip: &&IpAddr| listening.is_ipv6() || ip.is_ipv4();
    let is_for_others = |ip: &&IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        // An address of one link needs the interface's name in its URL, which browsers don't take.
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    };
    let others = interfaces.iter().filter(is_reached).filter(is_for_others);
    let others = others.map(|ip| format!("http://{}/", SocketAddr::new(*ip, port)));
    std::iter::once(format!("http://localhost:{port}/"))
        .chain(others)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn urls_for(listening: &str) -> Vec<String> {
        let interfaces = ["127.0.0.1", "192.0.2.5", "::1", "fe80::1", "2001:db8::5"];
        let interfaces = interfaces.map(|ip| ip.parse().unwrap());
        urls_of_all(listening.parse().unwrap(), &interfaces)
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
    fn any_other_is_shown_as_it_is() {
        for address in ["127.0.0.1:8000", "[::1]:8000"] {
            assert_eq!(
                urls(address.parse().unwrap()),
                [format!("http://{address}/")]
            );
        }
    }
}
