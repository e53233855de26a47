//! A session's way from room to room.
//!
//! May import: close_reason, frame, outbox, refusal, rooms, session, switchboard, quickconnect::protocol, tracing.

use std::sync::Arc;
use std::time::Instant;

use quickconnect::protocol::{self, PeerId, RoomName};
use tracing::info;

use super::{Session, relay};
use crate::signaling::close_reason::CloseReason;
use crate::signaling::frame::{self, Text};
use crate::signaling::outbox::Outbox;
use crate::signaling::refusal::{Refusal, Undone};
use crate::signaling::rooms::{NoSeat, Rooms, Seat};
use crate::signaling::switchboard::{Member, Switchboard};

impl Session {
    /// An announce joins a room, moves to another one, or repeats itself.
    pub(super) fn announce(
        &mut self,
        id: PeerId,
        room: RoomName,
        text: &Text,
        gone: Option<u64>,
        now: Instant,
    ) -> Result<(), Undone> {
        let switchboard = Arc::clone(&self.switchboard);
        let mut rooms = switchboard.rooms();
        let is_there = match &self.seat {
            // Who was taken over is refused, and can't take the id back while its connection ends.
            Some(_) => *self.seat(&rooms)?.room() == room,
            None => false,
        };
        let moved = if is_there {
            None
        } else {
            Some(self.change_rooms(&mut rooms, id, room, gone, now)?)
        };
        let seat = self.seat(&rooms)?;
        let member_count = rooms.member_count(seat.room());
        rooms.announced(seat);
        let info = protocol::encode_room_info(member_count);
        self.outbox.queue(frame::text(&info), now);
        let receivers = relay(&rooms, seat, &text.frame(), now);
        drop(rooms);

        self.outbox.flush();
        switchboard.deliver(receivers);
        if let (Some(Moved { took_over, left }), Some(seat)) = (moved, &self.seat) {
            if let Some(left) = left {
                left.tell(&switchboard);
            }
            info!(peer.id = %seat.id(), room.name = %seat.room(), room.members = member_count, took_over, "Peer joined");
        }
        Ok(())
    }

    /// Joins the new room before it leaves the old one, so that who finds the new one full stays where it is. Whoever has
    /// the id there gives way to its owner, and to anybody if it is gone.
    fn change_rooms(
        &mut self,
        rooms: &mut Rooms<Member>,
        id: PeerId,
        room: RoomName,
        gone: Option<u64>,
        now: Instant,
    ) -> Result<Moved, NoSeat<Member>> {
        let member = Member {
            outbox: self.outbox.clone(),
            token: self.token,
        };
        let resumes = self.resumes;
        let joined = rooms.join(room, id.clone(), member, |occupant| {
            let is_own = resumes.is_some() && occupant.member.token == resumes;
            is_own || gone == Some(occupant.ticket)
        })?;
        if let Some(older) = &joined.replaced {
            older.outbox.end(CloseReason::TakenOver);
        }
        self.id = Some(id);
        let old = self.seat.replace(joined.seat);
        Ok(Moved {
            took_over: joined.replaced.is_some(),
            left: old.and_then(|seat| vacate(rooms, seat, None, now)),
        })
    }

    /// Leaves the room, if in one. The others hear the client's own words for it, if it said any.
    pub(super) fn leave(&mut self, text: Option<&Text>, now: Instant) -> Result<(), Refusal> {
        let seat = self.seat.take().ok_or(Refusal::NotAnnounced)?;
        let left = vacate(&mut self.switchboard.rooms(), seat, text, now);
        if let Some(left) = left {
            left.tell(&self.switchboard);
        }
        Ok(())
    }
}

/// What came of changing rooms.
struct Moved {
    /// Whether another connection lost its seat.
    took_over: bool,
    left: Option<Left>,
}

/// A seat that was given up.
struct Left {
    seat: Seat,
    others: Vec<Outbox>,
}

impl Left {
    /// The rooms must not be locked.
    fn tell(self, switchboard: &Switchboard) {
        switchboard.deliver(self.others);
        info!(peer.id = %self.seat.id(), room.name = %self.seat.room(), "Peer left");
    }
}

/// Gives up a seat and queues the news for the room; does nothing if somebody took it over.
fn vacate(
    rooms: &mut Rooms<Member>,
    seat: Seat,
    text: Option<&Text>,
    now: Instant,
) -> Option<Left> {
    if !rooms.leave(&seat) {
        return None;
    }
    let frame = match text {
        Some(text) => text.frame(),
        None => frame::text(&protocol::encode_leave(seat.id())),
    };
    let others = relay(rooms, &seat, &frame, now);
    Some(Left { seat, others })
}
