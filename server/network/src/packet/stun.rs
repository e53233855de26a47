//! STUN ([RFC 8489](https://www.rfc-editor.org/rfc/rfc8489)), with what ICE and TURN add.
//!
//! # Layout
//! - `attributes`: their names and values
//! - `numbers`: those of attributes
//! - `integrity`: whether MESSAGE-INTEGRITY and FINGERPRINT fit
//!
//! May import: crc32fast, hmac, packet, reader, rows, sha1.

mod attributes;
pub(crate) mod integrity;
pub(crate) mod numbers;

use super::reader::{Reader, Short};
use super::rows::{Row, count, hex, number};
use attributes::Attribute;
use integrity::Key;

/// The magic cookie (section 5).
pub(crate) const COOKIE: u32 = 0x2112_a442;
/// Bytes of the header.
pub(crate) const HEADER: usize = 20;

/// Class and method of a message (section 5: their bits are mixed).
pub(crate) fn class_and_method(kind: u16) -> (u16, u16) {
    let class = kind >> 4 & 1 | kind >> 7 & 2;
    let method = kind & 0xf | kind >> 1 & 0x70 | kind >> 2 & 0xf80;
    (class, method)
}

/// As people say it: "Binding request".
pub(super) fn kind_words(kind: u16) -> String {
    let (class, method) = class_and_method(kind);
    let class = ["request", "indication", "success", "error"][usize::from(class & 3)];
    let method = match method {
        0x001 => "Binding",
        0x003 => "Allocate",
        0x004 => "Refresh",
        0x006 => "Send",
        0x007 => "Data",
        0x008 => "CreatePermission",
        0x009 => "ChannelBind",
        0x00a => "Connect",
        0x00b => "ConnectionBind",
        0x00c => "ConnectionAttempt",
        other => return format!("method 0x{other:03x} {class}"),
    };
    format!("{method} {class}")
}

pub(super) fn dissect(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    keys: &[Key<'_>],
    depth: usize,
) -> Result<String, Short> {
    let start = reader.offset();
    let kind = reader.number(rows, "message", 2, |kind| kind_words(kind as u16))? as u16;
    let length =
        reader.number(rows, "length", 2, |length| count(length as usize, "byte"))? as usize;
    reader.number(rows, "magic cookie", 4, |cookie| format!("0x{cookie:08x}"))?;
    reader.bytes(rows, "transaction", 12, hex)?;
    let (mut part, is_whole) = reader.part_or_less(length);
    let message = &reader.whole()[start..reader.offset()];
    let mut highlights = Vec::new();
    while !part.is_empty() && part.has_budget() {
        let at = part.offset() - start;
        let code = number(part.peek(0, 2)?) as u16;
        let size = number(part.peek(2, 2)?) as usize;
        let attribute = Attribute { code, message, at };
        part.group(rows, attributes::name(code), 4 + size, |part, rows| {
            part.take(4)?;
            attributes::dissect(attribute, part, rows, keys, depth)
                .inspect(|value| highlights.extend(attributes::highlight(code, value)))
        })?;
        // Every attribute ends at a multiple of four bytes (section 14).
        part.take(size.wrapping_neg() % 4)?;
    }
    is_whole?;
    if !reader.is_empty() {
        reader.note(
            rows,
            "more bytes than announced",
            count(reader.rest().len(), "byte"),
        );
    }
    Ok([vec![kind_words(kind)], highlights].concat().join(", "))
}
