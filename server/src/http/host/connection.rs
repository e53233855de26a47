//! Which connections may be a host's.
//!
//! May import: net::client_address, axum.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};

use crate::net::client_address::Connection;

/// Whether this connection may be a host's. Codes and cookies in plain HTTP can be read on their way, and so they don't leave the machine.
pub(super) fn may_be_hosts(connection: &Connection, headers: &HeaderMap) -> bool {
    is_here(connection, headers) || (connection.is_tls() && connection.is_direct(headers))
}

/// Whether the host sits at this machine, as far as this can be known.
pub(super) fn is_here(connection: &Connection, headers: &HeaderMap) -> bool {
    connection.is_of_this_machine(headers) && is_asked_for_here(headers)
}

/// Whether the server was asked for by a name that means the machine of the browser: a proxy that says nothing of itself may have passed on
/// the name by which others find it.
fn is_asked_for_here(headers: &HeaderMap) -> bool {
    let authority = headers
        .get(header::HOST)
        .and_then(|host| Authority::try_from(host.as_bytes()).ok());
    let Some(authority) = authority else {
        return false;
    };
    let host = authority.host().trim_matches(['[', ']']);
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_headers::headers;

    #[test]
    fn only_names_of_the_browsers_own_machine_ask_for_this_one() {
        for host in [
            "localhost",
            "LocalHost:8000",
            "127.0.0.1:8000",
            "127.1.2.3",
            "[::1]:8000",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_asked_for_here(&headers(&[("host", host)])), "{host}");
        }
        for host in [
            "192.0.2.5:8000",
            "[2001:db8::1]:8000",
            "book.example",
            "localhost.example",
            "book.localhost",
            "127.0.0.1.example:8000",
        ] {
            assert!(!is_asked_for_here(&headers(&[("host", host)])), "{host}");
        }
        assert!(!is_asked_for_here(&HeaderMap::new()));
    }
}
