//! The address to listen at, in the forms in which people write it.
//!
//! May import: nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// `IP:PORT`; `PORT` and `localhost:PORT` for this machine alone; `:PORT` for every address of it.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let at = |ip: Ipv4Addr, port: &str| {
        port.parse()
            .map(|port| SocketAddr::new(IpAddr::V4(ip), port))
    };
    let address = match text.rsplit_once(':') {
        None => at(Ipv4Addr::LOCALHOST, text).ok(),
        Some(("", port)) => at(Ipv4Addr::UNSPECIFIED, port).ok(),
        Some((host, port)) if host.eq_ignore_ascii_case("localhost") => {
            at(Ipv4Addr::LOCALHOST, port).ok()
        }
        Some(_) => text.parse().ok(),
    };
    address.ok_or_else(|| {
        "it must be an address of this machine and a port, such as 0.0.0.0:8000 or [::]:8000, or a port alone".into()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::address;

    #[test]
    fn an_address_is_taken_in_the_ways_in_which_people_write_it() {
        for (text, expected) in [
            ("192.0.2.1:80", "192.0.2.1:80"),
            ("[::1]:8000", "[::1]:8000"),
            ("8000", "127.0.0.1:8000"),
            ("localhost:8000", "127.0.0.1:8000"),
            ("LocalHost:0", "127.0.0.1:0"),
            (":8000", "0.0.0.0:8000"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in [
            "",
            ":",
            "localhost",
            "0.0.0.0",
            "host.example:80",
            "::1",
            "1:65536",
            "80 0",
        ] {
            assert!(
                address(text).unwrap_err().contains("0.0.0.0:8000"),
                "{text}"
            );
        }
    }
}
