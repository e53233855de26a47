//! All that sessions do to each other, against a model that is too simple to be wrong: who sits where, and what everybody
//! hears. Frames arrive in order, none is lost, none comes twice.
#![allow(clippy::unwrap_used)]

use std::sync::Weak;

use proptest::prelude::*;

use super::*;
use crate::config::Limits;

const SESSIONS: usize = 6;
/// Two sessions share each id, so that they meet in every room.
const IDS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// Announce a room. Who finds its id there has it if the other is `gone`.
    Join {
        who: usize,
        room: u8,
        gone: bool,
    },
    /// The same, with the greeting of the other session of this id.
    ComeBack {
        who: usize,
        room: u8,
    },
    Leave {
        who: usize,
    },
    Direct {
        who: usize,
        target: usize,
    },
    Broadcast {
        who: usize,
    },
    /// The connection ends, and a new one begins.
    Kill {
        who: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..SESSIONS;
    prop_oneof![
        4 => (who.clone(), 0..3_u8, any::<bool>()).prop_map(|(who, room, gone)| Step::Join { who, room, gone }),
        1 => (who.clone(), 0..3_u8).prop_map(|(who, room)| Step::ComeBack { who, room }),
        1 => who.clone().prop_map(|who| Step::Leave { who }),
        4 => (who.clone(), 0..IDS).prop_map(|(who, target)| Step::Direct { who, target }),
        3 => who.clone().prop_map(|who| Step::Broadcast { who }),
        1 => who.prop_map(|who| Step::Kill { who }),
    ]
}

/// One client: its session, and what the model knows of it.
struct Client {
    session: Session,
    outbox: Outbox,
    /// What its server said first.
    greeting: String,
    room: Option<u8>,
    /// Another session has its seat, and it is only waiting for its end.
    is_over: bool,
    expected: Vec<String>,
}

impl Client {
    fn new(switchboard: &Arc<Switchboard>) -> Self {
        let outbox = Outbox::new(
            Limits::default().max_queued_bytes,
            Weak::new(),
            Arc::default(),
        );
        let session = Session::begin(Arc::clone(switchboard), outbox.clone());
        let greeting = outbox.take().unwrap();
        Self {
            session,
            outbox,
            greeting,
            room: None,
            is_over: false,
            expected: Vec::new(),
        }
    }
}

struct World {
    switchboard: Arc<Switchboard>,
    clients: Vec<Client>,
    /// Makes every frame another one.
    count: usize,
}

fn id(who: usize) -> usize {
    who % IDS
}

fn leave_of(who: usize) -> String {
    let id = id(who);
    format!(r#"/leave|{id}|{{"id":"{id}"}}"#)
}

impl World {
    fn new() -> Self {
        let switchboard = Switchboard::new(&Limits::default());
        let clients = (0..SESSIONS).map(|_| Client::new(&switchboard));
        Self {
            clients: clients.collect(),
            switchboard,
            count: 0,
        }
    }

    fn take(&mut self, step: &Step) {
        self.count += 1;
        match *step {
            Step::Join { who, room, gone } => self.join(who, room, gone),
            Step::ComeBack { who, room } => {
                let other = (who + IDS) % SESSIONS;
                let greeting = self.clients[other].greeting.clone();
                self.say(who, &greeting);
                self.join(who, room, false);
                let nothing = "primus::hello|{\"resume\":\"0\"}";
                self.say(who, nothing);
            }
            Step::Leave { who } => self.leave(who),
            Step::Direct { who, target } => self.direct(who, target),
            Step::Broadcast { who } => {
                let text = format!("/hello|{}|{}", id(who), self.count);
                self.say(who, &text);
                if self.is_seated(who) {
                    self.others_hear(who, &text);
                }
            }
            Step::Kill { who } => {
                self.vacate(who, &leave_of(who));
                // The old one goes first, as its room hears of it.
                self.clients[who].session.leave(None, Instant::now()).ok();
                self.clients[who] = Client::new(&self.switchboard);
            }
        }
        self.compare();
    }

    fn say(&mut self, who: usize, text: &str) -> Option<Occupied> {
        self.clients[who].session.hears(text, Instant::now())
    }

    fn join(&mut self, who: usize, room: u8, gone: bool) {
        let text = format!(
            r#"/announce|{0}|{{"id":"{0}","room":"{room}","n":{1}}}"#,
            id(who),
            self.count
        );
        let other = (0..SESSIONS).find(|other| {
            *other != who
                && id(*other) == id(who)
                && self.is_seated(*other)
                && self.clients[*other].room == Some(room)
        });
        let resumes = {
            let client = &self.clients[who];
            other.is_some_and(|other| client.session.resumes == self.clients[other].session.token)
        };
        let is_over = self.clients[who].is_over;
        let occupied = self.say(who, &text);
        if is_over {
            assert!(occupied.is_none());
            return;
        }
        if self.clients[who].room != Some(room)
            && let Some(other) = other
        {
            assert_eq!(occupied.is_some(), !resumes);
            if let Some(occupied) = occupied {
                if !gone {
                    self.clients[who].session.refuse(&Refusal::IdTaken);
                    return;
                }
                let again = self.clients[who].session.receive_again(
                    &text.as_str().into(),
                    &occupied,
                    Instant::now(),
                );
                assert!(again.is_none());
            }
            self.clients[other].is_over = true;
            self.clients[other].room = None;
        } else {
            assert!(occupied.is_none());
        }
        let old = self.clients[who].room;
        if old != Some(room) {
            // It is in the new room before it leaves the old one, which hears so.
            let leave = leave_of(who);
            self.others_hear(who, &leave);
            self.clients[who].room = Some(room);
        }
        let count = self.in_room(room).count();
        let info = format!(r#"/roominfo|{{"memberCount":{count}}}"#);
        self.clients[who].expected.push(info);
        self.others_hear(who, &text);
    }

    fn leave(&mut self, who: usize) {
        let text = format!("/leave|{}|{}", id(who), self.count);
        self.say(who, &text);
        self.vacate(who, &text);
        self.clients[who].is_over = false;
    }

    fn vacate(&mut self, who: usize, text: &str) {
        if self.is_seated(who) {
            self.others_hear(who, text);
        }
        self.clients[who].room = None;
    }

    fn direct(&mut self, who: usize, target: usize) {
        let text = format!("/to|{target}|/ping|{}|{}", id(who), self.count);
        self.say(who, &text);
        let Some(room) = self.clients[who].room else {
            return;
        };
        let receiver = self.in_room(room).find(|other| id(*other) == target);
        if let Some(receiver) = receiver {
            self.clients[receiver].expected.push(text);
        }
    }

    fn is_seated(&self, who: usize) -> bool {
        self.clients[who].room.is_some()
    }

    fn in_room(&self, room: u8) -> impl Iterator<Item = usize> {
        (0..SESSIONS).filter(move |who| self.clients[*who].room == Some(room))
    }

    fn others_hear(&mut self, who: usize, text: &str) {
        let Some(room) = self.clients[who].room else {
            return;
        };
        let others: Vec<_> = self.in_room(room).filter(|other| *other != who).collect();
        for other in others {
            self.clients[other].expected.push(text.to_owned());
        }
    }

    /// What everybody has heard is what it should have, but for what concerns only itself.
    fn compare(&mut self) {
        for client in &mut self.clients {
            let heard: Vec<_> = std::iter::from_fn(|| client.outbox.take())
                .filter(|text| !text.starts_with("/error|"))
                .collect();
            assert_eq!(heard, std::mem::take(&mut client.expected));
        }
        let (rooms, members) = self.switchboard.rooms().count();
        let expected = (0..3).filter(|room| self.in_room(*room).next().is_some());
        assert_eq!(rooms, expected.count());
        let seated = (0..SESSIONS).filter(|who| self.is_seated(*who));
        assert_eq!(members, seated.count());
        assert_eq!(self.switchboard.gauges().connections, SESSIONS);
    }
}

proptest! {
    #[test]
    fn everybody_hears_exactly_what_the_model_says(steps in prop::collection::vec(step(), 0..100)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
    }
}
