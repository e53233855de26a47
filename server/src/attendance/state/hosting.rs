//! What the host asks for.
//!
//! May import: grouping, pair, state, command, id, message, pair_name, refusal, seen.

use std::time::{Duration, Instant};

use super::grouping;
use super::pair::{Pair, THREE, TWO};
use super::{Effects, State, Timer, To, Words};
use crate::attendance::command::{HostCommand, MAX_PLACE, MAX_SAID, MAX_TIMER_SECONDS, MAX_TITLE};
use crate::attendance::id::Id;
use crate::attendance::message::Told;
use crate::attendance::pair_name::PairName;
use crate::attendance::refusal::Refused;
use crate::attendance::seen::check;

impl State {
    pub(super) fn command(
        &mut self,
        command: HostCommand,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        match command {
            HostCommand::PairEveryone { size } => self.pair_everyone(checked(size)?, effects),
            HostCommand::Reshuffle { size } => self.reshuffle(checked(size)?, effects),
            HostCommand::Pair { ids } => self.pair(&ids, effects),
            HostCommand::Split { pair } => {
                let (_, pair) = self.pair_called(&pair)?;
                let members = pair.members.clone();
                members.into_iter().for_each(|id| self.leave(id, effects));
                Ok(())
            }
            HostCommand::Lock { pair, locked } => {
                let (name, pair) = self.pair_called(&pair)?;
                pair.locked = locked;
                self.pair_changed(Some(name), effects);
                Ok(())
            }
            HostCommand::Rename { id, name } => {
                let id = self.attendee_called(&id)?;
                self.rename(id, &name, effects)
            }
            HostCommand::Remove { id } => {
                let id = self.attendee_called(&id)?;
                self.leave(id, effects);
                Ok(())
            }
            HostCommand::Say { text } => {
                check("text", &text, MAX_SAID)?;
                if text.trim().is_empty() {
                    return Err(Refused::bad_message("There is nothing to say in the text."));
                }
                effects.tell_everybody(Told::Said { text });
                Ok(())
            }
            HostCommand::Bring { place, title } => {
                check("place", &place, MAX_PLACE)?;
                check("title", &title, MAX_TITLE)?;
                effects.tell_everybody(Told::Bring { place, title });
                Ok(())
            }
            HostCommand::Timer { label, seconds } => self.set_timer(label, seconds, now, effects),
            HostCommand::Reach => self.try_reach(now, effects),
            HostCommand::LowerHand { id } => {
                let id = self.attendee_called(&id)?;
                self.attendee(id)?.hand = None;
                effects.changed(id);
                Ok(())
            }
        }
    }

    fn attendee_called(&self, id: &str) -> Result<Id, Refused> {
        let id = id.parse().ok();
        id.filter(|id| self.attendees.contains_key(id))
            .ok_or_else(Refused::no_such_attendee)
    }

    fn pair_called(&mut self, name: &str) -> Result<(PairName, &mut Pair), Refused> {
        let name = name.parse().ok();
        let pair = name.and_then(|name| Some((name, self.pairs.get_mut(&name)?)));
        pair.ok_or_else(Refused::no_pair_of_this_name)
    }

    /// Groups those who are here and have no partner. One alone makes a three of some pair.
    fn pair_everyone(&mut self, size: usize, effects: &mut Effects) -> Result<(), Refused> {
        let pairs = &self.pairs;
        let is_complete = |name: &PairName| pairs.get(name).is_some_and(Pair::is_complete);
        let here = self.attendees.iter().filter(|(_, one)| one.is_here);
        let single = here.filter(|(_, one)| !one.pair.as_ref().is_some_and(is_complete));
        let single: Vec<_> = single.map(|(id, _)| *id).collect();
        match single[..] {
            [] => Err(Refused::nobody_to_pair()),
            [one] => self.make_a_three(one, effects),
            _ => {
                self.group(single, size, effects);
                Ok(())
            }
        }
    }

    /// Puts somebody into a pair of two, of whom one is here at least.
    fn make_a_three(&mut self, id: Id, effects: &mut Effects) -> Result<(), Refused> {
        let attendees = &self.attendees;
        let is_here = |id: &Id| attendees.get(id).is_some_and(|one| one.is_here);
        let mut twos = self.pairs.iter_mut().filter(|(_, pair)| {
            pair.members.len() == TWO && !pair.locked && pair.members.iter().any(is_here)
        });
        let (name, pair) = twos.next().ok_or_else(Refused::nobody_to_pair)?;
        pair.size = THREE;
        let name = *name;
        self.seat(id, name, effects);
        Ok(())
    }

    fn reshuffle(&mut self, size: usize, effects: &mut Effects) -> Result<(), Refused> {
        let here = self.attendees.iter().filter(|(_, one)| one.is_here);
        let here: Vec<_> = here.map(|(id, _)| *id).collect();
        if here.len() < TWO {
            return Err(Refused::nobody_to_pair());
        }
        self.group(here, size, effects);
        Ok(())
    }

    /// Makes new pairs of all these, with no former partner together if that is possible.
    fn group(&mut self, mut ids: Vec<Id>, size: usize, effects: &mut Effects) {
        // Fisher and Yates.
        for last in (1..ids.len()).rev() {
            let other = (self.random.next_u64() % (last as u64 + 1)) as usize;
            ids.swap(last, other);
        }
        let sizes = grouping::sizes(ids.len(), size);
        let met = |a: usize, b: usize| {
            let one = self.attendees.get(&ids[a]);
            one.is_some_and(|one| one.met.contains(&ids[b]))
        };
        for group in grouping::groups(&sizes, met) {
            let members: Vec<_> = group.iter().map(|member| ids[*member]).collect();
            self.pair_up(&members, size.max(members.len()), effects);
        }
    }

    /// One pair of these. If all members of a pair are among them, that one goes on: its room stays.
    fn pair(&mut self, ids: &[String], effects: &mut Effects) -> Result<(), Refused> {
        let ids = ids
            .iter()
            .take(THREE + 1)
            .map(|id| self.attendee_called(id));
        let mut ids = ids.collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        ids.dedup();
        if !(TWO..=THREE).contains(&ids.len()) {
            let words = "A pair is made of two or three attendees.";
            return Err(Refused::bad_message(words));
        }
        let goes_on = self
            .pairs
            .iter_mut()
            .filter(|(_, pair)| pair.members.iter().all(|member| ids.contains(member)));
        let goes_on = goes_on.max_by_key(|(_, pair)| pair.members.len());
        match goes_on.map(|(name, pair)| {
            pair.size = pair.size.max(ids.len());
            (*name, pair.members.clone())
        }) {
            Some((name, members)) => {
                let others = ids.iter().filter(|id| !members.contains(id));
                others.for_each(|id| self.seat(*id, name, effects));
            }
            None => self.pair_up(&ids, ids.len(), effects),
        }
        Ok(())
    }

    fn set_timer(
        &mut self,
        label: String,
        seconds: u64,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        check("label", &label, MAX_TITLE)?;
        if seconds > MAX_TIMER_SECONDS {
            let words = format!("A timer runs for at most {MAX_TIMER_SECONDS} seconds.");
            return Err(Refused::bad_message(words));
        }
        let ends = now + Duration::from_secs(seconds);
        self.timer = (seconds > 0).then_some(Timer { label, ends });
        let timer = self.timer(now);
        effects.tell_everybody(timer);
        Ok(())
    }
}

fn checked(size: usize) -> Result<usize, Refused> {
    match size {
        TWO..=THREE => Ok(size),
        _ => Err(Refused::bad_message("A pair has two or three members.")),
    }
}

impl Effects {
    fn tell_everybody(&mut self, told: Told) {
        self.told.push((To::Everybody, Words::Told(told)));
        self.is_seen = true;
    }
}
