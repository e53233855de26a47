//! Over loopback, at a port of each test's own: nobody else's multicast DNS is heard, and nobody else hears this one.
#![allow(clippy::unwrap_used)]

use std::net::{Ipv4Addr, SocketAddrV4};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::*;

/// Far more than a name takes to become somebody's.
const PATIENCE: Duration = Duration::from_secs(10);

const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);

/// `workshop.local`, as a question or the owner of a record has it.
const NAME: &[u8] = b"\x08workshop\x05local\x00";

/// What follows a name that is asked for, or has, an address of IPv4 in the internet.
const A_IN: &[u8] = &[0, 1, 0, 1];

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

    async fn says(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, self.group).await.unwrap();
    }
}

fn publish(port: u16) -> Published {
    let label = "workshop".parse().unwrap();
    Published::begin_at(port, &label, 8000, |daemon| {
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(IfKind::LoopbackV4)
    })
    .unwrap()
}

async fn becomes(published: &Published, expected: Standing) {
    let decided = timeout(PATIENCE, published.naming().decided()).await;
    assert_eq!(decided.unwrap(), ("workshop.local".to_owned(), expected));
}

fn question() -> Vec<u8> {
    [&[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], NAME, A_IN].concat()
}

/// Says that another address has the name, as its only owner.
fn claim(address: Ipv4Addr) -> Vec<u8> {
    let head = &[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let record = &[0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4];
    [&head[..], NAME, record, &address.octets()].concat()
}

fn is_response(message: &[u8]) -> bool {
    message[2] & 0x80 != 0
}

fn has(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn whoever_asks_for_the_name_hears_the_address_and_that_it_is_gone_at_the_end() {
    let (device, port) = Device::new();
    let published = publish(port);
    becomes(&published, Standing::Ours).await;
    device.says(&question()).await;
    let here = Ipv4Addr::LOCALHOST.octets();
    let answer = async {
        loop {
            let heard = device.hears().await;
            if is_response(&heard) && has(&heard, NAME) && has(&heard, &here) {
                return;
            }
        }
    };
    timeout(PATIENCE, answer).await.unwrap();
    drop(published);
    // A time to live of nothing, and the four bytes of the address.
    let gone = [&[0, 0, 0, 0, 0, 4], &here[..]].concat();
    let goodbye = async { while !has(&device.hears().await, &gone) {} };
    timeout(PATIENCE, goodbye).await.unwrap();
}

#[tokio::test]
async fn a_name_that_another_device_has_is_not_taken_and_nobody_is_told_another() {
    let (device, port) = Device::new();
    let published = publish(port);
    let theirs = Ipv4Addr::new(127, 0, 0, 9);
    let defends = async {
        loop {
            let heard = device.hears().await;
            if !is_response(&heard) {
                device.says(&claim(theirs)).await;
            }
            assert!(!has(&heard, b"\x0aworkshop-2") || !is_response(&heard));
        }
    };
    tokio::select! {
        () = becomes(&published, Standing::Taken) => {}
        () = defends => {}
    }
}
