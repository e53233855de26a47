//! Who may enter the rooms of a pair, and who is there: its members, by their tickets, and the companion whom one of them invited.
//!
//! A room is a pair's if its name begins with two words that pairs can have, and a slash, whether or not there is such a pair now: after a
//! restart of the server nobody is to be in a pair's room before its members.
//!
//! May import: attendance, pair_name, state, ticket, signaling::gate, quickconnect::protocol.

use std::time::Instant;

use quickconnect::protocol::{PeerId, RoomName};
use signaling::gate::{Gate, NotAdmitted};

use super::pair_name::PairName;
use super::state::Whose;
use super::ticket::{CompanionClaim, LIFETIME};
use super::{Attendance, millis_since_1970};

const NOT_YOUR_PAIR: NotAdmitted = NotAdmitted {
    code: "not-your-pair",
    words: "This room is a pair's, and only its members may enter it. Join the pair by its two words, or choose another room. A program \
            needs the ticket of a member in its address: copy the command from your own page.",
};

impl Gate for Attendance {
    fn admits(
        &self,
        who: Option<&str>,
        room: &RoomName,
        _: Option<&PeerId>,
    ) -> Result<(), NotAdmitted> {
        self.admits_to(who, room)
    }

    fn entered(&self, who: Option<&str>, room: &RoomName, id: &PeerId) {
        let Some(pair) = PairName::of_room(room.as_str()) else {
            return;
        };
        // It was admitted just now, by the same ticket.
        let Some(whose) = who.and_then(|ticket| self.whose(ticket)) else {
            return;
        };
        let mut shared = self.shared();
        let effects = shared
            .state
            .entered(pair, room.as_str(), id.as_str(), whose);
        self.carry_out(&mut shared, effects);
    }

    fn left(&self, room: &RoomName, id: &PeerId) {
        if let Some(pair) = PairName::of_room(room.as_str()) {
            let mut shared = self.shared();
            let effects = shared.state.left(pair, room.as_str(), id.as_str());
            self.carry_out(&mut shared, effects);
        }
    }
}

impl Attendance {
    fn admits_to(&self, who: Option<&str>, room: &RoomName) -> Result<(), NotAdmitted> {
        let Some(pair) = PairName::of_room(room.as_str()) else {
            return Ok(());
        };
        let ticket = who.ok_or(NOT_YOUR_PAIR)?;
        let now = millis_since_1970();
        if let Some(claim) = self.tickets.read_companion(ticket, now) {
            let is_here = claim.companion == room.as_str();
            return is_here.then_some(()).ok_or(NOT_YOUR_PAIR);
        }
        let claim = self.tickets.read(ticket, now).ok_or(NOT_YOUR_PAIR)?;
        let mut shared = self.shared();
        let (is_member, effects) = shared.state.is_member(claim, pair, Instant::now());
        self.carry_out(&mut shared, effects);
        is_member.then_some(()).ok_or(NOT_YOUR_PAIR)
    }

    fn whose(&self, ticket: &str) -> Option<Whose> {
        let now = millis_since_1970();
        match self.tickets.read_companion(ticket, now) {
            Some(_) => Some(Whose::Companion),
            None => Some(Whose::Attendee(self.tickets.read(ticket, now)?.id)),
        }
    }

    /// What the companion shows to enter a room, at the wish of whoever has this ticket; nothing if everybody may enter.
    ///
    /// # Errors
    /// When whoever invites it may not enter the room.
    pub fn companion_ticket(
        &self,
        invited_by: Option<&str>,
        room: &RoomName,
    ) -> Result<Option<String>, NotAdmitted> {
        self.admits_to(invited_by, room)?;
        let until = millis_since_1970() + LIFETIME.as_millis() as u64;
        let claim = CompanionClaim {
            companion: room.as_str().to_owned(),
            until,
        };
        let is_of_a_pair = PairName::of_room(room.as_str()).is_some();
        Ok(is_of_a_pair.then(|| self.tickets.sign(&claim)))
    }
}
