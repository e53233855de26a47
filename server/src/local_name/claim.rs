//! Whose the name is in one network, and what is said there: asked three times, then told twice, then answered
//! ([RFC 6762, section 8](https://www.rfc-editor.org/rfc/rfc6762#section-8)). Pure: what is heard and the time go in, messages come out.
//!
//! What it keeps has a fixed size, whatever is heard.
//!
//! May import: message.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use super::message::{self, Heard, Name};

/// How often the network is asked, and the time between.
const PROBES: u8 = 3;
const PROBE_EVERY: Duration = Duration::from_millis(250);

/// How often everybody is told, and the time between.
const ANNOUNCEMENTS: u8 = 2;
const ANNOUNCE_EVERY: Duration = Duration::from_secs(1);

/// Of two that ask at the same time the lower one asks again after this time, and gives up when it was the lower one so often.
const AFTER_A_TIE: Duration = Duration::from_secs(1);
const MAX_LOST_TIES: u8 = 3;

/// Time between two answers to everybody, and if one is to somebody who is about to take the name.
const ANSWER_EVERY: Duration = Duration::from_secs(1);
const DEFEND_EVERY: Duration = Duration::from_millis(250);

/// Answers within a second to resolvers that ask once: as many as a full room has devices.
const MAX_ANSWERS_TO_ONE: u32 = 200;
const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The network was asked so often.
    Probing(u8),
    /// Everybody was told so often.
    Ours(u8),
    Taken,
}

/// A claim to the name in one network.
#[derive(Debug)]
pub(super) struct Claim {
    name: Name,
    address: Ipv4Addr,
    state: State,
    /// When to ask or to tell the next time.
    next: Option<Instant>,
    lost_ties: u8,
    /// When to answer everybody.
    answer: Option<Instant>,
    /// When everybody was told or answered last.
    said: Option<Instant>,
    /// Answers to one in the second that began then.
    to_one: (Instant, u32),
}

impl Claim {
    /// To be asked for from `first` on: a moment of chance, since devices may all begin when the network does.
    pub(super) fn new(name: Name, address: Ipv4Addr, first: Instant) -> Self {
        Self {
            name,
            address,
            state: State::Probing(0),
            next: Some(first),
            lost_ties: 0,
            answer: None,
            said: None,
            to_one: (first, 0),
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        matches!(self.state, State::Ours(_))
    }

    pub(super) fn is_taken(&self) -> bool {
        self.state == State::Taken
    }

    /// When there is something to [say](Self::says).
    pub(super) fn due(&self) -> Option<Instant> {
        [self.next, self.answer].into_iter().flatten().min()
    }

    /// What everybody is to be told now.
    pub(super) fn says(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.next.is_some_and(|next| next <= now) {
            match self.state {
                State::Probing(asked) if asked < PROBES => {
                    self.state = State::Probing(asked + 1);
                    self.next = Some(now + PROBE_EVERY);
                    return Some(message::probe(&self.name, self.address));
                }
                // Nobody has answered.
                State::Probing(_) => self.state = State::Ours(0),
                State::Ours(_) | State::Taken => {}
            }
            self.next = None;
            if let State::Ours(told) = &mut self.state {
                *told += 1;
                self.next = (*told < ANNOUNCEMENTS).then(|| now + ANNOUNCE_EVERY);
                return Some(self.answer_at(now));
            }
        }
        let is_due = self.answer.is_some_and(|answer| answer <= now);
        is_due.then(|| self.answer_at(now))
    }

    fn answer_at(&mut self, now: Instant) -> Vec<u8> {
        self.answer = None;
        self.said = Some(now);
        message::answer(&self.name, self.address)
    }

    /// Takes a message. `is_once` says that it is of a resolver that asks once, which is told what is returned, and nobody else is. `own` has the
    /// addresses of this machine: what it says in one network may be heard in another, and another program of it may have the name as well.
    pub(super) fn hears(
        &mut self,
        bytes: &[u8],
        is_once: bool,
        own: &[Ipv4Addr],
        now: Instant,
    ) -> Option<Vec<u8>> {
        let heard = message::read(bytes, &self.name)?;
        match self.state {
            State::Probing(_) => {
                if heard.is_response && heard.answers.iter().any(|it| !own.contains(it)) {
                    self.give_up();
                } else if !heard.is_response {
                    self.compare(heard.proposed, own, now);
                }
                None
            }
            State::Ours(_) if !heard.is_response => self.answer(&heard, is_once, now),
            // Who takes the name later is not told apart from who lies.
            State::Ours(_) | State::Taken => None,
        }
    }

    fn give_up(&mut self) {
        self.state = State::Taken;
        self.next = None;
    }

    /// Of two that ask at the same time, that with the higher addresses has the name.
    fn compare(&mut self, mut proposed: Vec<Ipv4Addr>, own: &[Ipv4Addr], now: Instant) {
        proposed.sort_unstable();
        let are_ours = proposed.iter().all(|address| own.contains(address));
        if are_ours || proposed < vec![self.address] {
            return;
        }
        self.lost_ties += 1;
        if self.lost_ties == MAX_LOST_TIES {
            return self.give_up();
        }
        self.state = State::Probing(0);
        self.next = Some(now + AFTER_A_TIE);
    }

    fn answer(&mut self, heard: &Heard, is_once: bool, now: Instant) -> Option<Vec<u8>> {
        let question = heard.question?;
        if heard.answers.contains(&self.address) {
            return None;
        }
        if is_once {
            let (begin, count) = &mut self.to_one;
            if now.duration_since(*begin) >= SECOND {
                (*begin, *count) = (now, 0);
            }
            *count += 1;
            let is_allowed = *count <= MAX_ANSWERS_TO_ONE;
            return is_allowed
                .then(|| message::answer_once(heard, question, &self.name, self.address));
        }
        let after = match heard.proposed.is_empty() {
            true => ANSWER_EVERY,
            false => DEFEND_EVERY,
        };
        let soonest = self.said.map_or(now, |said| (said + after).max(now));
        self.answer = Some(self.answer.map_or(soonest, |answer| answer.min(soonest)));
        None
    }

    /// What everybody is told at the end, if this machine has the name.
    pub(super) fn goodbye(&self) -> Option<Vec<u8>> {
        (self.is_ours()).then(|| message::goodbye(&self.name, self.address))
    }
}

#[cfg(test)]
mod tests;
