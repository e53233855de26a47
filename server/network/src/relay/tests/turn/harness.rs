use std::net::SocketAddr;
use std::time::Duration;

use md5::{Digest, Md5};

use crate::packet::dissect;
use crate::relay::credentials::Credentials;
use crate::relay::five_tuple::{FiveTuple, Protocol};
use crate::relay::known::Session;
use crate::relay::message::{Writer, attribute};
use crate::relay::quota::Limits;
use crate::relay::turn::{Action, Ports, REALM, Secrets, Turn};

pub(super) const ALLOCATE: u16 = 3;
pub(super) const REFRESH: u16 = 4;
pub(super) const SEND: u16 = 6;
pub(super) const CREATE_PERMISSION: u16 = 8;
pub(super) const CHANNEL_BIND: u16 = 9;

pub(super) fn at(endpoint: &str) -> SocketAddr {
    endpoint.parse().expect("the test's endpoints are good")
}

/// Ports at 192.0.2.2, from 50000 on; a socket is its number.
pub(super) struct Numbers {
    next: u16,
}

impl Ports for Numbers {
    type Socket = u16;

    fn open(&mut self, _client: SocketAddr, is_ipv4: bool) -> Option<(SocketAddr, u16)> {
        let port = self.next;
        self.next += 1;
        is_ipv4.then(|| (SocketAddr::new([192, 0, 2, 2].into(), port), port))
    }
}

pub(super) struct Server {
    pub(super) turn: Turn<Numbers>,
    pub(super) now: Duration,
    sessions: u128,
    transactions: u128,
}

/// A client of a session.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) protocol: Protocol,
    pub(super) address: SocketAddr,
    pub(super) session: Session,
    pub(super) credentials: Credentials,
    pub(super) nonce: Vec<u8>,
}

impl Client {
    pub(super) fn tuple(&self) -> FiveTuple {
        match self.protocol {
            Protocol::Udp => FiveTuple::udp(self.address),
            Protocol::Tcp => FiveTuple::tcp(self.address),
        }
    }
}

pub(super) fn limits() -> Limits {
    Limits {
        allocations_per_session: 2,
        allocations_per_address: 3,
        allocations: 5,
        bytes_per_second: 10_000,
        bytes_per_second_in_all: 30_000,
        lifetime: Duration::from_secs(3600),
        credentials: Duration::from_secs(600),
        answers_per_second: 1,
        answer_burst: 1000,
    }
}

impl Server {
    pub(super) fn start() -> Self {
        Self::with(limits())
    }

    pub(super) fn with(limits: Limits) -> Self {
        let secrets = Secrets {
            credentials: [1; 32],
            nonces: [2; 32],
            seed: 3,
        };
        let mut turn = Turn::new(Numbers { next: 50_000 }, limits, secrets, vec![8000]);
        turn.set_machine(vec![at("192.0.2.2:0").ip()]);
        Self {
            turn,
            now: Duration::from_secs(1_800_000_000),
            sessions: 0,
            transactions: 0,
        }
    }

    /// A client that signals, and asks from this port.
    pub(super) fn client(&mut self, address: &str) -> Client {
        self.client_over(Protocol::Udp, address)
    }

    pub(super) fn client_over(&mut self, protocol: Protocol, address: &str) -> Client {
        let address = at(address);
        self.sessions += 1;
        let session = Session::new(self.sessions);
        assert!(self.turn.enter(session, address.ip(), None));
        let credentials = self.turn.credentials(self.now, session);
        let mut client = Client {
            protocol,
            address,
            session,
            credentials: credentials.expect("a session has a good name"),
            nonce: Vec::new(),
        };
        self.challenge(&mut client);
        client
    }

    /// A client that has a relayed port, and which one.
    pub(super) fn with_port(&mut self, address: &str) -> (Client, SocketAddr) {
        self.with_port_over(Protocol::Udp, address)
    }

    pub(super) fn with_port_over(
        &mut self,
        protocol: Protocol,
        address: &str,
    ) -> (Client, SocketAddr) {
        let client = self.client_over(protocol, address);
        let answer = self.asks(&client, ALLOCATE, udp);
        let relayed = answer.split("relayed at ").nth(1).expect("it gets a port");
        let relayed = relayed.split(',').next().unwrap_or_default();
        (client, at(relayed))
    }

    /// Asks for a nonce.
    pub(super) fn challenge(&mut self, client: &mut Client) {
        let transaction = self.transaction();
        let request = udp(Writer::new(0, ALLOCATE, &transaction)).finish();
        let answer = self
            .answer_to(client.tuple(), &request)
            .expect("a challenge");
        let at = answer.len() - 16;
        client.nonce = answer[at..].to_vec();
    }

    /// What is answered to a request with good credentials.
    pub(super) fn asks(
        &mut self,
        client: &Client,
        method: u16,
        with: impl FnOnce(Writer) -> Writer,
    ) -> String {
        let request = self.request(client, method, with);
        self.summary(client.tuple(), &request)
    }

    pub(super) fn request(
        &mut self,
        client: &Client,
        method: u16,
        with: impl FnOnce(Writer) -> Writer,
    ) -> Vec<u8> {
        let transaction = self.transaction();
        let Credentials { username, password } = &client.credentials;
        let key = Md5::digest(format!("{username}:{REALM}:{password}"));
        with(Writer::new(0, method, &transaction))
            .attribute(attribute::USERNAME, username.as_bytes())
            .attribute(attribute::REALM, REALM.as_bytes())
            .attribute(attribute::NONCE, &client.nonce)
            .signed(&key)
            .finish()
    }

    fn transaction(&mut self) -> [u8; 16] {
        self.transactions += 1;
        let mut bytes = self.transactions.to_be_bytes();
        bytes[..4].copy_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
        bytes
    }

    /// What is answered to a datagram.
    pub(super) fn answer(&mut self, from: SocketAddr, packet: &[u8]) -> Option<Vec<u8>> {
        self.answer_to(FiveTuple::udp(from), packet)
    }

    pub(super) fn answer_to(&mut self, from: FiveTuple, packet: &[u8]) -> Option<Vec<u8>> {
        match self.turn.from_client(self.now, from, packet) {
            Action::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    pub(super) fn summary(&mut self, from: FiveTuple, packet: &[u8]) -> String {
        self.answer_to(from, packet).map_or_else(
            || "nothing".to_owned(),
            |answer| dissect(&answer, &[]).summary,
        )
    }

    /// What comes of data for a peer.
    pub(super) fn sends(&mut self, client: &Client, peer: SocketAddr, data: &[u8]) -> Action<u16> {
        let transaction = self.transaction();
        let packet = Writer::new(1, SEND, &transaction)
            .address(attribute::XOR_PEER_ADDRESS, peer)
            .attribute(attribute::DATA, data)
            .finish();
        self.turn.from_client(self.now, client.tuple(), &packet)
    }

    pub(super) fn sends_in_channel(
        &mut self,
        client: &Client,
        channel: u16,
        data: &[u8],
    ) -> Action<u16> {
        let length = data.len() as u16;
        let packet = [&channel.to_be_bytes()[..], &length.to_be_bytes(), data].concat();
        self.turn.from_client(self.now, client.tuple(), &packet)
    }

    /// Permits each to the other.
    pub(super) fn introduce(&mut self, a: &(Client, SocketAddr), b: &(Client, SocketAddr)) {
        for (one, other) in [(a, b), (b, a)] {
            let answer = self.asks(&one.0, CREATE_PERMISSION, |request| peer(request, other.1));
            assert_eq!(answer, "CreatePermission success");
        }
    }

    pub(super) fn passes(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.turn.sweep(self.now);
    }
}

pub(super) fn udp(request: Writer) -> Writer {
    request.attribute(attribute::REQUESTED_TRANSPORT, &[17, 0, 0, 0])
}

pub(super) fn nothing(request: Writer) -> Writer {
    request
}

pub(super) fn peer(request: Writer, peer: SocketAddr) -> Writer {
    request.address(attribute::XOR_PEER_ADDRESS, peer)
}

pub(super) fn channel(request: Writer, number: u16, to: SocketAddr) -> Writer {
    let [high, low] = number.to_be_bytes();
    peer(request, to).attribute(attribute::CHANNEL_NUMBER, &[high, low, 0, 0])
}

/// A Binding request of whoever is at an address.
pub(super) fn binding() -> Vec<u8> {
    Writer::new(0, 1, b"\x21\x12\xa4\x42transaction!").finish()
}
