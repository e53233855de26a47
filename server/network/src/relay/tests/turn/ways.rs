use super::harness::*;
use crate::packet::dissect;
use crate::relay::turn::{Action, Dropped};

#[test]
fn two_clients_reach_each_other_without_a_socket_between_them() {
    let mut server = Server::start();
    let a = server.with_port("192.0.2.7:5000");
    let b = server.with_port("192.0.2.8:5000");
    let to_b = |server: &mut Server| server.sends(&a.0, b.1, b"hello");
    assert_eq!(to_b(&mut server), Action::Drop(Dropped::NotPermitted));
    server.introduce(&a, &b);
    let Action::ToClient { client, packet } = to_b(&mut server) else {
        panic!("it is relayed");
    };
    assert_eq!(client, b.0.tuple());
    let words = dissect(&packet, &[]).summary;
    assert_eq!(
        words,
        format!(
            "Data indication, peer {}, with 5 bytes of no protocol of WebRTC",
            a.1
        )
    );
    for (client, number, to) in [(&a, 0x4000, b.1), (&b, 0x4abc, a.1)] {
        let bound = server.asks(&client.0, CHANNEL_BIND, |request| {
            channel(request, number, to)
        });
        assert_eq!(
            bound,
            "ChannelBind success, channel 0x{number:04x}"
                .split(',')
                .next()
                .unwrap_or("")
        );
    }
    let packet = b"\x4a\xbc\x00\x05hello".to_vec();
    let client = b.0.tuple();
    let relayed = server.sends_in_channel(&a.0, 0x4000, b"hello");
    assert_eq!(relayed, Action::ToClient { client, packet });
}

#[test]
fn who_is_not_permitted_by_the_other_gets_nothing_through() {
    let mut server = Server::start();
    let (a, _) = server.with_port("192.0.2.7:5000");
    let (_, b_port) = server.with_port("192.0.2.8:5000");
    server.asks(&a, CREATE_PERMISSION, |request| peer(request, b_port));
    assert_eq!(
        server.sends(&a, b_port, b"hello"),
        Action::Drop(Dropped::NotPermitted)
    );
}

/// A peer behind the relay is known by its relayed address alone, whoever else is permitted.
#[test]
fn a_permission_is_for_the_address_of_its_peer_alone() {
    let mut server = Server::start();
    let (a, _) = server.with_port("192.0.2.7:5000");
    let (b, b_port) = server.with_port("192.0.2.8:5000");
    let direct = server.client("203.0.113.8:4000");
    server
        .answer(direct.address, &binding())
        .expect("an answer");
    server.asks(&a, CREATE_PERMISSION, |request| peer(request, b_port));
    // That of `a` is where it asks from, and not where its relayed port is.
    let permitted = server.asks(&b, CREATE_PERMISSION, |request| {
        peer(peer(request, direct.address), a.address)
    });
    assert_eq!(permitted, "CreatePermission success");
    let came = server
        .turn
        .from_peer(server.now, b_port, direct.address, b"hello");
    assert!(
        matches!(came, Action::ToClient { client, .. } if client == b.tuple()),
        "{came:?}"
    );
    assert_eq!(
        server.sends(&a, b_port, b"hello"),
        Action::Drop(Dropped::NotPermitted)
    );
}

#[test]
fn a_client_without_a_port_of_the_relay_is_reached_where_it_asked_from() {
    let mut server = Server::start();
    let (a, a_port) = server.with_port("192.0.2.7:5000");
    let direct = server.client("203.0.113.8:4000");
    let permitted = server.asks(&a, CREATE_PERMISSION, |request| {
        peer(request, direct.address)
    });
    assert_eq!(permitted, "CreatePermission success");
    // It has asked for nothing from there but a nonce.
    assert_eq!(
        server.sends(&a, direct.address, b"hello"),
        Action::Drop(Dropped::Forbidden)
    );
    server
        .answer(direct.address, &binding())
        .expect("an answer");
    let sent = server.sends(&a, direct.address, b"hello");
    let Action::ToPeer {
        socket: 50_000,
        peer,
        data,
    } = sent
    else {
        panic!("{sent:?}");
    };
    assert_eq!((peer, data.len()), (direct.address, 5));
    let back = server
        .turn
        .from_peer(server.now, a_port, direct.address, b"hello");
    assert!(
        matches!(back, Action::ToClient { client, .. } if client == a.tuple()),
        "{back:?}"
    );
    // Another port of the same address has not asked.
    let neighbour = at("203.0.113.8:4001");
    assert_eq!(
        server.sends(&a, neighbour, b"hello"),
        Action::Drop(Dropped::Forbidden)
    );
    let back = server
        .turn
        .from_peer(server.now, a_port, neighbour, b"hello");
    assert_eq!(back, Action::Drop(Dropped::Forbidden));
}

#[test]
fn nobody_else_is_reached_on_any_way() {
    let mut server = Server::start();
    let (a, a_port) = server.with_port("192.0.2.7:5000");
    let (_, b_port) = server.with_port("192.0.2.8:5000");
    for (stranger, refused) in [
        ("203.0.113.1:80", true),
        ("224.0.0.251:5353", true),
        ("169.254.169.254:80", true),
        ("0.0.0.0:80", true),
        ("10.0.0.1:22", true),
        // Where relayed ports are as well.
        ("192.0.2.2:8000", false),
        ("192.0.2.2:22", false),
    ] {
        let stranger = at(stranger);
        let both = server.asks(&a, CREATE_PERMISSION, |request| {
            peer(peer(request, b_port), stranger)
        });
        assert_eq!(
            both.ends_with("403 Forbidden"),
            refused,
            "{stranger} {both}"
        );
        let sent = server.sends(&a, stranger, b"hello");
        assert!(matches!(sent, Action::Drop(_)), "{stranger} {sent:?}");
        let bound = server.asks(&a, CHANNEL_BIND, |request| {
            channel(request, 0x4001, stranger)
        });
        if bound.contains("error") {
            assert_eq!(bound, "ChannelBind error, 403 Forbidden");
        }
        let sent = server.sends_in_channel(&a, 0x4001, b"hello");
        assert!(matches!(sent, Action::Drop(_)), "{stranger} {sent:?}");
        let came = server
            .turn
            .from_peer(server.now, a_port, stranger, b"hello");
        assert!(matches!(came, Action::Drop(_)), "{stranger} {came:?}");
    }
    // Of several peers none is permitted if one may not be.
    let refused = server.asks(&a, CREATE_PERMISSION, |request| {
        peer(peer(request, at("10.0.0.1:1")), b_port)
    });
    assert_eq!(refused, "CreatePermission error, 403 Forbidden");
}

#[test]
fn of_several_peers_all_are_permitted() {
    let mut server = Server::start();
    let a = server.with_port("192.0.2.7:5000");
    let b = server.with_port("192.0.2.8:5000");
    let direct = server.client("203.0.113.8:4000");
    server.answer(direct.address, &binding());
    server.asks(&b.0, CREATE_PERMISSION, |request| peer(request, a.1));
    let permitted = server.asks(&a.0, CREATE_PERMISSION, |request| {
        peer(peer(request, direct.address), b.1)
    });
    assert_eq!(permitted, "CreatePermission success");
    assert!(matches!(
        server.sends(&a.0, b.1, b"x"),
        Action::ToClient { .. }
    ));
    assert!(matches!(
        server.sends(&a.0, direct.address, b"x"),
        Action::ToPeer { .. }
    ));
}

#[test]
fn a_channel_has_one_peer_and_a_peer_one_channel() {
    let mut server = Server::start();
    let (a, a_port) = server.with_port("192.0.2.7:5000");
    let (_, b_port) = server.with_port("192.0.2.8:5000");
    let mut bind =
        |number, to| server.asks(&a, CHANNEL_BIND, |request| channel(request, number, to));
    assert_eq!(bind(0x4000, b_port), "ChannelBind success");
    assert_eq!(bind(0x4000, b_port), "ChannelBind success");
    for (number, to) in [
        (0x4001, b_port),
        (0x4000, a_port),
        (0x3fff, a_port),
        (0x8000, a_port),
    ] {
        assert_eq!(
            bind(number, to),
            "ChannelBind error, 400 Bad Request",
            "{number:x} {to}"
        );
    }
}

#[test]
fn what_is_more_than_a_session_may_have_relayed_is_dropped() {
    let mut server = Server::start();
    let a = server.with_port("192.0.2.7:5000");
    let b = server.with_port("192.0.2.8:5000");
    server.introduce(&a, &b);
    let full = [0; 1000];
    let relayed = |server: &mut Server| {
        let sent = (0..100).map(|_| server.sends(&a.0, b.1, &full));
        sent.filter(|action| matches!(action, Action::ToClient { .. }))
            .count()
    };
    // What two seconds carry at once, and then ten a second.
    assert_eq!(relayed(&mut server), 20);
    server.passes(1);
    assert_eq!(relayed(&mut server), 10);
}
