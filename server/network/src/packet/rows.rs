//! What a parser makes of a packet, and how values are written.
//!
//! May import: serde.

use std::borrow::Cow;

use serde::Serialize;

/// Rows that are made of one packet at most.
pub const MAX_ROWS: usize = 500;
/// Characters of a value, and of a summary, at most. The rest is left out, which "…" says.
pub const MAX_VALUE: usize = 200;

/// A part of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is.
    pub name: Cow<'static, str>,
    /// What it says.
    pub value: String,
    /// Where it begins in the packet.
    pub offset: usize,
    /// How many bytes it has.
    pub length: usize,
    /// Its own parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// Leaves out what is beyond [`MAX_VALUE`].
pub(super) fn shorten(value: &mut String) {
    if let Some((end, _)) = value.char_indices().nth(MAX_VALUE) {
        value.truncate(end);
        value.push('…');
    }
}

/// In network byte order.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// As text of letters, digits and ASCII's signs. What is invisible, or turns the direction of writing, could be mistaken for something else.
pub(super) fn text(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(4 * MAX_VALUE)];
    let is_plain = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ';
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if is_plain(c) { c } else { '·' })
        .collect()
}

/// In hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(MAX_VALUE)];
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// "5 bytes", "1 byte".
pub(super) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
