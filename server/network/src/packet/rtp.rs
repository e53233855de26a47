//! The header of RTP ([RFC 3550, section 5.1](https://www.rfc-editor.org/rfc/rfc3550#section-5.1)). SRTP leaves it in the clear, with its
//! extensions, and encrypts the payload ([RFC 3711, section 3.1](https://www.rfc-editor.org/rfc/rfc3711#section-3.1)).
//!
//! May import: reader, rows.

use super::reader::{Reader, Short};
use super::rows::{Row, count, hex, number};

pub(super) fn dissect(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<String, Short> {
    let first = reader.number(rows, "flags", 1, |first| {
        let flags = [(0x20, "padding"), (0x10, "extensions")]
            .map(|(bit, name)| (first & bit != 0).then_some(name));
        let flags = [Some("version 2")]
            .into_iter()
            .chain(flags)
            .flatten()
            .collect::<Vec<_>>();
        format!(
            "{}, {}",
            flags.join(", "),
            count((first & 0xf) as usize, "contributor")
        )
    })?;
    let mut is_marked = false;
    let payload_type = reader.number(rows, "payload type", 1, |second| {
        is_marked = second & 0x80 != 0;
        format!(
            "{}{}",
            second & 0x7f,
            if is_marked { ", marked" } else { "" }
        )
    })? & 0x7f;
    let sequence = reader.number(rows, "sequence number", 2, |number| number.to_string())?;
    reader.number(rows, "timestamp", 4, |number| number.to_string())?;
    let ssrc = reader.number(rows, "source (SSRC)", 4, |number| format!("0x{number:08x}"))?;
    for _ in 0..first & 0xf {
        reader.number(rows, "contributor (CSRC)", 4, |number| {
            format!("0x{number:08x}")
        })?;
    }
    if first & 0x10 != 0 {
        extensions(reader, rows)?;
    }
    let payload = reader.rest().len();
    reader.note(
        rows,
        "payload",
        format!(
            "{}, encrypted, with its authentication tag",
            count(payload, "byte")
        ),
    );
    let marked = if is_marked { ", marked" } else { "" };
    Ok(format!(
        "SRTP type {payload_type}, source 0x{ssrc:08x}, number {sequence}{marked}, {}",
        count(payload, "byte")
    ))
}

/// Header extensions ([RFC 8285](https://www.rfc-editor.org/rfc/rfc8285)). What an id means was said in `a=extmap` of the descriptions.
fn extensions(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<(), Short> {
    let profile = reader.take_number(2)?;
    let words = reader.take_number(2)? as usize;
    reader.group(rows, "extensions", words * 4, |part, rows| {
        let two_bytes = match profile {
            0xbede => false,
            0x1000..=0x100f => true,
            other => {
                return Ok(format!(
                    "of profile 0x{other:04x}, {}",
                    count(words * 4, "byte")
                ));
            }
        };
        let mut elements = 0;
        while !part.is_empty() && part.has_budget() {
            let first = number(part.peek(0, 1)?);
            if first == 0 {
                part.take(1)?; // padding
                continue;
            }
            let (id, header, length) = match two_bytes {
                true => (first, 2, number(part.peek(1, 1)?) as usize),
                false => (first >> 4, 1, (first & 0xf) as usize + 1),
            };
            if !two_bytes && id == 15 {
                break; // section 4.2: stop here
            }
            elements += 1;
            part.group(
                rows,
                format!("extension {id}"),
                header + length,
                |part, _| {
                    part.take(header)?;
                    Ok(hex(part.rest()))
                },
            )?;
        }
        Ok(count(elements, "extension"))
    })
}
