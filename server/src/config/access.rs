//! Who may connect: the names of the server, the origins of pages, and the proxies whose `X-Forwarded-*` headers are believed.
//! `admission` applies it.
//!
//! May import: host_name, axum, clap, url.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use axum::http::HeaderMap;
use clap::Args;
use clap::builder::FalseyValueParser;
use url::Url;

use super::host_name::HostName;

/// Who may connect. Clients that name no origin are no browsers, and may.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Who may connect")]
pub struct Access {
    /// Answer at this name, besides localhost and addresses; "*" is every name;
    /// several are separated by commas
    #[arg(
        long,
        env = "GUIDEBOOK_HOST_NAME",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub host_name: Vec<HostName>,

    /// Let pages of this origin signal here, besides the server's own; "*" is
    /// every origin; several are separated by commas
    #[arg(
        long,
        env = "GUIDEBOOK_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allow_origin: Vec<Origin>,

    /// Refuse pages whose origin is "null": sandboxed frames, and so the demos
    /// of the book
    #[arg(long, env = "GUIDEBOOK_REFUSE_NULL_ORIGIN", value_parser = FalseyValueParser::new())]
    pub refuse_null_origin: bool,

    /// Believe the X-Forwarded-For, -Host and -Proto of proxies at this address,
    /// or in this network, such as 10.0.0.0/8; several are separated by commas
    #[arg(
        long,
        help_heading = "Behind a proxy",
        env = "GUIDEBOOK_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ','
    )]
    pub trusted_proxy: Vec<Network>,

    /// Let in only who brings an access token that a key of this file has signed,
    /// a JWK set; `guidebook token` makes both. It is read again when it changes
    #[arg(long, env = "GUIDEBOOK_ACCESS_KEY", value_name = "FILE")]
    pub access_key: Option<PathBuf>,

    /// With it, let in the book's own demos without a token: whoever can load a
    /// page of the book may then join any room
    #[arg(long, env = "GUIDEBOOK_ACCESS_PAGES", requires = "access_key",
        value_parser = FalseyValueParser::new())]
    pub access_pages: bool,
}

/// An origin as browsers write it (<https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin>),
/// or `*`: in lower case, without the scheme's usual port, and an international name in its ASCII form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

const EVERY_ORIGIN: &str = "*";

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == EVERY_ORIGIN {
            return Ok(Self(text.to_owned()));
        }
        if text.contains('*') {
            return Err(
                "a part of an origin can't be left open; name each, such as https://example.org, or \"*\" for every one"
                    .into(),
            );
        }
        Self::of(text).ok_or_else(|| {
            "an origin is a scheme and a host, such as https://example.org, with no slash at its end"
                .into()
        })
    }
}

impl Origin {
    /// `None` if it is more or less than a scheme, a host and perhaps a port.
    fn of(text: &str) -> Option<Self> {
        let authority = text.split_once("://")?.1;
        let has_more = authority.contains(['/', '\\', '?', '#', '@']);
        let url = Url::parse(text).ok().filter(|_| !has_more)?;
        let host = url.host_str().filter(|host| !host.is_empty())?;
        // Schemes of apps, such as tauri, have no serialization of their own in the standard.
        let port = url.port().map(|port| format!(":{port}"));
        let port = port.unwrap_or_default();
        Some(Self(
            format!("{}://{host}{port}", url.scheme()).to_lowercase(),
        ))
    }
}

/// An address, or a network of addresses with a common prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let usage = || "it must be an address, or a network such as 10.0.0.0/8".to_owned();
        let address = address.parse::<IpAddr>().map_err(|_| usage())?;
        let all = bits(address).1;
        let prefix_bits = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| usage())?,
            None => all,
        };
        match prefix_bits <= all {
            true => Ok(Self {
                address,
                prefix_bits,
            }),
            false => Err(usage()),
        }
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        let ((ours, len), (theirs, their_len)) = (bits(self.address), bits(address.to_canonical()));
        let differing = (ours ^ theirs).checked_shr(len - self.prefix_bits);
        // With an empty prefix all bits are shifted out, which overflows.
        len == their_len && differing.unwrap_or(0) == 0
    }
}

/// An address as a number, and how many bits that has.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (address.to_bits().into(), u32::BITS),
        IpAddr::V6(address) => (address.to_bits(), u128::BITS),
    }
}

impl Access {
    /// Whether the server was asked for by a name of its own. `host` is what `Host` says.
    pub fn has_host(&self, host: &str) -> bool {
        HostName::is_of_every_server(host) || self.host_name.iter().any(|name| name.is(host))
    }

    /// Whether pages of every origin are let in by a flag.
    pub fn allows_every_origin(&self) -> bool {
        self.allow_origin
            .iter()
            .any(|Origin(allowed)| allowed == EVERY_ORIGIN)
    }

    /// Whether pages of this origin are let in by a flag.
    pub fn allows(&self, origin: &str) -> bool {
        let origin = Origin::of(origin);
        let is_named = origin.is_some_and(|origin| self.allow_origin.contains(&origin));
        is_named || self.allows_every_origin()
    }

    /// Whether this is the address of a proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxy
            .iter()
            .any(|network| network.contains(address))
    }

    /// The client on whose behalf a proxy asks. Each proxy appends the address it was asked by, so what stands before the entry of the
    /// first trusted proxy may be forged.
    pub fn client_behind(&self, proxy: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").into_iter().rev();
        let members = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut client = proxy;
        for member in members {
            let Some(address) = forwarded_address(member.trim()) else {
                break;
            };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// An address in `X-Forwarded-For`. Some proxies add the port of the connection, and then put an address of IPv6 in brackets.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let in_brackets = |text: &str| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = |text: &str| Some(text.parse::<SocketAddr>().ok()?.ip());
    let plain = text.parse().ok();
    plain
        .or_else(|| in_brackets(text))
        .or_else(|| with_port(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::test_headers::headers;

    #[test]
    fn what_is_no_origin_or_no_network_is_refused_with_an_example() {
        for text in [
            "app.example",
            "https://app.example/",
            "https://app.example/path",
            "https://user@app.example",
            "https://app.example:x",
            "https://",
            "https://*.app.example",
            "null",
            "",
        ] {
            assert!(
                text.parse::<Origin>()
                    .unwrap_err()
                    .contains("https://example.org")
            );
        }
        for text in ["proxy", "10.0.0.0/33", "10.0.0.0/x", "::/129"] {
            assert!(text.parse::<Network>().unwrap_err().contains("10.0.0.0/8"));
        }
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_alike() {
        for [network, inside, outside] in [
            ["10.0.0.0/8", "10.255.0.1", "11.0.0.1"],
            ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"],
            ["2001:db8::/32", "2001:db8:1::1", "2001:db9::1"],
            ["0.0.0.0/0", "192.0.2.1", "::1"],
            ["::/0", "::1", "192.0.2.1"],
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_proxys() {
        let access = Access {
            trusted_proxy: vec!["10.0.0.0/8".parse().unwrap()],
            ..Access::default()
        };
        let proxy = "10.0.0.1".parse().unwrap();
        for (lines, client) in [
            (vec![], "10.0.0.1"),
            (vec!["192.0.2.1"], "192.0.2.1"),
            (vec!["203.0.113.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            (vec!["203.0.113.9", "192.0.2.1,10.0.0.2"], "192.0.2.1"),
            (vec!["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (vec!["192.0.2.1, nonsense, 10.0.0.2"], "10.0.0.2"),
            (vec!["nonsense"], "10.0.0.1"),
            (vec!["192.0.2.1:5123"], "192.0.2.1"),
            (vec!["192.0.2.1:5123, 10.0.0.2:443"], "192.0.2.1"),
            (vec!["[2001:db8::1]:443"], "2001:db8::1"),
            (vec!["[2001:db8::1]"], "2001:db8::1"),
            (vec!["2001:db8::1"], "2001:db8::1"),
            (vec!["192.0.2.1:99999"], "10.0.0.1"),
        ] {
            let fields: Vec<_> = lines
                .iter()
                .map(|line| ("x-forwarded-for", *line))
                .collect();
            let found = access.client_behind(proxy, &headers(&fields));
            assert_eq!(found, client.parse::<IpAddr>().unwrap(), "{lines:?}");
        }
    }
}
