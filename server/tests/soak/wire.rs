//! Requests and WebSocket frames as a client writes them, right and wrong. May import: std.

use std::net::SocketAddr;

/// The first byte of a frame: it is whole, and text.
pub(crate) const TEXT: u8 = 0x81;
/// It is whole, and binary.
pub(crate) const BINARY: u8 = 0x82;

const IS_MASKED: u8 = 0x80;
const MASK: [u8; 4] = [0x9d, 0x3b, 0x52, 0xe7];

/// Asks for a WebSocket (RFC 6455, section 4.1). The key is the RFC's example; a server can't know that it isn't random.
pub(crate) fn upgrade(server: SocketAddr) -> Vec<u8> {
    format!(
        "GET / HTTP/1.1\r\nhost: {server}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

/// Asks for a page, and keeps the connection.
pub(crate) fn get(server: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {server}\r\n\r\n").into_bytes()
}

/// Sends a body, and ends the connection after the answer.
pub(crate) fn post(server: SocketAddr, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The frame by which `id` joins `room`.
pub(crate) fn announce(id: &str, room: &str) -> Vec<u8> {
    text(&format!(
        r#"/announce|{id}|{{"id":"{id}","room":"{room}"}}"#
    ))
}

/// A text frame.
pub(crate) fn text(text: &str) -> Vec<u8> {
    frame(TEXT, text.as_bytes())
}

/// A frame whose first byte, flags and opcode, is `first`.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ ..126 => frame.push(IS_MASKED | len as u8),
        len @ ..0x1_0000 => {
            frame.push(IS_MASKED | 126);
            frame.extend((len as u16).to_be_bytes());
        }
        len => {
            frame.push(IS_MASKED | 127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(
        payload
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}
