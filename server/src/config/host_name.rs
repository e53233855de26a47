//! The names by which a server may be asked for.
//!
//! May import: nothing.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Characters of the longest name ([RFC 1035, section 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_NAME: usize = 253;

/// A name of this server, or `*` for every name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// In lower case, without a dot at its end; none if it stands for every name.
    pub fn name(&self) -> Option<&str> {
        (self.0 != "*").then_some(&self.0)
    }

    /// Whether a `Host` can't be a name of another site. Addresses lead to nobody else, and browsers take `localhost`, and what ends so, to
    /// be the reader's own machine ([RFC 6761, section 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
    pub(super) fn is_of_every_server(host: &str) -> bool {
        let name = without_port(host);
        let address = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        if let Some(address) = address {
            return address.parse::<Ipv6Addr>().is_ok();
        }
        let name = name.to_ascii_lowercase();
        name == "localhost" || name.ends_with(".localhost") || name.parse::<Ipv4Addr>().is_ok()
    }

    /// Whether a `Host` has this name. Any port will do: a proxy or a forward may have another than this server.
    pub(super) fn is(&self, host: &str) -> bool {
        let name = without_port(host);
        self.0 == "*"
            || name
                .strip_suffix('.')
                .unwrap_or(name)
                .eq_ignore_ascii_case(&self.0)
    }
}

impl FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        match name == "*" || (is_name && (1..=MAX_NAME).contains(&name.len())) {
            true => Ok(Self(name)),
            false => Err("a name has no scheme, no port and no path, such as book.example.org or laptop.local; one with other letters than a \
                 to z is written as browsers send it, such as xn--bcher-kva.example".into()),
        }
    }
}

/// The address in brackets of `[::1]:8000`, the name of `localhost:8000`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn addresses_and_localhost_are_names_of_every_server() {
        for host in [
            "127.0.0.1",
            "192.0.2.7:8000",
            "[::1]:8000",
            "[2001:db8::1]",
            "localhost",
            "LocalHost:8000",
            "book.localhost:8000",
        ] {
            assert!(HostName::is_of_every_server(host), "{host}");
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_not() {
        for host in [
            "book.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "notlocalhost",
            "laptop.local",
            "laptop",
            "[::1].evil.example",
            "[evil.example]",
            "::1",
            "127.1",
            "2130706433",
            "evil.example:8000:localhost",
            "localhost:80@evil.example",
            "",
            ":8000",
        ] {
            assert!(!HostName::is_of_every_server(host), "{host}");
        }
    }

    #[test]
    fn a_name_is_the_same_in_capitals_with_a_dot_and_at_any_port() {
        let name: HostName = "Book.Example.".parse().unwrap();
        for host in ["book.example", "BOOK.example:8000", "book.example.:443"] {
            assert!(name.is(host), "{host}");
        }
        for host in ["www.book.example", "book.example.org", "book", ""] {
            assert!(!name.is(host), "{host}");
        }
        let every: HostName = "*".parse().unwrap();
        assert!(every.is("any.example:1"));
    }

    #[test]
    fn what_is_no_name_is_refused_with_an_example() {
        for text in [
            "",
            "http://book.example",
            "book.example:8000",
            "book.example/guide",
            "*.example",
            "bücher.example",
        ] {
            let error = text.parse::<HostName>().unwrap_err();
            assert!(error.contains("laptop.local"), "{text}: {error}");
        }
    }
}
