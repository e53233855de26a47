//! Decodes the WebSocket frames of clients (<https://www.rfc-editor.org/rfc/rfc6455#section-5>). Pure: bytes in, messages out.
//!
//! Not tungstenite's own reader, because that keeps a buffer for each connection, and copies what is relayed twice more.
//!
//! May import: close_reason, frame, tungstenite.

#[cfg(test)]
mod tests;

use std::io::Cursor;
use std::str;

use tungstenite::Bytes;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

use super::close_reason::CloseReason;
use super::frame::Text;

/// Payload of a control frame at most (<https://www.rfc-editor.org/rfc/rfc6455#section-5.5>).
const MAX_CONTROL_BYTES: u64 = 125;

/// One frame, and what it completes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A text message, in one frame or the last of several.
    Text(Text),
    /// A binary message; nothing here wants its bytes.
    Binary,
    /// A part of a message that isn't the last.
    Fragment,
    /// To be answered with the same payload.
    Ping(Bytes),
    /// A sign of life.
    Pong,
    /// The client closes, or answers our close, with this payload.
    Close(Bytes),
}

/// What one frame brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it says.
    pub message: Message,
    /// Payload of the frame.
    pub bytes: usize,
}

/// The state between two frames of one client.
#[derive(Debug)]
pub struct Decoder {
    max_bytes: usize,
    /// A message in fragments, as far as it has come. Boxed, because there rarely is one, and an idle connection takes the memory of this.
    begun: Option<Box<Begun>>,
}

#[derive(Debug)]
struct Begun {
    is_text: bool,
    payload: Vec<u8>,
    /// So much of a text is whole characters.
    checked: usize,
}

impl Decoder {
    /// For a client whose messages have at most `max_bytes`, in one frame or several.
    pub fn new(max_bytes: usize) -> Self {
        let begun = None;
        Self { max_bytes, begun }
    }

    /// What a message in fragments takes, as far as it has come.
    pub fn held_bytes(&self) -> usize {
        let begun = self.begun.as_ref();
        begun.map_or(0, |begun| begun.payload.capacity())
    }

    /// Reads the frame at the beginning of `bytes` and returns how long it is; `None` if a part of it is missing. A frame that is wrong or too large
    /// fails as soon as its head is there. Nothing may be decoded after a failure.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<Option<(Received, usize)>, CloseReason> {
        let mut cursor = Cursor::new(bytes);
        let parsed = FrameHeader::parse(&mut cursor).map_err(|_| CloseReason::NotWebSocket)?;
        let Some((header, len)) = parsed else {
            return Ok(None);
        };
        let mask = self.check(&header, len)?;
        let begin = cursor.position() as usize;
        // It is at most `max_bytes`, or that of a control frame.
        let end = begin + len as usize;
        let Some(payload) = bytes.get(begin..end) else {
            return Ok(None);
        };
        let message = match header.opcode {
            OpCode::Control(control) => self.control(control, unmasked(payload, mask))?,
            OpCode::Data(data) => self.data(data, header.is_final, payload, mask)?,
        };
        let bytes = payload.len();
        Ok(Some((Received { message, bytes }, end)))
    }

    /// Checks everything that can be wrong with a head, and returns the mask.
    fn check(&self, header: &FrameHeader, len: u64) -> Result<[u8; 4], CloseReason> {
        let is_extended = header.rsv1 || header.rsv2 || header.rsv3;
        let is_in_place = match header.opcode {
            OpCode::Control(_) => header.is_final && len <= MAX_CONTROL_BYTES,
            OpCode::Data(Data::Continue) => self.begun.is_some(),
            OpCode::Data(_) => self.begun.is_none(),
        };
        let Some(mask) = header.mask.filter(|_| is_in_place && !is_extended) else {
            return Err(CloseReason::NotWebSocket);
        };
        let before = self.begun.as_ref().map_or(0, |begun| begun.payload.len());
        match header.opcode {
            OpCode::Data(_) if len > (self.max_bytes - before) as u64 => {
                Err(CloseReason::FrameTooLarge {
                    limit: self.max_bytes,
                })
            }
            _ => Ok(mask),
        }
    }

    fn control(&self, control: Control, payload: Vec<u8>) -> Result<Message, CloseReason> {
        match control {
            Control::Ping => Ok(Message::Ping(payload.into())),
            Control::Pong => Ok(Message::Pong),
            Control::Close => {
                check_close(&payload)?;
                Ok(Message::Close(payload.into()))
            }
            Control::Reserved(_) => Err(CloseReason::NotWebSocket),
        }
    }

    fn data(
        &mut self,
        data: Data,
        is_final: bool,
        payload: &[u8],
        mask: [u8; 4],
    ) -> Result<Message, CloseReason> {
        let is_text = match (data, self.begun.take()) {
            (Data::Continue, Some(mut begun)) => {
                begun.extend(payload, mask)?;
                if is_final {
                    return begun.complete();
                }
                self.begun = Some(begun);
                return Ok(Message::Fragment);
            }
            (Data::Text, None) => true,
            (Data::Binary, None) => false,
            _ => return Err(CloseReason::NotWebSocket),
        };
        if !is_final {
            let mut begun = Box::new(Begun {
                is_text,
                payload: Vec::new(),
                checked: 0,
            });
            begun.extend(payload, mask)?;
            self.begun = Some(begun);
            return Ok(Message::Fragment);
        }
        if !is_text {
            return Ok(Message::Binary);
        }
        let text = Text::build(payload, |copy| unmask(copy, mask));
        text.map(Message::Text).map_err(|_| CloseReason::NotUtf8)
    }
}

impl Begun {
    /// What can't become a text any more fails at once.
    fn extend(&mut self, payload: &[u8], mask: [u8; 4]) -> Result<(), CloseReason> {
        self.payload.extend(unmasked(payload, mask));
        if self.is_text {
            self.checked += match str::from_utf8(&self.payload[self.checked..]) {
                Ok(text) => text.len(),
                Err(error) if error.error_len().is_none() => error.valid_up_to(),
                Err(_) => return Err(CloseReason::NotUtf8),
            };
        }
        Ok(())
    }

    fn complete(self) -> Result<Message, CloseReason> {
        if !self.is_text {
            return Ok(Message::Binary);
        }
        let text = Text::build(&self.payload, |_| {});
        text.map(Message::Text).map_err(|_| CloseReason::NotUtf8)
    }
}

/// <https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1>, and which codes may be sent:
/// <https://www.rfc-editor.org/rfc/rfc6455#section-7.4>.
fn check_close(payload: &[u8]) -> Result<(), CloseReason> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return match payload.is_empty() {
            true => Ok(()),
            false => Err(CloseReason::NotWebSocket),
        };
    };
    str::from_utf8(reason).map_err(|_| CloseReason::NotUtf8)?;
    match CloseCode::from(u16::from_be_bytes(*code)).is_allowed() {
        true => Ok(()),
        false => Err(CloseReason::NotWebSocket),
    }
}

fn unmasked(payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut payload = payload.to_vec();
    unmask(&mut payload, mask);
    payload
}

/// Sixteen bytes at a time (<https://www.rfc-editor.org/rfc/rfc6455#section-5.3>).
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let wide = u128::from_ne_bytes([mask; 4].concat().try_into().expect("four times four"));
    let (chunks, rest) = payload.as_chunks_mut();
    for chunk in chunks {
        *chunk = (u128::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}
