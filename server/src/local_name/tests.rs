//! Over loopback, at a port of each test's own: nobody else's multicast DNS is heard, and nobody else hears this one.
#![allow(clippy::unwrap_used)]

use std::net::{Ipv4Addr, SocketAddrV4};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::link::GROUP;
use super::message::MAX_MESSAGE;
use super::*;

/// Far more than a name takes to become somebody's.
const PATIENCE: Duration = Duration::from_secs(10);

/// `workshop.local`, as a question or the owner of a record has it.
const NAME: &[u8] = b"\x08workshop\x05local\x00";

/// What follows a name that is asked for, or has, an address of IPv4 in the internet.
const A_IN: &[u8] = &[0, 1, 0, 1];

/// The address of this machine in messages.
const HERE: [u8; 4] = Ipv4Addr::LOCALHOST.octets();

const ASK_AGAIN: Duration = Duration::from_millis(100);

/// Another device at the same link, for multicast DNS at this port.
struct Device {
    socket: UdpSocket,
    group: SocketAddrV4,
}

impl Device {
    /// A port that is free, and a device there.
    fn new() -> (Self, u16) {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP)).unwrap();
        socket.set_reuse_address(true).unwrap();
        #[cfg(unix)]
        socket.set_reuse_port(true).unwrap();
        let any = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        socket.bind(&any.into()).unwrap();
        socket
            .join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST)
            .unwrap();
        socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).unwrap();
        socket.set_nonblocking(true).unwrap();
        let socket = UdpSocket::from_std(socket.into()).unwrap();
        let port = socket.local_addr().unwrap().port();
        let group = SocketAddrV4::new(GROUP, port);
        (Self { socket, group }, port)
    }

    async fn hears(&self) -> Vec<u8> {
        let mut bytes = vec![0; 9000];
        let (len, _) = self.socket.recv_from(&mut bytes).await.unwrap();
        bytes.truncate(len);
        bytes
    }

    /// Waits until somebody says this.
    async fn hears_that(&self, part: &[u8]) {
        let heard = async { while !has(&self.hears().await, part) {} };
        timeout(PATIENCE, heard).await.unwrap();
    }

    async fn says(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.group).await.unwrap();
    }
}

/// Asks once, and again where nothing comes, from a port of its own.
struct Resolver {
    socket: UdpSocket,
    group: SocketAddrV4,
}

impl Resolver {
    async fn new(port: u16) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let is_said_at = SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST);
        is_said_at.unwrap();
        let group = SocketAddrV4::new(GROUP, port);
        Self { socket, group }
    }

    async fn hears_address(&self) {
        let mut bytes = [0; 512];
        let answer = async {
            loop {
                self.socket.send_to(&question(), self.group).await.unwrap();
                let answer = timeout(ASK_AGAIN, self.socket.recv_from(&mut bytes));
                if let Ok(answer) = answer.await {
                    return answer.unwrap().0;
                }
            }
        };
        let len = timeout(PATIENCE, answer).await.unwrap();
        assert!(has(&bytes[..len], &HERE));
    }
}

fn publish(port: u16) -> Published {
    let label = "workshop".parse().unwrap();
    let own = vec![Ipv4Addr::LOCALHOST];
    Published::begin_at(port, &label, move || OfIpv4 {
        all: own.clone(),
        in_the_room: own.clone(),
    })
}

async fn becomes(published: &Published, expected: Standing) {
    let decided = timeout(PATIENCE, published.naming().decided()).await;
    assert_eq!(decided.unwrap(), ("workshop.local".to_owned(), expected));
}

fn question() -> Vec<u8> {
    [&[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], NAME, A_IN].concat()
}

/// Says that another address has the name, as its only owner.
fn claim(address: Ipv4Addr) -> Vec<u8> {
    let head = &[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let record = &[0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4];
    [&head[..], NAME, record, &address.octets()].concat()
}

fn is_response(message: &[u8]) -> bool {
    message.get(2).is_some_and(|flags| flags & 0x80 != 0)
}

fn has(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn everybody_is_told_the_name_and_whoever_asks_hears_it_until_it_is_gone_at_the_end() {
    let (device, port) = Device::new();
    let published = publish(port);
    becomes(&published, Standing::Ours).await;
    device
        .hears_that(&[NAME, &[0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4], &HERE].concat())
        .await;
    Resolver::new(port).await.hears_address().await;
    published.end().await;
    // A time to live of nothing, and the four bytes of the address.
    device
        .hears_that(&[&[0, 0, 0, 0, 0, 4], &HERE[..]].concat())
        .await;
}

/// Malformed in several ways, and the records of many other names, as nobody has asked for.
fn junk() -> [Vec<u8>; 4] {
    let many = (0..400_u32).flat_map(|number| {
        let label = number.to_be_bytes().map(|byte| b'a' + byte % 26);
        [
            &[4][..],
            &label,
            &[0, 0, 1, 0x80, 1, 0, 1, 0, 0, 0, 4, 10, 0, 0, 9],
        ]
        .concat()
    });
    let head = [0, 0, 0x84, 0, 0, 0, 1, 0x90, 0, 0, 0, 0];
    [
        Vec::new(),
        vec![0xff; MAX_MESSAGE - 500],
        [&[0; 5][..], &[1, 0, 0, 0, 0, 0, 0], b"\xc0\x0c"].concat(),
        head.into_iter().chain(many).collect(),
    ]
}

#[tokio::test]
async fn a_flood_of_what_nobody_has_asked_for_leaves_the_name_answered() {
    let (device, port) = Device::new();
    let published = publish(port);
    becomes(&published, Standing::Ours).await;
    for _ in 0..1000 {
        for message in junk() {
            device.says(&message).await;
        }
    }
    Resolver::new(port).await.hears_address().await;
    assert_eq!(*published.naming().standing.borrow(), Standing::Ours);
}

#[tokio::test]
async fn a_name_that_another_device_has_is_not_taken_and_nobody_is_answered() {
    let (device, port) = Device::new();
    let published = publish(port);
    let theirs = Ipv4Addr::new(127, 0, 0, 9);
    let defends = async {
        loop {
            let heard = device.hears().await;
            if !is_response(&heard) {
                device.says(&claim(theirs)).await;
            }
            assert!(!has(&heard, &HERE) || !is_response(&heard));
        }
    };
    tokio::select! {
        () = becomes(&published, Standing::Taken) => {}
        () = defends => {}
    }
}
