//! What each frame does: the rules of the protocol, applied to the rooms.
//!
//! Sync throughout; frames that go out are queued. May import: `rooms`, `outbox`,
//! `quickconnect::protocol`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::{Message, Utf8Bytes};
use quickconnect::protocol::{self, BadFrame, Frame, NameLimits, PeerId, RoomName};
use tracing::info;

use super::outbox::{Ending, Outbox};
use super::rooms::{Full, Rooms, Seat};
use crate::config::Limits;

/// All rooms, shared by all connections.
#[derive(Debug)]
pub struct Switchboard {
    /// A std mutex, because it is held for a few lines that never wait: queueing a frame doesn't, however slow its
    /// receiver is. It is held while frames are queued, so that all members of a room see them in the same order.
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
        "The frame's sender is not {announced:?}, the id that this connection announced; it was not relayed. Use one id per connection."
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
        let (code, id) = (
            refusal.code(),
            self.id.as_ref().map(tracing::field::display),
        );
        info!(error.code = code, peer.id = id, "Refused a frame");
        self.outbox
            .send(protocol::encode_error(code, &refusal.to_string()));
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

    /// An announcement joins a room, moves to another one, or repeats itself.
    fn announce(&mut self, id: PeerId, room: RoomName, text: &Utf8Bytes) -> Result<(), Refusal> {
        let switchboard = Arc::clone(&self.switchboard);
        let mut rooms = switchboard.rooms();
        if self.seat.is_some() {
            // Whoever was taken over must not take the id back while its connection ends.
            self.seat(&rooms)?;
        }
        let old = self.seat.take_if(|seat| *seat.room() != room);
        if self.seat.is_none() {
            let joined = match rooms.join(room, id.clone(), self.outbox.clone()) {
                Ok(joined) => joined,
                Err(full) => {
                    self.seat = old;
                    return Err(full.into());
                }
            };
            if let Some(older) = joined.replaced {
                info!(peer.id = %id, room.name = %joined.seat.room(), "A new connection took over a peer");
                older.end(Ending::TakenOver);
            }
            let member_count = rooms.member_count(&joined.seat);
            info!(peer.id = %id, room.name = %joined.seat.room(), room.members = member_count, "Peer joined");
            self.seat = Some(joined.seat);
            self.id = Some(id);
        }
        if let Some(old) = old {
            self.vacate(&mut rooms, &old, None);
        }
        let seat = self.seat(&rooms)?;
        self.outbox
            .send(protocol::encode_room_info(rooms.member_count(seat)));
        relay(&rooms, seat, text);
        Ok(())
    }

    /// Leaves the room, if in one.
    fn leave(&mut self, text: Option<&Utf8Bytes>) -> Result<(), Refusal> {
        let seat = self.seat.take().ok_or(Refusal::NotAnnounced)?;
        let switchboard = Arc::clone(&self.switchboard);
        self.vacate(&mut switchboard.rooms(), &seat, text);
        Ok(())
    }

    /// Gives up a seat and tells the room, with the client's own frame if there is one.
    fn vacate(&self, rooms: &mut Rooms<Outbox>, seat: &Seat, text: Option<&Utf8Bytes>) {
        if rooms.leave(seat)
            && let Some(id) = &self.id
        {
            let text = text
                .cloned()
                .unwrap_or_else(|| protocol::encode_leave(id).into());
            relay(rooms, seat, &text);
            info!(peer.id = %id, room.name = %seat.room(), room.members = rooms.member_count(seat), "Peer left");
        }
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

fn relay(rooms: &Rooms<Outbox>, seat: &Seat, text: &Utf8Bytes) {
    for outbox in rooms.others(seat) {
        outbox.send(Message::Text(text.clone()));
    }
}
