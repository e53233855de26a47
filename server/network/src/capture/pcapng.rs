//! The file format of Wireshark ([draft-ietf-opsawg-pcapng](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/)): a section with one
//! interface, and its packets as IP packets.
//!
//! May import: capture, datagram.

use std::time::Duration;

use super::Ring;
use super::datagram;

/// The media type of such a file.
pub const MEDIA_TYPE: &str = "application/x-pcapng";

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
/// Tells in which order the bytes of a number are.
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// Packets begin with the header of IP, whose first four bits say which.
const LINKTYPE_RAW: u16 = 101;

const END_OF_OPTIONS: u16 = 0;
const COMMENT: u16 = 1;
const APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_DROPPED: u16 = 5;

/// The capture as a file. `name` says what was watched, `started` when the clock of the capture was at zero, since 1970.
pub fn file(ring: &Ring, name: &str, started: Duration) -> Vec<u8> {
    let mut file = Vec::new();
    let mut section = Vec::new();
    section.extend(BYTE_ORDER.to_le_bytes());
    section.extend([1, 0, 0, 0]); // version 1.0
    section.extend(u64::MAX.to_le_bytes()); // its length is not said
    option(&mut section, APPLICATION, b"Creating Connections");
    option(&mut section, END_OF_OPTIONS, b"");
    block(&mut file, SECTION, &section);

    let mut interface = Vec::new();
    interface.extend(LINKTYPE_RAW.to_le_bytes());
    interface.extend([0; 6]); // reserved, and no limit to what is captured of a packet
    option(&mut interface, INTERFACE_NAME, name.as_bytes());
    option(&mut interface, END_OF_OPTIONS, b"");
    block(&mut file, INTERFACE, &interface);

    let mut last = started;
    for packet in ring.packets() {
        last = started + packet.at;
        let bytes = datagram::packet(packet.from, packet.to, &packet.payload);
        let length = (bytes.len() as u32).to_le_bytes();
        let mut body = Vec::new();
        body.extend([0; 4]); // the interface
        body.extend(time(last));
        body.extend(length);
        body.extend(length);
        padded(&mut body, &bytes);
        if let Some(note) = &packet.note {
            option(&mut body, COMMENT, note.as_bytes());
            option(&mut body, END_OF_OPTIONS, b"");
        }
        block(&mut file, ENHANCED_PACKET, &body);
    }

    let mut statistics = vec![0; 4]; // of the interface
    statistics.extend(time(last));
    option(
        &mut statistics,
        INTERFACE_DROPPED,
        &ring.dropped().to_le_bytes(),
    );
    option(&mut statistics, END_OF_OPTIONS, b"");
    block(&mut file, STATISTICS, &statistics);
    file
}

/// Microseconds since 1970, the high half first.
fn time(at: Duration) -> [u8; 8] {
    let microseconds = at.as_micros() as u64;
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&((microseconds >> 32) as u32).to_le_bytes());
    bytes[4..].copy_from_slice(&(microseconds as u32).to_le_bytes());
    bytes
}

/// A block has its length at both ends.
fn block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = (body.len() as u32 + 12).to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(length);
    file.extend(body);
    file.extend(length);
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    padded(body, value);
}

/// With zeros up to a multiple of four bytes.
fn padded(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
}
