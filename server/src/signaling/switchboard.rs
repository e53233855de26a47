//! What each frame does: the rules of the protocol, applied to the rooms.
//!
//! Sync throughout; frames that go out are queued. May import: `rooms`, `outbox`, `token`, `metrics`,
//! `quickconnect::protocol`.

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::{Message, Utf8Bytes};
use quickconnect::protocol::{self, BadFrame, Frame, NameLimits, PeerId, RoomName};
use tracing::{debug, info};

use super::outbox::{Ending, Outbox};
use super::rooms::{Full, NoSeat, Occupant, Rooms, Seat};
use super::token::Token;
use crate::config::Limits;
use crate::operation::metrics::{FrameKind, Gauges, Metrics};

/// All rooms, shared by all connections.
#[derive(Debug)]
pub struct Switchboard {
    /// A std mutex, because it is held for a few lines that never wait: queueing a frame doesn't, however slow its
    /// receiver is, and nothing is logged meanwhile. It is held while frames are queued, so that all members of a
    /// room see them in the same order.
    rooms: Mutex<Rooms<Member>>,
    /// Everybody who is connected, in a room or not.
    connections: Mutex<Connections>,
    names: NameLimits,
    metrics: Metrics,
}

#[derive(Debug, Default)]
struct Connections {
    outboxes: HashMap<u64, Outbox>,
    next_number: u64,
    /// The server stops, and nobody takes part any more.
    is_closed: bool,
}

/// Whom others reach by an id.
#[derive(Debug, Clone)]
pub struct Member {
    outbox: Outbox,
    /// What its greeting carried.
    token: Option<Token>,
}

/// One connection's part in it. Dropping it leaves the room, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Session {
    switchboard: Arc<Switchboard>,
    number: u64,
    outbox: Outbox,
    token: Option<Token>,
    /// What the client says that an earlier greeting carried.
    resumes: Option<Token>,
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
    /// Another connection has the id, and is alive.
    #[error("Another connection has this id in the room, and is alive. Choose another id.")]
    IdTaken,
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
            Self::IdTaken => "id-taken",
            Self::Binary => "binary-frame",
        }
    }
}

/// Why a frame did nothing, or nothing yet.
#[derive(Debug)]
enum Undone {
    Refused(Refusal),
    /// It has to be found out whether the other is still there.
    Occupied(Occupied),
}

/// Who has the id that somebody announces.
#[derive(Debug)]
pub struct Occupied {
    /// How to find out whether it is alive.
    pub outbox: Outbox,
    ticket: u64,
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BadFrame> for Undone {
    fn from(bad: BadFrame) -> Self {
        Self::Refused(bad.into())
    }
}

impl From<NoSeat<Member>> for Undone {
    fn from(no_seat: NoSeat<Member>) -> Self {
        match no_seat {
            NoSeat::Full(full) => Self::Refused(full.into()),
            NoSeat::Occupied(Occupant { member, ticket }) => Self::Occupied(Occupied {
                outbox: member.outbox,
                ticket,
            }),
        }
    }
}

impl Switchboard {
    /// Without rooms, and with these bounds.
    pub fn new(limits: &Limits) -> Arc<Self> {
        let rooms = Mutex::new(Rooms::new(limits.max_rooms, limits.max_room_members));
        Arc::new(Self {
            rooms,
            connections: Mutex::default(),
            names: limits.names(),
            metrics: Metrics::default(),
        })
    }

    /// What has been counted so far.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What is now.
    pub fn gauges(&self) -> Gauges {
        let (rooms, members) = self.rooms().count();
        let connections = self.connections();
        let queues = connections.outboxes.values().map(Outbox::queued_bytes);
        let (queued_bytes, longest_queue_bytes) =
            queues.fold((0, 0), |(sum, max), bytes| (sum + bytes, bytes.max(max)));
        Gauges {
            connections: connections.outboxes.len(),
            rooms,
            members,
            queued_bytes,
            longest_queue_bytes,
        }
    }

    /// Ends every connection, and those that are still on their way here.
    pub fn close(&self) {
        let mut connections = self.connections();
        connections.is_closed = true;
        for outbox in connections.outboxes.values() {
            outbox.end(Ending::Shutdown);
        }
    }

    /// Lets a connection take part.
    pub fn enter(self: &Arc<Self>, outbox: Outbox) -> Session {
        self.metrics.connected();
        let number = self.connections().add(outbox.clone());
        let token = Token::random();
        match &token {
            Some(token) => outbox.send(protocol::encode_greeting(&token.to_string())),
            None => outbox.send(protocol::GREETING),
        }
        Session {
            switchboard: Arc::clone(self),
            number,
            outbox,
            token,
            resumes: None,
            id: None,
            seat: None,
        }
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        // Nothing in there can panic half-way.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms<Member>> {
        // Every method of `Rooms` leaves it consistent, and a panic in one connection must not end the others.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    fn add(&mut self, outbox: Outbox) -> u64 {
        if self.is_closed {
            outbox.end(Ending::Shutdown);
        }
        let number = self.next_number;
        self.next_number += 1;
        self.outboxes.insert(number, outbox);
        number
    }
}

impl Session {
    /// Handles what the client sent as text. Says who has the id that it announces, if somebody has.
    pub fn receive(&mut self, text: &Utf8Bytes) -> Option<Occupied> {
        self.receive_over(text, None)
    }

    /// Handles an announce again: the one who had the id is `gone`.
    pub fn receive_again(&mut self, text: &Utf8Bytes, gone: &Occupied) -> Option<Occupied> {
        self.receive_over(text, Some(gone.ticket))
    }

    fn receive_over(&mut self, text: &Utf8Bytes, gone: Option<u64>) -> Option<Occupied> {
        match self.try_receive(text, gone) {
            Ok(()) => None,
            Err(Undone::Refused(refusal)) => {
                self.refuse(&refusal);
                None
            }
            Err(Undone::Occupied(occupied)) => Some(occupied),
        }
    }

    /// The client may not have the id that it announced. Who sits elsewhere stays there; who doesn't is closed, because
    /// original clients would wait in no room for ever, and come back after a while when they are closed.
    pub fn refuse_id(&self) {
        self.refuse(&Refusal::IdTaken);
        if self.seat.is_none() {
            self.outbox.end(Ending::IdTaken);
        }
    }

    /// Tells the client, and only the client, that a frame did nothing.
    pub fn refuse(&self, refusal: &Refusal) {
        let code = refusal.code();
        self.switchboard.metrics.refused(code);
        debug!(
            error.code = code,
            peer.id = self.id.as_ref().map(display),
            "Refused a frame"
        );
        self.outbox
            .send(protocol::encode_error(code, &refusal.to_string(), None));
    }

    fn try_receive(&mut self, text: &Utf8Bytes, gone: Option<u64>) -> Result<(), Undone> {
        let frame = protocol::parse(text, &self.switchboard.names);
        self.switchboard.metrics.received(kind(&frame));
        match frame? {
            Frame::Primus => {}
            Frame::Resume { token } => self.resumes = token.parse().ok(),
            Frame::Announce { sender, room } => {
                self.check_sender(sender.as_str())?;
                self.announce(sender, room, text, gone)?;
            }
            Frame::Leave { sender } => {
                self.check_sender(sender)?;
                self.leave(Some(text))?;
            }
            Frame::Directed { target, sender } => {
                self.check_sender(sender)?;
                let rooms = self.switchboard.rooms();
                // An unknown target has just left, and the sender will hear so.
                if let Some(member) = rooms.member(self.seat(&rooms)?, target) {
                    member.outbox.send(Message::Text(apart(text)));
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
    fn announce(
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
    fn seat(&self, rooms: &Rooms<Member>) -> Result<&Seat, Refusal> {
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
        // Who waits for a sign of life waits no more.
        self.outbox.end(Ending::ByClient);
        self.switchboard.connections().outboxes.remove(&self.number);
    }
}

fn kind(frame: &Result<Frame<'_>, BadFrame>) -> FrameKind {
    match frame {
        Ok(Frame::Announce { .. }) => FrameKind::Announce,
        Ok(Frame::Directed { .. }) => FrameKind::Directed,
        Ok(Frame::Leave { .. }) => FrameKind::Leave,
        Ok(Frame::Broadcast { .. }) => FrameKind::Broadcast,
        Ok(Frame::Primus | Frame::Resume { .. }) => FrameKind::Chatter,
        Err(_) => FrameKind::Bad,
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

/// The frame is copied once, however many share it then.
fn relay(rooms: &Rooms<Member>, seat: &Seat, text: &Utf8Bytes) {
    let text = apart(text);
    for member in rooms.others(seat) {
        member.outbox.send(Message::Text(text.clone()));
    }
}

/// What was read shares the buffer of its connection, and would keep all of it for as long as it waits for its reader: forty
/// times of what the queue counts, at worst.
fn apart(text: &Utf8Bytes) -> Utf8Bytes {
    text.as_str().to_owned().into()
}

fn log_leave(seat: &Seat) {
    info!(peer.id = %seat.id(), room.name = %seat.room(), "Peer left");
}
