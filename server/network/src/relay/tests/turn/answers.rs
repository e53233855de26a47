use super::harness::*;
use crate::relay::binding::MAX_GAIN;
use crate::relay::message::{Writer, attribute};

#[test]
fn who_has_no_credentials_is_told_what_to_do_in_no_more_than_twice_as_many_bytes() {
    let mut server = Server::start();
    for method in [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        for with in [nothing, udp] {
            let request = with(Writer::new(0, method, b"\x21\x12\xa4\x42transaction!")).finish();
            let answer = server
                .answer(at("203.0.113.1:4000"), &request)
                .expect("an answer");
            assert!(
                answer.len() + 28 <= MAX_GAIN * (request.len() + 28),
                "{}",
                answer.len()
            );
            let words = crate::packet::dissect(&answer, &[]).summary;
            assert!(words.contains("error, 401"), "{words}");
        }
    }
}

#[test]
fn a_client_gets_a_port_and_the_same_answer_when_it_asks_again() {
    let mut server = Server::start();
    let client = server.client("192.0.2.7:5000");
    let request = server.request(&client, ALLOCATE, udp);
    let expected = "Allocate success, relayed at 192.0.2.2:50000, seen as 192.0.2.7:5000";
    assert_eq!(server.summary(client.tuple(), &request), expected);
    assert_eq!(server.summary(client.tuple(), &request), expected);
    assert_eq!(server.turn.allocations(), 1);
    let another = server.asks(&client, ALLOCATE, udp);
    assert_eq!(another, "Allocate error, 437 Allocation Mismatch");
}

#[test]
fn what_is_asked_for_and_not_there_has_a_number() {
    let mut server = Server::start();
    let client = server.client("192.0.2.7:5000");
    let mut allocate = |with: fn(Writer) -> Writer| server.asks(&client, ALLOCATE, with);
    assert_eq!(allocate(nothing), "Allocate error, 400 Bad Request");
    let tcp = |request: Writer| request.attribute(attribute::REQUESTED_TRANSPORT, &[6, 0, 0, 0]);
    assert_eq!(
        allocate(tcp),
        "Allocate error, 442 Unsupported Transport Protocol"
    );
    let of_family = |request: Writer| {
        udp(request).attribute(attribute::REQUESTED_ADDRESS_FAMILY, &[3, 0, 0, 0])
    };
    assert_eq!(
        allocate(of_family),
        "Allocate error, 440 Address Family not Supported"
    );
    let ipv6 = |request: Writer| {
        udp(request).attribute(attribute::REQUESTED_ADDRESS_FAMILY, &[2, 0, 0, 0])
    };
    assert_eq!(
        allocate(ipv6),
        "Allocate error, 440 Address Family not Supported"
    );
    let pair = |request: Writer| udp(request).attribute(attribute::EVEN_PORT, &[0x80]);
    assert_eq!(allocate(pair), "Allocate error, 508 Insufficient Capacity");
    let whole = |request: Writer| udp(request).attribute(0x001a, &[]);
    assert_eq!(allocate(whole), "Allocate error, 420 Unknown Attribute");
    assert_eq!(server.turn.allocations(), 0);
    for method in [REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        let answer = server.asks(&client, method, nothing);
        assert!(answer.ends_with("437 Allocation Mismatch"), "{answer}");
    }
}

#[test]
fn a_session_an_address_and_all_have_so_many_ports() {
    let mut server = Server::start();
    let session = server.client("192.0.2.7:5000");
    let mut answers = Vec::new();
    for port in 5000..5003 {
        let mut client = session.clone();
        client.address.set_port(port);
        server.challenge(&mut client);
        answers.push(server.asks(&client, ALLOCATE, udp));
    }
    assert!(answers[1].contains("success"), "{answers:?}");
    assert_eq!(answers[2], "Allocate error, 486 Allocation Quota Reached");
    server.with_port("192.0.2.7:6000");
    let third = server.client("192.0.2.7:6001");
    let answer = server.asks(&third, ALLOCATE, udp);
    assert_eq!(answer, "Allocate error, 486 Allocation Quota Reached");
    server.with_port("192.0.2.8:6000");
    server.with_port("192.0.2.9:6000");
    let sixth = server.client("192.0.2.10:6000");
    let answer = server.asks(&sixth, ALLOCATE, udp);
    assert_eq!(answer, "Allocate error, 508 Insufficient Capacity");
    // What is given back is there for others.
    server.turn.leave(session.session);
    let answer = server.asks(&sixth, ALLOCATE, udp);
    assert!(answer.contains("success"), "{answer}");
}

#[test]
fn nobody_can_use_what_another_was_given() {
    let mut server = Server::start();
    let (victim, _) = server.with_port("192.0.2.7:5000");
    // From another address.
    let mut thief = victim.clone();
    thief.address = at("192.0.2.66:5000");
    server.challenge(&mut thief);
    let answer = server.asks(&thief, ALLOCATE, udp);
    assert!(answer.contains("401"), "{answer}");
    // From behind the same NAT, at its own port.
    let mut neighbour = server.client("192.0.2.7:5001");
    let answer = server.asks(&neighbour, REFRESH, nothing);
    assert!(answer.contains("437"), "{answer}");
    // And at the port of the victim.
    neighbour.address = victim.address;
    server.challenge(&mut neighbour);
    for method in [REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        let answer = server.asks(&neighbour, method, nothing);
        assert!(answer.ends_with("441 Wrong Credentials"), "{answer}");
    }
    // With a nonce of another, or a password that it makes up.
    let mut liar = server.client("192.0.2.7:5002");
    liar.nonce.clone_from(&victim.nonce);
    let answer = server.asks(&liar, ALLOCATE, udp);
    assert!(answer.contains("438"), "{answer}");
    server.challenge(&mut liar);
    liar.credentials.password.push('x');
    let answer = server.asks(&liar, ALLOCATE, udp);
    assert!(answer.contains("401"), "{answer}");
}

#[test]
fn a_session_has_addresses_of_both_families() {
    let mut server = Server::start();
    let mut client = server.client("192.0.2.7:5000");
    client.address = at("[2001:db8::7]:5000");
    server.challenge(&mut client);
    let answer = server.asks(&client, ALLOCATE, udp);
    assert!(answer.contains("success"), "{answer}");
}

#[test]
fn strangers_are_answered_so_often_and_clients_always() {
    let mut server = Server::with(crate::relay::quota::Limits {
        answer_burst: 3,
        ..limits()
    });
    let (client, _) = server.with_port("192.0.2.7:5000");
    let stranger = at("192.0.2.99:4000");
    let answered = (0..10).filter(|_| server.answer(stranger, &binding()).is_some());
    assert_eq!(answered.count(), 2);
    let answer = server.asks(&client, REFRESH, nothing);
    assert_eq!(answer, "Refresh success");
    assert!(server.answer(client.address, &binding()).is_some());
    server.passes(2);
    assert!(server.answer(stranger, &binding()).is_some());
}
