//! Who attends, and in which pair: events in, effects out.
//!
//! Pure: no socket, no clock and no secret is touched. Pages are known by numbers, and tickets come in as what they say.
//!
//! # Layout
//! - [`attendee`], [`pair`]: one of them
//! - [`arrivals`]: who comes, goes, comes back and is forgotten
//! - [`pairing`]: who is paired with whom, by their own wish
//! - [`hosting`]: what the host asks for; [`grouping`]: pairs of all
//! - [`reaching`]: who reaches whom directly; [`reach`]: one run of that
//! - [`sessions`]: who is behind the ids in the rooms of pairs; [`session`]: one of them
//! - [`looks`]: what attendees and the host see
//!
//! May import: config, checked, command, id, message, name, pair_name, refusal, seen, ticket, view, network.

mod arrivals;
mod attendee;
mod grouping;
mod hosting;
mod looks;
mod pair;
mod pairing;
#[cfg(test)]
mod property_tests;
mod reach;
mod reaching;
mod session;
mod sessions;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use network::random::Random;

use super::checked::check_bounds;
use super::command::HostCommand;
use super::id::Id;
use super::message::{Message, Told};
use super::pair_name::PairName;
use super::refusal::Refused;
use super::ticket::Claim;
use crate::config::Places;
use attendee::Attendee;
pub(super) use attendee::Page;
use pair::Pair;
use reach::Reach;
use session::Session;
pub(super) use session::Whose;

/// How long an attendee whose pages are all closed counts as here: whoever goes on to another page is back within that.
pub(super) const AWAY_AFTER: Duration = Duration::from_secs(2);

/// How long the place and the pair of an attendee are kept who is not here.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(15 * 60);

/// Pages that one attendee has open at most.
pub(super) const MAX_PAGES: usize = 16;

/// The state of a workshop.
#[derive(Debug)]
pub(super) struct State {
    places: Places,
    attendees: BTreeMap<Id, Attendee>,
    pairs: BTreeMap<PairName, Pair>,
    /// Names that pairs have had, and which pair had each.
    used: BTreeMap<PairName, u32>,
    pages: HashMap<Page, Id>,
    /// In the rooms of a pair; of each owner at most [`MAX_SESSIONS`](sessions::MAX_SESSIONS).
    sessions: BTreeMap<PairName, Vec<Session>>,
    timer: Option<Timer>,
    /// The address that everybody opens, once it is known.
    url: Option<String>,
    /// Who reaches whom, once that was asked.
    reach: Option<Reach>,
    random: Random,
    /// Counts those who have come, those who have wished to be paired, and tries to reach somebody.
    next_number: u64,
}

#[derive(Debug)]
struct Timer {
    label: String,
    ends: Instant,
}

/// Something happens.
#[derive(Debug)]
pub(super) enum Event {
    /// A page says hello.
    Hello(Arrival),
    /// A page that has said hello says this.
    Message { page: Page, message: Message },
    /// A page is closed.
    Closed { page: Page },
    /// The host asks for something.
    Command(HostCommand),
    /// The workshop is at this address now.
    Moved { url: String },
    /// Some time has passed.
    Tick,
}

/// Who comes.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) page: Page,
    /// The address.
    pub(super) from: IpAddr,
    pub(super) claim: Option<Claim>,
    pub(super) name: Option<String>,
    pub(super) shares: bool,
}

/// What has to be done.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// All pages of these are to be told how it is with them.
    pub(super) changed: BTreeSet<Id>,
    /// All pages of these, too, are to be told who is in the rooms of their pair.
    pub(super) named: BTreeSet<Id>,
    /// What else is to be told, after that.
    pub(super) told: Vec<(To, Words)>,
    /// Whether the host sees something change.
    pub(super) is_seen: bool,
    /// Whether somebody is in another pair than before.
    pub(super) moves_members: bool,
}

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Page(Page),
    Everybody,
}

/// What.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    Told(Told),
    Refused(Refused),
}

impl State {
    /// Of a workshop that begins. The seed decides about ids, names and pairs.
    pub(super) fn new(places: Places, seed: u64) -> Self {
        Self {
            places,
            attendees: BTreeMap::new(),
            pairs: BTreeMap::new(),
            used: BTreeMap::new(),
            pages: HashMap::new(),
            sessions: BTreeMap::new(),
            timer: None,
            url: None,
            reach: None,
            random: Random::new(seed),
            next_number: 0,
        }
    }

    /// Handles what happens `now`, and says what has to be done for that.
    ///
    /// # Errors
    /// When what was asked for can't be done; nothing has changed then.
    pub(super) fn handle(&mut self, event: Event, now: Instant) -> Result<Effects, Refused> {
        let mut effects = Effects::default();
        match event {
            Event::Hello(arrival) => self.hello(arrival, now, &mut effects)?,
            Event::Message { page, message } => {
                // A page may still speak while its attendee is forgotten.
                let id = self.pages.get(&page).copied();
                let id = id.ok_or_else(Refused::no_such_attendee)?;
                self.receive(id, page, message, now, &mut effects)?;
            }
            Event::Closed { page } => self.closed(page, now),
            Event::Command(command) => self.command(command, now, &mut effects)?,
            Event::Moved { url } => {
                let told = Words::Told(Told::Address { url: url.clone() });
                self.url = Some(url);
                effects.told.push((To::Everybody, told));
            }
            Event::Tick => self.tick(now, &mut effects),
        }
        Ok(effects)
    }

    fn receive(
        &mut self,
        id: Id,
        page: Page,
        message: Message,
        now: Instant,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        match message {
            Message::Name { name } => self.rename(id, &name, effects)?,
            Message::Seen(seen) => {
                seen.check()?;
                let attendee = self.attendee(id)?;
                if attendee.shares && attendee.seen != seen {
                    attendee.seen = seen;
                    effects.is_seen = true;
                }
            }
            Message::Checked { checks } => {
                check_bounds(&checks)?;
                let attendee = self.attendee(id)?;
                if !attendee.shares {
                    return Err(Refused::does_not_share());
                }
                attendee.checked = checks;
                effects.is_seen = true;
            }
            Message::Shares { shares } => {
                self.share(id, shares)?;
                effects.changed(id);
            }
            Message::Hand { raised } => {
                let attendee = self.attendee(id)?;
                if attendee.hand.is_some() != raised {
                    attendee.hand = raised.then_some(now);
                    effects.changed(id);
                }
            }
            Message::PairMe { wants } => self.pair_me(id, wants, effects)?,
            Message::OpenPair => self.open_pair(id, effects)?,
            Message::Join { pair } => self.join(id, &pair, effects)?,
            Message::Leave => self.leave(id, effects),
            Message::ReachSignal {
                number,
                description,
            } => self.reach_signal(page, number, description, effects)?,
            Message::Reached { number, direct } => {
                self.reached(page, number, direct, now, effects);
            }
            // The page's own affair.
            Message::Watch { .. } => {}
        }
        Ok(())
    }

    /// The pages of an attendee.
    pub(super) fn pages_of(&self, id: Id) -> impl Iterator<Item = Page> {
        let attendee = self.attendees.get(&id);
        attendee
            .into_iter()
            .flat_map(|attendee| attendee.pages.iter().copied())
    }

    fn attendee(&mut self, id: Id) -> Result<&mut Attendee, Refused> {
        self.attendees
            .get_mut(&id)
            .ok_or_else(Refused::no_such_attendee)
    }

    /// Somebody shares from now on, or does not.
    fn share(&mut self, id: Id, shares: bool) -> Result<(), Refused> {
        self.attendee(id)?.share(shares);
        if !shares {
            self.forget_reach(id);
        }
        Ok(())
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// An attendee gets a name. Their partners see it, too.
    fn rename(&mut self, id: Id, name: &str, effects: &mut Effects) -> Result<(), Refused> {
        let name = super::name::checked(name)?;
        if self.is_taken(&name, id) {
            return Err(Refused::name_taken(&name));
        }
        self.attendee(id)?.name = name;
        self.changed_with_partners(id, effects);
        Ok(())
    }

    /// Whether somebody else is called so.
    fn is_taken(&self, name: &str, but: Id) -> bool {
        let mut others = self.attendees.iter().filter(|(id, _)| **id != but);
        let name = super::name::compared(name);
        others.any(|(_, attendee)| super::name::compared(&attendee.name) == name)
    }

    fn changed_with_partners(&self, id: Id, effects: &mut Effects) {
        effects.changed(id);
        let pair = self.attendees.get(&id).and_then(|attendee| attendee.pair);
        self.pair_changed(pair, effects);
    }

    fn pair_changed(&self, pair: Option<PairName>, effects: &mut Effects) {
        let pair = pair.and_then(|name| self.pairs.get(&name));
        let members = pair.into_iter().flat_map(|pair| &pair.members);
        effects.changed.extend(members);
        effects.is_seen = true;
    }
}

impl Effects {
    fn changed(&mut self, id: Id) {
        self.changed.insert(id);
        self.is_seen = true;
    }
}
