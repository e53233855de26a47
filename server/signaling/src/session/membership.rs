//! A session's way from room to room.
//!
//! May import: close_reason, effect, frame, refusal, rooms, session, quickconnect::protocol.

use quickconnect::protocol::{self, PeerId, RoomName};

use super::effect::{Effect, Effects};
use super::{Answer, Member, Pending, Session, relay};
use crate::close_reason::CloseReason;
use crate::frame::{self, Text};
use crate::refusal::Refusal;
use crate::rooms::{NoSeat, Rooms, Seat};

impl<H: Clone> Session<H> {
    /// An announce joins a room, moves to another one, or repeats itself. Whoever has the id there gives way to its owner, and to anybody if
    /// its seat is the one that is `gone`.
    pub(super) fn announce(
        &mut self,
        id: PeerId,
        room: RoomName,
        text: &Text,
        gone: Option<u64>,
        rooms: &mut Rooms<Member<H>>,
        effects: &mut Effects<H>,
    ) -> Result<(), Refusal> {
        let is_there = match &self.seat {
            // Who was taken over is refused, and can't take the id back while its connection ends.
            Some(_) => *self.seat(rooms)?.room() == room,
            None => false,
        };
        let mut left = None;
        let mut took_over = false;
        if !is_there {
            self.member.pass.admits(&room, Some(&id))?;
            // The new room is joined before the old one is left, so that who finds the new one full stays where it is.
            let resumes = self.resumes;
            let joined = rooms.join(room.clone(), id.clone(), self.member.clone(), |occupant| {
                let is_own = resumes.is_some() && occupant.member.token == resumes;
                is_own || gone == Some(occupant.ticket)
            });
            let joined = match joined {
                Ok(joined) => joined,
                Err(NoSeat::Full(full)) => return Err(full.into()),
                Err(NoSeat::Occupied(occupant)) => {
                    effects.push(Effect::Ask(occupant.member.handle));
                    self.pending = Some(Box::new(Pending {
                        id,
                        room,
                        text: text.clone(),
                        ticket: occupant.ticket,
                    }));
                    return Ok(());
                }
            };
            took_over = joined.replaced.is_some();
            effects.extend(joined.replaced.map(|older| Effect::Replace(older.handle)));
            self.id = Some(id);
            let old = self.seat.replace(joined.seat);
            left = old.filter(|seat| rooms.leave(seat));
            if let Some(seat) = &left {
                effects.push(farewell(rooms, seat, None));
            }
        }
        let seat = self.seat(rooms)?;
        let member_count = rooms.member_count(seat.room());
        rooms.announced(seat);
        effects.push(Effect::Reply(frame::text(&protocol::encode_room_info(
            member_count,
        ))));
        effects.push(relay(rooms, seat, text.frame()));
        effects.extend(left.map(Effect::Left));
        if !is_there {
            effects.push(Effect::Joined {
                seat: seat.clone(),
                member_count,
                took_over,
            });
        }
        Ok(())
    }

    /// It is known whether the one who has the id is there. If so, who sits elsewhere stays there; who doesn't is closed, because original
    /// clients would wait in no room for ever, and come back after a while when they are closed.
    pub(super) fn answered(
        &mut self,
        answer: Answer,
        rooms: &mut Rooms<Member<H>>,
        effects: &mut Effects<H>,
    ) -> Result<(), Refusal> {
        let Some(pending) = self.pending.take() else {
            return Ok(());
        };
        match answer {
            Answer::Gone => {
                let Pending {
                    id,
                    room,
                    text,
                    ticket,
                } = *pending;
                self.announce(id, room, &text, Some(ticket), rooms, effects)
            }
            Answer::Alive => {
                effects.push(Effect::Refuse(Refusal::IdTaken));
                if self.seat.is_none() {
                    effects.push(Effect::Close(CloseReason::IdTaken));
                }
                Ok(())
            }
        }
    }

    /// Leaves the room, if in one. The others hear the client's own words for it, if it said any.
    pub(super) fn leave(
        &mut self,
        text: Option<&Text>,
        rooms: &mut Rooms<Member<H>>,
        effects: &mut Effects<H>,
    ) -> Result<(), Refusal> {
        let seat = self.seat.take().ok_or(Refusal::NotAnnounced)?;
        // If somebody took it over, there is nothing to tell.
        if rooms.leave(&seat) {
            effects.push(farewell(rooms, &seat, text));
            effects.push(Effect::Left(seat));
        }
        Ok(())
    }

    /// Leaves the room, if in one, and keeps the id.
    pub(super) fn leave_and_keep_the_id(
        &mut self,
        rooms: &mut Rooms<Member<H>>,
        effects: &mut Effects<H>,
    ) {
        if let Some(seat) = self.seat.take_if(|seat| rooms.keep(seat)) {
            effects.push(farewell(rooms, &seat, None));
            effects.push(Effect::Left(seat.clone()));
            self.kept = Some(seat);
        }
    }
}

/// Tells the room of a seat that was given up.
fn farewell<H: Clone>(rooms: &Rooms<Member<H>>, seat: &Seat, text: Option<&Text>) -> Effect<H> {
    let frame = match text {
        Some(text) => text.frame(),
        None => frame::text(&protocol::encode_leave(seat.id())),
    };
    relay(rooms, seat, frame)
}
