//! A session's way from room to room.
//!
//! May import: `switchboard`, `refusal`, `rooms`, `outbox`, `quickconnect::protocol`.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use quickconnect::protocol::{self, PeerId, RoomName};
use tracing::info;

use super::{Session, relay};
use crate::signaling::outbox::Ending;
use crate::signaling::refusal::{Refusal, Undone};
use crate::signaling::rooms::{NoSeat, Rooms, Seat};
use crate::signaling::switchboard::Member;

impl Session {
    /// An announce joins a room, moves to another one, or repeats itself.
    pub(super) fn announce(
        &mut self,
        id: PeerId,
        room: RoomName,
        text: &Utf8Bytes,
        gone: Option<u64>,
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
            Some(self.change_rooms(&mut rooms, id, room, gone)?)
        };
        let seat = self.seat(&rooms)?;
        let member_count = rooms.member_count(seat);
        self.outbox.send(protocol::encode_room_info(member_count));
        relay(&rooms, seat, text);
        drop(rooms);

        if let Some(Moved { took_over, left }) = moved {
            left.as_ref().inspect(|seat| log_leave(seat));
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
            older.outbox.end(Ending::TakenOver);
        }
        self.id = Some(id);
        let old = self.seat.replace(joined.seat);
        Ok(Moved {
            took_over: joined.replaced.is_some(),
            left: old.filter(|seat| vacate(rooms, seat, None)),
        })
    }

    /// Leaves the room, if in one. The others hear the client's own words for it, if it said any.
    pub(super) fn leave(&mut self, text: Option<&Utf8Bytes>) -> Result<(), Refusal> {
        let seat = self.seat.take().ok_or(Refusal::NotAnnounced)?;
        let has_left = vacate(&mut self.switchboard.rooms(), &seat, text);
        if has_left {
            log_leave(&seat);
        }
        Ok(())
    }
}

/// What came of changing rooms.
struct Moved {
    /// Whether another connection lost its seat.
    took_over: bool,
    left: Option<Seat>,
}

/// Gives up a seat and tells the room; does nothing and returns false if somebody took it over.
fn vacate(rooms: &mut Rooms<Member>, seat: &Seat, text: Option<&Utf8Bytes>) -> bool {
    let was_there = rooms.leave(seat);
    if was_there {
        let text = text.cloned();
        let text = text.unwrap_or_else(|| protocol::encode_leave(seat.id()).into());
        relay(rooms, seat, &text);
    }
    was_there
}

fn log_leave(seat: &Seat) {
    info!(peer.id = %seat.id(), room.name = %seat.room(), "Peer left");
}
