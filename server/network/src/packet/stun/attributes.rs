//! Attributes of STUN, by name and in words ([the registry of IANA](https://www.iana.org/assignments/stun-parameters/)).
//!
//! May import: integrity, packet, reader, rows, stun.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::integrity::{self, Key};
use super::{COOKIE, HEADER};
use crate::packet::dissect_part;
use crate::packet::reader::{Reader, Short};
use crate::packet::rows::{Row, count, hex, number, text};

const XOR_PEER_ADDRESS: u16 = 0x0012;
const XOR_RELAYED_ADDRESS: u16 = 0x0016;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;

/// Where an attribute stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) code: u16,
    /// From its header to its end.
    pub(super) message: &'a [u8],
    /// At which byte of the message the attribute begins.
    pub(super) at: usize,
}

/// The name of an attribute.
pub(super) fn name(code: u16) -> Cow<'static, str> {
    let name = match code {
        0x0001 => "MAPPED-ADDRESS",
        0x0006 => "USERNAME",
        0x0008 => "MESSAGE-INTEGRITY",
        0x0009 => "ERROR-CODE",
        0x000a => "UNKNOWN-ATTRIBUTES",
        0x000c => "CHANNEL-NUMBER",
        0x000d => "LIFETIME",
        XOR_PEER_ADDRESS => "XOR-PEER-ADDRESS",
        0x0013 => "DATA",
        0x0014 => "REALM",
        0x0015 => "NONCE",
        XOR_RELAYED_ADDRESS => "XOR-RELAYED-ADDRESS",
        0x0017 => "REQUESTED-ADDRESS-FAMILY",
        0x0018 => "EVEN-PORT",
        0x0019 => "REQUESTED-TRANSPORT",
        0x001a => "DONT-FRAGMENT",
        0x001c => "MESSAGE-INTEGRITY-SHA256",
        0x001d => "PASSWORD-ALGORITHM",
        0x001e => "USERHASH",
        XOR_MAPPED_ADDRESS => "XOR-MAPPED-ADDRESS",
        0x0022 => "RESERVATION-TOKEN",
        0x0024 => "PRIORITY",
        0x0025 => "USE-CANDIDATE",
        0x0026 => "PADDING",
        0x0027 => "RESPONSE-PORT",
        0x002a => "CONNECTION-ID",
        0x8000 => "ADDITIONAL-ADDRESS-FAMILY",
        0x8001 => "ADDRESS-ERROR-CODE",
        0x8002 => "PASSWORD-ALGORITHMS",
        0x8003 => "ALTERNATE-DOMAIN",
        0x8004 => "ICMP",
        0x8022 => "SOFTWARE",
        0x8023 => "ALTERNATE-SERVER",
        0x8028 => "FINGERPRINT",
        0x8029 => "ICE-CONTROLLED",
        0x802a => "ICE-CONTROLLING",
        0x802b => "RESPONSE-ORIGIN",
        0x802c => "OTHER-ADDRESS",
        0xc057 => "GOOG-NETWORK-INFO",
        other => return format!("attribute 0x{other:04x}").into(),
    };
    name.into()
}

/// What of an attribute goes into the summary, given its value.
pub(super) fn highlight(code: u16, value: &str) -> Option<String> {
    match code {
        0x0006 | 0x0009 => Some(value.to_owned()),
        0x0025 => Some("USE-CANDIDATE".to_owned()),
        0x8029 => Some("from the controlled side".to_owned()),
        0x802a => Some("from the controlling side".to_owned()),
        0x000c => Some(format!("channel {value}")),
        0x0013 => Some(format!("with {value}")),
        XOR_MAPPED_ADDRESS => Some(format!("seen as {value}")),
        XOR_PEER_ADDRESS => Some(format!("peer {value}")),
        XOR_RELAYED_ADDRESS => Some(format!("relayed at {value}")),
        _ => None,
    }
}

/// The value in words; its parts go into `rows`.
pub(super) fn dissect(
    attribute: Attribute<'_>,
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    keys: &[Key<'_>],
    depth: usize,
) -> Result<String, Short> {
    let bytes = reader.rest();
    Ok(match (attribute.code, bytes) {
        (0x0001 | 0x8023 | 0x802b | 0x802c, _) => address(bytes),
        (XOR_MAPPED_ADDRESS | XOR_PEER_ADDRESS | XOR_RELAYED_ADDRESS, _) => {
            address(&unmasked(bytes, attribute.message))
        }
        (0x0006 | 0x0014 | 0x0015 | 0x8003 | 0x8022, _) => text(bytes),
        (0x0008, _) => integrity::check(attribute.message, attribute.at, bytes, keys),
        (0x8028, _) => integrity::check_fingerprint(attribute.message, attribute.at, bytes),
        (0x0009, [_, _, class, number, reason @ ..]) => {
            let code = u16::from(class & 7) * 100 + u16::from(*number);
            format!("{code} {}", text(reason))
        }
        (0x000a, _) => {
            let names = bytes.chunks_exact(2).map(|code| name(number(code) as u16));
            names.take(20).collect::<Vec<_>>().join(", ")
        }
        (0x000c, [high, low, ..]) => format!("0x{high:02x}{low:02x}"),
        (0x000d, [_, _, _, _]) => count(number(bytes) as usize, "second"),
        (0x0013, _) => dissect_part(reader, rows, keys, depth + 1).1,
        (0x0017 | 0x8000, [family, ..]) => match family {
            1 => "IPv4".to_owned(),
            2 => "IPv6".to_owned(),
            other => format!("unknown family {other}"),
        },
        (0x0019, [protocol, ..]) => match protocol {
            6 => "TCP".to_owned(),
            17 => "UDP".to_owned(),
            other => format!("protocol {other}"),
        },
        (0x0018, [flags, ..]) if flags & 0x80 != 0 => "and reserve the next port".to_owned(),
        (0x0024, [kind, _, _, component]) => {
            // RFC 8445, section 5.1.2.1.
            let local = number(&bytes[1..3]);
            let component = 256 - u16::from(*component);
            format!(
                "{}: type {kind}, local {local}, component {component}",
                number(bytes)
            )
        }
        (0x8029 | 0x802a, [_, _, _, _, _, _, _, _]) => format!("tie-breaker 0x{}", hex(bytes)),
        (0xc057, [id @ .., cost_high, cost_low]) if id.len() == 2 => {
            format!(
                "network {}, cost {}",
                number(id),
                number(&[*cost_high, *cost_low])
            )
        }
        (_, []) => String::new(),
        _ => hex(bytes),
    })
}

/// An address as section 14.1 writes it.
fn address(bytes: &[u8]) -> String {
    let endpoint =
        |address: IpAddr, port: &[u8]| SocketAddr::new(address, number(port) as u16).to_string();
    match bytes {
        [_, 1, high, low, address @ ..] => <[u8; 4]>::try_from(address)
            .map(|ip| endpoint(Ipv4Addr::from(ip).into(), &[*high, *low])),
        [_, 2, high, low, address @ ..] => <[u8; 16]>::try_from(address)
            .map(|ip| endpoint(Ipv6Addr::from(ip).into(), &[*high, *low])),
        _ => return format!("no address: {}", hex(bytes)),
    }
    .unwrap_or_else(|_| format!("no address: {}", hex(bytes)))
}

/// Without the mask that hides addresses from NATs that rewrite them in payloads (section 14.2).
fn unmasked(bytes: &[u8], message: &[u8]) -> Vec<u8> {
    let cookie = COOKIE.to_be_bytes();
    let mask = [
        &[0, 0][..],
        &cookie[..2],
        message.get(4..HEADER).unwrap_or_default(),
    ]
    .concat();
    bytes
        .iter()
        .zip(mask)
        .map(|(byte, mask)| byte ^ mask)
        .collect()
}
