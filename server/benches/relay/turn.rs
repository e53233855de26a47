//! What relaying costs: clients of TURN, over UDP, of which each two talk through their relayed ports.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rtc::crypto;
use rtc::stun::attributes::{ATTR_NONCE, ATTR_REALM, ATTR_USERNAME, AttrType};
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{
    CLASS_REQUEST, CLASS_SUCCESS_RESPONSE, Getter, METHOD_ALLOCATE, METHOD_CHANNEL_BIND, Message,
    MessageType, Method, Setter, TransactionId,
};
use rtc::stun::textattrs::TextAttribute;
use rtc::turn::proto::PROTO_UDP;
use rtc::turn::proto::channum::ChannelNumber;
use rtc::turn::proto::peeraddr::PeerAddress;
use rtc::turn::proto::relayaddr::RelayedAddress;
use rtc::turn::proto::reqtrans::RequestedTransport;
use serde_json::Value;

use crate::coturn;
use crate::measures::fetch;
use crate::subject::Subject;

/// Bytes of a message: what coturn's own client sends.
const BYTES: usize = 100;
/// The channel that each client binds.
const CHANNEL: u16 = 0x4000;
/// For a packet that was lost where none may be.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who a client is.
#[derive(Clone)]
pub(crate) struct Credentials {
    username: String,
    password: String,
}

impl Credentials {
    /// What a server of ours gives to a page.
    pub(crate) fn given_by(server: &Subject) -> Result<Self> {
        let request = "POST /ice HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\ncontent-length: 0\r\n\r\n";
        let answer: Value = serde_json::from_slice(&fetch(server, request)?)?;
        let said = |name: &str| {
            let text = answer["iceServers"][0][name].as_str();
            text.map(str::to_owned).context("credentials")
        };
        Ok(Self {
            username: said("username")?,
            password: said("credential")?,
        })
    }

    /// What coturn was started with.
    pub(crate) fn of_coturn() -> Self {
        let [username, password] = [coturn::USER, coturn::PASSWORD].map(str::to_owned);
        Self { username, password }
    }
}

/// A client with a relayed port.
struct Client {
    socket: UdpSocket,
    own: Credentials,
    realm: String,
    nonce: String,
    relayed: SocketAddr,
}

impl Client {
    fn allocate(server: SocketAddr, own: &Credentials) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(server)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let mut client = Self {
            socket,
            own: own.clone(),
            realm: String::new(),
            nonce: String::new(),
            relayed: server,
        };
        let transport = || -> Vec<Box<dyn Setter>> {
            vec![Box::new(RequestedTransport {
                protocol: PROTO_UDP,
            })]
        };
        let challenge = client.exchange(METHOD_ALLOCATE, transport())?;
        client.realm = text(&challenge, ATTR_REALM)?;
        client.nonce = text(&challenge, ATTR_NONCE)?;
        let answer = client.exchange(METHOD_ALLOCATE, transport())?;
        let mut relayed = RelayedAddress::default();
        relayed.get_from(&answer).context("a relayed port")?;
        client.relayed = SocketAddr::new(relayed.ip, relayed.port);
        Ok(client)
    }

    fn bind(&self, peer: SocketAddr) -> Result<()> {
        let (ip, port) = (peer.ip(), peer.port());
        let peer = PeerAddress { ip, port };
        let attributes: Vec<Box<dyn Setter>> =
            vec![Box::new(ChannelNumber(CHANNEL)), Box::new(peer)];
        let answer = self.exchange(METHOD_CHANNEL_BIND, attributes)?;
        ensure!(
            answer.typ.class == CLASS_SUCCESS_RESPONSE,
            "no channel: {answer}"
        );
        Ok(())
    }

    fn exchange(&self, method: Method, attributes: Vec<Box<dyn Setter>>) -> Result<Message> {
        let provider = crypto::default_provider().context("there is one")?;
        let mut setters: Vec<Box<dyn Setter + '_>> = vec![
            Box::new(TransactionId::new()),
            Box::new(MessageType::new(method, CLASS_REQUEST)),
        ];
        for attribute in attributes {
            setters.push(attribute);
        }
        if !self.nonce.is_empty() {
            let own = [
                (ATTR_USERNAME, &self.own.username),
                (ATTR_REALM, &self.realm),
                (ATTR_NONCE, &self.nonce),
            ];
            for (kind, text) in own {
                setters.push(Box::new(TextAttribute::new(kind, text.clone())));
            }
            let [user, realm, password] =
                [&self.own.username, &self.realm, &self.own.password].map(String::clone);
            let key = MessageIntegrity::long_term_integrity_key(
                user,
                realm,
                password,
                provider.crypto(),
            )?;
            setters.push(Box::new(MessageIntegrity::new_raw_integrity_with_provider(
                key,
                provider.crypto(),
            )));
        }
        let mut request = Message::new();
        request.build(&setters)?;
        self.socket.send(&request.raw)?;
        let mut buffer = [0; 1_000];
        let length = self.socket.recv(&mut buffer).context("an answer")?;
        let mut answer = Message::new();
        answer.unmarshal_binary(&buffer[..length])?;
        Ok(answer)
    }

    fn send(&self) -> Result<()> {
        let mut packet = [0; 4 + BYTES];
        packet[..2].copy_from_slice(&CHANNEL.to_be_bytes());
        packet[2..4].copy_from_slice(&(BYTES as u16).to_be_bytes());
        self.socket.send(&packet)?;
        Ok(())
    }

    fn receive(&self) -> Result<()> {
        let mut buffer = [0; 1_000];
        let length = self
            .socket
            .recv(&mut buffer)
            .context("a message was lost")?;
        ensure!(length == 4 + BYTES, "{length} bytes came");
        Ok(())
    }
}

fn text(message: &Message, kind: AttrType) -> Result<String> {
    Ok(TextAttribute::get_from_as(message, kind)?.text)
}

/// Two clients that have bound channels to each other.
fn pair(server: SocketAddr, own: &Credentials) -> Result<[Client; 2]> {
    let pair = [
        Client::allocate(server, own)?,
        Client::allocate(server, own)?,
    ];
    pair[0].bind(pair[1].relayed)?;
    pair[1].bind(pair[0].relayed)?;
    Ok(pair)
}

/// Messages per CPU second from one client to another.
pub(crate) fn messages(server: &Subject, own: &Credentials) -> Result<f64> {
    const PAIRS: usize = 10;
    const MESSAGES: usize = 200_000;
    const UNDER_WAY: usize = 50;
    let pairs: Result<Vec<_>> = (0..PAIRS).map(|_| pair(server.address, own)).collect();
    let pairs = pairs?;
    let before = server.cpu()?;
    for number in 0..MESSAGES + UNDER_WAY {
        if number < MESSAGES {
            pairs[number % PAIRS][0].send()?;
        }
        if let Some(number) = number.checked_sub(UNDER_WAY) {
            pairs[number % PAIRS][1].receive()?;
        }
    }
    Ok(MESSAGES as f64 / (server.cpu()? - before).as_secs_f64())
}

/// KiB of resident memory for each relayed port. Others have come before, and used up what was free.
pub(crate) fn memory(server: &Subject, own: &Credentials) -> Result<f64> {
    const BEFORE: usize = 500;
    const COUNT: usize = 3_000;
    let allocate = |count| -> Result<Vec<_>> {
        (0..count)
            .map(|_| Client::allocate(server.address, own))
            .collect()
    };
    let _others = allocate(BEFORE)?;
    let before = server.resident_kib()?;
    let _clients = allocate(COUNT)?;
    Ok((server.resident_kib()? - before) / COUNT as f64)
}

/// The time in which two clients get ports and channels, and a message passes, each way: the middle one of many.
pub(crate) fn opening(server: &Subject, own: &Credentials) -> Result<f64> {
    const ROUNDS: usize = 200;
    let (mut times, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let [a, b] = pair(server.address, own)?;
        a.send()?;
        b.receive()?;
        b.send()?;
        a.receive()?;
        times.push(began.elapsed());
        // The next one's port must not be that of a client whose relayed port is still there.
        kept.push([a, b]);
    }
    times.sort();
    Ok(times[ROUNDS / 2].as_secs_f64() * 1e3)
}
