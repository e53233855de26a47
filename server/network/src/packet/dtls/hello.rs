//! ClientHello and ServerHello ([RFC 9147, section 5.3](https://www.rfc-editor.org/rfc/rfc9147#section-5.3),
//! [RFC 8446, section 4.1.3](https://www.rfc-editor.org/rfc/rfc8446#section-4.1.3)), and their extensions.
//!
//! May import: names, reader, rows.

use super::names;
use crate::packet::reader::{Reader, Short};
use crate::packet::rows::{Row, count, hex, number, text};

/// By this random number a ServerHello says that it wants another ClientHello
/// ([RFC 8446, section 4.1.3](https://www.rfc-editor.org/rfc/rfc8446#section-4.1.3)).
const RETRY: &str = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
/// Names that a list of them shows at most.
const MAX_LISTED: usize = 12;

pub(super) fn client(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<(), Short> {
    reader.number(rows, "version", 2, names::version)?;
    reader.bytes(rows, "random", 32, hex)?;
    vector(reader, rows, "session id", 1, hex)?;
    vector(reader, rows, "cookie", 1, |bytes| {
        count(bytes.len(), "byte")
    })?;
    vector(reader, rows, "cipher suites", 2, |bytes| {
        list(bytes, 2, names::cipher_suite)
    })?;
    vector(reader, rows, "compression", 1, |bytes| {
        list(bytes, 1, |method| method.to_string())
    })?;
    extensions(reader, rows, true)
}

pub(super) fn server(reader: &mut Reader<'_>, rows: &mut Vec<Row>) -> Result<(), Short> {
    reader.number(rows, "version", 2, names::version)?;
    reader.bytes(rows, "random", 32, |bytes| match hex(bytes) {
        random if random == RETRY => "the one that means HelloRetryRequest".to_owned(),
        random => random,
    })?;
    vector(reader, rows, "session id", 1, hex)?;
    reader.number(rows, "cipher suite", 2, names::cipher_suite)?;
    reader.number(rows, "compression", 1, |method| method.to_string())?;
    if reader.is_empty() {
        return Ok(());
    }
    extensions(reader, rows, false)
}

/// Bytes behind their number, and a row of both.
pub(super) fn vector(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    name: &'static str,
    prefix: usize,
    words: impl FnOnce(&[u8]) -> String,
) -> Result<(), Short> {
    let length = number(reader.rest().get(..prefix).unwrap_or_default()) as usize;
    reader
        .bytes(rows, name, prefix + length, |bytes| words(&bytes[prefix..]))
        .map(|_| ())
}

fn extensions(reader: &mut Reader<'_>, rows: &mut Vec<Row>, is_client: bool) -> Result<(), Short> {
    reader.number(rows, "extensions", 2, |length| {
        count(length as usize, "byte")
    })?;
    while !reader.is_empty() && reader.has_budget() {
        let code = number(reader.peek(0, 2)?);
        let length = number(reader.peek(2, 2)?) as usize;
        reader.group(rows, names::extension(code), 4 + length, |part, _| {
            part.take(4)?;
            Ok(extension(code, part.rest(), is_client))
        })?;
    }
    Ok(())
}

/// An extension in words. Those of a client list what it can, those of a server name what it takes.
fn extension(code: u64, bytes: &[u8], is_client: bool) -> String {
    let after = |prefix: usize| bytes.get(prefix..).unwrap_or_default();
    match (code, is_client) {
        (0, true) => text(after(5)),
        (10, _) => list(after(2), 2, names::group),
        (13, _) => list(after(2), 2, names::signature),
        // RFC 5764, section 4.1.1: the profiles, and an identifier of the key that WebRTC leaves empty.
        (14, _) => {
            let length = number(bytes.get(..2).unwrap_or_default()) as usize;
            list(
                after(2).get(..length).unwrap_or_default(),
                2,
                names::srtp_profile,
            )
        }
        (16, _) => strings(after(2)),
        (43, true) => list(after(1), 2, names::version),
        (43, false) => names::version(number(bytes)),
        (44, _) => count(after(2).len(), "byte"),
        (51, true) => key_shares(after(2)),
        (51, false) if bytes.len() == 2 => format!("wants {}", names::group(number(bytes))),
        (51, false) => key_shares(bytes),
        (_, _) if bytes.is_empty() => String::new(),
        _ => count(bytes.len(), "byte"),
    }
}

/// Strings behind their lengths.
fn strings(mut bytes: &[u8]) -> String {
    let mut all = Vec::new();
    while let [length, rest @ ..] = bytes
        && all.len() < MAX_LISTED
    {
        let end = rest.len().min(usize::from(*length));
        all.push(text(&rest[..end]));
        bytes = &rest[end..];
    }
    all.join(", ")
}

fn key_shares(mut bytes: &[u8]) -> String {
    let mut shares = Vec::new();
    while let [group_high, group_low, high, low, rest @ ..] = bytes
        && shares.len() < MAX_LISTED
    {
        let length = number(&[*high, *low]) as usize;
        let group = names::group(number(&[*group_high, *group_low]));
        shares.push(format!("{group} of {}", count(length, "byte")));
        bytes = rest.get(length..).unwrap_or_default();
    }
    shares.join(", ")
}

/// Numbers of a size, by name.
fn list(bytes: &[u8], size: usize, name: impl Fn(u64) -> String) -> String {
    let all = bytes.chunks_exact(size).map(|chunk| name(number(chunk)));
    let mut names: Vec<_> = all.take(MAX_LISTED).collect();
    let left = bytes.len() / size - names.len();
    if left > 0 {
        names.push(format!("and {left} more"));
    }
    names.join(", ")
}
