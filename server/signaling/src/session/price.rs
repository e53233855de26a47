//! What a message costs everybody else, before it is handled.
//!
//! May import: frame, rooms, session, quickconnect::protocol.

use std::ops::DerefMut;

use quickconnect::protocol::{self, BadFrame, Frame};

use super::{Member, Session};
use crate::frame::Text;
use crate::rooms::Rooms;

/// Of a message that goes to one client, so many bytes cost as much as the call that writes them.
pub const BYTES_OF_A_DELIVERY: usize = 1024;

/// What a message costs the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Writes to clients, each of so many bytes that they cost as much as the call.
    pub deliveries: usize,
    /// Announces.
    pub joins: usize,
}

impl Price {
    /// Of a message that does nothing but be answered.
    pub const OF_AN_ANSWER: Self = Self {
        deliveries: 1,
        joins: 0,
    };
}

impl<H: Clone> Session<H> {
    /// What it costs to handle a text. An announce that answers another one was paid for by who made that: in a room of 100 one join makes
    /// 99 of them.
    ///
    /// `rooms` is called only if the price depends on them, so that no lock is taken in vain.
    pub fn price<R>(
        &self,
        text: &Text,
        frame: &Result<Frame<'_>, BadFrame>,
        rooms: impl FnOnce() -> R,
    ) -> Price
    where
        R: DerefMut<Target = Rooms<Member<H>>>,
    {
        let (receivers, joins) = match frame {
            Ok(Frame::Announce { room, .. }) => {
                let rooms = rooms();
                // Whoever is left behind hears so.
                let left = self.seat.as_ref().filter(|seat| seat.room() != room);
                let left = left.map_or(0, |seat| rooms.member_count(seat.room()));
                (rooms.member_count(room) + left, 1)
            }
            Ok(Frame::Broadcast { .. } | Frame::Leave { .. }) => (self.room_size(&rooms()), 0),
            Ok(Frame::Directed {
                target, command, ..
            }) if command.eq_ignore_ascii_case(protocol::ANNOUNCE) => {
                (1, usize::from(self.is_unasked(target, &mut rooms())))
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
    pub fn price_of_leaving(&self, rooms: &Rooms<Member<H>>) -> Price {
        Price {
            deliveries: self.room_size(rooms),
            joins: 0,
        }
    }

    fn room_size(&self, rooms: &Rooms<Member<H>>) -> usize {
        let seat = self.seat.as_ref();
        seat.map_or(0, |seat| rooms.member_count(seat.room()))
    }

    /// Whether the target of a directed announce is there, and has made no announce that this one answers.
    fn is_unasked(&self, target: &str, rooms: &mut Rooms<Member<H>>) -> bool {
        let Some(seat) = self.seat.as_ref().filter(|seat| rooms.holds(seat)) else {
            return false;
        };
        rooms.member(seat, target).is_some() && !rooms.answers(seat, target)
    }
}
