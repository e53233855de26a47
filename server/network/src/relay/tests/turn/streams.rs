use std::time::Duration;

use super::harness::*;
use crate::relay::five_tuple::{FiveTuple, Protocol};
use crate::relay::turn::{Action, Dropped};

#[test]
fn the_same_address_is_another_client_over_tcp() {
    let mut server = Server::start();
    let (over_udp, udp_port) = server.with_port("192.0.2.7:5000");
    let (over_tcp, tcp_port) = server.with_port_over(Protocol::Tcp, "192.0.2.7:5000");
    assert_ne!(udp_port, tcp_port);
    server.turn.disconnect(over_tcp.tuple());
    assert!(!server.turn.has_port(over_tcp.tuple()));
    assert!(server.turn.has_port(over_udp.tuple()));
}

#[test]
fn what_a_client_over_tcp_gets_is_padded() {
    let mut server = Server::start();
    let a = server.with_port("192.0.2.7:5000");
    let b = server.with_port_over(Protocol::Tcp, "192.0.2.8:5000");
    server.introduce(&a, &b);
    server.asks(&b.0, CHANNEL_BIND, |request| channel(request, 0x4abc, a.1));
    let relayed = server.sends(&a.0, b.1, b"hello");
    let packet = b"\x4a\xbc\x00\x05hello\0\0\0".to_vec();
    let client = b.0.tuple();
    assert_eq!(relayed, Action::ToClient { client, packet });
    // Over UDP it is not.
    server.asks(&a.0, CHANNEL_BIND, |request| channel(request, 0x4000, b.1));
    let relayed = server
        .turn
        .from_client(server.now, b.0.tuple(), b"\x4a\xbc\x00\x05hello\0\0\0");
    let packet = b"\x40\x00\x00\x05hello".to_vec();
    let client = a.0.tuple();
    assert_eq!(relayed, Action::ToClient { client, packet });
}

/// Somebody else may have the same port in UDP.
#[test]
fn nobody_is_reached_at_a_port_from_which_he_asked_over_tcp() {
    let mut server = Server::start();
    let (a, _) = server.with_port("192.0.2.7:5000");
    let (b, _) = server.with_port_over(Protocol::Tcp, "203.0.113.8:4000");
    assert!(server.answer_to(b.tuple(), &binding()).is_some());
    server.asks(&b, REFRESH, nothing);
    server.asks(&a, CREATE_PERMISSION, |request| peer(request, b.address));
    let to_b = |server: &mut Server| server.sends(&a, b.address, b"x");
    assert_eq!(to_b(&mut server), Action::Drop(Dropped::Forbidden));
    assert!(server.answer(b.address, &binding()).is_some());
    assert!(matches!(to_b(&mut server), Action::ToPeer { .. }));
}

#[test]
fn whose_port_is_taken_back_is_said() {
    let mut server = Server::start();
    let (a, _) = server.with_port_over(Protocol::Tcp, "192.0.2.7:5000");
    let (b, _) = server.with_port_over(Protocol::Tcp, "192.0.2.8:5000");
    assert_eq!(server.turn.leave(a.session), [a.tuple()]);
    assert_eq!(server.turn.sweep(server.now), Vec::<FiveTuple>::new());
    let later = server.now + Duration::from_secs(600);
    assert_eq!(server.turn.sweep(later), [b.tuple()]);
    assert_eq!(server.turn.allocations(), 0);
}
