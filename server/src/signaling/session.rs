//! What each frame does: the rules of the protocol, applied to the rooms.
//!
//! Sync throughout; frames that go out are queued. May import: `switchboard`, `refusal`, `rooms`, `outbox`, `token`, `metrics`,
//! `quickconnect::protocol`. [`moves`] joins, changes and leaves rooms.

#[cfg(test)]
mod model;
mod moves;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::ws::{Message, Utf8Bytes};
use quickconnect::protocol::{self, BadFrame, Frame, PeerId};
use tracing::debug;

use super::outbox::{Ending, Outbox};
use super::refusal::{Occupied, Refusal, Undone};
use super::rooms::{Rooms, Seat};
use super::switchboard::{Member, Switchboard};
use super::token::Token;
use crate::operation::metrics::FrameKind;

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

impl Session {
    /// Greets the client. `number` is what the switchboard knows the connection by.
    pub(super) fn new(switchboard: Arc<Switchboard>, number: u64, outbox: Outbox) -> Self {
        let token = Token::random();
        match &token {
            Some(token) => outbox.send(protocol::encode_greeting(&token.to_string())),
            None => outbox.send(protocol::GREETING),
        }
        Self {
            switchboard,
            number,
            outbox,
            token,
            resumes: None,
            id: None,
            seat: None,
        }
    }

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
        self.switchboard.metrics().refused(code);
        debug!(
            error.code = code,
            peer.id = self.id.as_ref().map(display),
            "Refused a frame"
        );
        self.outbox
            .send(protocol::encode_error(code, &refusal.to_string(), None));
    }

    fn try_receive(&mut self, text: &Utf8Bytes, gone: Option<u64>) -> Result<(), Undone> {
        let frame = protocol::parse(text, self.switchboard.names());
        self.switchboard.metrics().received(kind(&frame));
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
        self.switchboard.exit(self.number);
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
