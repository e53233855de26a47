//! The answer of a STUN server ([RFC 8489, section 6.3](https://www.rfc-editor.org/rfc/rfc8489#section-6.3)).
//!
//! May import: message.

use std::net::SocketAddr;

use super::message::{Class, Message, Writer, attribute};

/// An answer is at most this many times as large as the request, both as IP packets: who forges a sender gains little by it. A test holds
/// that for every request.
pub const MAX_GAIN: usize = 2;

/// The method.
pub(super) const BINDING: u16 = 0x001;
pub(super) const SUCCESS: u16 = 2;
pub(super) const ERROR: u16 = 3;

/// Those of section 14 that a server understands and has no use for, as it asks nobody who they are, are understood by [`Message`]; those
/// of TURN are none of a Binding request.
fn unknown(request: &Message<'_>) -> Vec<u16> {
    let of_turn = [
        (request.channel.is_some(), attribute::CHANNEL_NUMBER),
        (request.lifetime.is_some(), attribute::LIFETIME),
        (!request.peers.is_empty(), attribute::XOR_PEER_ADDRESS),
        (request.data.is_some(), attribute::DATA),
        (
            request.family.is_some(),
            attribute::REQUESTED_ADDRESS_FAMILY,
        ),
        (request.even_port.is_some(), attribute::EVEN_PORT),
        (request.transport.is_some(), attribute::REQUESTED_TRANSPORT),
        (request.has_reservation, attribute::RESERVATION_TOKEN),
    ];
    let of_turn = of_turn
        .into_iter()
        .filter_map(|(is_there, code)| is_there.then_some(code));
    request.unknown.iter().copied().chain(of_turn).collect()
}

/// What to answer to a packet from `source`; nothing to what is no good Binding request.
pub fn answer(request: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
    let request = Message::read(request)?;
    let is_request = request.class == Class::Request && request.method == BINDING;
    is_request.then(|| answer_to(&request, source))
}

/// What to answer to a Binding request.
pub(super) fn answer_to(request: &Message<'_>, source: SocketAddr) -> Vec<u8> {
    let unknown = unknown(request);
    let answer = match unknown.is_empty() {
        true => Writer::new(SUCCESS, BINDING, request.transaction())
            .address(attribute::XOR_MAPPED_ADDRESS, source),
        false => Writer::new(ERROR, BINDING, request.transaction())
            .error(420, "")
            .codes(attribute::UNKNOWN_ATTRIBUTES, &unknown),
    };
    answer.finish_like(request)
}
