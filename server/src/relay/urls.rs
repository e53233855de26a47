//! By which address a client reaches this server.
//!
//! May import: axum.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::uri::Authority;

/// The host in the URL of STUN and TURN, as URLs write it; none if nobody knows. `host` is what the client asked for, if it asked this server.
pub(super) fn host(
    listening: SocketAddr,
    given: Option<IpAddr>,
    host: Option<&str>,
) -> Option<String> {
    if let Some(given) = given {
        return Some(in_url(given));
    }
    let asked = host?.parse::<Authority>().ok()?;
    let asked = asked.host();
    // It may lead to an address at which only the book is.
    let is_this_machine = asked.eq_ignore_ascii_case("localhost")
        || asked.to_ascii_lowercase().ends_with(".localhost");
    if !is_this_machine {
        return Some(asked.to_owned());
    }
    Some(in_url(match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        // It takes both.
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    }))
}

/// Whether a host in a URL is this machine, and nobody else's.
pub(super) fn is_loopback(host: &str) -> bool {
    let v6 = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let address = v6.unwrap_or(host).parse::<IpAddr>();
    address.is_ok_and(|address| address.to_canonical().is_loopback())
}

fn in_url(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(listening: &str, external: Option<&str>, asked: Option<&str>) -> Option<String> {
        let listening = listening.parse().expect("the test's addresses are good");
        let external = external.map(|ip| ip.parse().expect("the test's addresses are good"));
        host(listening, external, asked)
    }

    #[test]
    fn it_is_the_one_that_the_client_asked_for() {
        for (listening, asked, expected) in [
            ("0.0.0.0:8000", "192.0.2.1:8000", "192.0.2.1"),
            ("0.0.0.0:8000", "book.example", "book.example"),
            ("[::]:8000", "[2001:db8::1]:8000", "[2001:db8::1]"),
            ("0.0.0.0:8000", "localhost:8000", "127.0.0.1"),
            ("[::]:8000", "a.localhost:8000", "127.0.0.1"),
            ("[::1]:8000", "localhost:8000", "[::1]"),
            ("192.0.2.1:8000", "localhost:8000", "192.0.2.1"),
        ] {
            assert_eq!(
                at(listening, None, Some(asked)).as_deref(),
                Some(expected),
                "{asked}"
            );
        }
        assert_eq!(at("0.0.0.0:8000", None, None), None);
    }

    #[test]
    fn an_address_that_is_given_stands_above_it() {
        let given = at("0.0.0.0:8000", Some("203.0.113.1"), Some("10.0.0.1:8000"));
        assert_eq!(given.as_deref(), Some("203.0.113.1"));
        assert_eq!(
            at("0.0.0.0:8000", Some("2001:db8::1"), None).as_deref(),
            Some("[2001:db8::1]")
        );
    }

    #[test]
    fn firefox_is_told_of_no_server_on_its_own_machine() {
        for host in ["127.0.0.1", "127.1.2.3", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["192.0.2.1", "[2001:db8::1]", "book.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
