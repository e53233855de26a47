use proptest::prelude::*;
use proptest::sample::Index;

use crate::relay::framing::{MAX_MESSAGE, Messages, Unframed};

/// A message of STUN with so many bytes behind its header.
fn stun(length: u16) -> Vec<u8> {
    let head = [
        &[0, 1][..],
        &length.to_be_bytes(),
        b"\x21\x12\xa4\x42transaction!",
    ]
    .concat();
    [head, vec![7; usize::from(length)]].concat()
}

fn channel_data(length: u16) -> Vec<u8> {
    let head = [&[0x40, 0][..], &length.to_be_bytes()].concat();
    [head, vec![7; usize::from(length).next_multiple_of(4)]].concat()
}

fn taken(messages: &mut Messages, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Unframed> {
    let mut taken = Vec::new();
    messages.take(bytes, |message| taken.push(message.to_vec()))?;
    Ok(taken)
}

fn some() -> Vec<Vec<u8>> {
    vec![
        stun(0),
        channel_data(0),
        channel_data(1),
        stun(8),
        channel_data(4),
        channel_data(0),
        stun(0),
    ]
}

#[test]
fn messages_that_come_together_are_taken_apart() {
    let mut messages = Messages::default();
    assert_eq!(taken(&mut messages, &some().concat()), Ok(some()));
    assert!(!messages.is_within());
}

#[test]
fn messages_that_come_byte_by_byte_are_put_together() {
    let mut messages = Messages::default();
    let mut whole = Vec::new();
    for byte in some().concat() {
        whole.extend(taken(&mut messages, &[byte]).expect("it is framed"));
    }
    assert_eq!(whole, some());
    assert!(!messages.is_within());
}

#[test]
fn a_message_without_its_end_is_waited_for() {
    let mut messages = Messages::default();
    let message = channel_data(5);
    let (begin, end) = message.split_at(message.len() - 1);
    assert_eq!(taken(&mut messages, begin), Ok(Vec::new()));
    assert!(messages.is_within());
    assert_eq!(taken(&mut messages, end), Ok(vec![message.clone()]));
}

#[test]
fn the_largest_message_is_taken_and_no_larger_one() {
    let most = MAX_MESSAGE as u16;
    for (message, is_taken) in [
        (stun(most - 20), true),
        (stun(most - 16), false),
        (channel_data(most - 4), true),
        (channel_data(most - 3), false),
    ] {
        let mut messages = Messages::default();
        let expected = match is_taken {
            true => Ok(vec![message.clone()]),
            false => Err(Unframed::TooLong(MAX_MESSAGE + 4)),
        };
        assert_eq!(taken(&mut messages, &message), expected);
        // It is known from the beginning.
        let mut messages = Messages::default();
        assert_eq!(taken(&mut messages, &message[..8]).is_ok(), is_taken);
    }
}

#[test]
fn what_is_neither_stun_nor_of_a_channel_is_the_end() {
    for bytes in [
        &b"\x80"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"GET / HTTP/1.1",
        // Not the cookie, and not a multiple of four.
        b"\x00\x01\x00\x00\x21\x12\xa4\x43",
        b"\x00\x01\x00\x02\x21\x12\xa4\x42",
    ] {
        let mut messages = Messages::default();
        let before = stun(0);
        let refused = messages.take(&[&before, bytes].concat(), |message| {
            assert_eq!(message, before);
        });
        match bytes[0] {
            // ChannelData, as far as anybody can see.
            b'G' => assert!(refused.is_err() || messages.is_within()),
            _ => assert_eq!(refused, Err(Unframed::Unknown)),
        }
    }
}

proptest! {
    /// However they are cut, the same messages come out.
    #[test]
    fn cuts_make_no_difference(
        kinds in prop::collection::vec((any::<bool>(), 0_u16..60), 1..12),
        cuts in prop::collection::vec(any::<Index>(), 0..12),
    ) {
        let sent: Vec<_> = kinds
            .into_iter()
            .map(|(is_stun, length)| match is_stun {
                true => stun(length.next_multiple_of(4)),
                false => channel_data(length),
            })
            .collect();
        let bytes = sent.concat();
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut messages = Messages::default();
        let mut whole = Vec::new();
        for pair in cuts.windows(2) {
            whole.extend(taken(&mut messages, &bytes[pair[0]..pair[1]]).expect("it is framed"));
        }
        prop_assert_eq!(whole, sent);
    }

    /// No bytes upset it, and no message is larger than it may be.
    #[test]
    fn whatever_comes_is_taken_apart_or_refused(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..50)) {
        let mut messages = Messages::default();
        for part in parts {
            let taken = messages.take(&part, |message| assert!(message.len() <= MAX_MESSAGE));
            if taken.is_err() {
                break;
            }
        }
    }
}
