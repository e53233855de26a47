//! A signaling client that says every byte itself: right ones, and wrong ones that no library would send.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::wire::{Way, Wire};
use super::{Server, soon};

const MASK: [u8; 4] = [0x9d, 0x3b, 0x52, 0xe7];

pub(crate) struct RawPeer {
    pub(crate) stream: Wire,
}

impl RawPeer {
    /// What asks for a WebSocket. The key is the example of RFC 6455.
    pub(crate) fn request() -> String {
        "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            .to_owned()
    }

    /// Asks for a WebSocket, says `early` without waiting for the answer, and hears that it has one.
    pub(crate) async fn connect(server: &Server, early: &[u8]) -> Self {
        let stream = server.way().connect().await.unwrap();
        Self::over(stream, early).await
    }

    /// Over a stream that is connected.
    async fn over(mut stream: Wire, early: &[u8]) -> Self {
        let bytes = [Self::request().as_bytes(), early].concat();
        stream.write_all(&bytes).await.unwrap();
        stream.flush().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(soon("a response", stream.read_u8()).await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "));
        Self { stream }
    }

    /// Connects and joins a room.
    pub(crate) async fn join(server: &Server, id: &str, room: &str) -> Self {
        let raw = Self::connect(server, b"").await;
        raw.joined(id, room).await
    }

    /// The same from one of this machine's own addresses, and to a server of another process.
    pub(crate) async fn join_from(from: IpAddr, server: &Way, id: &str, room: &str) -> Self {
        let stream = server.connect_from(from).await.unwrap();
        Self::over(stream, b"").await.joined(id, room).await
    }

    async fn joined(mut self, id: &str, room: &str) -> Self {
        let (_, greeting) = self.hears().await;
        assert!(greeting.starts_with(b"primus::hello|"));
        let announcement = format!(r#"/announce|{id}|{{"id":"{id}","room":"{room}"}}"#);
        self.sends(0x81, announcement.as_bytes()).await;
        loop {
            let (_, text) = self.hears().await;
            if text.starts_with(b"/roominfo|") {
                return self;
            }
            // Joins may be throttled, and a notice of that comes first.
            assert!(text.starts_with(b"/error|"));
        }
    }

    /// A frame of a client. `first` is its first byte: flags and opcode.
    pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            len @ ..126 => frame.push(0x80 | len as u8),
            len => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(len).unwrap().to_be_bytes());
            }
        }
        frame.extend(MASK);
        let masked = payload.iter().zip(MASK.iter().cycle());
        frame.extend(masked.map(|(byte, mask)| byte ^ mask));
        frame
    }

    pub(crate) async fn sends(&mut self, first: u8, payload: &[u8]) {
        let frame = Self::frame(first, payload);
        let sent = async {
            self.stream.write_all(&frame).await?;
            self.stream.flush().await
        };
        soon("a place for a frame", sent).await.unwrap();
    }

    /// The next frame of the server: its first byte and its payload.
    pub(crate) async fn hears(&mut self) -> (u8, Vec<u8>) {
        soon("a frame", async {
            let first = self.stream.read_u8().await.unwrap();
            let len = match self.stream.read_u8().await.unwrap() {
                126 => u64::from(self.stream.read_u16().await.unwrap()),
                127 => self.stream.read_u64().await.unwrap(),
                len => u64::from(len),
            };
            let mut payload = vec![0; usize::try_from(len).unwrap()];
            self.stream.read_exact(&mut payload).await.unwrap();
            (first, payload)
        })
        .await
    }

    /// The server closes the socket, and says nothing before.
    pub(crate) async fn ends(&mut self) {
        let mut rest = Vec::new();
        soon("the end of a socket", self.stream.read_to_end(&mut rest))
            .await
            .unwrap();
        assert_eq!(rest, b"");
    }
}
