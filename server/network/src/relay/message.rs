//! Reads the messages of STUN and TURN that a server gets, and writes its answers
//! ([RFC 8489, section 5](https://www.rfc-editor.org/rfc/rfc8489#section-5)).
//!
//! May import: packet::stun, packet::stun::integrity, packet::stun::numbers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;

use crate::packet::stun::integrity::{fingerprint, fits, sign};
use crate::packet::stun::{COOKIE, HEADER, class_and_method};

pub(super) use crate::packet::stun::numbers as attribute;
use attribute::*;

/// Attributes that are read at most; browsers send fewer than ten.
pub(super) const MAX_ATTRIBUTES: usize = 32;

/// What the sender of a message wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Request,
    Indication,
}

/// One message.
#[derive(Debug)]
pub(super) struct Message<'p> {
    packet: &'p [u8],
    pub(super) class: Class,
    pub(super) method: u16,
    pub(super) username: Option<&'p str>,
    pub(super) realm: Option<&'p [u8]>,
    pub(super) nonce: Option<&'p [u8]>,
    /// Where MESSAGE-INTEGRITY begins, and its value.
    integrity: Option<(usize, &'p [u8])>,
    pub(super) has_fingerprint: bool,
    /// The number of the protocol of IP.
    pub(super) transport: Option<u8>,
    pub(super) lifetime: Option<u32>,
    pub(super) channel: Option<u16>,
    pub(super) family: Option<u8>,
    /// EVEN-PORT, and whether it reserves the next port.
    pub(super) even_port: Option<bool>,
    pub(super) has_reservation: bool,
    pub(super) peers: Vec<SocketAddr>,
    /// Where in the packet DATA is.
    pub(super) data: Option<Range<usize>>,
    /// Attributes that have to be understood, and are not.
    pub(super) unknown: Vec<u16>,
}

impl<'p> Message<'p> {
    /// Nothing if it is no request or indication of STUN, or not a whole one.
    pub(super) fn read(packet: &'p [u8]) -> Option<Self> {
        let (header, body) = packet.split_at_checked(HEADER)?;
        let [high, low, length_high, length_low, cookie @ ..] = header else {
            return None;
        };
        let kind = u16::from_be_bytes([*high, *low]);
        let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
        if kind >> 14 != 0 || !cookie.starts_with(&COOKIE.to_be_bytes()) || length != body.len() {
            return None;
        }
        let (class, method) = class_and_method(kind);
        let class = match class {
            0 => Class::Request,
            1 => Class::Indication,
            _ => return None,
        };
        let mut message = Self {
            packet,
            class,
            method,
            username: None,
            realm: None,
            nonce: None,
            integrity: None,
            has_fingerprint: false,
            transport: None,
            lifetime: None,
            channel: None,
            family: None,
            even_port: None,
            has_reservation: false,
            peers: Vec::new(),
            data: None,
            unknown: Vec::new(),
        };
        let mut at = HEADER;
        for _ in 0..=MAX_ATTRIBUTES {
            if at == packet.len() {
                return Some(message);
            }
            let [high, low, length_high, length_low, rest @ ..] = packet.get(at..)? else {
                return None;
            };
            let code = u16::from_be_bytes([*high, *low]);
            let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
            message.take(code, at, rest.get(..length)?)?;
            at += 4 + length.next_multiple_of(4);
        }
        None
    }

    /// Takes an attribute in; nothing if it is not as it should be. Only the first of a kind counts (section 14), except of peers.
    fn take(&mut self, code: u16, at: usize, value: &'p [u8]) -> Option<()> {
        if code == FINGERPRINT {
            // It is the last (section 14.7).
            let is_last = at + 8 == self.packet.len();
            let fits = value == fingerprint(&self.packet[..at]).to_be_bytes();
            self.has_fingerprint = (fits && is_last).then_some(true)?;
            return Some(());
        }
        // What stands behind it is not protected by it (section 14.5).
        if self.integrity.is_some() {
            return Some(());
        }
        match (code, value) {
            (USERNAME, _) => self.username = self.username.or(std::str::from_utf8(value).ok()),
            (REALM, _) => self.realm = self.realm.or(Some(value)),
            (NONCE, _) => self.nonce = self.nonce.or(Some(value)),
            (MESSAGE_INTEGRITY, _) => self.integrity = Some((at, value)),
            (REQUESTED_TRANSPORT, [number, ..]) => self.transport = Some(*number),
            (LIFETIME, [a, b, c, d]) => self.lifetime = Some(u32::from_be_bytes([*a, *b, *c, *d])),
            (CHANNEL_NUMBER, [a, b, ..]) => self.channel = Some(u16::from_be_bytes([*a, *b])),
            (REQUESTED_ADDRESS_FAMILY, [number, ..]) => self.family = Some(*number),
            (EVEN_PORT, [flags, ..]) => self.even_port = Some(flags & 0x80 != 0),
            (RESERVATION_TOKEN, _) => self.has_reservation = true,
            (XOR_PEER_ADDRESS, _) => {
                let peer = unmask(value, &self.packet[4..HEADER])?;
                self.peers.push(peer);
            }
            (DATA, _) => self.data = Some(at + 4..at + 4 + value.len()),
            (MESSAGE_INTEGRITY_SHA256 | PASSWORD_ALGORITHM | USERHASH, _) => {}
            (OPTIONAL.., _) => {}
            _ if !self.unknown.contains(&code) => self.unknown.push(code),
            _ => {}
        }
        Some(())
    }

    pub(super) fn packet(&self) -> &'p [u8] {
        self.packet
    }

    /// The cookie, and what else answers repeat.
    pub(super) fn transaction(&self) -> &'p [u8] {
        &self.packet[4..HEADER]
    }

    pub(super) fn is_signed(&self) -> bool {
        self.integrity.is_some()
    }

    /// Whether MESSAGE-INTEGRITY was made with this key.
    pub(super) fn is_signed_with(&self, key: &[u8]) -> bool {
        self.integrity
            .is_some_and(|(at, value)| fits(self.packet, at, value, key))
    }
}

/// A message that is being written.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    /// `transaction` with the cookie before it.
    pub(super) fn new(class: u16, method: u16, transaction: &[u8]) -> Self {
        let class = (class & 1) << 4 | (class & 2) << 7;
        let method = method & 0xf | (method & 0x70) << 1 | (method & 0xf80) << 2;
        let mut bytes = Vec::with_capacity(128);
        bytes.extend((class | method).to_be_bytes());
        bytes.extend([0; 2]);
        bytes.extend(transaction);
        Self(bytes)
    }

    pub(super) fn attribute(mut self, code: u16, value: &[u8]) -> Self {
        self.0.extend(code.to_be_bytes());
        self.0.extend((value.len() as u16).to_be_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }

    /// An address as section 14.2 writes it.
    pub(super) fn address(self, code: u16, address: SocketAddr) -> Self {
        let value = mask(address, &self.0[4..HEADER]);
        self.attribute(code, &value)
    }

    /// An error (section 14.8).
    pub(super) fn error(self, code: u16, reason: &str) -> Self {
        let head = [0, 0, (code / 100) as u8, (code % 100) as u8];
        self.attribute(ERROR_CODE, &[&head, reason.as_bytes()].concat())
    }

    pub(super) fn codes(self, code: u16, codes: &[u16]) -> Self {
        let value: Vec<u8> = codes.iter().flat_map(|code| code.to_be_bytes()).collect();
        self.attribute(code, &value)
    }

    /// MESSAGE-INTEGRITY.
    pub(super) fn signed(mut self, key: &[u8]) -> Self {
        self.set_length(24);
        match sign(&self.0, key) {
            Some(hash) => self.attribute(MESSAGE_INTEGRITY, &hash),
            None => self,
        }
    }

    pub(super) fn with_fingerprint(mut self) -> Self {
        self.set_length(8);
        let crc = fingerprint(&self.0);
        self.attribute(FINGERPRINT, &crc.to_be_bytes())
    }

    /// The whole answer, with a FINGERPRINT if the request has one.
    pub(super) fn finish_like(self, request: &Message<'_>) -> Vec<u8> {
        match request.has_fingerprint {
            true => self.with_fingerprint().finish(),
            false => self.finish(),
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.set_length(0);
        self.0
    }

    /// Writes the length of a message to which so many bytes will be added.
    fn set_length(&mut self, more: usize) {
        let length = (self.0.len() - HEADER + more) as u16;
        self.0[2..4].copy_from_slice(&length.to_be_bytes());
    }
}

/// `cookie` with the transaction behind it.
fn mask(address: SocketAddr, cookie: &[u8]) -> Vec<u8> {
    let (family, octets) = match address.ip().to_canonical() {
        IpAddr::V4(address) => (1, address.octets().to_vec()),
        IpAddr::V6(address) => (2, address.octets().to_vec()),
    };
    let masked = |bytes: &[u8]| -> Vec<u8> {
        let pairs = bytes.iter().zip(cookie);
        pairs.map(|(byte, mask)| byte ^ mask).collect()
    };
    let port = masked(&address.port().to_be_bytes());
    [vec![0, family], port, masked(&octets)].concat()
}

/// An address, and that of IPv4 as such also where it is written as IPv6.
fn unmask(value: &[u8], cookie: &[u8]) -> Option<SocketAddr> {
    let [_, family, port_high, port_low, octets @ ..] = value else {
        return None;
    };
    let port = u16::from_be_bytes([port_high ^ cookie[0], port_low ^ cookie[1]]);
    let pairs = octets.iter().zip(cookie);
    let octets: Vec<u8> = pairs.map(|(byte, mask)| byte ^ mask).collect();
    let address: IpAddr = match family {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?).into(),
        2 => Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).into(),
        _ => return None,
    };
    Some(SocketAddr::new(address.to_canonical(), port))
}
