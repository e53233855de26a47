//! What each frame does: the rules of the protocol, applied to the rooms.
//!
//! Sync throughout. Frames that go out are queued while the rooms are locked, and written to the sockets
//! afterwards. `moves` joins, changes and leaves rooms, `price` says what a frame costs.
//!
//! May import: close_reason, frame, metrics, outbox, refusal, rooms, switchboard, throttle, token, quickconnect::protocol, tracing,
//! tungstenite.

mod membership;
#[cfg(test)]
mod model_tests;
mod price;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use quickconnect::protocol::{self, BadFrame, Frame, Greeting, PeerId};
use tracing::debug;
use tungstenite::Bytes;

use super::close_reason::CloseReason;
use super::frame::{self, Text};
use super::outbox::Outbox;
use super::refusal::{Occupied, Refusal, Undone};
use super::rooms::{Rooms, Seat};
use super::switchboard::{Member, Switchboard};
use crate::metrics::FrameKind;
use crate::token::Token;

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
    /// Lets a connection take part, and greets its client.
    pub fn begin(switchboard: Arc<Switchboard>, outbox: Outbox) -> Self {
        let number = switchboard.enter(outbox.clone());
        let token = Token::random();
        let greeting = Greeting {
            resume: token.as_ref().map(Token::to_string),
            ..switchboard.greeting().clone()
        };
        outbox.send(frame::text(&greeting.encode()));
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

    /// Reads a text of the client.
    pub fn parse<'a>(&self, text: &'a Text) -> Result<Frame<'a>, BadFrame> {
        protocol::parse(text, self.switchboard.names())
    }

    /// Handles the text that came `now`, and what was read in it. Says who has the id that it announces, if somebody has.
    pub fn receive(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        now: Instant,
    ) -> Option<Occupied> {
        self.switchboard.metrics().received(kind(&frame));
        self.receive_over(text, frame, None, now)
    }

    /// Handles an announce again: the one who had the id is `gone`.
    pub fn receive_again(
        &mut self,
        text: &Text,
        gone: &Occupied,
        now: Instant,
    ) -> Option<Occupied> {
        let frame = self.parse(text);
        self.receive_over(text, frame, Some(gone.ticket), now)
    }

    fn receive_over(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        gone: Option<u64>,
        now: Instant,
    ) -> Option<Occupied> {
        match self.try_receive(text, frame, gone, now) {
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
            self.outbox.end(CloseReason::IdTaken);
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
        self.outbox.send(frame::text(&protocol::encode_error(
            code,
            &refusal.to_string(),
            None,
        )));
    }

    fn try_receive(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        gone: Option<u64>,
        now: Instant,
    ) -> Result<(), Undone> {
        match frame? {
            Frame::Primus => {}
            Frame::Resume { token } => self.resumes = token.parse().ok(),
            Frame::Announce { sender, room } => {
                self.check_sender(sender.as_str())?;
                self.announce(sender, room, text, gone, now)?;
            }
            Frame::Leave { sender } => {
                self.check_sender(sender)?;
                self.leave(Some(text), now)?;
            }
            Frame::Directed { target, sender, .. } => {
                self.check_sender(sender)?;
                let rooms = self.switchboard.rooms();
                // An unknown target has just left, and the sender will hear so.
                let receiver = rooms.member(self.seat(&rooms)?, target).map(|member| {
                    member.outbox.queue(text.frame(), now);
                    member.outbox.clone()
                });
                drop(rooms);
                self.switchboard.deliver(receiver);
            }
            Frame::Broadcast { sender } => {
                self.check_sender(sender)?;
                let rooms = self.switchboard.rooms();
                let receivers = relay(&rooms, self.seat(&rooms)?, &text.frame(), now);
                drop(rooms);
                self.switchboard.deliver(receivers);
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
        if thread::panicking() {
            self.switchboard.metrics().refused(CloseReason::FAILED);
        }
        // An error says that there is no room to leave.
        let _ = self.leave(None, Instant::now());
        // Who waits for a sign of life waits no more.
        self.outbox.end(CloseReason::ByClient);
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

/// Queues a frame for everybody else in the room, and says who they are. All share its bytes.
#[must_use]
fn relay(rooms: &Rooms<Member>, seat: &Seat, frame: &Bytes, now: Instant) -> Vec<Outbox> {
    let others = rooms.others(seat).map(|member| {
        member.outbox.queue(frame.clone(), now);
        member.outbox.clone()
    });
    others.collect()
}
