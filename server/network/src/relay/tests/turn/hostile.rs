use proptest::prelude::*;

use super::harness::*;
use crate::relay::five_tuple::FiveTuple;
use crate::relay::message::Writer;
use crate::relay::turn::Action;

proptest! {
    /// No bytes upset it, nothing is relayed for a stranger, and no answer to one is larger than twice the request.
    #[test]
    fn whatever_comes_from_a_stranger_is_answered_shortly_or_not_at_all(
        packet in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            (any::<u16>(), prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..40)), 0..8))
                .prop_map(|(method, attributes)| {
                    let message = Writer::new(0, method & 0x3ff, b"\x21\x12\xa4\x42transaction!");
                    let add = |message: Writer, (code, value): (u16, Vec<u8>)| message.attribute(code & 0x803f, &value);
                    attributes.into_iter().fold(message, add).finish()
                }),
        ],
    ) {
        let mut server = Server::start();
        server.with_port("192.0.2.7:5000");
        match server.turn.from_client(server.now, FiveTuple::udp(at("203.0.113.1:4000")), &packet) {
            Action::Answer(answer) => prop_assert!(answer.len() + 28 <= 2 * (packet.len() + 28)),
            Action::Drop(_) => {}
            relayed => prop_assert!(false, "{relayed:?}"),
        }
    }

    /// A client that has credentials sends whatever it likes: nothing panics, and nothing goes to anybody but clients.
    #[test]
    fn whatever_a_client_asks_for_nobody_else_is_reached(
        asked in prop::collection::vec(
            (0_u16..12, prop::collection::vec((0x0001_u16..0x30, prop::collection::vec(any::<u8>(), 0..24)), 0..6), any::<bool>()),
            1..40,
        ),
    ) {
        let mut server = Server::start();
        let (client, _) = server.with_port("192.0.2.7:5000");
        let (_, other) = server.with_port("192.0.2.8:5000");
        for (method, attributes, is_for_other) in asked {
            let with = |message: Writer| {
                let message = if is_for_other { peer(message, other) } else { message };
                attributes.into_iter().fold(message, |message, (code, value)| message.attribute(code, &value))
            };
            let packet = server.request(&client, method, with);
            let done = server.turn.from_client(server.now, client.tuple(), &packet);
            let is_for_others = matches!(done, Action::ToPeer { .. });
            prop_assert!(!is_for_others);
            prop_assert!(server.turn.allocations() <= 2);
        }
    }
}
