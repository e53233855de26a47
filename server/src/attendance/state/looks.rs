//! What attendees and the host see.
//!
//! May import: attendee, state, id, message, ticket, view.

use std::time::{Duration, Instant};

use super::State;
use super::attendee::Attendee;
use crate::attendance::id::Id;
use crate::attendance::message::{MemberOfYou, PairOfYou, Told, You};
use crate::attendance::ticket::{Claim, ClaimedPair};
use crate::attendance::view::{AttendeeView, PairView, TimerView, View};

impl State {
    /// How it is with an attendee, with the ticket that `sign` makes; none if nobody has this id.
    pub(in crate::attendance) fn you(
        &self,
        id: Id,
        until: u64,
        sign: impl FnOnce(&Claim) -> String,
    ) -> Option<You> {
        let attendee = self.attendees.get(&id)?;
        let named = attendee.pair;
        let pair = named.and_then(|name| Some((name, self.pairs.get(&name)?)));
        let claim = Claim {
            id,
            name: attendee.name.clone(),
            pair: pair.map(|(name, pair)| ClaimedPair {
                name,
                born: pair.born,
                size: pair.size,
                locked: pair.locked,
                former: pair.former.clone(),
            }),
            until,
        };
        let member = |id: &Id| {
            let member = self.attendees.get(id)?;
            Some(MemberOfYou {
                id: *id,
                name: member.name.clone(),
                here: member.is_here,
            })
        };
        Some(You {
            id,
            ticket: sign(&claim),
            name: claim.name,
            shares: attendee.shares,
            hand: attendee.hand.is_some(),
            waiting: attendee.waiting.is_some(),
            pair: pair.map(|(name, pair)| PairOfYou {
                name,
                locked: pair.locked,
                members: pair.members.iter().filter_map(member).collect(),
            }),
        })
    }

    /// What is told of the timer.
    pub(super) fn timer(&self, now: Instant) -> Told {
        let timer = self.timer.as_ref();
        Told::Timer {
            label: timer.map_or_else(String::new, |timer| timer.label.clone()),
            remaining: timer.map(|timer| millis(timer.ends.duration_since(now))),
        }
    }

    /// What the host sees.
    pub(in crate::attendance) fn view(&self, no_tls: u64, now: Instant) -> View {
        let mut attendees: Vec<_> = self.attendees.iter().collect();
        attendees.sort_unstable_by_key(|(_, attendee)| attendee.number);
        let attendees = attendees.into_iter();
        let pairs = self.pairs.iter().map(|(name, pair)| PairView {
            name: *name,
            locked: pair.locked,
            members: pair.members.clone(),
            size: pair.size,
        });
        let timer = self.timer.as_ref().map(|timer| TimerView {
            label: timer.label.clone(),
            remaining: millis(timer.ends.duration_since(now)),
        });
        View {
            attendees: attendees.map(|(id, one)| seen(*id, one, now)).collect(),
            pairs: pairs.collect(),
            no_tls,
            timer,
            reach: self.reach_view(),
        }
    }
}

fn seen(id: Id, attendee: &Attendee, now: Instant) -> AttendeeView {
    let seen = &attendee.seen;
    // Nothing was said yet, or nothing is shared.
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    AttendeeView {
        id,
        name: attendee.name.clone(),
        here: attendee.is_here,
        since: millis(now.duration_since(attendee.came)),
        page: said(&seen.page),
        title: said(&seen.title),
        demo: seen.demo.clone(),
        running: seen.running,
        error: seen.error.clone(),
        way: seen.way,
        solved: seen.solved.clone(),
        checked: attendee.checked.clone(),
        hand: attendee.hand.is_some(),
        hand_for: attendee.hand.map(|since| millis(now.duration_since(since))),
        waiting: attendee.waiting.is_some(),
        pair: attendee.pair,
        shares: attendee.shares,
    }
}

fn millis(duration: Duration) -> u64 {
    duration.as_millis().try_into().unwrap_or(u64::MAX)
}
