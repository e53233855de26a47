//! Attributes of STUN, by name and in words.
//!
//! May import: integrity, numbers, packet, reader, rows, stun.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::integrity::{self, Key};
use super::numbers::*;
use super::{COOKIE, HEADER};
use crate::packet::dissect_part;
use crate::packet::reader::{Reader, Short};
use crate::packet::rows::{Row, count, hex, number, text};

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
        MAPPED_ADDRESS => "MAPPED-ADDRESS",
        USERNAME => "USERNAME",
        MESSAGE_INTEGRITY => "MESSAGE-INTEGRITY",
        ERROR_CODE => "ERROR-CODE",
        UNKNOWN_ATTRIBUTES => "UNKNOWN-ATTRIBUTES",
        CHANNEL_NUMBER => "CHANNEL-NUMBER",
        LIFETIME => "LIFETIME",
        XOR_PEER_ADDRESS => "XOR-PEER-ADDRESS",
        DATA => "DATA",
        REALM => "REALM",
        NONCE => "NONCE",
        XOR_RELAYED_ADDRESS => "XOR-RELAYED-ADDRESS",
        REQUESTED_ADDRESS_FAMILY => "REQUESTED-ADDRESS-FAMILY",
        EVEN_PORT => "EVEN-PORT",
        REQUESTED_TRANSPORT => "REQUESTED-TRANSPORT",
        DONT_FRAGMENT => "DONT-FRAGMENT",
        MESSAGE_INTEGRITY_SHA256 => "MESSAGE-INTEGRITY-SHA256",
        PASSWORD_ALGORITHM => "PASSWORD-ALGORITHM",
        USERHASH => "USERHASH",
        XOR_MAPPED_ADDRESS => "XOR-MAPPED-ADDRESS",
        RESERVATION_TOKEN => "RESERVATION-TOKEN",
        PRIORITY => "PRIORITY",
        USE_CANDIDATE => "USE-CANDIDATE",
        PADDING => "PADDING",
        RESPONSE_PORT => "RESPONSE-PORT",
        CONNECTION_ID => "CONNECTION-ID",
        ADDITIONAL_ADDRESS_FAMILY => "ADDITIONAL-ADDRESS-FAMILY",
        ADDRESS_ERROR_CODE => "ADDRESS-ERROR-CODE",
        PASSWORD_ALGORITHMS => "PASSWORD-ALGORITHMS",
        ALTERNATE_DOMAIN => "ALTERNATE-DOMAIN",
        ICMP => "ICMP",
        SOFTWARE => "SOFTWARE",
        ALTERNATE_SERVER => "ALTERNATE-SERVER",
        FINGERPRINT => "FINGERPRINT",
        ICE_CONTROLLED => "ICE-CONTROLLED",
        ICE_CONTROLLING => "ICE-CONTROLLING",
        RESPONSE_ORIGIN => "RESPONSE-ORIGIN",
        OTHER_ADDRESS => "OTHER-ADDRESS",
        GOOG_NETWORK_INFO => "GOOG-NETWORK-INFO",
        other => return format!("attribute 0x{other:04x}").into(),
    };
    name.into()
}

/// What of an attribute goes into the summary, given its value.
pub(super) fn highlight(code: u16, value: &str) -> Option<String> {
    match code {
        USERNAME | ERROR_CODE => Some(value.to_owned()),
        USE_CANDIDATE => Some("USE-CANDIDATE".to_owned()),
        ICE_CONTROLLED => Some("from the controlled side".to_owned()),
        ICE_CONTROLLING => Some("from the controlling side".to_owned()),
        CHANNEL_NUMBER => Some(format!("channel {value}")),
        DATA => Some(format!("with {value}")),
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
        (MAPPED_ADDRESS | ALTERNATE_SERVER | RESPONSE_ORIGIN | OTHER_ADDRESS, _) => address(bytes),
        (XOR_MAPPED_ADDRESS | XOR_PEER_ADDRESS | XOR_RELAYED_ADDRESS, _) => {
            address(&unmasked(bytes, attribute.message))
        }
        (USERNAME | REALM | NONCE | ALTERNATE_DOMAIN | SOFTWARE, _) => text(bytes),
        (MESSAGE_INTEGRITY, _) => integrity::check(attribute.message, attribute.at, bytes, keys),
        (FINGERPRINT, _) => integrity::check_fingerprint(attribute.message, attribute.at, bytes),
        (ERROR_CODE, [_, _, class, number, reason @ ..]) => {
            let code = u16::from(class & 7) * 100 + u16::from(*number);
            format!("{code} {}", text(reason))
        }
        (UNKNOWN_ATTRIBUTES, _) => {
            let names = bytes.chunks_exact(2).map(|code| name(number(code) as u16));
            names.take(20).collect::<Vec<_>>().join(", ")
        }
        (CHANNEL_NUMBER, [high, low, ..]) => format!("0x{high:02x}{low:02x}"),
        (LIFETIME, [_, _, _, _]) => count(number(bytes) as usize, "second"),
        (DATA, _) => dissect_part(reader, rows, keys, depth + 1).1,
        (REQUESTED_ADDRESS_FAMILY | ADDITIONAL_ADDRESS_FAMILY, [family, ..]) => match family {
            1 => "IPv4".to_owned(),
            2 => "IPv6".to_owned(),
            other => format!("unknown family {other}"),
        },
        (REQUESTED_TRANSPORT, [protocol, ..]) => match protocol {
            6 => "TCP".to_owned(),
            17 => "UDP".to_owned(),
            other => format!("protocol {other}"),
        },
        (EVEN_PORT, [flags, ..]) if flags & 0x80 != 0 => "and reserve the next port".to_owned(),
        (PRIORITY, [kind, _, _, component]) => {
            // RFC 8445, section 5.1.2.1.
            let local = number(&bytes[1..3]);
            let component = 256 - u16::from(*component);
            format!(
                "{}: type {kind}, local {local}, component {component}",
                number(bytes)
            )
        }
        (ICE_CONTROLLED | ICE_CONTROLLING, [_, _, _, _, _, _, _, _]) => {
            format!("tie-breaker 0x{}", hex(bytes))
        }
        (GOOG_NETWORK_INFO, [id @ .., cost_high, cost_low]) if id.len() == 2 => {
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
