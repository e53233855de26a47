//! Whatever a peer sends, the parsers of packets give back a bounded number of rows within the packet, and a STUN server answers little to it.
#![no_main]

use std::net::SocketAddr;

use network::packet::{Key, MAX_ROWS, MAX_VALUE, Row, dissect, sender_of_check};
use network::relay::binding::{MAX_GAIN, answer};

/// Headers of IPv6 and UDP.
const HEADERS: usize = 48;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let keys = [Key { of: "A", secret: b"secret" }];
    let dissection = dissect(bytes, &keys);
    assert!(dissection.summary.chars().count() <= MAX_VALUE + 1);
    assert!(check(&dissection.rows, 0, bytes.len()) <= MAX_ROWS + 1);
    assert!(sender_of_check(bytes, &keys).is_none());
    let source: SocketAddr = ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 5_000).into();
    if let Some(answer) = answer(bytes, source) {
        assert!(answer.len() + HEADERS <= MAX_GAIN * (bytes.len() + HEADERS));
    }
});

/// How many rows there are.
fn check(rows: &[Row], start: usize, end: usize) -> usize {
    let number = |row: &Row| {
        let end_of_row = row.offset + row.length;
        assert!(start <= row.offset && end_of_row <= end);
        assert!(row.value.chars().count() <= MAX_VALUE + 1);
        1 + check(&row.rows, row.offset, end_of_row)
    };
    rows.iter().map(number).sum()
}
