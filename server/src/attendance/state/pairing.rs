//! Who is paired with whom, by their own wish.
//!
//! May import: pair, state, id, pair_name, refusal.

use super::pair::{Pair, TWO};
use super::{Effects, State};
use crate::attendance::id::Id;
use crate::attendance::pair_name::PairName;
use crate::attendance::refusal::Refused;

impl State {
    /// Somebody wants to be paired with someone. They stay where they are until there is one.
    pub(super) fn pair_me(
        &mut self,
        id: Id,
        wants: bool,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let number = self.number();
        let attendee = self.attendee(id)?;
        attendee.waiting = match wants {
            true => attendee.waiting.or(Some(number)),
            false => None,
        };
        effects.changed(id);
        self.match_waiting(effects);
        Ok(())
    }

    /// Pairs those who wait and are here, who waits longest first.
    pub(super) fn match_waiting(&mut self, effects: &mut Effects) {
        loop {
            let waiting = self.attendees.iter();
            let waiting = waiting.filter(|(_, one)| one.is_here);
            let mut waiting: Vec<_> = waiting
                .filter_map(|(id, one)| Some((one.waiting?, *id, one.pair)))
                .collect();
            waiting.sort_unstable();
            // Partners who both want another one don't get each other.
            let are_strangers = |a: Option<PairName>, b| a.is_none() || a != b;
            let two = waiting.iter().enumerate().find_map(|(at, (_, a, pair))| {
                let mut later = waiting[at + 1..].iter();
                let other = later.find(|(_, _, other)| are_strangers(*pair, *other));
                other.map(|(_, b, _)| [*a, *b])
            });
            let Some(two) = two else { return };
            self.pair_up(&two, TWO, effects);
        }
    }

    /// Begins a pair of one, unless they are alone in one.
    pub(super) fn open_pair(&mut self, id: Id, effects: &mut Effects) -> Result<(), Refused> {
        let pair = self.attendee(id)?.pair;
        let pair = pair.and_then(|name| self.pairs.get(&name));
        if pair.is_none_or(|pair| pair.is_complete()) {
            self.pair_up(&[id], TWO, effects);
        }
        effects.changed(id);
        Ok(())
    }

    /// Joins the pair of these words, and leaves the former one.
    pub(super) fn join(
        &mut self,
        id: Id,
        words: &str,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let name = PairName::typed(words);
        let pair = name.and_then(|name| Some((name, self.pairs.get(&name)?)));
        let Some((name, pair)) = pair else {
            // Only words that pairs have are said back.
            let words = name.map_or_else(|| "so".to_owned(), |name| name.to_string());
            return Err(Refused::no_such_pair(&words));
        };
        if pair.members.contains(&id) {
            effects.changed(id);
            return Ok(());
        }
        if pair.locked {
            return Err(Refused::pair_locked(name));
        }
        if pair.is_full() {
            return Err(Refused::pair_full(name, pair.size));
        }
        self.seat(id, name, effects);
        Ok(())
    }

    /// Leaves the pair, if in one, and does not come back with a ticket.
    pub(super) fn leave(&mut self, id: Id, effects: &mut Effects) {
        let former = self.lose_place(id, effects);
        if let Some(pair) = former.and_then(|name| self.pairs.get_mut(&name)) {
            pair.remember(id);
        }
    }

    /// Is no member of a pair any more, and of which. A pair with nobody left is gone.
    pub(super) fn lose_place(&mut self, id: Id, effects: &mut Effects) -> Option<PairName> {
        let attendee = self.attendees.get_mut(&id)?;
        attendee.restored = None;
        let name = attendee.pair.take()?;
        effects.changed(id);
        effects.moves_members = true;
        if let Some(pair) = self.pairs.get_mut(&name) {
            pair.members.retain(|member| *member != id);
            if pair.members.is_empty() {
                self.pairs.remove(&name);
            }
        }
        self.pair_changed(Some(name), effects);
        Some(name)
    }

    /// Puts these, at most as many as the size, into a new pair.
    pub(super) fn pair_up(&mut self, ids: &[Id], size: usize, effects: &mut Effects) {
        let name = self.free_pair_name();
        let born = (self.random.next_u64() >> 32) as u32;
        self.make_pair(name, born, size, false);
        for id in ids {
            self.seat(*id, name, effects);
        }
    }

    /// Makes a pair, in which somebody is seated next.
    pub(super) fn make_pair(&mut self, name: PairName, born: u32, size: usize, locked: bool) {
        self.used.insert(name, born);
        let members = Vec::with_capacity(size);
        let pair = Pair {
            born,
            members,
            size,
            locked,
            former: Vec::new(),
        };
        self.pairs.insert(name, pair);
    }

    /// Gives an attendee a place in a pair that has one, and takes them out of their former one.
    pub(super) fn seat(&mut self, id: Id, name: PairName, effects: &mut Effects) {
        self.leave(id, effects);
        let (Some(pair), Some(attendee)) = (self.pairs.get_mut(&name), self.attendees.get_mut(&id))
        else {
            return;
        };
        attendee.pair = Some(name);
        attendee.waiting = None;
        attendee.met.extend(&pair.members);
        for member in &pair.members {
            if let Some(member) = self.attendees.get_mut(member) {
                member.met.insert(id);
                member.waiting = None;
            }
        }
        pair.members.push(id);
        pair.former.retain(|former| *former != id);
        self.changed_with_partners(id, effects);
    }

    /// One that no pair has had; if there is none left, one that no pair has.
    pub(super) fn free_pair_name(&mut self) -> PairName {
        if self.used.len() >= PairName::COUNT {
            let pairs = self.pairs.iter();
            self.used = pairs.map(|(name, pair)| (*name, pair.born)).collect();
        }
        let begin = self.random.next_u64() as usize % PairName::COUNT;
        let mut numbers = (begin..PairName::COUNT).chain(0..begin);
        let names =
            |number| Some(PairName::numbered(number)).filter(|name| !self.used.contains_key(name));
        numbers
            .find_map(names)
            .expect("there are more names than attendees")
    }
}
