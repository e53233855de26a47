//! A ring keeps what it may, and the file of it is what Wireshark reads.

mod wireshark;

use super::*;

fn packet(number: u64, bytes: usize) -> Packet {
    Packet {
        at: Duration::from_millis(number),
        from: ([10, 0, 0, 1], 5_001).into(),
        to: ([10, 0, 1, 1], 5_002).into(),
        payload: vec![0; bytes],
        note: None,
    }
}

#[test]
fn the_first_packets_give_way_and_are_counted() {
    let mut ring = Ring::default();
    for number in 0..MAX_PACKETS as u64 + 10 {
        ring.push(packet(number, 100));
    }
    assert_eq!(ring.packets().count(), MAX_PACKETS);
    assert_eq!((ring.len(), ring.bytes()), (MAX_PACKETS, MAX_PACKETS * 100));
    assert_eq!(ring.dropped(), 10);
    ring.skip();
    assert_eq!(ring.dropped(), 11);
    assert_eq!(
        ring.packets().next().map(|first| first.at),
        Some(Duration::from_millis(10))
    );
}

#[test]
fn large_packets_give_way_by_their_bytes() {
    let mut ring = Ring::default();
    for number in 0..100 {
        ring.push(packet(number, MAX_PAYLOAD));
        assert!(
            ring.packets()
                .map(|packet| packet.payload.len())
                .sum::<usize>()
                <= MAX_BYTES
        );
    }
    assert_eq!(ring.dropped() + ring.packets().count() as u64, 100);
    ring.push(packet(100, MAX_PAYLOAD + 1));
    assert_eq!(
        ring.packets().last().map(|last| last.at),
        Some(Duration::from_millis(99))
    );
}

#[test]
fn a_note_has_a_bound() {
    let mut ring = Ring::default();
    ring.push(Packet {
        note: Some("ä".repeat(MAX_NOTE + 1)),
        ..packet(0, 1)
    });
    let note = ring.packets().next().and_then(|packet| packet.note.clone());
    assert_eq!(note, Some("ä".repeat(MAX_NOTE)));
}

/// Each block says its length at both ends, so that the file can be read from either.
#[test]
fn a_file_is_a_row_of_blocks() {
    let mut ring = Ring::default();
    for bytes in 0..9 {
        ring.push(Packet {
            note: Some("x".repeat(bytes)),
            ..packet(0, bytes)
        });
    }
    let file = pcapng::file(&ring, "a line", Duration::ZERO);
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes"));
    let (mut at, mut kinds) = (0, Vec::new());
    while at < file.len() {
        let length = word(at + 4) as usize;
        assert_eq!(length % 4, 0);
        assert_eq!(word(at + length - 4) as usize, length);
        kinds.push(word(at));
        at += length;
    }
    assert_eq!(kinds, [&[0x0a0d_0d0a, 1][..], &[6; 9], &[5]].concat());
}

/// Zero would say that there is no checksum (RFC 768).
#[test]
fn a_checksum_that_comes_to_zero_is_written_as_ones() {
    let checksum = |payload: [u8; 2]| {
        let [from, to] = [1, 2].map(|host| ([10, 0, 0, host], 5_000).into());
        let packet = datagram::packet(from, to, &payload);
        <[u8; 2]>::try_from(&packet[26..28]).expect("two bytes")
    };
    assert_eq!(checksum(checksum([0, 0])), [0xff, 0xff]);
}
