//! Who is behind the ids of signaling in the rooms of a pair. Its members are told by names, and nobody else.
//!
//! May import: session, state, id, message, name, pair_name.

use super::session::{Session, Whose};
use super::{Effects, State};
use crate::attendance::id::Id;
use crate::attendance::message::Peers;
use crate::attendance::name::COMPANION;
use crate::attendance::pair_name::PairName;

/// Sessions of one owner in the rooms of a pair that are known. Of more, an id is all that is told.
pub(super) const MAX_SESSIONS: usize = 8;

/// Bytes of an id that is told: with those of all members, a page reads them in one message.
const MAX_ID_BYTES: usize = 64;

impl State {
    /// A session has entered a room of a pair, perhaps in place of another one of the same id.
    pub(in crate::attendance) fn entered(
        &mut self,
        pair: PairName,
        room: &str,
        peer: &str,
        whose: Whose,
    ) -> Effects {
        let effects = self.left(pair, room, peer);
        let sessions = self.sessions.entry(pair).or_default();
        let count = sessions.iter().filter(|one| one.whose == whose).count();
        if count < MAX_SESSIONS && peer.len() <= MAX_ID_BYTES {
            sessions.push(Session {
                room: room.to_owned(),
                peer: peer.to_owned(),
                whose,
            });
        } else if sessions.is_empty() {
            self.sessions.remove(&pair);
        }
        effects
    }

    /// No session is in the room of a pair under this id any more.
    pub(in crate::attendance) fn left(
        &mut self,
        pair: PairName,
        room: &str,
        peer: &str,
    ) -> Effects {
        if let Some(sessions) = self.sessions.get_mut(&pair) {
            sessions.retain(|one| one.room != room || one.peer != peer);
            if sessions.is_empty() {
                self.sessions.remove(&pair);
            }
        }
        let pair = self.pairs.get(&pair);
        let members = pair.into_iter().flat_map(|pair| pair.members.iter());
        Effects {
            named: members.copied().collect(),
            ..Effects::default()
        }
    }

    /// Who is in the rooms of an attendee's pair. An id that several have, each in another room, is told for none of them.
    pub(in crate::attendance) fn peers(&self, id: Id) -> Peers {
        let mut peers = Peers::default();
        let pair = self.attendees.get(&id).and_then(|one| one.pair);
        let Some(sessions) = pair.and_then(|pair| self.sessions.get(&pair)) else {
            return peers;
        };
        for one in sessions {
            let mut same = sessions.iter().filter(|other| other.peer == one.peer);
            let name = match one.whose {
                Whose::Companion => Some(COMPANION),
                // Who was forgotten has no name.
                Whose::Attendee(id) => self.attendees.get(&id).map(|one| one.name.as_str()),
            };
            if let Some(name) = name.filter(|_| same.all(|other| other.whose == one.whose)) {
                peers.names.insert(one.peer.clone(), name.to_owned());
            }
        }
        peers
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Instant;

    use super::*;
    use crate::attendance::message::Message;
    use crate::attendance::state::{Arrival, Event, Page};
    use crate::config::Places;

    /// A workshop with so many attendees, called A, B … Their pages are 0, 1 …
    fn workshop(names: &[&str]) -> State {
        let places = Places {
            in_all: 10,
            for_one_address: 10,
        };
        let mut state = State::new(places, 7);
        for (page, name) in names.iter().enumerate() {
            happens(
                &mut state,
                Event::Hello(Arrival {
                    page: page as Page,
                    from: IpAddr::V4(Ipv4Addr::LOCALHOST),
                    claim: None,
                    name: Some((*name).to_owned()),
                    shares: true,
                }),
            );
        }
        state
    }

    fn happens(state: &mut State, event: Event) {
        state.handle(event, Instant::now()).unwrap();
    }

    /// Makes a pair of the attendees at these pages.
    fn pair(state: &mut State, pages: [Page; 2]) -> (PairName, [Id; 2]) {
        let ids = pages.map(|page| state.pages[&page]);
        state.pair_up(&ids, 2, &mut Effects::default());
        (state.attendees[&ids[0]].pair.unwrap(), ids)
    }

    fn names(state: &State, id: Id) -> BTreeMap<String, String> {
        state.peers(id).names
    }

    fn told<const N: usize>(names: [(&str, &str); N]) -> BTreeMap<String, String> {
        let owned = names.map(|(id, name)| (id.to_owned(), name.to_owned()));
        BTreeMap::from(owned)
    }

    #[test]
    fn members_of_a_pair_are_told_by_their_names_to_each_other_and_to_nobody_else() {
        let mut state = workshop(&["Alder", "Birch", "Cedar", "Elm"]);
        let (name, [a, b]) = pair(&mut state, [0, 1]);
        let (_, [c, _]) = pair(&mut state, [2, 3]);
        state.entered(name, "x/chat", "1", Whose::Attendee(a));
        let effects = state.entered(name, "x/chat", "2", Whose::Attendee(b));
        assert_eq!(effects.named.into_iter().collect::<Vec<_>>(), {
            let mut both = [a, b];
            both.sort_unstable();
            both
        });
        state.entered(name, "x/chat", "3", Whose::Companion);
        let all = told([("1", "Alder"), ("2", "Birch"), ("3", COMPANION)]);
        assert_eq!(names(&state, a), all);
        assert_eq!(names(&state, b), all);
        assert_eq!(names(&state, c), told([]));
        let name_b = Message::Name {
            name: "Birgit".to_owned(),
        };
        happens(
            &mut state,
            Event::Message {
                page: 1,
                message: name_b,
            },
        );
        state.left(name, "x/chat", "1");
        assert_eq!(names(&state, a), told([("2", "Birgit"), ("3", COMPANION)]));
        happens(
            &mut state,
            Event::Message {
                page: 0,
                message: Message::Leave,
            },
        );
        assert_eq!(names(&state, a), told([]));
    }

    #[test]
    fn an_id_is_that_of_whoever_has_it_now_and_of_nobody_if_two_have_it() {
        let mut state = workshop(&["Alder", "Birch"]);
        let (name, [a, b]) = pair(&mut state, [0, 1]);
        state.entered(name, "x/chat", "1", Whose::Attendee(a));
        state.entered(name, "x/chat", "1", Whose::Attendee(b));
        assert_eq!(names(&state, a), told([("1", "Birch")]));
        state.entered(name, "x/other", "1", Whose::Attendee(b));
        assert_eq!(names(&state, a), told([("1", "Birch")]));
        state.entered(name, "x/third", "1", Whose::Attendee(a));
        assert_eq!(names(&state, a), told([]));
        state.left(name, "x/third", "1");
        assert_eq!(names(&state, a), told([("1", "Birch")]));
    }

    #[test]
    fn of_many_sessions_and_of_long_ids_no_names_are_told_and_nothing_is_kept_of_those_who_left() {
        let mut state = workshop(&["Alder", "Birch"]);
        let (name, [a, b]) = pair(&mut state, [0, 1]);
        for number in 0..2 * MAX_SESSIONS {
            let peer = number.to_string();
            state.entered(name, "x/chat", &peer, Whose::Attendee(a));
        }
        let long = "i".repeat(MAX_ID_BYTES + 1);
        state.entered(name, "x/chat", &long, Whose::Attendee(b));
        assert_eq!(names(&state, b).len(), MAX_SESSIONS);
        for number in 0..2 * MAX_SESSIONS {
            state.left(name, "x/chat", &number.to_string());
        }
        state.entered(name, "x/chat", &long, Whose::Attendee(b));
        assert!(state.sessions.is_empty());
    }
}
