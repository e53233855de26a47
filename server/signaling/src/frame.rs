//! WebSocket frames as they go out. Those of a server are not masked
//! (<https://www.rfc-editor.org/rfc/rfc6455#section-5.1>), so that one encoding serves all receivers.
//!
//! May import: tungstenite.

use std::io::Cursor;
use std::ops::Deref;
use std::str::Utf8Error;

use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tungstenite::{Bytes, Utf8Bytes};

/// A text, and the frame that carries it. Both are one piece of memory, and no other text shares it: what waits for a reader keeps no
/// more than a queue counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    frame: Bytes,
    text: Utf8Bytes,
}

impl Text {
    /// Copies `payload` behind the head of its frame and lets `change` undo what isn't text yet.
    pub fn build(payload: &[u8], change: impl FnOnce(&mut [u8])) -> Result<Self, Utf8Error> {
        let mut frame = encode(OpCode::Data(Data::Text), payload);
        let head = frame.len() - payload.len();
        change(&mut frame[head..]);
        let frame = Bytes::from(frame);
        let text = Utf8Bytes::try_from(frame.slice(head..))?;
        Ok(Self { frame, text })
    }

    /// What another instance has built, as it came from there. `None` if it is no text frame of a server.
    pub fn from_frame(frame: Bytes) -> Option<Self> {
        let mut cursor = Cursor::new(&frame);
        let (header, len) = FrameHeader::parse(&mut cursor).ok()??;
        let head = usize::try_from(cursor.position()).ok()?;
        let is_text = header.is_final && header.opcode == OpCode::Data(Data::Text);
        let is_whole = frame.len().checked_sub(head)? as u64 == len && header.mask.is_none();
        let text = Utf8Bytes::try_from(frame.slice(head..)).ok()?;
        (is_text && is_whole).then_some(Self { frame, text })
    }

    /// The frame, to be sent to any number of clients.
    pub fn frame(&self) -> Bytes {
        self.frame.clone()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::build(text.as_bytes(), |_| {}).expect("it is text already")
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// A text frame of the server's own words.
pub fn text(text: &str) -> Bytes {
    Text::from(text).frame
}

/// A ping without words.
pub fn ping() -> Bytes {
    encode(OpCode::Control(Control::Ping), &[]).into()
}

/// What answers a ping.
pub fn pong(payload: &[u8]) -> Bytes {
    encode(OpCode::Control(Control::Pong), payload).into()
}

/// Begins the closing handshake, or answers it, with a payload that is right.
pub fn close(payload: &[u8]) -> Bytes {
    encode(OpCode::Control(Control::Close), payload).into()
}

/// The text that a text frame carries.
#[cfg(test)]
pub(crate) fn text_in(frame: &Bytes) -> String {
    let mut cursor = Cursor::new(frame);
    let header = FrameHeader::parse(&mut cursor);
    header.ok().flatten().expect("a whole header");
    let payload = frame.slice(cursor.position() as usize..);
    String::from_utf8(payload.into()).expect("a text frame")
}

fn encode(opcode: OpCode, payload: &[u8]) -> Vec<u8> {
    let header = FrameHeader {
        opcode,
        ..FrameHeader::default()
    };
    let len = payload.len() as u64;
    let mut frame = Vec::with_capacity(header.len(len) + payload.len());
    header
        .format(len, &mut frame)
        .expect("a vector takes everything");
    frame.extend_from_slice(payload);
    frame
}
