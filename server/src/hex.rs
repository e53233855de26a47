//! Bytes as people and addresses write them.
//!
//! May import: nothing.

/// Two lower-case hexadecimal digits for each byte.
pub(crate) fn of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
