//! Rooms against a model that is too simple to be wrong: a list of who sits where.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use quickconnect::protocol::NameLimits;

const MAX_ROOMS: usize = 3;
const MAX_MEMBERS: usize = 3;

/// What one of a few connections does. It is known to the rooms by its number.
#[derive(Debug, Clone)]
enum Step {
    Join {
        connection: usize,
        room: u8,
        id: u8,
        /// Whether a member of the same id has to give way.
        yields: bool,
    },
    Leave {
        connection: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    // More of each than fits, so that every limit and every takeover is met.
    let join = (0..8_usize, 0..5_u8, 0..5_u8, any::<bool>());
    let join = join.prop_map(|(connection, room, id, yields)| Step::Join {
        connection,
        room,
        id,
        yields,
    });
    let leave = (0..8_usize).prop_map(|connection| Step::Leave { connection });
    prop_oneof![3 => join, 1 => leave]
}

fn room_name(room: u8) -> RoomName {
    RoomName::new(&format!("room {room}"), &NameLimits::DEFAULT).unwrap()
}

fn peer_id(id: u8) -> PeerId {
    PeerId::new(&id.to_string(), &NameLimits::DEFAULT).unwrap()
}

/// Who sits where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sitting {
    connection: usize,
    room: u8,
    id: u8,
}

/// The rooms, the model, and the seat that each connection was given last, be it still its own or not.
struct Pair {
    rooms: Rooms<usize>,
    model: Vec<Sitting>,
    seats: [Option<Seat>; 8],
}

impl Pair {
    fn new() -> Self {
        Self {
            rooms: Rooms::new(MAX_ROOMS, MAX_MEMBERS),
            model: Vec::new(),
            seats: Default::default(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Join {
                connection,
                room,
                id,
                yields,
            } => self.join(connection, room, id, yields),
            Step::Leave { connection } => self.leave(connection),
        }
        self.compare();
    }

    fn join(&mut self, connection: usize, room: u8, id: u8, yields: bool) {
        // A connection sits on one seat at a time.
        self.leave(connection);
        let occupied = self.model.iter().position(|s| (s.room, s.id) == (room, id));
        let expected = if let Some(index) = occupied {
            match yields {
                true => Ok(()),
                false => Err(Ok(self.model[index].connection)),
            }
        } else if self.is_new(room) && self.room_count() == MAX_ROOMS {
            Err(Err(Full::Server { limit: MAX_ROOMS }))
        } else if self.members(room).count() == MAX_MEMBERS {
            Err(Err(Full::Room { limit: MAX_MEMBERS }))
        } else {
            Ok(())
        };
        let joined = self
            .rooms
            .join(room_name(room), peer_id(id), connection, |_| yields);
        match joined {
            Ok(joined) => {
                assert_eq!(expected, Ok(()));
                let replaced = occupied.map(|index| self.model.remove(index).connection);
                assert_eq!(joined.replaced, replaced);
                self.seats[connection] = Some(joined.seat);
                self.model.push(Sitting {
                    connection,
                    room,
                    id,
                });
            }
            Err(NoSeat::Full(full)) => assert_eq!(expected, Err(Err(full))),
            Err(NoSeat::Occupied(occupant)) => assert_eq!(expected, Err(Ok(occupant.member))),
        }
    }

    fn leave(&mut self, connection: usize) {
        let index = self.model.iter().position(|s| s.connection == connection);
        if let Some(seat) = &self.seats[connection] {
            assert_eq!(self.rooms.leave(seat), index.is_some());
        }
        index.map(|index| self.model.remove(index));
    }

    fn compare(&self) {
        assert_eq!(self.rooms.rooms.len(), self.room_count());
        for (connection, seat) in self.seats.iter().enumerate() {
            let Some(seat) = seat else { continue };
            let sitting = self.model.iter().find(|s| s.connection == connection);
            assert_eq!(self.rooms.holds(seat), sitting.is_some());
            let Some(sitting) = sitting else { continue };
            assert_eq!(
                self.rooms.member_count(seat.room()),
                self.members(sitting.room).count()
            );
            let mut others: Vec<_> = self.rooms.others(seat).copied().collect();
            others.sort_unstable();
            let mut expected: Vec<_> = self
                .members(sitting.room)
                .map(|s| s.connection)
                .filter(|other| *other != connection)
                .collect();
            expected.sort_unstable();
            assert_eq!(others, expected);
            for id in 0..5 {
                let member = self.members(sitting.room).find(|s| s.id == id);
                let found = self.rooms.member(seat, &id.to_string());
                assert_eq!(found, member.map(|s| &s.connection));
            }
        }
    }

    fn members(&self, room: u8) -> impl Iterator<Item = &Sitting> {
        self.model.iter().filter(move |s| s.room == room)
    }

    fn is_new(&self, room: u8) -> bool {
        self.members(room).next().is_none()
    }

    fn room_count(&self) -> usize {
        (0..5).filter(|room| !self.is_new(*room)).count()
    }
}

proptest! {
    #[test]
    fn whatever_happens_everybody_sits_where_the_model_says(steps in prop::collection::vec(step(), 0..200)) {
        let mut pair = Pair::new();
        for step in steps {
            pair.take(step);
        }
    }

    #[test]
    fn when_all_have_left_no_room_is_left(steps in prop::collection::vec(step(), 0..100)) {
        let mut pair = Pair::new();
        for step in steps {
            pair.take(step);
        }
        for connection in 0..8 {
            pair.take(Step::Leave { connection });
        }
        prop_assert!(pair.rooms.rooms.is_empty());
    }
}
