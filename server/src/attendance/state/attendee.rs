//! One attendee.
//!
//! May import: checked, id, pair_name, seen.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Instant;

use crate::attendance::checked::Checked;
use crate::attendance::id::Id;
use crate::attendance::pair_name::PairName;
use crate::attendance::seen::Seen;

/// A page that is connected.
pub(in crate::attendance) type Page = u64;

/// What is known of an attendee.
#[derive(Debug)]
pub(super) struct Attendee {
    pub(super) name: String,
    /// Grows from one who has come to the next.
    pub(super) number: u64,
    pub(super) came: Instant,
    /// The address from which they came; none as long as only a demo has shown their ticket.
    pub(super) from: Option<IpAddr>,
    /// At most [`MAX_PAGES`](super::MAX_PAGES).
    pub(super) pages: BTreeSet<Page>,
    /// Since when there is none; none if there is one.
    pub(super) left: Option<Instant>,
    /// Whether others are told that they are here: for a moment also without a page.
    pub(super) is_here: bool,
    pub(super) shares: bool,
    /// Is empty if they don't share.
    pub(super) seen: Seen,
    /// Is empty if they don't share, or have not shown it.
    pub(super) checked: Vec<Checked>,
    /// Since when it is raised.
    pub(super) hand: Option<Instant>,
    /// The order in which those wait who want to be paired with someone.
    pub(super) waiting: Option<u64>,
    /// Always one that has them as a member.
    pub(super) pair: Option<PairName>,
    /// When the ticket ends that they came back with, as long as nothing but it decided about their pair.
    pub(super) restored: Option<u64>,
    /// With whom they were paired, as long as those are known.
    pub(super) met: BTreeSet<Id>,
}

impl Attendee {
    /// Without pages yet.
    pub(super) fn new(name: String, number: u64, now: Instant) -> Self {
        Self {
            name,
            number,
            came: now,
            from: None,
            pages: BTreeSet::new(),
            left: Some(now),
            is_here: false,
            shares: false,
            seen: Seen::default(),
            checked: Vec::new(),
            hand: None,
            waiting: None,
            pair: None,
            restored: None,
            met: BTreeSet::new(),
        }
    }

    /// Says whether they share. What was shared before is forgotten at once if they don't.
    pub(super) fn share(&mut self, shares: bool) {
        self.shares = shares;
        if !shares {
            self.seen = Seen::default();
            self.checked.clear();
        }
    }
}
