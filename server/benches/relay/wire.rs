//! WebSocket as a load generator needs it: requests and frames as bytes, made before the clock runs.

/// Asks for an upgrade. The key is the example of RFC 6455; a server can't know that it isn't random.
pub(crate) const UPGRADE: &[u8] =
    b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a server answers to [`UPGRADE`].
pub(crate) const UPGRADED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

pub(crate) const TEXT: u8 = 0x81;
const MASK: [u8; 4] = [0x9d, 0x3b, 0x52, 0xe7];
const IS_MASKED: u8 = 0x80;

/// A text frame as a client sends it.
pub(crate) fn masked(text: &str) -> Vec<u8> {
    let mut frame = head(text.len(), IS_MASKED);
    frame.extend(MASK);
    let masked = text.bytes().zip(MASK.iter().cycle());
    frame.extend(masked.map(|(byte, mask)| byte ^ mask));
    frame
}

/// The head of a text frame.
pub(crate) fn head(len: usize, mask_bit: u8) -> Vec<u8> {
    match len {
        0..126 => vec![TEXT, mask_bit | len as u8],
        126..0x1_0000 => vec![TEXT, mask_bit | 126, (len >> 8) as u8, len as u8],
        _ => panic!("no measurement needs a frame of {len} bytes"),
    }
}

/// The head of a frame: its first byte, its mask if it has one, where its payload begins, and where it ends.
pub(crate) struct Head {
    pub(crate) first: u8,
    pub(crate) mask: Option<[u8; 4]>,
    pub(crate) begin: usize,
    pub(crate) end: usize,
}

/// Reads the head of a frame whose bytes are all there.
pub(crate) fn frame(bytes: &[u8]) -> Option<Head> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (len, mut begin) = match second & !IS_MASKED {
        126 => {
            let len = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
            (usize::from(len), 4)
        }
        127 => panic!("no measurement has frames as large as that"),
        len => (usize::from(len), 2),
    };
    let mut mask = None;
    if second & IS_MASKED != 0 {
        mask = Some(bytes.get(begin..begin + 4)?.try_into().ok()?);
        begin += 4;
    }
    let end = begin + len;
    (end <= bytes.len()).then_some(Head {
        first,
        mask,
        begin,
        end,
    })
}

/// Where the head of an HTTP message ends.
pub(crate) fn http_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some(end + 4)
}

/// Where a response ends that says how long it is. It is asked for each of them, so it is quick.
pub(crate) fn http_message(bytes: &[u8]) -> Option<usize> {
    const LENGTH: &[u8] = b"content-length:";
    let head = http_head(bytes)?;
    let length = bytes[..head]
        .split(|byte| *byte == b'\n')
        .find_map(|line| {
            let (name, length) = line.split_at_checked(LENGTH.len())?;
            let is_length = name.eq_ignore_ascii_case(LENGTH);
            is_length.then(|| {
                std::str::from_utf8(length)
                    .ok()?
                    .trim()
                    .parse::<usize>()
                    .ok()
            })?
        })?;
    let end = head + length;
    (end <= bytes.len()).then_some(end)
}
