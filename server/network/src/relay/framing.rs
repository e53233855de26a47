//! Messages of STUN and TURN in a stream of bytes: those of STUN say their length
//! ([RFC 8489, section 6.2.2](https://www.rfc-editor.org/rfc/rfc8489#section-6.2.2)), and ChannelData is padded to a multiple of four bytes
//! ([RFC 8656, section 12.5](https://www.rfc-editor.org/rfc/rfc8656#section-12.5)).
//!
//! May import: packet::stun, thiserror.

use std::mem;

use crate::packet::stun::{COOKIE, HEADER};

/// Bytes of a message at most, with its padding. WebRTC sends none that are larger than what an Ethernet takes.
pub const MAX_MESSAGE: usize = 2048;

/// What follows a multiple of so many bytes.
const ALIGNMENT: usize = 4;
/// Bytes of the header of ChannelData, which says its length.
const CHANNEL_HEADER: usize = 4;
/// Bytes of a message of STUN up to the end of its cookie.
const STUN_START: usize = 8;

/// The bytes are no message, and so nobody knows where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unframed {
    /// They are neither of STUN nor of a channel.
    #[error("what came is no message of STUN or TURN")]
    Unknown,
    /// There are too many.
    #[error("a message has {0} bytes, and at most {MAX_MESSAGE} are taken")]
    TooLong(usize),
}

/// Finds the messages in one direction of a connection.
#[derive(Debug, Default)]
pub struct Messages {
    /// The beginning of one whose end has not come.
    begun: Vec<u8>,
}

impl Messages {
    /// Whether the end of a message has not come.
    pub fn is_within(&self) -> bool {
        !self.begun.is_empty()
    }

    /// Takes the bytes that came next, and hands over each message that is whole, in order.
    ///
    /// # Errors
    /// When no message begins where one has to. Nothing that comes after it is of use.
    pub fn take(&mut self, mut bytes: &[u8], mut hand: impl FnMut(&[u8])) -> Result<(), Unframed> {
        while !bytes.is_empty() {
            if self.begun.is_empty()
                && let Some(length) = length_of(bytes)?
                && let Some((message, rest)) = bytes.split_at_checked(length)
            {
                hand(message);
                bytes = rest;
                continue;
            }
            let missing = self.wanted()? - self.begun.len();
            let (part, rest) = bytes.split_at(missing.min(bytes.len()));
            self.begun.extend_from_slice(part);
            bytes = rest;
            if length_of(&self.begun)? == Some(self.begun.len()) {
                hand(&mem::take(&mut self.begun));
            }
        }
        Ok(())
    }

    /// How many bytes from the beginning of the message are needed to go on.
    fn wanted(&self) -> Result<usize, Unframed> {
        let least = match self.begun.len() {
            ..CHANNEL_HEADER => CHANNEL_HEADER,
            _ => STUN_START,
        };
        Ok(length_of(&self.begun)?.unwrap_or(least))
    }
}

/// The length of the message that begins here, with its padding; nothing while too little of it is there.
fn length_of(bytes: &[u8]) -> Result<Option<usize>, Unframed> {
    let length = match *bytes {
        [] => return Ok(None),
        [0x00..=0x3f, _, high, low, a, b, c, d, ..] => {
            let length = usize::from(u16::from_be_bytes([high, low]));
            if [a, b, c, d] != COOKIE.to_be_bytes() || !length.is_multiple_of(ALIGNMENT) {
                return Err(Unframed::Unknown);
            }
            HEADER + length
        }
        [0x40..=0x7f, _, high, low, ..] => {
            let length = usize::from(u16::from_be_bytes([high, low]));
            CHANNEL_HEADER + length.next_multiple_of(ALIGNMENT)
        }
        [0x00..=0x7f, ..] => return Ok(None),
        _ => return Err(Unframed::Unknown),
    };
    match length {
        ..=MAX_MESSAGE => Ok(Some(length)),
        _ => Err(Unframed::TooLong(length)),
    }
}

/// Pads a message for a stream.
pub(super) fn pad(message: &mut Vec<u8>) {
    message.resize(message.len().next_multiple_of(ALIGNMENT), 0);
}
