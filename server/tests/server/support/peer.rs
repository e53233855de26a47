//! A signaling client. It can tell that a frame did *not* come without waiting for nothing: frames arrive in order,
//! so it sends itself one and expects to hear just that.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use quickconnect::protocol::PING;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::tls::Trusted;
use super::{Server, soon};

/// What a WebSocket is spoken over: TCP, or TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) struct Peer {
    socket: WebSocketStream<Box<dyn Stream>>,
    /// What it announces itself as.
    id: String,
    /// What the server said first.
    greeting: String,
}

impl Peer {
    /// Connects, and hears the greeting.
    pub(crate) async fn connect(server: &Server, id: &str) -> Self {
        let mut peer = Self::connect_at(server, "/", id).await.unwrap();
        peer.hears_greeting().await;
        peer
    }

    /// Connects to a server of another process, and hears nothing yet.
    pub(crate) async fn connect_to(address: SocketAddr, id: &str) -> Result<Self, Error> {
        Self::request(format!("ws://{address}/").into_client_request()?, id).await
    }

    /// Connects to a path of the server, and hears nothing yet.
    pub(crate) async fn connect_at(server: &Server, path: &str, id: &str) -> Result<Self, Error> {
        let url = format!("ws://{}{path}", server.address);
        let stream = soon("a connection", server.way().connect()).await?;
        Self::over(Box::new(stream), url.into_client_request()?, id).await
    }

    /// Connects as the frame of a demo does: with the origin of every sandboxed frame, and with the proof that it is this book's.
    pub(crate) async fn connect_as_frame(server: &Server, id: &str) -> Self {
        let headers = [("origin", "null")];
        let path = format!("/?{}", server.proof());
        let connecting = Self::connect_at_with(server, &path, &headers, id);
        let mut peer = connecting.await.unwrap();
        peer.hears_greeting().await;
        peer
    }

    /// Connects with headers as a page or a proxy sends them, and hears nothing yet.
    pub(crate) async fn connect_with(
        server: &Server,
        headers: &[(&'static str, &str)],
        id: &str,
    ) -> Result<Self, Error> {
        Self::connect_at_with(server, "/", headers, id).await
    }

    /// The same at a path of the server.
    pub(crate) async fn connect_at_with(
        server: &Server,
        path: &str,
        headers: &[(&'static str, &str)],
        id: &str,
    ) -> Result<Self, Error> {
        let url = format!("ws://{}{path}", server.address);
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        Self::request(request, id).await
    }

    /// Connects over TLS, with headers as a page sends them, and hears the greeting.
    pub(crate) async fn connect_over_tls(
        server: &Server,
        trusted: &Trusted,
        headers: &[(&'static str, &str)],
        id: &str,
    ) -> Self {
        let connecting = Self::connect_over_tls_at(server, trusted, "/", headers, id);
        let mut peer = connecting.await.unwrap();
        peer.hears_greeting().await;
        peer
    }

    /// The same at a path of the server, and hears nothing yet.
    pub(crate) async fn connect_over_tls_at(
        server: &Server,
        trusted: &Trusted,
        path: &str,
        headers: &[(&'static str, &str)],
        id: &str,
    ) -> Result<Self, Error> {
        let stream = trusted.connect(server.address).await?;
        let url = format!("wss://localhost:{}{path}", server.address.port());
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        Self::over(Box::new(stream), request, id).await
    }

    /// Connects over a stream that is connected already, with the `Host` of this address, and hears nothing yet.
    pub(crate) async fn connect_over(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        url: &str,
        id: &str,
    ) -> Result<Self, Error> {
        Self::connect_over_with(stream, url, &[], id).await
    }

    /// The same with headers as a proxy sends them.
    pub(crate) async fn connect_over_with(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        url: &str,
        headers: &[(&'static str, &str)],
        id: &str,
    ) -> Result<Self, Error> {
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        Self::over(Box::new(stream), request, id).await
    }

    async fn request(request: Request, id: &str) -> Result<Self, Error> {
        let address = request.uri().authority().unwrap().as_str();
        let stream = soon("a connection", TcpStream::connect(address)).await?;
        Self::over(Box::new(stream), request, id).await
    }

    async fn over(stream: Box<dyn Stream>, request: Request, id: &str) -> Result<Self, Error> {
        let (socket, _) = soon("a WebSocket", client_async(request, stream)).await?;
        let id = id.to_owned();
        let greeting = String::new();
        Ok(Self {
            socket,
            id,
            greeting,
        })
    }

    /// Connects, announces itself, and hears that it is in the room with so many members.
    pub(crate) async fn join(server: &Server, id: &str, room: &str, member_count: usize) -> Self {
        let mut peer = Self::connect(server, id).await;
        peer.announce(room).await;
        peer.hears_room_info(member_count).await;
        peer
    }

    pub(crate) async fn announce(&mut self, room: &str) {
        let frame = self.announcement(room);
        self.says(&frame).await;
    }

    /// The frame by which it announces itself.
    pub(crate) fn announcement(&self, room: &str) -> String {
        let id = &self.id;
        format!(r#"/announce|{id}|{{"browser":"test","id":"{id}","room":"{room}"}}"#)
    }

    /// What the others hear when it is gone.
    pub(crate) fn leave(&self) -> String {
        let id = &self.id;
        format!(r#"/leave|{id}|{{"id":"{id}"}}"#)
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.sends(Message::text(text)).await;
    }

    pub(crate) async fn sends(&mut self, message: Message) {
        soon("a place for a frame", self.socket.send(message))
            .await
            .unwrap();
    }

    /// The next text frame is exactly this one.
    pub(crate) async fn hears(&mut self, expected: &str) {
        assert_eq!(self.next_text().await, expected);
    }

    /// The first frame of a server.
    pub(crate) async fn hears_greeting(&mut self) {
        self.greeting = self.next_text().await;
        assert!(
            self.greeting.starts_with(r#"primus::hello|{"resume":"#),
            "{}",
            self.greeting
        );
    }

    /// What the server said first.
    pub(crate) fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Says the greeting that another connection got: it proves that the other's id is its own.
    pub(crate) async fn resumes(&mut self, other: &Self) {
        self.says(&other.greeting).await;
    }

    pub(crate) async fn hears_room_info(&mut self, member_count: usize) {
        self.hears(&format!(r#"/roominfo|{{"memberCount":{member_count}}}"#))
            .await;
    }

    /// The next text frame is an error with this code; returns its message.
    pub(crate) async fn hears_error(&mut self, code: &str) -> String {
        let text = self.next_text().await;
        let json = text.strip_prefix("/error|").expect(&text);
        let json: Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["code"], code, "{json}");
        json["message"].as_str().unwrap().to_owned()
    }

    /// Nothing has come, and nothing that the server has handled so far will.
    pub(crate) async fn hears_nothing(&mut self) {
        let id = &self.id;
        let mark = format!("/to|{id}|/mark|{id}");
        self.says(&mark).await;
        self.hears(&mark).await;
    }

    pub(crate) async fn hears_pong(&mut self, payload: &'static str) {
        assert_eq!(self.next().await, Some(Message::Pong(payload.into())));
    }

    /// The next text frame is exactly this one, however many pings come before it.
    pub(crate) async fn hears_text_between_pings(&mut self, expected: &str) {
        let text = soon(expected, self.next_text_between_pings()).await;
        assert_eq!(text, expected);
    }

    /// The next text frame. Pings before it are answered, and their text is passed over.
    pub(crate) async fn next_text_between_pings(&mut self) -> String {
        loop {
            match self.next().await {
                Some(Message::Text(text)) if text == PING => {}
                Some(Message::Text(text)) => return text.to_string(),
                Some(Message::Ping(_)) => {}
                other => panic!("{} heard {other:?} instead of text", self.id),
            }
        }
    }

    /// Answers a ping, or says that none came.
    pub(crate) async fn answers_a_ping_within(&mut self, time: Duration) -> bool {
        let message = tokio::time::timeout(time, self.socket.next()).await;
        matches!(message, Ok(Some(Ok(Message::Ping(_)))))
    }

    /// Waits for so many pings, each with its text. Every one of them is answered.
    pub(crate) async fn answers_pings(&mut self, count: usize) {
        for _ in 0..count {
            let message = self.next().await;
            assert_eq!(message, Some(Message::Ping(Bytes::new())));
            self.hears(PING).await;
        }
    }

    /// The server closes the connection; returns with which code.
    pub(crate) async fn is_closed(&mut self) -> CloseCode {
        self.is_closed_with_reason().await.0
    }

    /// The same with its reason.
    pub(crate) async fn is_closed_with_reason(&mut self) -> (CloseCode, String) {
        loop {
            match self.next().await {
                Some(Message::Close(Some(frame))) => return (frame.code, frame.reason.to_string()),
                Some(Message::Close(None)) | None => {
                    panic!("{} was closed without a reason", self.id)
                }
                Some(_) => {}
            }
        }
    }

    /// Closes as a browser does, and waits for the server's answer.
    pub(crate) async fn closes(mut self) {
        self.socket.close(None).await.unwrap();
        while self.next().await.is_some() {}
    }

    /// Is gone without a word, as a tab that is killed.
    pub(crate) fn vanishes(self) {
        drop(self);
    }

    /// The next text frame, unless the connection has ended.
    pub(crate) async fn next_text_or_end(&mut self) -> Option<String> {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => Some(text.to_string()),
            _ => None,
        }
    }

    /// Hears a text or answers a ping, however long that takes; false if the connection has ended.
    pub(crate) async fn next_text_or_ping(&mut self) -> bool {
        let message = self.socket.next().await;
        matches!(message, Some(Ok(Message::Text(_) | Message::Ping(_))))
    }

    /// Says it, unless the connection has ended.
    pub(crate) async fn says_or_ends(&mut self, text: &str) {
        // The next frame that is awaited tells.
        let _ = self.socket.send(Message::text(text)).await;
    }

    pub(crate) async fn next_text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("{} heard {other:?} instead of text", self.id),
        }
    }

    pub(crate) async fn next(&mut self) -> Option<Message> {
        soon("a frame", self.socket.next()).await?.ok()
    }
}
