use super::harness::*;
use crate::relay::known::{MAX_SESSIONS, Session};
use crate::relay::message::{Writer, attribute};
use crate::relay::turn::{Action, Dropped};

#[test]
fn a_port_is_there_as_long_as_it_is_refreshed_and_not_for_ever() {
    let mut server = Server::start();
    let (mut client, _) = server.with_port("192.0.2.7:5000");
    // Longer than credentials and nonces are good, and shorter than the longest life.
    for _ in 0..6 {
        server.passes(599);
        server.challenge(&mut client);
        assert_eq!(server.asks(&client, REFRESH, nothing), "Refresh success");
    }
    server.passes(7);
    assert_eq!(server.turn.allocations(), 0);
}

#[test]
fn a_port_that_is_not_refreshed_ends() {
    let mut server = Server::start();
    server.with_port("192.0.2.7:5000");
    server.passes(599);
    assert_eq!(server.turn.allocations(), 1);
    server.passes(1);
    assert_eq!(server.turn.allocations(), 0);
}

#[test]
fn a_client_gives_its_port_back_with_a_lifetime_of_zero() {
    let mut server = Server::start();
    let (client, _) = server.with_port("192.0.2.7:5000");
    let zero = |request: Writer| request.attribute(attribute::LIFETIME, &[0; 4]);
    assert_eq!(server.asks(&client, REFRESH, zero), "Refresh success");
    assert_eq!(server.turn.allocations(), 0);
}

#[test]
fn no_other_lifetime_is_shorter_or_longer() {
    for seconds in [1_u32, 60, 100_000, u32::MAX] {
        let mut server = Server::start();
        let (client, _) = server.with_port("192.0.2.7:5000");
        let asked =
            |request: Writer| request.attribute(attribute::LIFETIME, &seconds.to_be_bytes());
        server.asks(&client, REFRESH, asked);
        server.passes(599);
        assert_eq!(server.turn.allocations(), 1, "{seconds}");
        server.passes(1);
        assert_eq!(server.turn.allocations(), 0, "{seconds}");
    }
}

#[test]
fn permissions_and_channels_end_unless_they_are_renewed() {
    let mut server = Server::start();
    let a = server.with_port("192.0.2.7:5000");
    let b = server.with_port("192.0.2.8:5000");
    server.introduce(&a, &b);
    server.passes(299);
    assert!(matches!(
        server.sends(&a.0, b.1, b"x"),
        Action::ToClient { .. }
    ));
    server.passes(1);
    assert_eq!(
        server.sends(&a.0, b.1, b"x"),
        Action::Drop(Dropped::NotPermitted)
    );
}

#[test]
fn calls_outlive_signaling_that_was_lost() {
    let mut server = Server::start();
    let (mut client, _) = server.with_port("192.0.2.7:5000");
    server.turn.lose(server.now, client.session);
    // For a moment it may have more: it may be about to come back.
    server.passes(20);
    let mut again = client.clone();
    again.address.set_port(5001);
    server.challenge(&mut again);
    let answer = server.asks(&again, ALLOCATE, udp);
    assert!(answer.contains("success"), "{answer}");
    server.passes(20);
    again.address.set_port(5002);
    server.challenge(&mut again);
    let answer = server.asks(&again, ALLOCATE, udp);
    assert!(answer.contains("401"), "{answer}");
    // What it has stays.
    server.passes(500);
    server.challenge(&mut client);
    assert_eq!(server.asks(&client, REFRESH, nothing), "Refresh success");
}

#[test]
fn what_a_session_had_ends_when_it_is_left() {
    let mut server = Server::start();
    let (client, _) = server.with_port("192.0.2.7:5000");
    let (_, _) = server.with_port("192.0.2.8:5000");
    server.turn.leave(client.session);
    assert_eq!(server.turn.allocations(), 1);
    let answer = server.asks(&client, ALLOCATE, udp);
    assert!(answer.contains("401"), "{answer}");
}

#[test]
fn an_address_from_which_nobody_is_connected_any_more_is_forgotten() {
    let mut server = Server::start();
    let (a, _) = server.with_port("192.0.2.7:5000");
    let direct = server.client("203.0.113.8:4000");
    server.answer(direct.address, &binding());
    server.asks(&a, CREATE_PERMISSION, |request| {
        peer(request, direct.address)
    });
    server.turn.leave(direct.session);
    // A call goes on, and keeps it known.
    for _ in 0..3 {
        server.passes(200);
        server.asks(&a, CREATE_PERMISSION, |request| {
            peer(request, direct.address)
        });
        let sent = server.sends(&a, direct.address, b"x");
        assert!(matches!(sent, Action::ToPeer { .. }), "{sent:?}");
        let mut renewed = a.clone();
        server.challenge(&mut renewed);
        server.asks(&renewed, REFRESH, nothing);
        server.asks(&renewed, CREATE_PERMISSION, |request| {
            peer(request, direct.address)
        });
    }
    server.passes(301);
    let mut renewed = a.clone();
    server.challenge(&mut renewed);
    let answer = server.asks(&renewed, CREATE_PERMISSION, |request| {
        peer(request, direct.address)
    });
    assert_eq!(answer, "CreatePermission error, 403 Forbidden");
}

#[test]
fn sessions_that_are_over_make_room_for_others_of_their_address() {
    let mut server = Server::start();
    let address = at("192.0.2.7:0").ip();
    let until = |number: u128| number.is_multiple_of(2).then_some(server.now);
    let sessions: Vec<_> = (1000_u128..)
        .take(MAX_SESSIONS)
        .map(|number| (Session::new(number), until(number)))
        .collect();
    for (session, until) in sessions {
        assert!(server.turn.enter(session, address, until));
    }
    let entered = (1_000_000_u128..).take(MAX_SESSIONS);
    let entered = entered.filter(|number| server.turn.enter(Session::new(*number), address, None));
    assert_eq!(entered.count(), MAX_SESSIONS / 2);
}
