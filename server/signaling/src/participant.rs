//! One connection's part in the protocol: does what its session says has to be done, and counts and logs that.
//!
//! `away` is for a client whose room is at another instance.
//!
//! May import: account, close_reason, elsewhere, frame, gate, greeter, counts, outbox, refusal, session, switchboard, token, quickconnect::protocol, tracing.

mod away;
#[cfg(test)]
mod tests;

use std::mem;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use quickconnect::protocol::{self, BadFrame, Frame};
use tracing::{debug, info};

use super::close_reason::CloseReason;
use super::elsewhere::Away;
use super::frame::{self, Text};
use super::gate::Pass;
use super::greeter::Greeter;
use super::outbox::Outbox;
use super::refusal::Refusal;
use super::session::effect::Effect;
use super::session::price::Price;
use super::session::{Answer, Event, Session};
use super::switchboard::Switchboard;
use crate::account::Turn;
use crate::counts::FrameKind;
use crate::token::Token;

/// A session with a connection. Dropping it leaves the room, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Participant {
    switchboard: Arc<Switchboard>,
    /// `None` for a client of another instance, whose connection is not one of this one's.
    number: Option<NonZeroU64>,
    session: Session<Outbox>,
    greeter: Arc<Greeter>,
    /// Whether the client has closed the connection, and said why.
    is_closed: bool,
    /// Its part in a room of another instance. Boxed twice, since every idle connection keeps this pointer, and one to a trait object has two words.
    away: Option<Box<Box<dyn Away>>>,
}

/// When what a message causes is written.
#[derive(Debug)]
enum Delivery {
    /// Together with what others say at the same time.
    AtOnce,
    /// When nobody else has anything to say; for a client that takes turns, and for whatever may reach a whole room without having been paid
    /// for before.
    Late(Option<Turn>),
}

impl Participant {
    /// Lets a connection take part, and greets its client.
    pub fn begin(
        switchboard: Arc<Switchboard>,
        outbox: Outbox,
        greeter: Arc<Greeter>,
        pass: Pass,
    ) -> Self {
        let number = switchboard.enter(outbox.clone());
        outbox.send(frame::text(&greeter.text(switchboard.greeting())));
        Self {
            session: Session::new(outbox, greeter.token(), pass),
            switchboard,
            number: Some(number),
            greeter,
            is_closed: false,
            away: None,
        }
    }

    /// Lets a client of another instance take part, which has greeted it, and has found that it may enter. The tokens are its own, and the one
    /// that it resumes.
    pub fn begin_guest(
        switchboard: Arc<Switchboard>,
        outbox: Outbox,
        tokens: [Option<Token>; 2],
    ) -> Self {
        let [token, resumes] = tokens;
        let mut session = Session::new(outbox, token, Pass::everywhere());
        session.resume(resumes);
        Self {
            session,
            switchboard,
            number: None,
            greeter: Greeter::of_guest(token),
            is_closed: false,
            away: None,
        }
    }

    fn outbox(&self) -> &Outbox {
        self.session.handle_of_client()
    }

    /// The client closed the connection. A page that is closed gives a code
    /// ([RFC 6455, section 7.4.1](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1)); one that is about to connect again does not.
    pub fn closed(&mut self, gives_code: bool) {
        self.is_closed = gives_code;
    }

    /// The connection is over: says whether the client meant that, which has left its room, or closed the page.
    pub fn ended(&self) {
        let has_left = self.away.is_none() && self.session.has_left();
        if self.is_closed || has_left {
            self.greeter.left();
        }
    }

    /// Reads a text of the client.
    pub fn parse<'a>(&self, text: &'a Text) -> Result<Frame<'a>, BadFrame> {
        protocol::parse(text, self.switchboard.names())
    }

    /// What it costs to handle a text.
    pub fn price(&self, text: &Text, frame: &Result<Frame<'_>, BadFrame>) -> Price {
        let price = (self.session).price(text, frame, || self.switchboard.rooms());
        self.with_debts(price)
    }

    /// What it costs that the connection ends.
    pub fn price_of_leaving(&self) -> Price {
        let price = self.session.price_of_leaving(&self.switchboard.rooms());
        self.with_debts(price)
    }

    /// Handles the text that came `now`, and what was read in it, at once or in a turn of the client's address. Returns who has the id that it
    /// announces, if somebody has: it is to be found out whether that one is still there.
    pub fn receive(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        turn: Option<Turn>,
        now: Instant,
    ) -> Option<Outbox> {
        self.switchboard.counts().received(kind(&frame));
        let delivery = turn.map_or(Delivery::AtOnce, |turn| Delivery::Late(Some(turn)));
        self.handle(Event::Text(text, frame), delivery, now)
    }

    /// Handles a text of a client of another instance, which has counted it.
    pub fn receive_of_guest(
        &mut self,
        text: &Text,
        frame: Result<Frame<'_>, BadFrame>,
        now: Instant,
    ) -> Option<Outbox> {
        self.handle(Event::Text(text, frame), Delivery::AtOnce, now)
    }

    /// Refuses a binary message.
    pub fn receive_binary(&mut self, now: Instant) {
        self.handle(Event::Binary, Delivery::AtOnce, now);
    }

    /// Goes on with the join that waited for this. Returns who has the id now, if yet another one has.
    pub fn answered(&mut self, answer: Answer, now: Instant) -> Option<Outbox> {
        self.handle(Event::Answered(answer), Delivery::Late(None), now)
    }

    /// Leaves the room, because more waits for the client than may wait. Returns whether it had an id there, which is kept for it until this
    /// is dropped.
    pub fn cut_off(&mut self, now: Instant) -> bool {
        if let Some(mut away) = self.away.take() {
            // The other instance keeps the id.
            away.cut_off();
        }
        self.handle(Event::CutOff, Delivery::Late(None), now);
        self.session.keeps_id()
    }

    fn handle(&mut self, event: Event<'_>, delivery: Delivery, now: Instant) -> Option<Outbox> {
        let mut rooms = self.switchboard.rooms();
        let mut effects = self.session.handle(event, &mut rooms);
        // Queued before anybody else changes the rooms, so that all hear everything in the same order.
        for effect in effects.iter_mut() {
            match effect {
                Effect::Reply(frame) => self.outbox().queue(mem::take(frame), now),
                Effect::Send { to, frame } => to.queue(mem::take(frame), now),
                Effect::Relay { to, frame } => {
                    to.iter().for_each(|to| to.queue(frame.clone(), now));
                }
                Effect::Replace(older) => older.end(CloseReason::TakenOver),
                Effect::Joined { seat, .. } => self.session.pass().entered(seat.room(), seat.id()),
                Effect::Left(seat) => self.session.pass().left(seat.room(), seat.id()),
                Effect::Refuse(_) | Effect::Ask(_) | Effect::Close(_) => {}
            }
        }
        drop(rooms);
        let mut asks = None;
        let mut late = Vec::new();
        let is_late = matches!(delivery, Delivery::Late(_));
        for effect in effects {
            match effect {
                Effect::Reply(_) => self.outbox().flush(),
                Effect::Send { to, .. } if is_late => late.push(to),
                Effect::Relay { to, .. } if is_late => late.extend(to),
                Effect::Send { to, .. } => self.switchboard.deliver([to]),
                Effect::Relay { to, .. } => self.switchboard.deliver(to),
                Effect::Replace(_) => {}
                Effect::Refuse(refusal) => self.refuse(&refusal),
                Effect::Ask(occupant) => asks = Some(occupant),
                Effect::Close(reason) => self.outbox().end(reason),
                Effect::Joined {
                    seat,
                    member_count,
                    took_over,
                } => {
                    info!(peer.id = %seat.id(), room.name = %seat.room(), room.members = member_count, took_over, "Peer joined");
                }
                Effect::Left(seat) => {
                    info!(peer.id = %seat.id(), room.name = %seat.room(), "Peer left");
                }
            }
        }
        if let Delivery::Late(turn) = delivery {
            self.switchboard.deliver_late(late, turn);
        }
        asks
    }

    fn refuse(&self, refusal: &Refusal) {
        let code = refusal.code();
        self.switchboard.counts().refused(code);
        debug!(
            error.code = code,
            peer.id = self.session.id().map(tracing::field::display),
            "Refused a frame"
        );
        let error = protocol::encode_error(code, &refusal.to_string(), None);
        self.outbox().send(frame::text(&error));
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        if thread::panicking() {
            self.switchboard.counts().refused(CloseReason::FAILED);
        }
        self.handle(Event::Ended, Delivery::Late(None), Instant::now());
        // Who waits for a sign of life waits no more.
        self.outbox().end(CloseReason::ByClient);
        if let Some(number) = self.number {
            self.switchboard.exit(number);
        }
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
