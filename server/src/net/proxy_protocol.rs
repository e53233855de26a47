//! The header by which a proxy that passes on bytes says for whom it connects
//! (<https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt>): version 1 is a line of text, version 2 has a fixed beginning of 16 bytes.
//!
//! May import: signaling::transport, thiserror, tokio.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::AsyncReadExt as _;

use signaling::transport::Transport;

/// What version 1 begins with, and the most bytes that it has (section 2.1).
const V1: &[u8] = b"PROXY ";
const MAX_V1: usize = 107;

/// What version 2 begins with (section 2.2).
const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Behind that come version and command, family and protocol, and the length of the rest.
const V2_HEAD: usize = 16;
/// Bytes of the rest: addresses, and what the proxy adds to them, such as the name in a certificate.
const MAX_V2_REST: usize = 2048;

const LOCAL: u8 = 0x20;
const PROXY: u8 = 0x21;
/// The families of addresses over TCP.
const TCP_4: u8 = 0x11;
const TCP_6: u8 = 0x21;

/// Bytes that are read at once.
const READ: usize = 512;

/// Why a connection has no header that says for whom it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("none came in time")]
    Late,
    #[error(
        "it begins with something else: does the proxy send the header? (nginx: proxy_protocol on; HAProxy: send-proxy-v2)"
    )]
    Missing,
    #[error("it breaks the rules of the PROXY protocol")]
    Malformed,
    #[error("the connection ended before: {0}")]
    Broken(#[from] io::Error),
}

impl Failure {
    /// A stable name, for the metrics.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Late => "proxy-header-timeout",
            Self::Missing => "proxy-header-missing",
            Self::Malformed => "proxy-header-malformed",
            Self::Broken(_) => "proxy-header-broken",
        }
    }
}

/// For whom a proxy connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A client at this address.
    Client(SocketAddr),
    /// Itself, to see whether the server lives.
    Proxy,
    /// A client that it can't name.
    Nameless,
}

/// Reads the header, and what came behind it.
pub(super) async fn read(transport: &mut Box<dyn Transport>) -> Result<(Source, Vec<u8>), Failure> {
    let mut bytes = Vec::with_capacity(READ);
    loop {
        if transport.read_buf(&mut bytes).await? == 0 {
            return Err(Failure::Broken(io::ErrorKind::UnexpectedEof.into()));
        }
        if let Some((source, length)) = parse(&bytes)? {
            return Ok((source, bytes.split_off(length)));
        }
    }
}

/// The header at the begin of these bytes, and its length; none if it has not come as a whole.
fn parse(bytes: &[u8]) -> Result<Option<(Source, usize)>, Failure> {
    if begins(bytes, V2) {
        return v2(bytes);
    }
    match begins(bytes, V1) {
        true => v1(bytes),
        false => Err(Failure::Missing),
    }
}

/// Whether bytes that are there so far begin so, or may.
fn begins(bytes: &[u8], with: &[u8]) -> bool {
    let both = bytes.len().min(with.len());
    bytes[..both] == with[..both]
}

fn v1(bytes: &[u8]) -> Result<Option<(Source, usize)>, Failure> {
    let seen = &bytes[..bytes.len().min(MAX_V1)];
    let Some(end) = seen.windows(2).position(|pair| pair == b"\r\n") else {
        return match seen.len() {
            MAX_V1 => Err(Failure::Malformed),
            _ => Ok(None),
        };
    };
    let line = std::str::from_utf8(&seen[V1.len()..end]).map_err(|_| Failure::Malformed)?;
    let source = match line.split(' ').collect::<Vec<_>>()[..] {
        ["UNKNOWN", ..] => Some(Source::Nameless),
        ["TCP4", from, to, from_port, to_port] => client::<Ipv4Addr>(from, to, from_port, to_port),
        ["TCP6", from, to, from_port, to_port] => client::<Ipv6Addr>(from, to, from_port, to_port),
        _ => None,
    };
    Ok(Some((source.ok_or(Failure::Malformed)?, end + 2)))
}

fn client<A: std::str::FromStr + Into<IpAddr>>(
    from: &str,
    to: &str,
    from_port: &str,
    to_port: &str,
) -> Option<Source> {
    let ip = from.parse::<A>().ok()?;
    to.parse::<A>().ok()?;
    to_port.parse::<u16>().ok()?;
    let address = SocketAddr::new(ip.into(), from_port.parse().ok()?);
    Some(Source::Client(address))
}

fn v2(bytes: &[u8]) -> Result<Option<(Source, usize)>, Failure> {
    let Some(head) = bytes.get(V2.len()..V2_HEAD) else {
        return Ok(None);
    };
    let &[command, family, high, low] = head else {
        return Err(Failure::Malformed);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_V2_REST || !matches!(command, LOCAL | PROXY) {
        return Err(Failure::Malformed);
    }
    let Some(rest) = bytes.get(V2_HEAD..V2_HEAD + length) else {
        return Ok(None);
    };
    let source = match (command, family) {
        (PROXY, TCP_4) => v2_client::<4>(rest)?,
        (PROXY, TCP_6) => v2_client::<16>(rest)?,
        // Other families name no address that clients here have.
        (PROXY, _) => Source::Nameless,
        _ => Source::Proxy,
    };
    Ok(Some((source, V2_HEAD + length)))
}

/// Both addresses, then both ports.
fn v2_client<const N: usize>(rest: &[u8]) -> Result<Source, Failure>
where
    IpAddr: From<[u8; N]>,
{
    let ip = rest.first_chunk::<N>().ok_or(Failure::Malformed)?;
    let ports = rest.get(2 * N..2 * N + 4).ok_or(Failure::Malformed)?;
    let port = u16::from_be_bytes([ports[0], ports[1]]);
    Ok(Source::Client(SocketAddr::new(IpAddr::from(*ip), port)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn v2_header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [V2, &[command, family], &length, rest].concat()
    }

    fn v2_of_ipv4() -> Vec<u8> {
        let addresses = [192, 0, 2, 7, 192, 0, 2, 1, 0x15, 0xb3, 0x1f, 0x40];
        v2_header(PROXY, TCP_4, &addresses)
    }

    fn source(bytes: &[u8]) -> Option<Source> {
        parse(bytes).unwrap().map(|(source, _)| source)
    }

    fn client(text: &str) -> Option<Source> {
        Some(Source::Client(text.parse().unwrap()))
    }

    #[test]
    fn both_versions_name_the_client() {
        let v6 = [
            &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5][..],
            &[0; 16],
            &[0, 80, 0, 81],
            b"extra",
        ];
        let v6 = v2_header(PROXY, TCP_6, &v6.concat());
        for (header, expected) in [
            (
                &b"PROXY TCP4 192.0.2.7 192.0.2.1 5555 8000\r\n"[..],
                "192.0.2.7:5555",
            ),
            (
                b"PROXY TCP6 2001:db8::5 ::1 80 8000\r\n",
                "[2001:db8::5]:80",
            ),
            (&v2_of_ipv4(), "192.0.2.7:5555"),
            (&v6, "[2001:db8::5]:80"),
        ] {
            assert_eq!(source(header), client(expected));
        }
    }

    #[test]
    fn a_proxy_may_connect_for_itself_or_for_nobody_it_can_name() {
        for (header, expected) in [
            (v2_header(LOCAL, 0, b""), Source::Proxy),
            (v2_header(LOCAL, TCP_4, b"anything"), Source::Proxy),
            (b"PROXY UNKNOWN\r\n".to_vec(), Source::Nameless),
            (b"PROXY UNKNOWN ::1 ::1 1 2\r\n".to_vec(), Source::Nameless),
            (v2_header(PROXY, 0x31, &[0; 216]), Source::Nameless),
            (v2_header(PROXY, 0x12, &[0; 12]), Source::Nameless),
        ] {
            assert_eq!(source(&header), Some(expected));
        }
    }

    #[test]
    fn what_comes_behind_it_is_left_and_what_is_missing_is_waited_for() {
        for header in [
            b"PROXY TCP4 192.0.2.7 192.0.2.1 5555 8000\r\n".to_vec(),
            v2_of_ipv4(),
        ] {
            let all = [&header[..], b"GET / HTTP/1.1\r\n"].concat();
            assert_eq!(parse(&all).unwrap().unwrap().1, header.len());
            for length in 1..header.len() {
                assert_eq!(source(&header[..length]), None, "{length}");
            }
        }
    }

    #[test]
    fn anything_else_is_refused_as_soon_as_it_is_seen() {
        for bytes in [
            &b"GET / HTTP/1.1\r\n"[..],
            b"P!",
            b"\x16\x03\x01",
            b"\r\n\r\nX",
        ] {
            assert!(matches!(parse(bytes), Err(Failure::Missing)), "{bytes:?}");
        }
        for bytes in [
            b"PROXY TCP4 192.0.2.7 192.0.2.1 5555\r\n".to_vec(),
            b"PROXY TCP4 ::1 192.0.2.1 5555 80\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7 192.0.2.1 5555 80 \r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7  192.0.2.1 5555 80\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7 192.0.2.1 65536 80\r\n".to_vec(),
            b"PROXY UDP4 192.0.2.7 192.0.2.1 5555 80\r\n".to_vec(),
            b"PROXY \xff\r\n".to_vec(),
            [b"PROXY UNKNOWN ", &[b'x'; MAX_V1][..]].concat(),
            v2_header(0x22, TCP_4, &[0; 12]),
            v2_header(0x11, TCP_4, &[0; 12]),
            v2_header(PROXY, TCP_4, &[0; 11]),
            v2_header(PROXY, TCP_6, &[0; 35]),
            v2_header(PROXY, TCP_4, &[0; MAX_V2_REST + 1]),
        ] {
            assert!(
                matches!(parse(&bytes), Err(Failure::Malformed)),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn whatever_comes_nothing_is_read_beyond_it() {
        proptest::proptest!(|(bytes: Vec<u8>, begin in 0_usize..3)| {
            let begin = [&b""[..], V1, V2][begin];
            let all = [begin, &bytes[..]].concat();
            if let Ok(Some((_, length))) = parse(&all) {
                proptest::prop_assert!(length <= all.len());
            }
        });
    }
}
