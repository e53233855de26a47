//! Who is in which room. Pure and sync: no sockets, no clock, no locks; what stands for a member is a
//! type parameter, so that tests use plain values.
//!
//! May import: quickconnect::protocol, thiserror.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use quickconnect::protocol::{PeerId, RoomName};

/// All rooms of the server. A room exists as long as it has a member.
#[derive(Debug)]
pub struct Rooms<M> {
    rooms: HashMap<RoomName, HashMap<PeerId, Place<M>>>,
    /// Who has left and keeps its id. Of each seat at most one.
    kept: HashMap<(RoomName, PeerId), Occupant<M>>,
    next_ticket: u64,
    max_rooms: usize,
    max_members: usize,
}

/// A place in a room. It goes stale when another connection takes over its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    room: RoomName,
    id: PeerId,
    /// Tells this seat from the seats that others had, or will have, under the same id.
    ticket: u64,
}

impl Seat {
    /// Who sits on it.
    pub fn id(&self) -> &PeerId {
        &self.id
    }

    /// The room it is in.
    pub fn room(&self) -> &RoomName {
        &self.room
    }
}

/// What came of joining.
#[derive(Debug)]
pub struct Joined<M> {
    /// The place that was taken.
    pub seat: Seat,
    /// The former owner of the id, if there was one.
    pub replaced: Option<M>,
}

/// Why somebody did not join. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSeat<M> {
    /// There is no place.
    Full(Full),
    /// Somebody else has the id.
    Occupied(Occupant<M>),
}

/// What the rooms know of a member.
#[derive(Debug)]
struct Place<M> {
    occupant: Occupant<M>,
    /// The announces that it has heard and not answered: the ticket of each sender, and how many. At most one entry for each member of the room.
    unanswered: Vec<(u64, u32)>,
}

/// Who has an id already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant<M> {
    /// Whatever the rooms' user knows it by.
    pub member: M,
    /// The number of its seat, which no other seat has.
    pub ticket: u64,
}

/// Why there is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// The room has as many members as it may have.
    #[error(
        "The room has its {limit} members already. Choose another room, or raise --max-room-members."
    )]
    Room {
        /// How many are allowed.
        limit: usize,
    },
    /// There are as many rooms as there may be. One's own room counts until it is left.
    #[error(
        "The server has its {limit} rooms already. Join an existing room, or raise --max-rooms."
    )]
    Server {
        /// How many are allowed.
        limit: usize,
    },
}

impl<M: Clone> Rooms<M> {
    /// A server without rooms.
    pub fn new(max_rooms: usize, max_members: usize) -> Self {
        Self {
            rooms: HashMap::new(),
            kept: HashMap::new(),
            next_ticket: 0,
            max_rooms,
            max_members,
        }
    }

    /// Takes a seat. Whoever has the id, or keeps it, has it on, unless `yields` returns true for that one.
    pub fn join(
        &mut self,
        room: RoomName,
        id: PeerId,
        member: M,
        yields: impl Fn(&Occupant<M>) -> bool,
    ) -> Result<Joined<M>, NoSeat<M>> {
        if let Some(kept) = self.keeper(&room, &id).filter(|kept| !yields(kept)) {
            return Err(NoSeat::Occupied(kept.clone()));
        }
        let room_count = self.rooms.len();
        let members = match self.rooms.entry(room.clone()) {
            Entry::Occupied(members) => members.into_mut(),
            Entry::Vacant(_) if room_count >= self.max_rooms => {
                return Err(NoSeat::Full(Full::Server {
                    limit: self.max_rooms,
                }));
            }
            Entry::Vacant(place) => place.insert(HashMap::new()),
        };
        match members.get(&id) {
            Some(place) if !yields(&place.occupant) => {
                return Err(NoSeat::Occupied(place.occupant.clone()));
            }
            None if members.len() >= self.max_members => {
                return Err(NoSeat::Full(Full::Room {
                    limit: self.max_members,
                }));
            }
            _ => {}
        }
        if !self.kept.is_empty() {
            self.kept.remove(&(room.clone(), id.clone()));
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let occupant = Occupant { member, ticket };
        let unanswered = Vec::new();
        let older = members.insert(
            id.clone(),
            Place {
                occupant,
                unanswered,
            },
        );
        let replaced = older.map(|place| {
            forget(members, place.occupant.ticket);
            place.occupant.member
        });
        Ok(Joined {
            seat: Seat { room, id, ticket },
            replaced,
        })
    }

    /// Gives up a seat, and returns whether it was still held. A room ends with its last member.
    pub fn leave(&mut self, seat: &Seat) -> bool {
        if !self.holds(seat) {
            return false;
        }
        let Some(members) = self.rooms.get_mut(&seat.room) else {
            return false;
        };
        members.remove(&seat.id);
        forget(members, seat.ticket);
        if members.is_empty() {
            self.rooms.remove(&seat.room);
        }
        true
    }

    /// Gives up a seat, but keeps the id for its owner until it is [released](Self::release). Returns whether the seat was still held.
    pub fn keep(&mut self, seat: &Seat) -> bool {
        let place = self.place(seat, seat.id.as_str());
        let occupant = place.map(|place| place.occupant.clone());
        let is_held = self.leave(seat);
        if let Some(occupant) = occupant.filter(|_| is_held) {
            self.kept
                .insert((seat.room.clone(), seat.id.clone()), occupant);
        }
        is_held
    }

    /// Lets everybody have the id of a seat that was given up, if it is still kept.
    pub fn release(&mut self, seat: &Seat) {
        if let Entry::Occupied(kept) = self.kept.entry((seat.room.clone(), seat.id.clone()))
            && kept.get().ticket == seat.ticket
        {
            kept.remove();
        }
    }

    /// Whether nobody has taken over the seat.
    pub fn holds(&self, seat: &Seat) -> bool {
        self.members(seat)
            .and_then(|members| members.get(&seat.id))
            .is_some_and(|place| place.occupant.ticket == seat.ticket)
    }

    /// Notes that everybody else in the room hears an announce of the seat's, and may answer it.
    pub fn announced(&mut self, seat: &Seat) {
        let Some(members) = self.rooms.get_mut(&seat.room) else {
            return;
        };
        for (_, place) in members.iter_mut().filter(|(id, _)| **id != seat.id) {
            let mut known = place.unanswered.iter_mut();
            match known.find(|(ticket, _)| *ticket == seat.ticket) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => place.unanswered.push((seat.ticket, 1)),
            }
        }
    }

    /// Notes that the seat's member announces itself to one other, and returns whether that answers an announce. Each member may answer each
    /// announce once.
    pub fn answers(&mut self, seat: &Seat, id: &str) -> bool {
        let Some(ticket) = self.place(seat, id).map(|place| place.occupant.ticket) else {
            return false;
        };
        let members = self.rooms.get_mut(&seat.room);
        let Some(place) = members.and_then(|members| members.get_mut(&seat.id)) else {
            return false;
        };
        let Some(index) = place.unanswered.iter().position(|(of, _)| *of == ticket) else {
            return false;
        };
        place.unanswered[index].1 -= 1;
        if place.unanswered[index].1 == 0 {
            place.unanswered.swap_remove(index);
        }
        true
    }

    /// How many rooms there are, and how many members in all of them.
    pub fn count(&self) -> (usize, usize) {
        let members = self.rooms.values().map(HashMap::len).sum();
        (self.rooms.len(), members)
    }

    /// Everybody in any room, with its name and their id.
    pub fn all(&self) -> impl Iterator<Item = (&RoomName, &PeerId, &M)> {
        self.rooms.iter().flat_map(|(room, members)| {
            let places = members.iter();
            places.map(move |(id, place)| (room, id, &place.occupant.member))
        })
    }

    /// Everybody in a room.
    pub fn members_of(&self, room: &RoomName) -> impl Iterator<Item = &M> {
        let places = self.rooms.get(room).into_iter().flat_map(HashMap::values);
        places.map(|place| &place.occupant.member)
    }

    /// How many are in a room.
    pub fn member_count(&self, room: &RoomName) -> usize {
        self.rooms.get(room).map_or(0, HashMap::len)
    }

    /// Everybody else in the room.
    pub fn others(&self, seat: &Seat) -> impl Iterator<Item = &M> {
        let members = self.members(seat).into_iter().flatten();
        members
            .filter(|(id, _)| **id != seat.id)
            .map(|(_, place)| &place.occupant.member)
    }

    /// The member of the room that has this id; it may be the seat's own.
    pub fn member(&self, seat: &Seat, id: &str) -> Option<&M> {
        self.place(seat, id).map(|place| &place.occupant.member)
    }

    /// Who has left and keeps this id.
    fn keeper(&self, room: &RoomName, id: &PeerId) -> Option<&Occupant<M>> {
        // Names are not cloned for this if nobody keeps any.
        let is_any = !self.kept.is_empty();
        is_any
            .then(|| self.kept.get(&(room.clone(), id.clone())))
            .flatten()
    }

    fn place(&self, seat: &Seat, id: &str) -> Option<&Place<M>> {
        self.members(seat)?.get(id)
    }

    fn members(&self, seat: &Seat) -> Option<&HashMap<PeerId, Place<M>>> {
        self.rooms.get(&seat.room)
    }
}

/// Forgets the announces of a seat that is given up: nobody can answer them.
fn forget<M>(members: &mut HashMap<PeerId, Place<M>>, ticket: u64) {
    for place in members.values_mut() {
        place.unanswered.retain(|(of, _)| *of != ticket);
    }
}
