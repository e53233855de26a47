//! Who reaches whom: pages of attendees who share try a direct connection to one another, in turns. What they say to each other for that goes through here.
//!
//! May import: attendee, reach, state, id, message, refusal, seen, view.

use std::collections::BTreeMap;
use std::time::Instant;

use super::attendee::Page;
use super::reach::{AT_ONCE, MAX_DESCRIPTION, MAX_TRIED, PATIENCE, Reach, Side, Try};
use super::{Effects, State, To, Words};
use crate::attendance::id::Id;
use crate::attendance::message::Told;
use crate::attendance::refusal::Refused;
use crate::attendance::seen::check;
use crate::attendance::view::ReachView;

impl State {
    /// Begins a run, in place of a former one.
    pub(super) fn try_reach(&mut self, now: Instant, effects: &mut Effects) -> Result<(), Refused> {
        let mut all: Vec<_> = self
            .attendees
            .iter()
            .filter(|(_, one)| one.shares && !one.pages.is_empty())
            .map(|(id, one)| (one.number, *id))
            .collect();
        all.sort_unstable();
        if all.len() < 2 {
            return Err(Refused::nobody_to_try());
        }
        let (run, mut last_turns) = match self.reach.take() {
            Some(former) => (former.run + 1, former.last_turns),
            None => (1, BTreeMap::new()),
        };
        last_turns.retain(|id, _| self.attendees.contains_key(id));
        // Whoever was left out has the next turn; the order in which they came is kept otherwise.
        all.sort_by_key(|(_, id)| last_turns.get(id).copied());
        let left_out = all.len().saturating_sub(MAX_TRIED);
        all.truncate(MAX_TRIED);
        all.sort_unstable();
        let ids: Vec<_> = all.iter().map(|(_, id)| *id).collect();
        last_turns.extend(ids.iter().map(|id| (*id, run)));
        let pairs =
            (1..ids.len()).flat_map(|later| (0..later).map(move |earlier| (later, earlier)));
        self.reach = Some(Reach {
            left_out,
            run,
            last_turns,
            waiting: pairs.collect(),
            running: Vec::new(),
            results: BTreeMap::new(),
            ids,
        });
        self.go_on_trying(now, effects);
        Ok(())
    }

    /// A page passes its description to the other side. Each does so once.
    pub(super) fn reach_signal(
        &mut self,
        page: Page,
        number: u64,
        description: String,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        check("description", &description, MAX_DESCRIPTION)?;
        // A try may have ended just now: that is no mistake of the page's.
        let Some(one) = self.running_try(number) else {
            return Ok(());
        };
        if let Some((side, other)) = one.sides(page)
            && !std::mem::replace(&mut side.has_spoken, true)
        {
            let told = Told::ReachSignal {
                number,
                description,
            };
            effects.told.push((To::Page(other.page), Words::Told(told)));
        }
        Ok(())
    }

    /// A page has found out whether it reaches the other side directly.
    pub(super) fn reached(
        &mut self,
        page: Page,
        number: u64,
        direct: bool,
        now: Instant,
        effects: &mut Effects,
    ) {
        let sides = self.running_try(number).and_then(|one| one.sides(page));
        // Whoever says anything else makes nobody go through all that wait.
        if let Some((side, _)) = sides
            && side.direct.is_none()
        {
            side.direct = Some(direct);
            self.go_on_trying(now, effects);
        }
    }

    fn running_try(&mut self, number: u64) -> Option<&mut Try> {
        let running = &mut self.reach.as_mut()?.running;
        running.iter_mut().find(|one| one.number == number)
    }

    /// Takes the results of tries that are over, and begins others.
    pub(super) fn go_on_trying(&mut self, now: Instant, effects: &mut Effects) {
        let Some(mut reach) = self.reach.take() else {
            return;
        };
        let was = (reach.waiting.len(), reach.running.len());
        reach.running.retain(|one| {
            let result = one.result(now);
            if let Some(direct) = result.flatten() {
                reach.results.insert(one.pair, direct);
            }
            result.is_none()
        });
        let mut waiting = std::mem::take(&mut reach.waiting);
        while let Some(pair) = waiting.pop_front() {
            let (later, earlier) = pair;
            let is_busy = |place: usize| {
                let running = reach.running.iter();
                running
                    .filter(|one| one.pair.0 == place || one.pair.1 == place)
                    .count()
                    >= AT_ONCE
            };
            if is_busy(later) || is_busy(earlier) {
                reach.waiting.push_back(pair);
                continue;
            }
            let page_of = |place: usize| {
                let attendee = self.attendees.get(&reach.ids[place])?;
                // The one that was opened last is most likely the one in view.
                attendee.pages.last().copied().filter(|_| attendee.shares)
            };
            let (Some(offers), Some(answers)) = (page_of(later), page_of(earlier)) else {
                // Nobody can tell.
                continue;
            };
            self.next_number += 1;
            let number = self.next_number;
            for (page, is_offering) in [(offers, true), (answers, false)] {
                let told = Told::Reach {
                    number,
                    offers: is_offering,
                };
                effects.told.push((To::Page(page), Words::Told(told)));
            }
            reach.running.push(Try {
                number,
                pair,
                sides: [offers, answers].map(|page| Side {
                    page,
                    has_spoken: false,
                    direct: None,
                }),
                ends: now + PATIENCE,
            });
        }
        effects.is_seen |= was != (reach.waiting.len(), reach.running.len());
        self.reach = Some(reach);
    }

    /// Nothing more is known of somebody who shares no more.
    pub(super) fn forget_reach(&mut self, id: Id) {
        let Some(reach) = &mut self.reach else { return };
        let Some(gone) = reach.ids.iter().position(|one| *one == id) else {
            return;
        };
        let is_theirs = |(later, earlier): (usize, usize)| later == gone || earlier == gone;
        reach.waiting.retain(|pair| !is_theirs(*pair));
        reach.running.retain(|one| !is_theirs(one.pair));
        reach.results.retain(|pair, _| !is_theirs(*pair));
    }

    /// What the host sees of it.
    pub(super) fn reach_view(&self) -> Option<ReachView> {
        let reach = self.reach.as_ref()?;
        let sign = |later: usize, earlier: usize| match reach.results.get(&(later, earlier)) {
            Some(true) => 'd',
            Some(false) => 'n',
            None => '?',
        };
        let row = |later| (0..later).map(|earlier| sign(later, earlier)).collect();
        Some(ReachView {
            ids: reach.ids.clone(),
            rows: (0..reach.ids.len()).map(row).collect(),
            remaining: reach.waiting.len() + reach.running.len(),
            left_out: reach.left_out,
        })
    }
}
