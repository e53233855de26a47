//! DTLS 1.2 ([RFC 6347](https://www.rfc-editor.org/rfc/rfc6347)) and 1.3 ([RFC 9147](https://www.rfc-editor.org/rfc/rfc9147)).
//!
//! Of 1.2 the handshake is in the clear up to ChangeCipherSpec, certificates included; of 1.3 only the two hellos are.
//!
//! # Layout
//! - `handshake`: messages and their fragments
//! - `hello`: what the two hellos say
//! - `names`: numbers as people say them
//!
//! May import: reader, rows.

mod handshake;
mod hello;
mod names;

use super::reader::{Reader, Short};
use super::rows::{Row, count, number};

/// Bytes of the header of a record that is not of the unified form.
const HEADER: usize = 13;
/// Said of what nobody else can read.
const INSIDE: &str = "encrypted; data channels (SCTP) are in such records";

pub(super) fn dissect(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<String, Short> {
    let mut records = Vec::new();
    while !reader.is_empty() && reader.has_budget() {
        match reader.rest()[0] {
            0x20..=0x3f => unified(reader, rows, &mut records)?,
            20..=26 => record(reader, rows, &mut records)?,
            other => {
                reader.note(rows, "no record", format!("type {other}"));
                break;
            }
        }
    }
    Ok(format!("DTLS {}", records.join(", ")))
}

/// A record whose header is in the clear ([RFC 9147, section 4](https://www.rfc-editor.org/rfc/rfc9147#section-4), DTLSPlaintext).
fn record(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    records: &mut Vec<String>,
) -> Result<(), Short> {
    let length = reader.rest().get(HEADER - 2..HEADER).map_or(0, number) as usize;
    reader.group_or_less(rows, "record", HEADER + length, |part, rows| {
        let kind = part.number(rows, "type", 1, |kind| names::content(kind).to_owned())?;
        part.number(rows, "version", 2, names::version)?;
        let epoch = part.number(rows, "epoch", 2, |epoch| epoch.to_string())?;
        part.number(rows, "sequence number", 6, |number| number.to_string())?;
        part.number(rows, "length", 2, |length| count(length as usize, "byte"))?;
        let value = match (epoch, kind) {
            (0, 20) => "ChangeCipherSpec".to_owned(),
            (0, 21) => {
                let level = part.number(rows, "level", 1, |level| {
                    names::alert_level(level).to_owned()
                })?;
                let alert = part.number(rows, "alert", 1, names::alert)?;
                format!(
                    "Alert {} {}",
                    names::alert_level(level),
                    names::alert(alert)
                )
            }
            (0, 22) => handshake::dissect(part, rows)?,
            _ => {
                let size = count(part.rest().len(), "byte");
                let inside = if kind == 23 { INSIDE } else { "encrypted" };
                part.note(rows, "content", format!("{size}, {inside}"));
                format!("{}, encrypted, {size}", names::content(kind))
            }
        };
        records.push(value.clone());
        Ok(value)
    })
}

/// A record of DTLS 1.3 with keys ([RFC 9147, section 4](https://www.rfc-editor.org/rfc/rfc9147#section-4), DTLSCiphertext): `001CSLEE`.
fn unified(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    records: &mut Vec<String>,
) -> Result<(), Short> {
    let first = reader.rest()[0];
    let sequence = if first & 0x08 != 0 { 2 } else { 1 };
    let has_length = first & 0x04 != 0;
    let announced = match reader.rest().get(1 + sequence..3 + sequence) {
        Some(length) if has_length && first & 0x10 == 0 => 3 + sequence + number(length) as usize,
        _ => reader.rest().len(),
    };
    reader.group_or_less(rows, "record", announced, |part, rows| {
        part.number(rows, "flags", 1, |first| {
            let keys = match first & 3 {
                2 => "keys of the handshake",
                3 => "keys of the application",
                _ => "other keys",
            };
            format!("DTLS 1.3, {keys} (last bits of the epoch: {})", first & 3)
        })?;
        let value = if first & 0x10 != 0 {
            // Its length was negotiated, and WebRTC negotiates none.
            part.note(
                rows,
                "content",
                "with a connection id, whose length is not said here".to_owned(),
            );
            "record with a connection id".to_owned()
        } else {
            part.bytes(rows, "sequence number", sequence, |_| {
                "encrypted".to_owned()
            })?;
            if has_length {
                part.number(rows, "length", 2, |length| count(length as usize, "byte"))?;
            }
            let size = count(part.rest().len(), "byte");
            let inside = if first & 3 == 3 { INSIDE } else { "encrypted" };
            part.note(rows, "content", format!("{size}, {inside}"));
            format!("1.3 record, encrypted, {size}")
        };
        records.push(value.clone());
        Ok(value)
    })
}
