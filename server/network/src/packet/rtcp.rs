//! Of SRTCP the first header and the sender are in the clear, and an index at its end
//! ([RFC 3711, section 3.4](https://www.rfc-editor.org/rfc/rfc3711#section-3.4)).
//!
//! May import: reader, rows.

use super::reader::{Reader, Short};
use super::rows::{Row, count, number};

/// The index, of which the first bit says that the packet is encrypted.
const INDEX: usize = 4;
/// The tag of the profiles with HMAC-SHA1 ([RFC 5764, section 4.1.2](https://www.rfc-editor.org/rfc/rfc5764#section-4.1.2)), behind the index.
const HMAC_TAG: usize = 10;
/// The tag of the profiles with AES-GCM, before the index ([RFC 7714, section 9.2](https://www.rfc-editor.org/rfc/rfc7714#section-9.2)).
const GCM_TAG: usize = 16;

pub(super) fn dissect(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<String, Short> {
    let packet = reader.rest();
    let first = reader.number(rows, "flags", 1, |first| {
        format!("version 2, count or format {}", first & 0x1f)
    })?;
    let kind = reader.number(rows, "packet type", 1, |kind| {
        format!("{kind} {}", name(kind, first & 0x1f))
    })?;
    reader.number(rows, "length", 2, |words| {
        count((words as usize + 1) * 4, "byte")
    })?;
    let ssrc = reader.number(rows, "sender (SSRC)", 4, |number| format!("0x{number:08x}"))?;
    let name = name(kind, first & 0x1f);
    // Packets of RTCP are whole words, so the length tells the two kinds of trailers apart.
    let (before, after) = match packet.len() % 4 {
        2 => (0, HMAC_TAG),
        _ => (GCM_TAG, 0),
    };
    let rest = reader.rest().len();
    if let Some(encrypted) = rest.checked_sub(before + INDEX + after) {
        let tag = |bytes: &[u8]| count(bytes.len(), "byte");
        reader.bytes(rows, "encrypted", encrypted, |bytes| {
            count(bytes.len(), "byte")
        })?;
        if before > 0 {
            reader.bytes(rows, "authentication tag", before, tag)?;
        }
        reader.bytes(rows, "index", INDEX, |bytes| {
            let index = number(bytes);
            let is_encrypted = if index >> 31 == 1 {
                "encrypted"
            } else {
                "not encrypted"
            };
            format!("{}, {is_encrypted}", index & 0x7fff_ffff)
        })?;
        if after > 0 {
            reader.bytes(rows, "authentication tag", after, tag)?;
        }
    } else if rest > 0 {
        reader.note(rows, "encrypted", count(rest, "byte"));
    }
    Ok(format!(
        "SRTCP {name} of source 0x{ssrc:08x}, {}",
        count(packet.len(), "byte")
    ))
}

/// By type and format ([the registry of IANA](https://www.iana.org/assignments/rtp-parameters/)).
fn name(kind: u64, format: u64) -> &'static str {
    match (kind, format) {
        (200, _) => "sender report",
        (201, _) => "receiver report",
        (202, _) => "source description",
        (203, _) => "goodbye",
        (204, _) => "application-defined",
        (205, 1) => "NACK",
        (205, 11) => "congestion control feedback",
        (205, 15) => "transport-wide feedback",
        (205, _) => "transport feedback",
        (206, 1) => "picture loss indication (PLI)",
        (206, 4) => "full intra request (FIR)",
        (206, 15) => "application layer feedback (REMB is one)",
        (206, _) => "payload feedback",
        (207, _) => "extended report",
        _ => "of an unknown type",
    }
}
