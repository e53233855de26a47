//! A client whose room is at another instance: what it says is passed on, and what it hears comes from there. Its own instance has its
//! connection, its queue and its rates, and decides whether it may enter.
//!
//! May import: frame, participant, session, quickconnect::protocol.

#[cfg(test)]
mod tests;

use std::time::Instant;

use quickconnect::protocol::{BadFrame, Frame, PeerId, RoomName};

use super::{Delivery, Participant, kind};
use crate::frame::Text;
use crate::session::Event;
use crate::session::price::Price;

impl Participant {
    /// Whether what the client sent may be another instance's to handle: then ask [`passes_on`](Self::passes_on).
    pub fn may_pass_on(&self, frame: &Result<Frame<'_>, BadFrame>) -> bool {
        let is_announce = matches!(frame, Ok(Frame::Announce { .. }));
        self.away.is_some() || (is_announce && self.switchboard.is_clustered())
    }

    /// Passes a text on, if another instance has to handle it, and says whether it did.
    pub async fn passes_on(
        &mut self,
        text: &Text,
        frame: &Result<Frame<'_>, BadFrame>,
        now: Instant,
    ) -> bool {
        let passed_on = match frame {
            Ok(Frame::Announce { sender, room }) => self.announces(sender, room, text, now).await,
            // Both have to know whose id it may take.
            Ok(Frame::Resume { .. }) => {
                self.sends(text);
                false
            }
            // Only the client's own instance answers what is no message.
            Ok(Frame::Primus) | Err(_) => false,
            Ok(_) => self.sends(text),
        };
        if passed_on {
            self.switchboard.counts().received(kind(frame));
        }
        passed_on
    }

    fn sends(&self, text: &Text) -> bool {
        if let Some(away) = &self.away {
            away.send(text.frame());
        }
        self.away.is_some()
    }

    async fn announces(&mut self, id: &PeerId, room: &RoomName, text: &Text, now: Instant) -> bool {
        let Some(elsewhere) = self.switchboard.elsewhere() else {
            return self.sends(text); // the server stops
        };
        let is_another = self.session.id().is_some_and(|announced| announced != id);
        // The session says why it can't be, and a client that sits elsewhere stays there.
        if is_another || self.session.pass().admits(room, Some(id)).is_err() {
            return false;
        }
        // Nothing of the client is read meanwhile.
        self.outbox().set_deaf(true);
        let home = elsewhere.find(room).await;
        self.outbox().set_deaf(false);
        let Some(instance) = home else {
            self.away = None;
            return false;
        };
        if let Some(away) = &self.away
            && away.instance() == instance
            && !away.is_over()
        {
            away.send(text.frame());
            return true;
        }
        self.away = None;
        self.handle(Event::MovedAway, Delivery::AtOnce, now);
        let tokens = self.session.tokens();
        let outbox = self.outbox().clone();
        let away = elsewhere.open(instance, outbox, tokens, &text.frame());
        self.away = Some(Box::new(away));
        self.session.announced_elsewhere(id);
        true
    }

    /// A price, and what the client owes for earlier messages.
    pub(super) fn with_debts(&self, price: Price) -> Price {
        let debts = self.away.as_ref().map(|away| away.takes_debts());
        debts.map_or(price, |debts| Price {
            deliveries: price.deliveries.saturating_add(debts.deliveries),
            joins: price.joins.saturating_add(debts.joins),
        })
    }
}
