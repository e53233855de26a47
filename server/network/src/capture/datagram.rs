//! Headers of IPv4 ([RFC 791](https://www.rfc-editor.org/rfc/rfc791#section-3.1)), IPv6 ([RFC 8200](https://www.rfc-editor.org/rfc/rfc8200#section-3)) and
//! UDP ([RFC 768](https://www.rfc-editor.org/rfc/rfc768)) around a payload, with checksums that fit.
//!
//! May import: nothing.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Bytes that a datagram of IPv4 can carry.
pub const MAX_PAYLOAD: usize = 65_535 - IPV4_HEADER - UDP_HEADER;

const IPV4_HEADER: usize = 20;
const UDP_HEADER: usize = 8;
/// The number of UDP among the protocols of IP.
const UDP: u8 = 17;
/// How many routers may pass it on.
const HOPS: u8 = 64;

/// The packet that would carry this payload. If one end has IPv4 and the other IPv6, that of IPv4 is written as IPv6
/// ([RFC 4291, section 2.5.5.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2)).
pub(super) fn packet(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let udp_length = (UDP_HEADER + payload.len()) as u16;
    let mut packet;
    let pseudo_header;
    match (from.ip(), to.ip()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let total = IPV4_HEADER as u16 + udp_length;
            let addresses = [source.octets(), destination.octets()].concat();
            let length = total.to_be_bytes();
            // Version and header length, no service class, total length, no identification, "don't fragment".
            packet = [
                &[0x45, 0][..],
                &length,
                &[0, 0, 0x40, 0, HOPS, UDP, 0, 0],
                &addresses,
            ]
            .concat();
            let sum = checksum(&[&packet]).to_be_bytes();
            packet[10..12].copy_from_slice(&sum);
            pseudo_header = [&addresses[..], &[0, UDP], &udp_length.to_be_bytes()].concat();
        }
        (source, destination) => {
            let addresses = [source, destination]
                .map(|address| six(address).octets())
                .concat();
            let length = udp_length.to_be_bytes();
            packet = [&[0x60, 0, 0, 0][..], &length, &[UDP, HOPS], &addresses].concat();
            pseudo_header = [&addresses[..], &[0, 0], &length, &[0, 0, 0, UDP]].concat();
        }
    }
    let ports = [from.port().to_be_bytes(), to.port().to_be_bytes()].concat();
    let mut udp = [&ports[..], &udp_length.to_be_bytes(), &[0, 0]].concat();
    // Zero would mean that there is none.
    let sum = match checksum(&[&pseudo_header, &udp, payload]) {
        0 => u16::MAX,
        sum => sum,
    };
    udp[6..].copy_from_slice(&sum.to_be_bytes());
    packet.extend(udp);
    packet.extend(payload);
    packet
}

fn six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// The checksum of the internet ([RFC 1071](https://www.rfc-editor.org/rfc/rfc1071)). All parts but the last have an even number of bytes.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let mut sum: u32 = words
        .map(|word| u32::from(word[0]) << 8 | u32::from(*word.get(1).unwrap_or(&0)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
