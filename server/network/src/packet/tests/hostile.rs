//! What a peer could send.

use proptest::prelude::*;

use super::*;
use crate::packet::{MAX_ROWS, MAX_VALUE, sender_of_check, stun};

const KEYS: &[Key<'_>] = &[Key {
    of: "A",
    secret: b"secret",
}];

fn number_of(rows: &[Row]) -> usize {
    rows.iter().map(|row| 1 + number_of(&row.rows)).sum()
}

/// Rows lie within their parents, and say no more than they may.
fn check(rows: &[Row], start: usize, end: usize) {
    for row in rows {
        assert!(
            start <= row.offset && row.offset + row.length <= end,
            "{row:?} is not in {start}..{end}"
        );
        assert!(row.value.chars().count() <= MAX_VALUE + 1, "{row:?}");
        assert!(!row.value.contains(char::is_control), "{row:?}");
        check(&row.rows, row.offset, row.offset + row.length);
    }
}

fn dissect_and_check(packet: &[u8]) -> Dissection {
    let dissection = dissect(packet, KEYS);
    assert!(sender_of_check(packet, KEYS).is_none());
    check(&dissection.rows, 0, packet.len());
    assert!(number_of(&dissection.rows) <= MAX_ROWS + 1);
    assert!(dissection.summary.chars().count() <= MAX_VALUE + 1);
    dissection
}

fn captured() -> Vec<Vec<u8>> {
    let packets = |file| {
        fixtures::read(file)
            .packets
            .into_iter()
            .map(|captured| captured.bytes)
    };
    fixtures::ALL.into_iter().flat_map(packets).collect()
}

#[test]
fn every_beginning_of_a_real_packet_is_read_as_far_as_it_goes() {
    for packet in captured() {
        let whole = dissect_and_check(&packet);
        for length in 0..packet.len() {
            let part = dissect_and_check(&packet[..length]);
            assert!(number_of(&part.rows) <= number_of(&whole.rows) + 3);
        }
    }
}

#[test]
fn a_packet_of_too_many_parts_ends_where_the_bound_is() {
    let mut packet = [
        &[0, 1, 0xff, 0xfc],
        &stun::COOKIE.to_be_bytes()[..],
        &[0; 12],
    ]
    .concat();
    packet.resize(stun::HEADER + 0xfffc, 0);
    let dissection = dissect_and_check(&packet);
    assert_eq!(number_of(&dissection.rows), MAX_ROWS + 1);
    assert_eq!(
        values(&dissection, "more"),
        ["this packet has more parts than are shown"]
    );
}

#[test]
fn packets_in_packets_end() {
    let mut packet = Vec::new();
    for _ in 0..100 {
        let length = packet.len() as u16;
        packet = [&[0x40, 0][..], &length.to_be_bytes(), &packet].concat();
    }
    let dissection = dissect_and_check(&packet);
    assert_eq!(named(&dissection.rows, "channel").len(), 2);
}

#[test]
fn a_name_cannot_pretend_to_be_something_else() {
    let mut packet = [
        &[0, 1, 0, 12],
        &stun::COOKIE.to_be_bytes()[..],
        &[0; 12],
        &[0, 6, 0, 7],
    ]
    .concat();
    packet.extend("a\n\u{202e}é\0".as_bytes());
    assert_eq!(values(&dissect_and_check(&packet), "USERNAME"), ["a··é"]);
}

proptest! {
    #[test]
    fn no_bytes_upset_a_parser(first: u8, second: u8, rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let packet = [vec![first, second], rest].concat();
        dissect_and_check(&packet);
        // And with the cookie, or the parser of STUN would hardly see any.
        let mut stun = packet;
        stun[0] &= 3;
        let cookie = stun::COOKIE.to_be_bytes();
        stun.splice(2..stun.len().min(8), [&[0, 200][..], &cookie].concat());
        dissect_and_check(&stun);
    }

    #[test]
    fn no_change_of_a_real_packet_upsets_a_parser(
        packet in prop::sample::select(captured()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut changed = packet;
        for (at, byte) in changes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        dissect_and_check(&changed);
    }
}

#[test]
fn a_message_that_is_whole_and_cut_short_inside_is_no_fragment() {
    let capture = fixtures::read(fixtures::RUST);
    let captured = &capture.packets[2];
    assert_eq!(captured.what, "HelloVerifyRequest");
    let mut packet = captured.bytes.clone();
    packet[27] = 99; // bytes of its cookie
    let rest = dissect_and_check(&packet);
    assert_eq!(
        values(&rest, "the rest"),
        ["100 more bytes were announced, and 21 are there"]
    );
}
