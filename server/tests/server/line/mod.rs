//! Lines over real sockets: a page's requests, and two peers that check each other as ICE does.
//!
//! - `carrying`: whose packets pass
//! - `conditions`: what becomes of them
//! - `asking`: what pages may ask for, and who may ask
//! - `bounds`: how many, how much and how long
//! - `packets`: which of them can be looked at

mod asking;
mod bounds;
mod carrying;
mod conditions;
mod packets;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use rtc::crypto;
use rtc::stun::attributes::ATTR_USERNAME;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, Message, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio::time::sleep;

use crate::support::{Server, http, soon};

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A line as the page that opened it knows it.
struct Line<'s> {
    server: &'s Server,
    path: String,
    a: SocketAddr,
    b: SocketAddr,
}

impl<'s> Line<'s> {
    async fn open(server: &'s Server, opening: &Value) -> Self {
        Self::open_with(server, &[], opening).await
    }

    async fn open_with(server: &'s Server, headers: &[(&str, &str)], opening: &Value) -> Self {
        let answer = http::post(server, "/line", headers, &opening.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let opened: Value = serde_json::from_str(answer.text()).unwrap();
        let path = format!("/line/{}", opened["id"].as_str().unwrap());
        Self {
            server,
            path,
            a: endpoint(&opened["a"]),
            b: endpoint(&opened["b"]),
        }
    }

    /// How it is now.
    async fn look(&self) -> Value {
        let answer = http::get(self.server, &self.path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_str(answer.text()).unwrap()
    }

    /// How it is when it is as a test wants it.
    async fn is(&self, what: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let waiting = async {
            loop {
                let now = self.look().await;
                if condition(&now) {
                    return now;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        soon(what, waiting).await
    }

    /// What of it is to be different.
    async fn order(&mut self, order: Value) -> Value {
        let body = order.to_string();
        let answer = http::exchange(self.server, "PATCH", &self.path, &[], &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let now: Value = serde_json::from_str(answer.text()).unwrap();
        self.a = endpoint(&now["a"]);
        self.b = endpoint(&now["b"]);
        now
    }

    async fn delete(&self) -> u16 {
        http::request(self.server, "DELETE", &self.path, &[])
            .await
            .status
    }
}

fn endpoint(end: &Value) -> SocketAddr {
    let address = end["address"].as_str().unwrap().parse().unwrap();
    let port = u16::try_from(end["port"].as_u64().unwrap()).unwrap();
    SocketAddr::new(address, port)
}

/// A peer, as far as a line can tell.
pub(crate) struct Peer {
    pub(crate) socket: UdpSocket,
    ufrag: String,
    password: String,
}

impl Peer {
    pub(crate) async fn new(name: &str) -> Self {
        Self::at(LOCALHOST, name).await
    }

    pub(crate) async fn at(address: IpAddr, name: &str) -> Self {
        Self {
            socket: UdpSocket::bind((address, 0)).await.unwrap(),
            ufrag: format!("{name}{name}{name}{name}"),
            password: format!("{name}ThePasswordOfThatPeer"),
        }
    }

    fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// What its description says.
    pub(crate) fn credentials(&self) -> Value {
        json!({ "ufrag": self.ufrag, "password": self.password })
    }

    /// Checks whether the other is there.
    pub(crate) async fn check(&self, other: &Self, port: SocketAddr) -> Vec<u8> {
        let check = self.check_of(other);
        self.send(port, &check).await;
        check
    }

    /// The check alone.
    pub(crate) fn check_of(&self, other: &Self) -> Vec<u8> {
        let provider = crypto::default_provider().unwrap();
        let username = format!("{}:{}", other.ufrag, self.ufrag);
        let password = other.password.clone().into_bytes();
        let setters: Vec<Box<dyn Setter + '_>> = vec![
            Box::new(TransactionId::new()),
            Box::new(BINDING_REQUEST),
            Box::new(TextAttribute::new(ATTR_USERNAME, username)),
            Box::new(MessageIntegrity::new_raw_integrity_with_provider(
                password,
                provider.crypto(),
            )),
        ];
        let mut message = Message::new();
        message.build(&setters).unwrap();
        message.raw
    }

    pub(crate) async fn send(&self, port: SocketAddr, packet: &[u8]) {
        self.socket.send_to(packet, port).await.unwrap();
    }

    async fn receive(&self) -> (Vec<u8>, SocketAddr) {
        let mut buffer = [0; 3_000];
        let received = soon("a packet of a line", self.socket.recv_from(&mut buffer));
        let (length, from) = received.await.unwrap();
        (buffer[..length].to_vec(), from)
    }

    async fn hears(&self, packet: &[u8]) {
        let (received, _) = self.receive().await;
        assert_eq!(
            String::from_utf8_lossy(&received),
            String::from_utf8_lossy(packet)
        );
    }
}

/// Two peers on a line that is told of both, each end of which belongs to one of them.
async fn connected<'s>(server: &'s Server, mut opening: Value) -> (Line<'s>, Peer, Peer) {
    let (a, b) = (Peer::new("a").await, Peer::new("b").await);
    opening["credentials"] = json!({ "a": a.credentials(), "b": b.credentials() });
    let line = Line::open(server, &opening).await;
    meet(&line, &a, &b).await;
    (line, a, b)
}

/// The first check finds nobody at the other end, the second belongs to that end and finds the first.
async fn meet(line: &Line<'_>, a: &Peer, b: &Peer) {
    a.check(b, line.a).await;
    line.is("A's end", |now| now["a"]["locked"] == true).await;
    let check = b.check(a, line.b).await;
    assert_eq!(a.receive().await, (check, line.a));
}
