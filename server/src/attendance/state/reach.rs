//! One run of tries: who reaches whom.
//!
//! May import: attendee, id.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::attendee::Page;
use crate::attendance::id::Id;

/// Attendees who are tried in one run: of more, the pairs would be too many. The others have their turn in the next one.
pub(super) const MAX_TRIED: usize = 40;

/// Tries of one attendee at the same time.
pub(super) const AT_ONCE: usize = 3;

/// How long a try may take. A page gives up before that.
pub(super) const PATIENCE: Duration = Duration::from_secs(8);

/// Characters of a description.
pub(super) const MAX_DESCRIPTION: usize = 3500;

/// One run.
#[derive(Debug)]
pub(super) struct Reach {
    pub(super) ids: Vec<Id>,
    /// Attendees who were left out, because there are too many.
    pub(super) left_out: usize,
    /// Counts runs.
    pub(super) run: u64,
    /// In which run each was tried last.
    pub(super) last_turns: BTreeMap<Id, u64>,
    /// By their places in `ids`, the later one first.
    pub(super) waiting: VecDeque<(usize, usize)>,
    pub(super) running: Vec<Try>,
    /// Whether they reach each other directly.
    pub(super) results: BTreeMap<(usize, usize), bool>,
}

/// Two try it.
#[derive(Debug)]
pub(super) struct Try {
    pub(super) number: u64,
    pub(super) pair: (usize, usize),
    /// The page of each, and what it has done.
    pub(super) sides: [Side; 2],
    pub(super) ends: Instant,
}

#[derive(Debug)]
pub(super) struct Side {
    pub(super) page: Page,
    /// Whether its description has come.
    pub(super) has_spoken: bool,
    /// What it found.
    pub(super) direct: Option<bool>,
}

impl Try {
    /// The side of a page, and the other one.
    pub(super) fn sides(&mut self, page: Page) -> Option<(&mut Side, &mut Side)> {
        let [a, b] = &mut self.sides;
        match page {
            page if page == a.page => Some((a, b)),
            page if page == b.page => Some((b, a)),
            _ => None,
        }
    }

    /// What came of it, once nothing more can.
    pub(super) fn result(&self, now: Instant) -> Option<Option<bool>> {
        let said = self.sides.each_ref().map(|side| side.direct);
        let have_tried = self.sides.iter().all(|side| side.has_spoken);
        match said {
            // Nobody is connected before both have spoken, whatever one says.
            [Some(true), _] | [_, Some(true)] if have_tried => Some(Some(true)),
            [Some(false), Some(false)] => Some(have_tried.then_some(false)),
            _ if now >= self.ends => Some(have_tried.then_some(false)),
            _ => None,
        }
    }
}
