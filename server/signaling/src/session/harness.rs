//! Sessions without connections, and what each client hears.
//!
//! May import: effect, frame, gate, price, refusal, rooms, session, token, quickconnect::protocol.
#![allow(clippy::unwrap_used)]

use quickconnect::protocol::{self, NameLimits};

use super::effect::Effect;
use super::price::Price;
use super::{Answer, Event, Member, Session};
use crate::close_reason::CloseReason;
use crate::frame::{self, Text};
use crate::gate::Pass;
use crate::rooms::Rooms;
use crate::token::Token;

/// A server without connections. Clients are known by their number.
pub(super) struct Harness {
    pub(super) rooms: Rooms<Member<usize>>,
    pub(super) clients: Vec<Client>,
}

pub(super) struct Client {
    pub(super) session: Session<usize>,
    /// What it has heard, and has not been taken.
    heard: Vec<String>,
    /// Whom the session wants asked.
    asks: Option<usize>,
    /// What ended it.
    pub(super) closed: Option<CloseReason>,
}

impl Client {
    pub(super) fn new(number: usize) -> Self {
        Self {
            session: Session::new(number, Token::random(), Pass::everywhere()),
            heard: Vec::new(),
            asks: None,
            closed: None,
        }
    }

    /// What its server greeted it with, as far as it can be said back.
    pub(super) fn greeting(&self) -> String {
        let token = self.session.member.token.unwrap();
        format!(r#"{}|{{"resume":"{token}"}}"#, protocol::GREETING)
    }

    /// What it has heard since the last time.
    pub(super) fn takes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.heard)
    }
}

impl Harness {
    pub(super) fn new(clients: usize) -> Self {
        Self {
            rooms: Rooms::new(100, 100),
            clients: (0..clients).map(Client::new).collect(),
        }
    }

    /// A client sends a text. What is returned is whom its session wants asked.
    pub(super) fn says(&mut self, who: usize, text: &str) -> Option<usize> {
        let text = Text::from(text);
        let frame = protocol::parse(&text, &NameLimits::DEFAULT);
        self.happens(who, Event::Text(&text, frame))
    }

    /// What the session wanted to know is known.
    pub(super) fn hears_that_it_is(&mut self, who: usize, answer: Answer) -> Option<usize> {
        self.happens(who, Event::Answered(answer))
    }

    pub(super) fn happens(&mut self, who: usize, event: Event<'_>) -> Option<usize> {
        let effects = self.clients[who].session.handle(event, &mut self.rooms);
        self.clients[who].asks = None;
        for effect in effects {
            match effect {
                Effect::Reply(frame) => self.hears(who, frame::text_in(&frame)),
                Effect::Send { to, frame } => self.hears(to, frame::text_in(&frame)),
                Effect::Relay { to, frame } => {
                    to.into_iter()
                        .for_each(|other| self.hears(other, frame::text_in(&frame)));
                }
                Effect::Refuse(refusal) => self.hears(who, format!("/error|{}", refusal.code())),
                Effect::Ask(other) => self.clients[who].asks = Some(other),
                Effect::Replace(other) => self.clients[other].closed = Some(CloseReason::TakenOver),
                Effect::Close(reason) => self.clients[who].closed = Some(reason),
                Effect::Joined { .. } | Effect::Left(_) => {}
            }
        }
        self.clients[who].asks
    }

    pub(super) fn costs(&mut self, who: usize, text: &str) -> Price {
        let text = Text::from(text);
        let frame = protocol::parse(&text, &NameLimits::DEFAULT);
        self.clients[who]
            .session
            .price(&text, &frame, || &mut self.rooms)
    }

    fn hears(&mut self, who: usize, text: String) {
        self.clients[who].heard.push(text);
    }
}
