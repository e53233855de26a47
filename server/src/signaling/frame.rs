//! WebSocket frames as they go out. Those of a server are not masked
//! (<https://www.rfc-editor.org/rfc/rfc6455#section-5.1>), so that one encoding serves all receivers.
//!
//! May import: tungstenite's frame header.

use tungstenite::Bytes;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// A text frame. It has a memory of its own, because what was read shares the buffer of its connection, and would keep all of
/// it for as long as it waits for its reader: forty times of what a queue counts, at worst.
pub fn text(text: &str) -> Bytes {
    encode(OpCode::Data(Data::Text), text.as_bytes())
}

/// A ping without words.
pub fn ping() -> Bytes {
    encode(OpCode::Control(Control::Ping), &[])
}

fn encode(opcode: OpCode, payload: &[u8]) -> Bytes {
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
    frame.into()
}
