//! Messages of the handshake ([RFC 9147, section 5.2](https://www.rfc-editor.org/rfc/rfc9147#section-5.2)). A message that is larger than a packet
//! comes in fragments; the first is read as far as it goes.
//!
//! May import: hello, names, reader, rows.

use super::{hello, names};
use crate::packet::reader::{Reader, Short};
use crate::packet::rows::{Row, count};

/// All messages in a record.
pub(super) fn dissect(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<String, Short> {
    let mut messages = Vec::new();
    while !reader.is_empty() && reader.has_budget() {
        let mut header = reader.part(12)?;
        let kind = header.number(rows, "message", 1, |kind| names::message(kind).to_owned())?;
        let length = header.number(rows, "message length", 3, |length| {
            count(length as usize, "byte")
        })? as usize;
        header.number(rows, "message number", 2, |number| number.to_string())?;
        let offset =
            header.number(rows, "fragment offset", 3, |offset| offset.to_string())? as usize;
        let size = header.number(rows, "fragment length", 3, |size| {
            count(size as usize, "byte")
        })? as usize;
        let (mut body, is_whole) = reader.part_or_less(size);
        let mut name = names::message(kind).to_owned();
        if offset > 0 {
            body.note(
                rows,
                "body",
                format!("continues another fragment, from byte {offset}"),
            );
        } else if let Err(short) = body_of(kind, &mut body, rows) {
            let is_fragment = size < length && is_whole.is_ok();
            let end = if is_fragment {
                "continues in another fragment".to_owned()
            } else {
                short.to_string()
            };
            body.note(rows, "the rest", end);
        }
        if size < length {
            name = format!(
                "{name} (bytes {offset} to {} of {length})",
                offset.saturating_add(size)
            );
        }
        messages.push(name);
        is_whole?;
    }
    Ok(messages.join(", "))
}

fn body_of(kind: u64, body: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<(), Short> {
    match kind {
        1 => hello::client(body, rows),
        2 => hello::server(body, rows),
        3 => {
            body.number(rows, "version", 2, names::version)?;
            hello::vector(body, rows, "cookie", 1, |bytes| count(bytes.len(), "byte"))
        }
        11 => certificates(body, rows),
        _ if body.is_empty() => Ok(()),
        _ => {
            body.note(rows, "body", count(body.rest().len(), "byte"));
            Ok(())
        }
    }
}

/// Those of DTLS 1.2 ([RFC 5246, section 7.4.2](https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2)); those of 1.3 are encrypted.
fn certificates(body: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<(), Short> {
    body.number(rows, "certificates", 3, |length| {
        count(length as usize, "byte")
    })?;
    while !body.is_empty() && body.has_budget() {
        hello::vector(body, rows, "certificate", 3, |bytes| {
            format!("{} of DER", count(bytes.len(), "byte"))
        })?;
    }
    Ok(())
}
