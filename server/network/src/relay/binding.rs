//! The answer of a STUN server ([RFC 8489, section 6.3](https://www.rfc-editor.org/rfc/rfc8489#section-6.3)).
//!
//! May import: `packet`'s numbers of STUN.

use std::net::{IpAddr, SocketAddr};

use crate::packet::stun::integrity::fingerprint;
use crate::packet::stun::{COOKIE, HEADER};

/// An answer is at most this many times as large as the request, both as IP packets: who forges a sender gains little by it. A test holds
/// that for every request.
pub const MAX_GAIN: usize = 2;

const REQUEST: u16 = 0x0001;
const SUCCESS: u16 = 0x0101;
const ERROR: u16 = 0x0111;

const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const FINGERPRINT: u16 = 0x8028;
/// Attributes from here on may be ignored by who does not know them (section 14).
const OPTIONAL: u16 = 0x8000;
/// Those of section 14 that a server understands and has no use for, as it asks nobody who they are: USERNAME, MESSAGE-INTEGRITY, REALM,
/// NONCE, MESSAGE-INTEGRITY-SHA256, PASSWORD-ALGORITHM, USERHASH.
const UNDERSTOOD: [u16; 7] = [0x0006, 0x0008, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e];
/// Attributes that a request has at most. Browsers send none.
const MAX_ATTRIBUTES: usize = 32;

/// What to answer to a packet from `source`; nothing to what is no good Binding request.
pub fn answer(request: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let (header, attributes) = request.split_at_checked(HEADER)?;
    let [high, low, length_high, length_low, cookie @ ..] = header else {
        return None;
    };
    let is_request = u16::from_be_bytes([*high, *low]) == REQUEST
        && cookie.starts_with(&COOKIE.to_be_bytes())
        && usize::from(u16::from_be_bytes([*length_high, *length_low])) == attributes.len();
    if !is_request {
        return None;
    }
    let asked = Asked::read(request)?;
    let mut answer = Vec::with_capacity(64);
    if asked.unknown.is_empty() {
        answer.extend(SUCCESS.to_be_bytes());
        answer.extend([0; 2]);
        answer.extend(cookie);
        attribute(&mut answer, XOR_MAPPED_ADDRESS, &masked(source, cookie));
    } else {
        answer.extend(ERROR.to_be_bytes());
        answer.extend([0; 2]);
        answer.extend(cookie);
        attribute(&mut answer, ERROR_CODE, &[0, 0, 4, 20]);
        let codes: Vec<u8> = asked
            .unknown
            .iter()
            .flat_map(|code| code.to_be_bytes())
            .collect();
        attribute(&mut answer, UNKNOWN_ATTRIBUTES, &codes);
    }
    if asked.fingerprint {
        set_length(&mut answer, 8);
        let fingerprint = fingerprint(&answer);
        attribute(&mut answer, FINGERPRINT, &fingerprint.to_be_bytes());
    }
    set_length(&mut answer, 0);
    Some(answer)
}

/// What a request wants.
#[derive(Default)]
struct Asked {
    /// Attributes that have to be understood, and are not.
    unknown: Vec<u16>,
    fingerprint: bool,
}

impl Asked {
    /// Nothing if the attributes are not as they should be, or a FINGERPRINT does not fit.
    fn read(request: &[u8]) -> Option<Self> {
        let mut asked = Self::default();
        let mut at = HEADER;
        for _ in 0..=MAX_ATTRIBUTES {
            let [high, low, length_high, length_low, value @ ..] = request.get(at..)? else {
                return (at == request.len()).then_some(asked);
            };
            let code = u16::from_be_bytes([*high, *low]);
            let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
            let value = value.get(..length)?;
            if code == FINGERPRINT {
                // It is the last (section 14.7).
                let fits =
                    value == fingerprint(&request[..at]).to_be_bytes() && at + 8 == request.len();
                asked.fingerprint = fits.then_some(true)?;
            } else if code < OPTIONAL
                && !UNDERSTOOD.contains(&code)
                && !asked.unknown.contains(&code)
            {
                asked.unknown.push(code);
            }
            at += 4 + length.next_multiple_of(4);
        }
        None
    }
}

/// An address as section 14.2 writes it; `cookie` with the transaction behind it.
fn masked(source: SocketAddr, cookie: &[u8]) -> Vec<u8> {
    let (family, address) = match source.ip().to_canonical() {
        IpAddr::V4(address) => (1, address.octets().to_vec()),
        IpAddr::V6(address) => (2, address.octets().to_vec()),
    };
    let mut value = vec![0, family];
    value.extend(
        source
            .port()
            .to_be_bytes()
            .iter()
            .zip(cookie)
            .map(|(byte, mask)| byte ^ mask),
    );
    value.extend(address.iter().zip(cookie).map(|(byte, mask)| byte ^ mask));
    value
}

fn attribute(message: &mut Vec<u8>, code: u16, value: &[u8]) {
    message.extend(code.to_be_bytes());
    message.extend((value.len() as u16).to_be_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

/// Writes the length of a message, to which so many bytes will be added.
fn set_length(message: &mut [u8], more: usize) {
    let length = (message.len() - HEADER + more) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}
