//! What has to be done for what happened to a session.
//!
//! May import: close_reason, refusal, rooms, tungstenite.

use tungstenite::Bytes;

use crate::close_reason::CloseReason;
use crate::refusal::Refusal;
use crate::rooms::Seat;

/// One thing to do. `H` is how a member is reached.
#[derive(Debug)]
pub enum Effect<H> {
    /// Send this to the client itself.
    Reply(Bytes),
    /// Send this to one member.
    Send {
        /// Whom.
        to: H,
        /// What.
        frame: Bytes,
    },
    /// Send this to several members.
    Relay {
        /// Whom.
        to: Vec<H>,
        /// What.
        frame: Bytes,
    },
    /// Tell the client, and nobody else, that what it sent did nothing.
    Refuse(Refusal),
    /// Find out whether this one is still there. Handle nothing else of the client until it is answered.
    Ask(H),
    /// End another connection, whose id the client has taken over.
    Replace(H),
    /// End this connection.
    Close(CloseReason),
    /// The client has joined a room; for the log.
    Joined {
        /// Where.
        seat: Seat,
        /// How many are there now.
        member_count: usize,
        /// Whether another connection had the id.
        took_over: bool,
    },
    /// The client has left a room; for the log.
    Left(Seat),
}

/// What to do, in this order. Most events have one effect or none, and need no memory for it.
#[derive(Debug)]
#[must_use]
pub struct Effects<H> {
    first: Option<Effect<H>>,
    rest: Vec<Effect<H>>,
}

impl<H> Default for Effects<H> {
    fn default() -> Self {
        Self {
            first: None,
            rest: Vec::new(),
        }
    }
}

impl<H> Effects<H> {
    pub(super) fn push(&mut self, effect: Effect<H>) {
        match self.first {
            None => self.first = Some(effect),
            Some(_) => self.rest.push(effect),
        }
    }

    pub(super) fn extend(&mut self, effect: Option<Effect<H>>) {
        effect.into_iter().for_each(|effect| self.push(effect));
    }

    /// All of them, before somebody takes them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Effect<H>> {
        self.first.iter_mut().chain(&mut self.rest)
    }
}

impl<H> IntoIterator for Effects<H> {
    type Item = Effect<H>;
    type IntoIter =
        std::iter::Chain<std::option::IntoIter<Effect<H>>, std::vec::IntoIter<Effect<H>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.rest)
    }
}
