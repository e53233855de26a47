//! A STUN server, and a TURN server for one user that lends an address and relays nothing.
//!
//! May import: rtc, tokio.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use rtc::crypto;
use rtc::stun::attributes::{ATTR_MESSAGE_INTEGRITY, ATTR_NONCE, ATTR_REALM};
use rtc::stun::error_code::CODE_UNAUTHORIZED;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{
    BINDING_SUCCESS, CLASS_ERROR_RESPONSE, CLASS_SUCCESS_RESPONSE, METHOD_ALLOCATE, METHOD_BINDING,
    METHOD_REFRESH, Message, MessageType, Setter,
};
use rtc::stun::textattrs::TextAttribute;
use rtc::stun::xoraddr::XorMappedAddress;
use rtc::turn::proto::lifetime::Lifetime;
use rtc::turn::proto::relayaddr::RelayedAddress;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

/// Whom it knows, and what it lends.
pub(crate) const USER: (&str, &str) = ("ann", "secret");
pub(crate) const LENT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), 4000);
const REALM: &str = "test";

/// A server that runs for as long as the test does.
pub(crate) struct Turn {
    pub(crate) address: SocketAddr,
    given_back: mpsc::UnboundedReceiver<()>,
}

impl Turn {
    pub(crate) async fn start() -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        let (sender, given_back) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut buffer = [0; 1500];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                let mut request = Message::new();
                request.unmarshal_binary(&buffer[..length]).unwrap();
                if request.typ.method == METHOD_REFRESH {
                    let _ = sender.send(());
                } else {
                    let response = response(&mut request, from);
                    socket.send_to(&response.raw, from).await.unwrap();
                }
            }
        });
        Self {
            address,
            given_back,
        }
    }

    /// Waits until the address is not needed any more.
    pub(crate) async fn is_given_back(&mut self) {
        super::soon("a refresh", self.given_back.recv())
            .await
            .unwrap();
    }
}

fn response(request: &mut Message, from: SocketAddr) -> Message {
    let id = Box::new(request.transaction_id);
    let mapped = Box::new(XorMappedAddress {
        ip: from.ip(),
        port: from.port(),
    });
    let allocate = |class| Box::new(MessageType::new(METHOD_ALLOCATE, class));
    let method = request.typ.method;
    let attributes: Vec<Box<dyn Setter>> = match method {
        METHOD_BINDING => vec![id, Box::new(BINDING_SUCCESS), mapped],
        METHOD_ALLOCATE if is_of_our_user(request) => vec![
            id,
            allocate(CLASS_SUCCESS_RESPONSE),
            mapped,
            Box::new(RelayedAddress {
                ip: LENT.ip(),
                port: LENT.port(),
            }),
            Box::new(Lifetime(Duration::from_secs(600))),
        ],
        _ => vec![
            id,
            allocate(CLASS_ERROR_RESPONSE),
            Box::new(CODE_UNAUTHORIZED),
            Box::new(TextAttribute::new(ATTR_NONCE, "nonce".to_owned())),
            Box::new(TextAttribute::new(ATTR_REALM, REALM.to_owned())),
        ],
    };
    let mut response = Message::new();
    response.build(&attributes).unwrap();
    response
}

fn is_of_our_user(request: &mut Message) -> bool {
    let provider = crypto::default_provider().unwrap();
    let [user, realm, password] = [USER.0, REALM, USER.1].map(str::to_owned);
    let key = MessageIntegrity::long_term_integrity_key(user, realm, password, provider.crypto());
    request.contains(ATTR_MESSAGE_INTEGRITY)
        && MessageIntegrity::check(request, &key.unwrap(), provider.crypto()).is_ok()
}
