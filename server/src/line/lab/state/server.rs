//! What the server of STUN and TURN in a lab does with packets: those of its clients, and those for its relayed ports.
//!
//! May import: line::lab::net, line::side, network, state.

use std::net::SocketAddr;
use std::time::Duration;

use network::relay::binding;
use network::relay::five_tuple::FiveTuple;
use network::relay::turn::Action;

use super::{State, Way};
use crate::line::lab::net::{Landed, STUN, relayed};
use crate::line::side::Side;

impl State {
    /// A packet to the server of STUN and TURN, from wherever a browser gathers. What is answered to somebody unknown is hardly larger than the
    /// request ([`binding::MAX_GAIN`]).
    pub(super) fn ask(&mut self, now: Duration, way: &Way, from: SocketAddr, packet: &[u8]) {
        let trip = self.net.send(now, way.side, STUN);
        let said = [self.net.inside(way.side), STUN];
        let Some(Landed::AtStun(seen)) = trip.landed else {
            return self.note(now, Some(way.side), said, packet, &trip, "dropped");
        };
        let action = match (binding::answer(packet, seen), &mut self.relay) {
            (Some(answer), _) => Action::Answer(answer),
            (None, Some(relay)) => relay.handle_client(now, way.side, [from, seen], packet),
            (None, None) => return self.note(now, Some(way.side), said, packet, &trip, "ignored"),
        };
        let fate = match action {
            Action::Drop(_) => "ignored",
            _ => "delivered",
        };
        self.note(now, Some(way.side), said, packet, &trip, fate);
        match action {
            Action::Drop(_) => {}
            Action::Answer(answer) => self.answer(now, way, [from, seen], &answer),
            Action::ToPeer { socket, peer, data } => {
                self.send_to_peer(now, relayed(socket), peer, &packet[data]);
            }
            Action::ToClient { client, packet } => self.send_to_client(now, client, &packet),
        }
    }

    /// The server sends to where it sees a peer, and that is `real`.
    fn answer(&mut self, now: Duration, way: &Way, [real, seen]: [SocketAddr; 2], packet: &[u8]) {
        let trip = self.net.answer(now, STUN, seen);
        let fate = match trip.landed {
            Some(Landed::At(side, STUN)) if side == way.side => {
                match way.socket.try_send_to(packet, real) {
                    Ok(_) => "delivered",
                    Err(_) => "not-sent",
                }
            }
            _ => "dropped",
        };
        self.note(now, None, [STUN, seen], packet, &trip, fate);
    }

    /// What a relayed port sends crosses the NATs of the peer.
    fn send_to_peer(&mut self, now: Duration, from: SocketAddr, to: SocketAddr, packet: &[u8]) {
        let trip = self.net.answer(now, from, to);
        let fate = match trip.landed {
            Some(Landed::At(side, seen)) => self.hand_over(side, seen, packet),
            Some(Landed::AtStun(_) | Landed::AtRelay(..)) => "ignored",
            None => "dropped",
        };
        self.note(now, None, [from, to], packet, &trip, fate);
    }

    /// What comes to the relayed port of a side, as it is for the client that has it; nothing where nobody has it, or does not want it.
    pub(super) fn take_for_client(
        &mut self,
        now: Duration,
        side: Side,
        peer: SocketAddr,
        packet: &[u8],
    ) -> Option<(FiveTuple, Vec<u8>)> {
        // The client is told of the peer by the address of a port.
        self.way(side, peer).ok()?;
        match self.relay.as_mut()?.handle_peer(now, side, peer, packet) {
            Action::ToClient { client, packet } => Some((client, packet)),
            _ => None,
        }
    }

    pub(super) fn send_to_client(&mut self, now: Duration, client: FiveTuple, packet: &[u8]) {
        let place = self.relay.as_mut().and_then(|relay| relay.place_of(client));
        if let Some((side, seen)) = place
            && let Ok(way) = self.way(side, STUN)
        {
            self.answer(now, &way, [client.address, seen], packet);
        }
    }
}
