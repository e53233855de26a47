//! Data in a channel of TURN ([RFC 8656, section 12.4](https://www.rfc-editor.org/rfc/rfc8656#section-12.4)).
//!
//! May import: packet, reader, rows.

use super::reader::{Reader, Short};
use super::rows::{Row, count};
use super::{Key, dissect_part};

pub(super) fn dissect(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    keys: &[Key<'_>],
    depth: usize,
) -> Result<String, Short> {
    let channel = reader.number(rows, "channel", 2, |number| format!("0x{number:04x}"))?;
    let length =
        reader.number(rows, "length", 2, |number| count(number as usize, "byte"))? as usize;
    let mut inside = String::new();
    reader.group(rows, "data", length, |part, rows| {
        inside = dissect_part(part, rows, keys, depth + 1).1;
        Ok(inside.clone())
    })?;
    if !reader.is_empty() {
        reader.note(rows, "padding", count(reader.rest().len(), "byte"));
    }
    Ok(format!("ChannelData 0x{channel:04x}: {inside}"))
}
