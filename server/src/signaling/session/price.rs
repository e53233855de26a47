//! What a frame costs everybody else, before it is handled.
//!
//! May import: frame, session, throttle, quickconnect::protocol.

use quickconnect::protocol::{self, BadFrame, Frame};

use super::Session;
use crate::signaling::frame::Text;
use crate::signaling::throttle::Price;

/// Of a frame that goes to one client, so many bytes cost as much as the call that writes them.
const BYTES_OF_A_DELIVERY: usize = 1024;

impl Session {
    /// What it costs to handle a frame. An announce that answers another one was paid for by who made that: in a room of 100 one join makes
    /// 99 of them.
    pub fn price(&self, text: &Text, frame: &Result<Frame<'_>, BadFrame>) -> Price {
        let (receivers, joins) = match frame {
            Ok(Frame::Announce { room, .. }) => {
                let rooms = self.switchboard.rooms();
                // Whoever is left behind hears so.
                let left = self.seat.as_ref().filter(|seat| seat.room() != room);
                let left = left.map_or(0, |seat| rooms.member_count(seat.room()));
                (rooms.member_count(room) + left, 1)
            }
            Ok(Frame::Broadcast { .. } | Frame::Leave { .. }) => (self.room_size(), 0),
            Ok(Frame::Directed {
                target, command, ..
            }) if command.eq_ignore_ascii_case(protocol::ANNOUNCE) => {
                (1, usize::from(self.is_unasked(target)))
            }
            Ok(Frame::Directed { .. } | Frame::Primus | Frame::Resume { .. }) => (1, 0),
            Err(_) => (1, usize::from(protocol::is_announce(text))),
        };
        Price {
            deliveries: receivers.max(1) * text.len().div_ceil(BYTES_OF_A_DELIVERY).max(1),
            joins,
        }
    }

    /// What it costs that the connection ends.
    pub fn price_of_leaving(&self) -> Price {
        Price {
            deliveries: self.room_size(),
            joins: 0,
        }
    }

    fn room_size(&self) -> usize {
        let seat = self.seat.as_ref();
        seat.map_or(0, |seat| self.switchboard.rooms().member_count(seat.room()))
    }

    /// Whether the target of a directed announce is there, and has made no announce that this one answers.
    fn is_unasked(&self, target: &str) -> bool {
        let mut rooms = self.switchboard.rooms();
        let Some(seat) = self.seat.as_ref().filter(|seat| rooms.holds(seat)) else {
            return false;
        };
        rooms.member(seat, target).is_some() && !rooms.answers(seat, target)
    }
}
