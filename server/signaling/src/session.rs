//! What each message of one client does: the rules of the protocol, applied to the rooms.
//!
//! Pure: an [`Event`] comes in, [`Effects`] come out. No socket, no clock, no log and no counter is touched, and whatever stands for a member
//! is a type parameter, so that tests use plain values. Whoever calls this holds the lock of the rooms, and queues what is relayed before it
//! releases it: so all members of a room hear the same in the same order.
//!
//! # Layout
//! - [`effect`]: what has to be done
//! - `membership`: joins, changes and leaves rooms
//! - [`price`]: what a message costs everybody else, before it is handled
//!
//! May import: close_reason, frame, gate, refusal, rooms, token, quickconnect::protocol, tungstenite.

pub mod effect;
#[cfg(test)]
mod harness;
mod membership;
#[cfg(test)]
mod model_tests;
pub mod price;
#[cfg(test)]
mod tests;

use quickconnect::protocol::{BadFrame, Frame, PeerId, RoomName};
use tungstenite::Bytes;

use super::frame::Text;
use super::gate::Pass;
use super::refusal::Refusal;
use super::rooms::{Rooms, Seat};
use crate::token::Token;
use effect::{Effect, Effects};

/// What others in a room reach somebody by.
#[derive(Debug, Clone)]
pub struct Member<H> {
    /// How to send to it.
    pub handle: H,
    /// What its greeting carried: who shows it has a right to the id.
    pub token: Option<Token>,
    /// What it enters rooms with.
    pub pass: Pass,
}

/// One connection's part in the protocol.
#[derive(Debug)]
pub struct Session<H> {
    member: Member<H>,
    /// What the client says that an earlier greeting carried.
    resumes: Option<Token>,
    /// Set by the first announce, for good: who could change it could speak as anyone.
    id: Option<PeerId>,
    seat: Option<Seat>,
    /// The seat that it had when it was cut off: its id is kept.
    kept: Option<Seat>,
    /// An announce that waits for an answer. Boxed, because there rarely is one.
    pending: Option<Box<Pending>>,
}

/// An announce of an id that somebody else has. Whether that one is still there has to be found out first.
#[derive(Debug)]
struct Pending {
    id: PeerId,
    room: RoomName,
    text: Text,
    /// The seat of whoever has the id. If another one has it by the time of the answer, that one is asked, too.
    ticket: u64,
}

/// What happens to a session.
#[derive(Debug)]
pub enum Event<'a> {
    /// The client sent a text, which was read as this.
    Text(&'a Text, Result<Frame<'a>, BadFrame>),
    /// The client sent a binary message.
    Binary,
    /// The pending join is decided: this is known of whoever has the id. Means nothing if none is pending.
    Answered(Answer),
    /// The client's next room is at another instance.
    MovedAway,
    /// The connection is ended for what others sent to it. The id is kept for its owner until [`Ended`](Self::Ended).
    CutOff,
    /// The connection is over.
    Ended,
}

/// What is known of somebody who has an id that another one announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is there, and keeps the id.
    Alive,
    /// It is gone, and the id is free.
    Gone,
}

impl<H: Clone> Session<H> {
    /// Of a client that is in no room yet.
    pub fn new(handle: H, token: Option<Token>, pass: Pass) -> Self {
        Self {
            member: Member {
                handle,
                token,
                pass,
            },
            resumes: None,
            id: None,
            seat: None,
            kept: None,
            pending: None,
        }
    }

    /// How the client itself is reached.
    pub fn handle_of_client(&self) -> &H {
        &self.member.handle
    }

    /// The id that the client has announced.
    pub fn id(&self) -> Option<&PeerId> {
        self.id.as_ref()
    }

    /// What proves who the client is: its own token, and the one that it resumes.
    pub fn tokens(&self) -> [Option<Token>; 2] {
        [self.member.token, self.resumes]
    }

    /// The client has announced itself at another instance.
    pub fn announced_elsewhere(&mut self, id: &PeerId) {
        self.id.get_or_insert_with(|| id.clone());
    }

    /// The client says that an earlier greeting carried this.
    pub fn resume(&mut self, token: Option<Token>) {
        self.resumes = token;
    }

    /// What it enters rooms with.
    pub(super) fn pass(&self) -> &Pass {
        &self.member.pass
    }

    /// Whether it has been in a room, and has left it.
    pub fn has_left(&self) -> bool {
        self.id.is_some() && self.seat.is_none() && self.kept.is_none()
    }

    /// Whether it was cut off, and its id is kept for its owner.
    pub fn keeps_id(&self) -> bool {
        self.kept.is_some()
    }

    /// Handles what happens, and says what has to be done for that.
    pub fn handle(&mut self, event: Event<'_>, rooms: &mut Rooms<Member<H>>) -> Effects<H> {
        let mut effects = Effects::default();
        let done = match event {
            Event::Text(text, frame) => self.receive(text, frame, rooms, &mut effects),
            Event::Binary => Err(Refusal::Binary),
            Event::Answered(answer) => self.answered(answer, rooms, &mut effects),
            Event::CutOff => {
                self.leave_and_keep_the_id(rooms, &mut effects);
                Ok(())
            }
            Event::MovedAway => {
                // An error says that there is no room to leave.
                let _ = self.leave(None, rooms, &mut effects);
                Ok(())
            }
            Event::Ended => {
                if let Some(seat) = self.kept.take() {
                    rooms.release(&seat);
                }
                // An error says that there is no room to leave.
                let _ = self.leave(None, rooms, &mut effects);
                Ok(())
            }
        };
        if let Err(refusal) = done {
            effects.push(Effect::Refuse(refusal));
        }
        effects
    }

    fn receive(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        rooms: &mut Rooms<Member<H>>,
        effects: &mut Effects<H>,
    ) -> Result<(), Refusal> {
        match frame? {
            Frame::Primus => {}
            Frame::Resume { token } => self.resumes = token.parse().ok(),
            Frame::Announce { sender, room } => {
                self.check_sender(sender.as_str())?;
                self.announce(sender, room, text, None, rooms, effects)?;
            }
            Frame::Leave { sender } => {
                self.check_sender(sender)?;
                self.leave(Some(text), rooms, effects)?;
            }
            Frame::Directed { target, sender, .. } => {
                self.check_sender(sender)?;
                // An unknown target has just left, and the sender will hear so.
                if let Some(member) = rooms.member(self.seat(rooms)?, target) {
                    effects.push(Effect::Send {
                        to: member.handle.clone(),
                        frame: text.frame(),
                    });
                }
            }
            Frame::Broadcast { sender } => {
                self.check_sender(sender)?;
                effects.push(relay(rooms, self.seat(rooms)?, text.frame()));
            }
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
    fn seat(&self, rooms: &Rooms<Member<H>>) -> Result<&Seat, Refusal> {
        self.seat
            .as_ref()
            .filter(|seat| rooms.holds(seat))
            .ok_or(Refusal::NotAnnounced)
    }
}

/// Sends a frame to everybody else in the room. All share its bytes.
fn relay<H: Clone>(rooms: &Rooms<Member<H>>, seat: &Seat, frame: Bytes) -> Effect<H> {
    let others = rooms.others(seat).map(|member| member.handle.clone());
    Effect::Relay {
        to: others.collect(),
        frame,
    }
}
