//! Whatever attendees and the host do, nobody is in two pairs, and no pair has more members than it may have.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::pair::{THREE, TWO};
use super::*;
use crate::attendance::message::Message;
use crate::attendance::ticket::Claim;

/// Few, so that they meet again and again.
const PAGES: u64 = 8;

const PLACES: Places = Places {
    in_all: 6,
    for_one_address: 4,
};

#[derive(Debug, Clone)]
enum Step {
    /// A page says hello, with the ticket that another one got, however old.
    Hello(Page, Option<usize>),
    Message(Page, Said),
    Closed(Page),
    Host(Asked),
    /// A demo of whoever has this ticket enters a pair's room.
    Enters(usize),
    /// Time passes; so many seconds.
    Wait(u64),
    /// The server starts again.
    Restart,
}

/// Attendees and pairs are named by their place among all.
#[derive(Debug, Clone)]
enum Said {
    PairMe(bool),
    OpenPair,
    Join(usize),
    Leave,
}

#[derive(Debug, Clone)]
enum Asked {
    PairEveryone(usize),
    Reshuffle(usize),
    Pair(Vec<usize>),
    Split(usize),
    Lock(usize, bool),
    Remove(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let said = prop_oneof![
        any::<bool>().prop_map(Said::PairMe),
        Just(Said::OpenPair),
        any::<usize>().prop_map(Said::Join),
        Just(Said::Leave),
    ];
    let asked = prop_oneof![
        (1..5_usize).prop_map(Asked::PairEveryone),
        (2..4_usize).prop_map(Asked::Reshuffle),
        proptest::collection::vec(any::<usize>(), 1..5).prop_map(Asked::Pair),
        any::<usize>().prop_map(Asked::Split),
        (any::<usize>(), any::<bool>()).prop_map(|(pair, locked)| Asked::Lock(pair, locked)),
        any::<usize>().prop_map(Asked::Remove),
    ];
    let ticket = proptest::option::of(any::<usize>());
    prop_oneof![
        4 => (0..PAGES, ticket).prop_map(|(page, ticket)| Step::Hello(page, ticket)),
        6 => (0..PAGES, said).prop_map(|(page, said)| Step::Message(page, said)),
        2 => (0..PAGES).prop_map(Step::Closed),
        3 => asked.prop_map(Step::Host),
        1 => any::<usize>().prop_map(Step::Enters),
        1 => (0..1200_u64).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

struct World {
    state: State,
    tickets: Vec<Claim>,
    now: Instant,
    /// Becomes part of tickets, so that later ones are newer.
    time: u64,
}

impl World {
    fn new() -> Self {
        Self {
            state: State::new(PLACES, 1),
            tickets: Vec::new(),
            now: Instant::now(),
            time: 0,
        }
    }

    fn take(&mut self, step: Step) {
        let event = match step {
            Step::Hello(page, ticket) => {
                // A page says hello once.
                self.state.closed(page, self.now);
                Event::Hello(Arrival {
                    page,
                    from: IpAddr::from([203, 0, 113, (page % 2) as u8]),
                    claim: ticket.and_then(|ticket| self.ticket(ticket)),
                    name: None,
                    shares: true,
                })
            }
            Step::Message(page, said) => {
                let message = match said {
                    Said::PairMe(wants) => Message::PairMe { wants },
                    Said::OpenPair => Message::OpenPair,
                    Said::Join(pair) => Message::Join {
                        pair: self.pair(pair),
                    },
                    Said::Leave => Message::Leave,
                };
                Event::Message { page, message }
            }
            Step::Closed(page) => Event::Closed { page },
            Step::Host(asked) => Event::Command(match asked {
                Asked::PairEveryone(size) => HostCommand::PairEveryone { size },
                Asked::Reshuffle(size) => HostCommand::Reshuffle { size },
                Asked::Pair(ids) => HostCommand::Pair {
                    ids: ids.into_iter().map(|id| self.id(id)).collect(),
                },
                Asked::Split(pair) => HostCommand::Split {
                    pair: self.pair(pair),
                },
                Asked::Lock(pair, locked) => HostCommand::Lock {
                    pair: self.pair(pair),
                    locked,
                },
                Asked::Remove(id) => HostCommand::Remove { id: self.id(id) },
            }),
            Step::Enters(ticket) => {
                if let Some(claim) = self.ticket(ticket)
                    && let Some(pair) = claim.pair.as_ref().map(|pair| pair.name)
                {
                    let (is_member, effects) = self.state.is_member(claim, pair, self.now);
                    let members = self.state.pairs.get(&pair);
                    let members = members.map_or(0, |pair| pair.members.len());
                    assert!(!is_member || members > 0);
                    self.sign(&effects);
                }
                return;
            }
            Step::Wait(seconds) => {
                self.now += Duration::from_secs(seconds);
                Event::Tick
            }
            Step::Restart => {
                self.state = State::new(PLACES, self.time);
                return;
            }
        };
        let before = format!("{:?} {:?}", self.state.attendees, self.state.pairs);
        match self.state.handle(event, self.now) {
            Ok(effects) => self.sign(&effects),
            Err(_) => {
                let after = format!("{:?} {:?}", self.state.attendees, self.state.pairs);
                assert_eq!(before, after, "what is refused changes nothing");
            }
        }
    }

    /// Keeps the tickets that are told.
    fn sign(&mut self, effects: &Effects) {
        for id in &effects.changed {
            self.time += 1;
            let tickets = &mut self.tickets;
            self.state.you(*id, self.time, |claim| {
                tickets.push(claim.clone());
                String::new()
            });
        }
    }

    fn ticket(&self, place: usize) -> Option<Claim> {
        let count = self.tickets.len();
        (count > 0).then(|| self.tickets[place % count].clone())
    }

    fn id(&self, place: usize) -> String {
        let ids: Vec<_> = self.state.attendees.keys().collect();
        match ids.len() {
            0 => String::new(),
            count => ids[place % count].to_string(),
        }
    }

    fn pair(&self, place: usize) -> String {
        let names: Vec<_> = self.state.pairs.keys().collect();
        match names.len() {
            0 => String::new(),
            count => names[place % count].to_string(),
        }
    }

    fn check(&self) {
        let State {
            attendees,
            pairs,
            pages,
            ..
        } = &self.state;
        assert!(attendees.len() <= PLACES.in_all);
        for one in attendees.values() {
            let of_it = attendees.values().filter(|other| other.from == one.from);
            assert!(one.from.is_none() || of_it.count() <= PLACES.for_one_address);
        }
        let mut seated = BTreeSet::new();
        for (name, pair) in pairs {
            assert!((TWO..=THREE).contains(&pair.size));
            assert!((1..=pair.size).contains(&pair.members.len()), "{pair:?}");
            for member in &pair.members {
                assert!(seated.insert(*member), "{member} is in two pairs");
                assert_eq!(attendees[member].pair, Some(*name));
            }
        }
        for (id, attendee) in attendees {
            assert_eq!(attendee.pair.is_some(), seated.contains(id));
            assert!(!attendee.met.contains(id));
            assert!(attendee.met.iter().all(|met| attendees.contains_key(met)));
            assert_eq!(attendee.pages.is_empty(), attendee.left.is_some());
            assert!(attendee.pages.iter().all(|page| pages[page] == *id));
        }
        let names: BTreeSet<_> = attendees
            .values()
            .map(|one| one.name.to_lowercase())
            .collect();
        assert_eq!(names.len(), attendees.len());
    }
}

proptest! {
    #[test]
    fn nobody_is_ever_in_two_pairs_and_no_pair_has_too_many_members(
        steps in proptest::collection::vec(step(), 1..120)
    ) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.check();
        }
    }
}
