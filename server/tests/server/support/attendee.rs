//! A page that takes part in a workshop. It waits for what must come, and passes over what it is told besides.

use std::collections::HashSet;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::soon;

pub(crate) struct Attendee {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What it was told of itself last.
    you: Value,
    /// The types of all that it was told.
    heard: HashSet<String>,
}

impl Attendee {
    /// Opens the WebSocket as a page of this origin does, at a path with this query.
    pub(crate) async fn connect(
        address: SocketAddr,
        origin: &str,
        query: &str,
    ) -> Result<Self, Error> {
        let url = format!("ws://{address}/workshop/attend{query}");
        let mut request = url.into_client_request()?;
        if !origin.is_empty() {
            request.headers_mut().insert("origin", origin.parse()?);
        }
        let (socket, _) = soon("a WebSocket", connect_async(request)).await?;
        Ok(Self {
            socket,
            you: Value::Null,
            heard: HashSet::new(),
        })
    }

    /// A page of the book.
    pub(crate) async fn page(address: SocketAddr) -> Self {
        let origin = format!("http://{address}");
        Self::connect(address, &origin, "").await.unwrap()
    }

    /// Somebody new comes.
    pub(crate) async fn comes(address: SocketAddr) -> Self {
        Self::comes_with(address, Value::Null).await
    }

    /// Whoever has this ticket comes.
    pub(crate) async fn comes_with(address: SocketAddr, ticket: Value) -> Self {
        let mut page = Self::page(address).await;
        page.says(json!({"type": "hello", "ticket": ticket, "name": null, "shares": true}))
            .await;
        page.hears("you").await;
        page
    }

    pub(crate) async fn says(&mut self, message: Value) {
        self.sends(Message::text(message.to_string())).await;
    }

    pub(crate) async fn sends(&mut self, message: Message) {
        let sent = soon("a place for a message", self.socket.send(message));
        sent.await.unwrap();
    }

    /// Says it, unless the connection has ended.
    pub(crate) async fn says_or_ends(&mut self, message: Value) {
        // The next message that is awaited tells.
        let _ = self.socket.send(Message::text(message.to_string())).await;
    }

    /// The next message of this type.
    pub(crate) async fn hears(&mut self, kind: &str) -> Value {
        loop {
            let message = soon(kind, self.socket.next()).await;
            let text = match message.unwrap().unwrap() {
                Message::Text(text) => text,
                Message::Ping(_) => continue,
                other => panic!("{other:?} instead of {kind}"),
            };
            let message: Value = serde_json::from_str(&text).unwrap();
            let told = message["type"].as_str().unwrap_or_default();
            self.heard.insert(told.to_owned());
            if message["type"] == "you" {
                self.you = message.clone();
            }
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Waits until it is told this of itself.
    pub(crate) async fn is(&mut self, what: impl Fn(&Value) -> bool) {
        while !what(&self.you) {
            self.hears("you").await;
        }
    }

    /// Waits until its pair has so many members.
    pub(crate) async fn has_pair_of(&mut self, members: usize) {
        let count = |you: &Value| you["pair"]["members"].as_array().map_or(0, Vec::len);
        self.is(|you| count(you) == members).await;
    }

    /// Whether a message of this type was among those that it has read.
    pub(crate) fn has_heard(&self, kind: &str) -> bool {
        self.heard.contains(kind)
    }

    /// The words of its pair.
    pub(crate) fn pair(&self) -> String {
        self.you["pair"]["name"].as_str().unwrap().to_owned()
    }

    pub(crate) fn you(&self) -> &Value {
        &self.you
    }

    /// What its browser keeps.
    pub(crate) fn ticket(&self) -> Value {
        self.you["ticket"].clone()
    }

    /// The same as it stands in the address of a WebSocket for signaling.
    pub(crate) fn path(&self) -> String {
        format!("/?ticket={}", self.you["ticket"].as_str().unwrap())
    }

    /// It is refused what it asked for; returns how.
    pub(crate) async fn is_refused(&mut self) -> String {
        let refused = self.hears("refused").await;
        assert!(
            refused["words"].as_str().unwrap().ends_with('.'),
            "{refused}"
        );
        refused["code"].as_str().unwrap().to_owned()
    }

    /// The server closes the connection; returns with which code and reason.
    pub(crate) async fn is_closed(&mut self) -> (CloseCode, String) {
        loop {
            match soon("the end", self.socket.next()).await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code, frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("{other:?} instead of a close"),
            }
        }
    }
}
