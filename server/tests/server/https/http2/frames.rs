//! HTTP/2 frame by frame, for clients that do what no library does (<https://www.rfc-editor.org/rfc/rfc9113#section-6>).

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::HTTP_2;
use crate::support::tls::Trusted;
use crate::support::{Server, soon};

pub(crate) const DATA: u8 = 0x0;
pub(crate) const HEADERS: u8 = 0x1;
pub(crate) const RST_STREAM: u8 = 0x3;
pub(crate) const SETTINGS: u8 = 0x4;
pub(crate) const PING: u8 = 0x6;
pub(crate) const GOAWAY: u8 = 0x7;
pub(crate) const WINDOW_UPDATE: u8 = 0x8;
pub(crate) const CONTINUATION: u8 = 0x9;

pub(crate) const END_STREAM: u8 = 0x1;
pub(crate) const ACK: u8 = 0x1;
pub(crate) const END_HEADERS: u8 = 0x4;

/// Settings (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2>).
pub(crate) const MAX_CONCURRENT_STREAMS: u16 = 0x3;
pub(crate) const INITIAL_WINDOW_SIZE: u16 = 0x4;
pub(crate) const ENABLE_CONNECT_PROTOCOL: u16 = 0x8;

/// A code of an error (<https://www.rfc-editor.org/rfc/rfc9113#section-7>).
pub(crate) const REFUSED_STREAM: u32 = 0x7;

/// A client wants no response any more.
pub(crate) const CANCEL: [u8; 4] = 0x8_u32.to_be_bytes();

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// What a connection begins with, and these settings.
pub(crate) fn opening(settings: &[(u16, u32)]) -> Vec<u8> {
    let fields = settings.iter();
    let fields =
        fields.flat_map(|(name, value)| [&name.to_be_bytes()[..], &value.to_be_bytes()].concat());
    let settings = frame(SETTINGS, 0, 0, &fields.collect::<Vec<_>>());
    [PREFACE, &settings].concat()
}

/// A number below 127, or above it, in a prefix of seven bits (<https://www.rfc-editor.org/rfc/rfc7541#section-5.1>).
fn length(bytes: &mut Vec<u8>, mut number: usize) {
    if number < 127 {
        return bytes.push(number as u8);
    }
    bytes.push(127);
    number -= 127;
    while number >= 128 {
        bytes.push((number % 128 + 128) as u8);
        number /= 128;
    }
    bytes.push(number as u8);
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    length(bytes, text.len());
    bytes.extend(text.as_bytes());
}

/// A field that no table keeps.
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    text(&mut bytes, name);
    text(&mut bytes, value);
    bytes
}

/// How the fields of a request begin.
pub(crate) fn request(method: &str, path: &str) -> Vec<u8> {
    // Both are in the table that everybody has.
    let method = match method {
        "GET" => 0x82,
        "POST" => 0x83,
        method => panic!("no {method} here"),
    };
    let mut bytes = vec![method, 0x87, 0x04];
    text(&mut bytes, path);
    bytes.push(0x01);
    text(&mut bytes, "localhost");
    bytes
}

/// A whole request without a body.
pub(crate) fn get(stream: u32, path: &str) -> Vec<u8> {
    let fields = request("GET", path);
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &fields)
}

/// One whose body follows.
pub(crate) fn post(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &request("POST", path))
}

/// The streams that a client may open, one after the other.
pub(crate) fn streams() -> impl Iterator<Item = u32> {
    (1..).step_by(2)
}

/// A frame that has come.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The last stream that is answered, as GOAWAY says.
    pub(crate) fn last_stream(&self) -> u32 {
        assert_eq!(self.kind, GOAWAY);
        u32::from_be_bytes(self.payload[..4].try_into().unwrap())
    }

    /// The code of RST_STREAM or GOAWAY.
    pub(crate) fn code(&self) -> u32 {
        let code = match self.kind {
            RST_STREAM => &self.payload[..],
            GOAWAY => &self.payload[4..8],
            _ => panic!("{self:?} has no code"),
        };
        u32::from_be_bytes(code.try_into().unwrap())
    }
}

/// A connection whose client sends whatever a test wants, and takes what it is told to take.
pub(crate) struct Raw {
    reader: ReadHalf<TlsStream<TcpStream>>,
    writer: WriteHalf<TlsStream<TcpStream>>,
}

impl Raw {
    /// One that has begun, with these settings.
    pub(crate) async fn open(server: &Server, trusted: &Trusted, settings: &[(u16, u32)]) -> Self {
        let stream = trusted.offering(&[HTTP_2]).connect(server.address).await;
        let (reader, writer) = tokio::io::split(stream.unwrap());
        let mut raw = Self { reader, writer };
        raw.send(&opening(settings)).await.unwrap();
        raw
    }

    /// Fails when the server has ended the connection.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes).await?;
        self.writer.flush().await
    }

    /// The next frame; none at the end, however it comes.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let frame = soon("a frame or the end", Self::read(&mut self.reader));
        frame.await.ok()
    }

    /// The next one for which this is so.
    pub(crate) async fn until(&mut self, is_wanted: impl Fn(&Frame) -> bool) -> Frame {
        loop {
            let frame = self.next().await;
            let frame = frame.expect("the connection ends before what is waited for");
            if is_wanted(&frame) {
                return frame;
            }
        }
    }

    /// What comes before the end.
    pub(crate) async fn rest(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next().await {
            frames.push(frame);
        }
        frames
    }

    async fn read(reader: &mut ReadHalf<TlsStream<TcpStream>>) -> io::Result<Frame> {
        let mut head = [0; 9];
        reader.read_exact(&mut head).await?;
        let [high, middle, low, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, high, middle, low]) as usize];
        reader.read_exact(&mut payload).await?;
        Ok(Frame {
            kind,
            flags,
            stream: u32::from_be_bytes(stream),
            payload,
        })
    }
}
