//! Against tungstenite, which passes the Autobahn test suite: what it reads we read, and what it refuses we refuse for the same reason.
#![allow(clippy::unwrap_used)]

use std::io::{self, Cursor, Read, Write};

use proptest::prelude::*;
use tungstenite::error::{CapacityError, Error as WsError};
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Message as WsMessage, WebSocket};

use super::*;

/// More than a control frame may have.
const MAX_BYTES: usize = 300;
const TOO_LARGE: CloseReason = CloseReason::FrameTooLarge { limit: MAX_BYTES };
const MASK: [u8; 4] = [0x9d, 0x3b, 0x52, 0xe7];

/// A frame of a client. `first` is its first byte: flags and opcode.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ ..126 => frame.push(0x80 | len as u8),
        len => {
            frame.push(0x80 | 126);
            frame.extend((len as u16).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(unmasked(payload, MASK));
    frame
}

/// What is decoded, and why it ended if something was wrong. Parts of messages are left out.
fn decoded(mut bytes: &[u8]) -> (Vec<Message>, Option<CloseReason>) {
    let mut decoder = Decoder::new(MAX_BYTES);
    let mut messages = Vec::new();
    loop {
        match decoder.decode(bytes) {
            Ok(None) => return (messages, None),
            Ok(Some((received, len))) => {
                bytes = &bytes[len..];
                if received.message != Message::Fragment {
                    messages.push(received.message.clone());
                }
                if let Message::Close(_) = received.message {
                    return (messages, None);
                }
            }
            Err(ending) => return (messages, Some(ending)),
        }
    }
}

/// Bytes that come, and then no more. What is answered goes nowhere.
struct Socket<'a>(Cursor<&'a [u8]>);

impl Read for Socket<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            len => Ok(len),
        }
    }
}

impl Write for Socket<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same of tungstenite.
fn expected(bytes: &[u8]) -> (Vec<Message>, Option<CloseReason>) {
    let config = WebSocketConfig::default()
        .max_frame_size(Some(MAX_BYTES))
        .max_message_size(Some(MAX_BYTES));
    let socket = Socket(Cursor::new(bytes));
    let mut socket = WebSocket::from_raw_socket(socket, Role::Server, Some(config));
    let mut messages = Vec::new();
    loop {
        let ending = match socket.read() {
            Ok(WsMessage::Close(close)) => {
                let close = close.map(|close| {
                    [
                        &u16::from(close.code).to_be_bytes(),
                        close.reason.as_bytes(),
                    ]
                    .concat()
                });
                let close = close.unwrap_or_default();
                // It closes with 1002 where the client's code may not be said; so do we, as for all that is wrong.
                if close.ends_with(b"Protocol violation") {
                    CloseReason::NotWebSocket
                } else {
                    messages.push(Message::Close(close.into()));
                    return (messages, None);
                }
            }
            Ok(message) => {
                messages.push(match message {
                    WsMessage::Text(text) => Message::Text(text.as_str().into()),
                    WsMessage::Binary(_) => Message::Binary,
                    WsMessage::Ping(payload) => Message::Ping(payload),
                    WsMessage::Pong(_) => Message::Pong,
                    WsMessage::Close(_) | WsMessage::Frame(_) => unreachable!(),
                });
                continue;
            }
            Err(WsError::Io(_)) => return (messages, None),
            Err(WsError::Capacity(CapacityError::MessageTooLong { .. })) => TOO_LARGE,
            Err(WsError::Utf8(_)) => CloseReason::NotUtf8,
            Err(_) => CloseReason::NotWebSocket,
        };
        return (messages, Some(ending));
    }
}

/// Texts, and bytes that are none, whole or cut in the middle of a character.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => "\\PC{0,80}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..8),
        2 => Just("é".as_bytes()[..1].to_vec()),
        2 => Just("é".as_bytes()[1..].to_vec()),
        1 => (120..400_usize).prop_map(|len| vec![b'x'; len]),
        2 => (any::<u16>(), "[a-z]{0,5}").prop_map(|(code, reason)| {
            [&(code % 5200).to_be_bytes(), reason.as_bytes()].concat()
        }),
    ]
}

/// Mostly flags and opcodes that exist.
fn first() -> impl Strategy<Value = u8> {
    prop_oneof![
        6 => Just(0x81),
        4 => prop::sample::select(&[0x01, 0x02, 0x00, 0x00, 0x80, 0x80, 0x82][..]),
        4 => prop::sample::select(&[0x88, 0x89, 0x8a][..]),
        1 => any::<u8>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn frames_mean_what_they_mean_to_tungstenite(
        frames in prop::collection::vec((first(), payload()), 1..8),
        cut in 0..6_usize,
    ) {
        let mut bytes: Vec<_> = frames.iter().flat_map(|(first, payload)| frame(*first, payload)).collect();
        // The last one may still be on its way. Then we may see sooner that it is wrong.
        let is_whole = cut != 1;
        bytes.truncate(bytes.len() - usize::from(!is_whole));
        let (ours, theirs) = (decoded(&bytes), expected(&bytes));
        prop_assert_eq!(&ours.0, &theirs.0);
        if is_whole && theirs.1 != Some(TOO_LARGE) {
            prop_assert_eq!(ours.1, theirs.1);
        } else if theirs.1.is_some() {
            prop_assert!(ours.1.is_some());
        }
    }

    #[test]
    fn any_bytes_are_refused_as_tungstenite_refuses_them(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let (ours, theirs) = (decoded(&bytes), expected(&bytes));
        prop_assert_eq!(ours.0, theirs.0);
        prop_assert!(ours.1.is_some() || theirs.1.is_none());
    }
}

#[test]
fn a_part_of_a_frame_is_not_a_frame() {
    let whole = frame(0x81, "x".repeat(200).as_bytes());
    let mut decoder = Decoder::new(MAX_BYTES);
    for len in 0..whole.len() {
        assert_eq!(decoder.decode(&whole[..len]), Ok(None));
    }
    let (received, len) = decoder.decode(&whole).unwrap().unwrap();
    assert_eq!((received.bytes, len), (200, whole.len()));
}

#[test]
fn what_is_too_large_is_refused_before_it_has_come() {
    let head = |len: u64| [&[0x81, 0x80 | 127], &len.to_be_bytes()[..], &MASK].concat();
    for len in [MAX_BYTES as u64 + 1, u64::MAX, 1 << 63] {
        let outcome = Decoder::new(MAX_BYTES).decode(&head(len));
        assert_eq!(outcome, Err(TOO_LARGE));
    }
    // In parts it is as large.
    let mut decoder = Decoder::new(MAX_BYTES);
    let part = frame(0x01, &[b'x'; MAX_BYTES]);
    assert!(decoder.decode(&part).unwrap().is_some());
    assert_eq!(decoder.decode(&frame(0x80, b"x")), Err(TOO_LARGE));
}

#[test]
fn what_goes_out_again_is_the_frame_of_a_server() {
    for len in [0, 1, 125, 126, 300] {
        let text = "x".repeat(len);
        let (received, _) = Decoder::new(MAX_BYTES)
            .decode(&frame(0x81, text.as_bytes()))
            .unwrap()
            .unwrap();
        let Message::Text(heard) = received.message else {
            panic!("{received:?}");
        };
        assert_eq!(&*heard, text);
        let mut cursor = Cursor::new(heard.frame());
        let (header, length) = FrameHeader::parse(&mut cursor).unwrap().unwrap();
        assert_eq!((header.mask, length), (None, len as u64));
        assert_eq!(
            heard.frame()[cursor.position() as usize..],
            *text.as_bytes()
        );
    }
}
