//! What each frame does: the rules of the protocol, applied to the rooms.
//!
//! Sync throughout; frames that go out are queued. May import: `rooms`, `outbox`,
//! `quickconnect::protocol`.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::{Message, Utf8Bytes};
use quickconnect::protocol::{self, BadFrame, Frame, NameLimits, PeerId, RoomName};
use tracing::{debug, info};

use super::outbox::{Ending, Outbox};
use super::rooms::{Full, Rooms, Seat};
use crate::config::Limits;

/// All rooms, shared by all connections.
#[derive(Debug)]
pub struct Switchboard {
    /// A std mutex, because it is held for a few lines that never wait: queueing a frame doesn't, however slow its
    /// receiver is, and nothing is logged meanwhile. It is held while frames are queued, so that all members of a
    /// room see them in the same order.
    rooms: Mutex<Rooms<Outbox>>,
    names: NameLimits,
}

/// One connection's part in it. Dropping it leaves the room, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Session {
    switchboard: Arc<Switchboard>,
    outbox: Outbox,
    /// Set by the first announce, for good: who could change it could speak as anyone.
    id: Option<PeerId>,
    seat: Option<Seat>,
}

/// Why a frame did nothing. Its sender is told, and nobody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The frame isn't one.
    #[error(transparent)]
    BadFrame(#[from] BadFrame),
    /// The room or the server is full.
    #[error(transparent)]
    Full(#[from] Full),
    /// The sender is in no room.
    #[error(
        "You are in no room, so there is nobody to relay this to. Send \"/announce|yourId|{{…}}\" first."
    )]
    NotAnnounced,
    /// The frame's sender is not the id that this connection announced.
    #[error(
        "The frame's sender is not \"{announced}\", the id that this connection announced; it was not relayed. Use one id per connection."
    )]
    WrongSender {
        /// The id it should have.
        announced: PeerId,
    },
    /// A binary frame.
    #[error("A frame must be text; this binary one was not relayed. Send a text frame.")]
    Binary,
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::BadFrame(bad) => bad.code(),
            Self::Full(Full::Room { .. }) => "room-full",
            Self::Full(Full::Server { .. }) => "too-many-rooms",
            Self::NotAnnounced => "not-announced",
            Self::WrongSender { .. } => "wrong-sender",
            Self::Binary => "binary-frame",
        }
    }
}

impl Switchboard {
    /// Without rooms, and with these bounds.
    pub fn new(limits: &Limits) -> Arc<Self> {
        let rooms = Mutex::new(Rooms::new(limits.max_rooms, limits.max_room_members));
        Arc::new(Self {
            rooms,
            names: limits.names(),
        })
    }

    /// Lets a connection take part.
    pub fn enter(self: &Arc<Self>, outbox: Outbox) -> Session {
        outbox.send(protocol::GREETING);
        Session {
            switchboard: Arc::clone(self),
            outbox,
            id: None,
            seat: None,
        }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms<Outbox>> {
        // Every method of `Rooms` leaves it consistent, and a panic in one connection must not end the others.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Handles what the client sent as text.
    pub fn receive(&mut self, text: &Utf8Bytes) {
        if let Err(refusal) = self.try_receive(text) {
            self.refuse(&refusal);
        }
    }

    /// Tells the client, and only the client, that a frame did nothing.
    pub fn refuse(&self, refusal: &Refusal) {
        let code = refusal.code();
        debug!(
            error.code = code,
            peer.id = self.id.as_ref().map(display),
            "Refused a frame"
        );
        self.outbox
            .send(protocol::encode_error(code, &refusal.to_string(), None));
    }

    fn try_receive(&mut self, text: &Utf8Bytes) -> Result<(), Refusal> {
        match protocol::parse(text, &self.switchboard.names)? {
            Frame::Primus => {}
            Frame::Announce { sender, room } => {
                self.check_sender(sender.as_str())?;
                self.announce(sender, room, text)?;
            }
            Frame::Leave { sender } => {
                self.check_sender(sender)?;
                self.leave(Some(text))?;
            }
            Frame::Directed { target, sender } => {
                self.check_sender(sender)?;
                let rooms = self.switchboard.rooms();
                // An unknown target has just left, and the sender will hear so.
                if let Some(outbox) = rooms.member(self.seat(&rooms)?, target) {
                    outbox.send(Message::Text(text.clone()));
                }
            }
            Frame::Broadcast { sender } => {
                self.check_sender(sender)?;
                let rooms = self.switchboard.rooms();
                relay(&rooms, self.seat(&rooms)?, text);
            }
        }
        Ok(())
    }

    /// An announce joins a room, moves to another one, or repeats itself.
    fn announce(&mut self, id: PeerId, room: RoomName, text: &Utf8Bytes) -> Result<(), Refusal> {
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
            Some(self.change_rooms(&mut rooms, id, room)?)
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

    /// Joins the new room before it leaves the old one, so that who finds the new one full stays where it is.
    fn change_rooms(
        &mut self,
        rooms: &mut Rooms<Outbox>,
        id: PeerId,
        room: RoomName,
    ) -> Result<Moved, Full> {
        let joined = rooms.join(room, id.clone(), self.outbox.clone())?;
        if let Some(older) = &joined.replaced {
            older.end(Ending::TakenOver);
        }
        self.id = Some(id);
        let old = self.seat.replace(joined.seat);
        Ok(Moved {
            took_over: joined.replaced.is_some(),
            left: old.filter(|seat| vacate(rooms, seat, None)),
        })
    }

    /// Leaves the room, if in one. The others hear the client's own words for it, if it said any.
    fn leave(&mut self, text: Option<&Utf8Bytes>) -> Result<(), Refusal> {
        let seat = self.seat.take().ok_or(Refusal::NotAnnounced)?;
        let has_left = vacate(&mut self.switchboard.rooms(), &seat, text);
        if has_left {
            log_leave(&seat);
        }
        Ok(())
    }

    fn check_sender(&self, sender: &str) -> Result<(), Refusal> {
        match &self.id {
            Some(announced) if announced.as_str() != sender => Err(Refusal::WrongSender {
                announced: announced.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The seat, unless somebody took it over and this connection is only waiting for its end.
    fn seat(&self, rooms: &Rooms<Outbox>) -> Result<&Seat, Refusal> {
        self.seat
            .as_ref()
            .filter(|seat| rooms.holds(seat))
            .ok_or(Refusal::NotAnnounced)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // An error says that there is no room to leave.
        let _ = self.leave(None);
    }
}

/// What came of changing rooms.
struct Moved {
    /// Whether another connection lost its seat.
    took_over: bool,
    left: Option<Seat>,
}

/// Gives up a seat and tells the room; does nothing and returns false if somebody took it over.
fn vacate(rooms: &mut Rooms<Outbox>, seat: &Seat, text: Option<&Utf8Bytes>) -> bool {
    let was_there = rooms.leave(seat);
    if was_there {
        let text = text.cloned();
        let text = text.unwrap_or_else(|| protocol::encode_leave(seat.id()).into());
        relay(rooms, seat, &text);
    }
    was_there
}

fn relay(rooms: &Rooms<Outbox>, seat: &Seat, text: &Utf8Bytes) {
    for outbox in rooms.others(seat) {
        outbox.send(Message::Text(text.clone()));
    }
}

fn log_leave(seat: &Seat) {
    info!(peer.id = %seat.id(), room.name = %seat.room(), "Peer left");
}
