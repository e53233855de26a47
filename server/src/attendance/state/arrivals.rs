//! Who comes, goes, comes back and is forgotten.
//!
//! May import: attendee, pair, state, id, message, name, pair_name, refusal, ticket, network.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Instant;

use network::address::holder;

use super::attendee::Attendee;
use super::pair::{THREE, TWO};
use super::{AWAY_AFTER, Arrival, Effects, KEPT_FOR, MAX_PAGES, Page, State, To, Words};
use crate::attendance::id::Id;
use crate::attendance::message::Told;
use crate::attendance::name;
use crate::attendance::pair_name::PairName;
use crate::attendance::refusal::Refused;
use crate::attendance::ticket::{Claim, ClaimedPair};

impl State {
    /// A page comes, of whoever the ticket says. The name counts only for somebody new: a ticket has one already, and the host may have given
    /// another.
    pub(super) fn hello(
        &mut self,
        arrival: Arrival,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let Arrival {
            page,
            from,
            claim,
            name: wish,
            shares,
        } = arrival;
        let from = holder(from);
        // Before anything changes: who is refused has changed nothing.
        let known = claim
            .as_ref()
            .and_then(|claim| self.attendees.get(&claim.id));
        if known.is_some_and(|known| known.pages.len() >= MAX_PAGES) {
            return Err(Refused::too_many_pages(MAX_PAGES));
        }
        // Also with a ticket: otherwise who collects them, from one quarter of an hour to the next, fills the workshop with those.
        if known.is_none_or(|known| known.from.is_none()) {
            self.make_room_for(from, effects)?;
        }
        let mut refused = None;
        let id = match claim {
            Some(claim) => self.known_by(claim, Some(from), now, effects)?,
            None => {
                let name = self.name_of_somebody_new(wish, &mut refused);
                let id = self.free_id();
                self.enter(id, name, Some(from), now, effects)?
            }
        };
        let attendee = self.attendee(id)?;
        attendee.pages.insert(page);
        attendee.left = None;
        attendee.from.get_or_insert(from);
        self.share(id, shares)?;
        effects.changed(id);
        let attendee = self.attendee(id)?;
        if !std::mem::replace(&mut attendee.is_here, true) {
            self.changed_with_partners(id, effects);
        }
        self.pages.insert(page, id);
        self.match_waiting(effects);
        let timer = Words::Told(self.timer(now));
        effects.told.push((To::Page(page), timer));
        // Its page may be older than the address.
        let url = self.url.clone().map(|url| Told::Address { url });
        effects
            .told
            .extend(url.map(|told| (To::Page(page), Words::Told(told))));
        let refused = refused.map(|refused| (To::Page(page), Words::Refused(refused)));
        effects.told.extend(refused);
        Ok(())
    }

    /// Whoever shows a ticket may be known, or be kept by nobody any more, or come from before a restart of the server. A demo may show one
    /// that is older than that of its page: of those, the newest counts. `from` is the address of a page, and unknown of a demo.
    fn known_by(
        &mut self,
        claim: Claim,
        from: Option<IpAddr>,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<Id, Refused> {
        let id = claim.id;
        match self.attendees.get(&id) {
            Some(known) if known.restored.is_some_and(|older| older < claim.until) => {
                let claimed = claim.pair.as_ref().map(|pair| self.name_of(pair));
                // Who is where the newer one says stays: to leave and to come back would end what they and their partners wait for.
                if let Some(older) = known.pair.filter(|name| Some(Some(*name)) != claimed) {
                    self.leave(id, effects);
                    // Nobody but an older ticket made it, if it is gone now: others may still come back into it.
                    if !self.pairs.contains_key(&older) {
                        self.used.remove(&older);
                    }
                }
            }
            Some(_) => return Ok(id),
            None => {
                let taken = self.names();
                let is_taken = |name: &str| taken.contains(&name::compared(name));
                let name = name::free_like(&claim.name, is_taken);
                self.enter(id, name, from, now, effects)?;
            }
        }
        if let Some(pair) = claim.pair {
            self.come_back_into(pair, id, claim.until, effects);
        }
        self.attendee(id)?.restored = Some(claim.until);
        Ok(id)
    }

    /// Into the pair that a ticket names, while it exists. One that was made before a restart of the server is made again by the first of its
    /// members; one that has ended since then is not. Nobody comes back who has left it, or was taken out of it.
    fn come_back_into(&mut self, claimed: ClaimedPair, id: Id, until: u64, effects: &mut Effects) {
        let known = self.name_of(&claimed);
        let ClaimedPair {
            name,
            born,
            size,
            locked,
            former,
        } = claimed;
        let size = size.clamp(TWO, THREE);
        // Others have its name by now, if that was given after a restart: it gets another one, which its members are told.
        let free = || !self.used.contains_key(&name);
        let name = match known {
            Some(name) => name,
            None if free() => name,
            None => self.free_pair_name(),
        };
        match self.pairs.get_mut(&name) {
            Some(pair) if pair.former.contains(&id) => return,
            Some(pair) => pair.size = pair.size.max(size),
            None if known.is_some() => return,
            None => self.make_pair(name, born, size, locked),
        }
        let Some(pair) = self.pairs.get_mut(&name) else {
            return;
        };
        // An older ticket has brought these back, and this one knows that they had left by then.
        let is_outdated = |id: &Id| {
            let restored = self.attendees.get(id).and_then(|one| one.restored);
            restored.is_some_and(|older| older < until)
        };
        let (members, gone): (Vec<_>, Vec<_>) = former
            .into_iter()
            .partition(|former| pair.members.contains(former));
        let outdated: Vec<_> = members.into_iter().filter(is_outdated).collect();
        gone.into_iter().for_each(|former| pair.remember(former));
        if !outdated.is_empty() {
            pair.locked = locked;
        }
        let is_member = pair.members.contains(&id);
        if !is_member && pair.members.len() - outdated.len() < pair.size {
            self.seat(id, name, effects);
        }
        outdated.into_iter().for_each(|id| self.leave(id, effects));
    }

    /// What the pair of a ticket is called, or was called before it ended; nothing if there was none since the server was started.
    fn name_of(&self, claimed: &ClaimedPair) -> Option<PairName> {
        let is_it = |(name, born): (&PairName, &u32)| (*born == claimed.born).then_some(*name);
        let of_its_name = self.used.get_key_value(&claimed.name).and_then(is_it);
        of_its_name.or_else(|| self.used.iter().find_map(is_it))
    }

    /// Whether a ticket is that of a member of the pair. Whoever comes back with it after a restart of the server is known from then on: a demo
    /// may be faster than its page.
    pub(in crate::attendance) fn is_member(
        &mut self,
        claim: Claim,
        pair: PairName,
        now: Instant,
    ) -> (bool, Effects) {
        let mut effects = Effects::default();
        // An error says that there is no place for them.
        let id = self.known_by(claim, None, now, &mut effects).ok();
        let attendee = id.and_then(|id| self.attendees.get(&id));
        let is_member = attendee.is_some_and(|attendee| attendee.pair == Some(pair));
        (is_member, effects)
    }

    /// Where the workshop is full, somebody of the same address who is away makes room: whoever comes and goes again and again takes no places
    /// from the attendees of other addresses who are away for a moment.
    fn enter(
        &mut self,
        id: Id,
        name: String,
        from: Option<IpAddr>,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<Id, Refused> {
        let limit = self.places.in_all;
        if self.attendees.len() >= limit && !self.make_room(|one| one.from == from, effects) {
            return Err(Refused::workshop_full(limit));
        }
        let number = self.number();
        self.attendees.insert(id, Attendee::new(name, number, now));
        effects.changed(id);
        Ok(id)
    }

    /// One address does not take the places of all others.
    fn make_room_for(&mut self, from: IpAddr, effects: &mut Effects) -> Result<(), Refused> {
        let is_of_it = |one: &Attendee| one.from == Some(from);
        let attendees = self.attendees.values();
        let count = attendees.filter(|one| is_of_it(one)).count();
        let limit = self.places.for_one_address;
        if count >= limit && !self.make_room(is_of_it, effects) {
            return Err(Refused::workshop_full_for_the_address(limit));
        }
        Ok(())
    }

    /// Forgets one of these who is not here, if there is one: first who has no pair, then who has been away for the longest time.
    fn make_room(&mut self, is_one: impl Fn(&Attendee) -> bool, effects: &mut Effects) -> bool {
        let attendees = self.attendees.iter();
        let away = attendees.filter(|(_, one)| !one.is_here && is_one(one));
        let first = away.min_by_key(|(_, one)| (one.pair.is_some(), one.left));
        let id = first.map(|(id, _)| *id);
        id.inspect(|id| self.forget(*id, effects)).is_some()
    }

    fn name_of_somebody_new(
        &mut self,
        wish: Option<String>,
        refused: &mut Option<Refused>,
    ) -> String {
        let taken = self.names();
        let is_taken = |name: &str| taken.contains(&name::compared(name));
        let wished = wish.map(|wish| {
            let name = name::checked(&wish)?;
            match is_taken(&name) {
                true => Err(Refused::name_taken(&name)),
                false => Ok(name),
            }
        });
        match wished {
            Some(Ok(name)) => return name,
            Some(Err(error)) => *refused = Some(error),
            None => {}
        }
        name::free(&mut self.random, is_taken)
    }

    /// All names as they are compared. Whoever looks for a free one asks for hundreds, with the attendance locked.
    fn names(&self) -> BTreeSet<String> {
        let attendees = self.attendees.values();
        attendees.map(|one| name::compared(&one.name)).collect()
    }

    fn free_id(&mut self) -> Id {
        loop {
            let id = Id((self.random.next_u64() >> 32) as u32);
            if !self.attendees.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn closed(&mut self, page: Page, now: Instant) {
        let Some(id) = self.pages.remove(&page) else {
            return;
        };
        if let Some(attendee) = self.attendees.get_mut(&id) {
            attendee.pages.remove(&page);
            if attendee.pages.is_empty() {
                attendee.left = Some(now);
            }
        }
    }

    /// Notices who is away, and forgets who has been for long.
    pub(super) fn tick(&mut self, now: Instant, effects: &mut Effects) {
        let away_for = |left: Option<Instant>| left.map(|left| now.duration_since(left));
        let left = self.attendees.iter();
        let left: Vec<_> = left
            .filter_map(|(id, one)| Some((*id, away_for(one.left)?)))
            .collect();
        for (id, away_for) in left {
            if away_for >= KEPT_FOR {
                self.forget(id, effects);
            } else if away_for >= AWAY_AFTER
                && let Some(attendee) = self.attendees.get_mut(&id)
                && std::mem::replace(&mut attendee.is_here, false)
            {
                self.changed_with_partners(id, effects);
            }
        }
        self.go_on_trying(now, effects);
    }

    fn forget(&mut self, id: Id, effects: &mut Effects) {
        self.lose_place(id, effects);
        self.attendees.remove(&id);
        self.forget_reach(id);
        for other in self.attendees.values_mut() {
            other.met.remove(&id);
        }
        effects.is_seen = true;
    }
}
