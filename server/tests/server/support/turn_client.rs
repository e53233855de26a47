//! A TURN client on a real socket, over UDP or TCP, made with the messages of another implementation of STUN than the server's.
//!
//! May import: rtc, tokio.

use std::net::{IpAddr, SocketAddr};

use quickconnect::protocol::IceServer;
use rtc::crypto;
use rtc::stun::attributes::{ATTR_NONCE, ATTR_REALM, ATTR_USERNAME};
use rtc::stun::error_code::ErrorCodeAttribute;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{
    BINDING_REQUEST, CLASS_INDICATION, CLASS_REQUEST, CLASS_SUCCESS_RESPONSE, Getter,
    METHOD_ALLOCATE, METHOD_CHANNEL_BIND, METHOD_CREATE_PERMISSION, METHOD_DATA, METHOD_REFRESH,
    METHOD_SEND, Message, MessageType, Method, Setter, TransactionId,
};
use rtc::stun::textattrs::TextAttribute;
use rtc::stun::xoraddr::XorMappedAddress;
use rtc::turn::proto::channum::ChannelNumber;
use rtc::turn::proto::data::Data;
use rtc::turn::proto::peeraddr::PeerAddress;
use rtc::turn::proto::relayaddr::RelayedAddress;
use rtc::turn::proto::reqfamily::REQUESTED_FAMILY_IPV6;
use rtc::turn::proto::reqtrans::RequestedTransport;
use tokio::net::{TcpStream, UdpSocket};

use super::soon;

/// By what it reaches the server.
pub(crate) trait Link {
    async fn send(&self, server: SocketAddr, packet: &[u8]);
    /// The next packet of the server.
    async fn next(&self, server: SocketAddr) -> Vec<u8>;
}

impl Link for UdpSocket {
    async fn send(&self, server: SocketAddr, packet: &[u8]) {
        self.send_to(packet, server).await.unwrap();
    }

    async fn next(&self, server: SocketAddr) -> Vec<u8> {
        let mut buffer = [0; 2000];
        let (length, from) = soon("a packet of the relay", self.recv_from(&mut buffer))
            .await
            .unwrap();
        assert_eq!(from, server);
        buffer[..length].to_vec()
    }
}

impl Link for TcpStream {
    async fn send(&self, _: SocketAddr, packet: &[u8]) {
        let padding = packet.len().next_multiple_of(4) - packet.len();
        let packet = [packet, &vec![0; padding]].concat();
        let mut rest = &packet[..];
        while !rest.is_empty() {
            soon("a place", self.writable()).await.unwrap();
            let written = self.try_write(rest).unwrap_or(0);
            rest = &rest[written..];
        }
    }

    async fn next(&self, _: SocketAddr) -> Vec<u8> {
        let head = read(self, 4).await;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let rest = match head[0] {
            ..0x40 => 16 + length,
            _ => length.next_multiple_of(4),
        };
        [head, read(self, rest).await].concat()
    }
}

async fn read(stream: &TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        soon("bytes of the relay", stream.readable()).await.unwrap();
        if let Ok(more) = stream.try_read(&mut bytes[filled..]) {
            assert!(more > 0, "the relay has closed the connection");
            filled += more;
        }
    }
    bytes
}

pub(crate) struct TurnClient<L = UdpSocket> {
    pub(crate) socket: L,
    server: SocketAddr,
    username: String,
    credential: String,
    realm: String,
    nonce: String,
}

impl TurnClient<UdpSocket> {
    /// Over UDP, with credentials that were given.
    pub(crate) async fn new(server: SocketAddr, given: &IceServer) -> Self {
        let any = SocketAddr::new(server.ip(), 0);
        let socket = UdpSocket::bind(any).await.unwrap();
        Self::with_link(socket, server, given)
    }
}

impl TurnClient<TcpStream> {
    /// Over TCP.
    pub(crate) async fn connect(server: SocketAddr, given: &IceServer) -> Self {
        let socket = TcpStream::connect(server).await.unwrap();
        socket.set_nodelay(true).unwrap();
        Self::with_link(socket, server, given)
    }
}

impl<L: Link> TurnClient<L> {
    pub(crate) fn with_link(socket: L, server: SocketAddr, given: &IceServer) -> Self {
        Self {
            socket,
            server,
            username: given.username.clone(),
            credential: given.credential.clone(),
            realm: String::new(),
            nonce: String::new(),
        }
    }

    /// These credentials at the socket of another client.
    pub(crate) fn with_socket_of(self, other: Self) -> Self {
        let nonce = String::new();
        Self {
            socket: other.socket,
            nonce,
            ..self
        }
    }

    /// Other credentials at this socket.
    pub(crate) fn with_credentials(self, given: &IceServer) -> Self {
        Self {
            username: given.username.clone(),
            credential: given.credential.clone(),
            nonce: String::new(),
            ..self
        }
    }

    /// The address that the server sees.
    pub(crate) async fn binding(&self) -> SocketAddr {
        let answer = self.exchange(vec![Box::new(BINDING_REQUEST)]).await;
        let mut mapped = XorMappedAddress::default();
        mapped.get_from(&answer).unwrap();
        SocketAddr::new(mapped.ip, mapped.port)
    }

    /// A relayed port.
    pub(crate) async fn allocate(&mut self) -> Result<SocketAddr, u16> {
        self.allocate_where(Vec::new).await
    }

    /// One of IPv6.
    pub(crate) async fn allocate_of_ipv6(&mut self) -> Result<SocketAddr, u16> {
        self.allocate_where(|| vec![Box::new(REQUESTED_FAMILY_IPV6)])
            .await
    }

    async fn allocate_where(
        &mut self,
        more: fn() -> Vec<Box<dyn Setter>>,
    ) -> Result<SocketAddr, u16> {
        let wanted = || {
            let protocol = rtc::turn::proto::PROTO_UDP;
            let mut wanted = more();
            wanted.push(Box::new(RequestedTransport { protocol }));
            wanted
        };
        let answer = self.request(METHOD_ALLOCATE, wanted).await?;
        let mut relayed = RelayedAddress::default();
        relayed.get_from(&answer).unwrap();
        Ok(SocketAddr::new(relayed.ip, relayed.port))
    }

    pub(crate) async fn refresh(&mut self) -> Result<(), u16> {
        self.request(METHOD_REFRESH, Vec::new).await.map(drop)
    }

    pub(crate) async fn permit(&mut self, peer: SocketAddr) -> Result<(), u16> {
        let peer = || -> Vec<Box<dyn Setter>> { vec![Box::new(address(peer))] };
        self.request(METHOD_CREATE_PERMISSION, peer).await.map(drop)
    }

    pub(crate) async fn bind(&mut self, channel: u16, peer: SocketAddr) -> Result<(), u16> {
        let attributes = || -> Vec<Box<dyn Setter>> {
            vec![Box::new(ChannelNumber(channel)), Box::new(address(peer))]
        };
        self.request(METHOD_CHANNEL_BIND, attributes)
            .await
            .map(drop)
    }

    pub(crate) async fn send(&self, channel: u16, data: &[u8]) {
        let length = u16::try_from(data.len()).unwrap();
        let packet = [&channel.to_be_bytes()[..], &length.to_be_bytes(), data].concat();
        self.socket.send(self.server, &packet).await;
    }

    /// Sends to a peer without a channel.
    pub(crate) async fn send_to(&self, peer: SocketAddr, data: &[u8]) {
        let setters: [Box<dyn Setter>; 4] = [
            Box::new(TransactionId::new()),
            Box::new(MessageType::new(METHOD_SEND, CLASS_INDICATION)),
            Box::new(address(peer)),
            Box::new(Data(data.to_vec())),
        ];
        let mut message = Message::new();
        message.build(&setters).unwrap();
        self.socket.send(self.server, &message.raw).await;
    }

    /// What a peer sends next for which there is no channel, and who that is.
    pub(crate) async fn receive_from(&self) -> (SocketAddr, Vec<u8>) {
        loop {
            let packet = self.socket.next(self.server).await;
            let mut message = Message::new();
            let is_data = message.unmarshal_binary(&packet).is_ok()
                && message.typ == MessageType::new(METHOD_DATA, CLASS_INDICATION);
            if is_data {
                let (mut peer, mut data) = (PeerAddress::default(), Data::default());
                peer.get_from(&message).unwrap();
                data.get_from(&message).unwrap();
                return (SocketAddr::new(peer.ip, peer.port), data.0);
            }
        }
    }

    /// What comes in a channel next.
    pub(crate) async fn receive(&self) -> (u16, Vec<u8>) {
        let packet = self.socket.next(self.server).await;
        let [
            channel_high,
            channel_low,
            length_high,
            length_low,
            ref data @ ..,
        ] = packet[..]
        else {
            panic!("{packet:?}");
        };
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        let channel = u16::from_be_bytes([channel_high, channel_low]);
        (channel, data[..length].to_vec())
    }

    /// Asks for a nonce if it needs one. An error as its number.
    async fn request(
        &mut self,
        method: Method,
        attributes: impl Fn() -> Vec<Box<dyn Setter>>,
    ) -> Result<Message, u16> {
        let provider = crypto::default_provider().unwrap();
        for is_last in [false, true] {
            let kind = MessageType::new(method, CLASS_REQUEST);
            let mut setters: Vec<Box<dyn Setter + '_>> = vec![Box::new(kind)];
            for attribute in attributes() {
                setters.push(attribute);
            }
            if !self.nonce.is_empty() {
                setters.push(Box::new(TextAttribute::new(
                    ATTR_USERNAME,
                    self.username.clone(),
                )));
                setters.push(Box::new(TextAttribute::new(ATTR_REALM, self.realm.clone())));
                setters.push(Box::new(TextAttribute::new(ATTR_NONCE, self.nonce.clone())));
                let key = self.key();
                setters.push(Box::new(MessageIntegrity::new_raw_integrity_with_provider(
                    key,
                    provider.crypto(),
                )));
            }
            let mut answer = self.exchange(setters).await;
            if answer.typ.class == CLASS_SUCCESS_RESPONSE {
                MessageIntegrity::check(&mut answer, &self.key(), provider.crypto()).unwrap();
                return Ok(answer);
            }
            let mut error = ErrorCodeAttribute::default();
            error.get_from(&answer).unwrap();
            let is_challenge = error.code.0 == 401 && self.nonce.is_empty() || error.code.0 == 438;
            if is_last || !is_challenge {
                return Err(error.code.0);
            }
            self.realm = text(&answer, ATTR_REALM);
            self.nonce = text(&answer, ATTR_NONCE);
        }
        unreachable!("the last round returns");
    }

    fn key(&self) -> Vec<u8> {
        let provider = crypto::default_provider().unwrap();
        let [user, realm, password] =
            [&self.username, &self.realm, &self.credential].map(String::clone);
        MessageIntegrity::long_term_integrity_key(user, realm, password, provider.crypto()).unwrap()
    }

    async fn exchange(&self, setters: Vec<Box<dyn Setter + '_>>) -> Message {
        let mut message = Message::new();
        let id: Box<dyn Setter + '_> = Box::new(TransactionId::new());
        // The integrity is the last, and covers the transaction.
        let setters: Vec<_> = std::iter::once(id).chain(setters).collect();
        message.build(&setters).unwrap();
        self.socket.send(self.server, &message.raw).await;
        loop {
            let packet = self.socket.next(self.server).await;
            let mut answer = Message::new();
            if answer.unmarshal_binary(&packet).is_ok()
                && answer.transaction_id == message.transaction_id
            {
                return answer;
            }
        }
    }
}

fn address(peer: SocketAddr) -> PeerAddress {
    let ip: IpAddr = peer.ip();
    PeerAddress {
        ip,
        port: peer.port(),
    }
}

fn text(message: &Message, code: rtc::stun::attributes::AttrType) -> String {
    TextAttribute::get_from_as(message, code).unwrap().text
}
