//! All that sessions do to each other, against a model that is too simple to be wrong: who sits where, and what everybody
//! hears. Frames arrive in order, none is lost, none comes twice.

use proptest::prelude::*;

use super::harness::{Client, Harness};
use super::{Answer, Event};

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

/// What the model knows of a client.
#[derive(Default)]
struct Expected {
    room: Option<u8>,
    /// Another session has its seat, and it is only waiting for its end.
    is_over: bool,
    texts: Vec<String>,
}

struct World {
    harness: Harness,
    clients: Vec<Expected>,
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
        Self {
            harness: Harness::new(SESSIONS),
            clients: (0..SESSIONS).map(|_| Expected::default()).collect(),
            count: 0,
        }
    }

    fn take(&mut self, step: &Step) {
        self.count += 1;
        match *step {
            Step::Join { who, room, gone } => self.join(who, room, gone),
            Step::ComeBack { who, room } => {
                let other = (who + IDS) % SESSIONS;
                let greeting = self.harness.clients[other].greeting();
                self.say(who, &greeting);
                let sessions = &self.harness.clients;
                let token = sessions[other].session.member.token;
                assert_eq!(sessions[who].session.resumes, token);
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
                self.harness.happens(who, Event::Ended);
                self.harness.clients[who] = Client::new(who);
                self.clients[who] = Expected::default();
            }
        }
        self.compare();
    }

    fn say(&mut self, who: usize, text: &str) -> Option<usize> {
        self.harness.says(who, text)
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
        let sessions = &self.harness.clients;
        let resumes = other.is_some_and(|other| {
            sessions[who].session.resumes == sessions[other].session.member.token
        });
        let is_over = self.clients[who].is_over;
        let asks = self.say(who, &text);
        if is_over {
            assert_eq!(asks, None);
            return;
        }
        if self.clients[who].room != Some(room)
            && let Some(other) = other
        {
            assert_eq!(asks, (!resumes).then_some(other));
            if asks.is_some() {
                let answer = match gone {
                    true => Answer::Gone,
                    false => Answer::Alive,
                };
                assert_eq!(self.harness.hears_that_it_is(who, answer), None);
                if !gone {
                    return;
                }
            }
            self.clients[other].is_over = true;
            self.clients[other].room = None;
        } else {
            assert_eq!(asks, None);
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
        self.clients[who].texts.push(info);
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
            self.clients[receiver].texts.push(text);
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
            self.clients[other].texts.push(text.to_owned());
        }
    }

    /// What everybody has heard is what it should have, but for what concerns only itself.
    fn compare(&mut self) {
        for (client, expected) in self.harness.clients.iter_mut().zip(&mut self.clients) {
            let mut heard = client.takes();
            heard.retain(|text| !text.starts_with("/error|"));
            assert_eq!(heard, std::mem::take(&mut expected.texts));
        }
        let (rooms, members) = self.harness.rooms.count();
        let expected = (0..3).filter(|room| self.in_room(*room).next().is_some());
        assert_eq!(rooms, expected.count());
        let seated = (0..SESSIONS).filter(|who| self.is_seated(*who));
        assert_eq!(members, seated.count());
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
