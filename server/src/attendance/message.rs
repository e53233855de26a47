//! What attendees' pages and this server say to each other, as JSON.
//!
//! May import: checked, id, pair_name, seen, serde.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checked::Checked;
use super::id::Id;
use super::pair_name::PairName;
use super::seen::Seen;

/// The first message of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum First {
    /// Who comes.
    Hello(Hello),
}

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hello {
    /// What the server gave the browser earlier.
    #[serde(default)]
    pub ticket: Option<String>,
    /// What a new attendee wants to be called.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether the host may see what the attendee sees and does.
    pub shares: bool,
}

/// What a page says after that.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Message {
    /// The attendee wants to be called otherwise.
    Name {
        /// The new name.
        name: String,
    },
    /// The attendee shares, or does not any more.
    Shares {
        /// Whether they do.
        shares: bool,
    },
    /// What is in view, in place of what was said before.
    Seen(Seen),
    /// What the device can do, in place of what was shown before.
    Checked {
        /// One of each check.
        checks: Vec<Checked>,
    },
    /// The hand goes up or down.
    Hand {
        /// Whether it is up.
        raised: bool,
    },
    /// The attendee wants to be paired with someone, or does not any more.
    PairMe {
        /// Whether they do.
        wants: bool,
    },
    /// Begin a pair that the neighbour can join.
    OpenPair,
    /// Join the neighbour's.
    Join {
        /// Its two words.
        pair: String,
    },
    /// Leave the pair.
    Leave,
    /// What the other side of a try needs, to connect directly.
    ReachSignal {
        /// Of the try.
        number: u64,
        /// An offer or an answer.
        description: String,
    },
    /// What came of a try.
    Reached {
        /// Of the try.
        number: u64,
        /// Whether the other side was reached directly.
        direct: bool,
    },
    /// The page looks at what the host shows.
    Watch {
        /// The number that it was told; none if it looks at nothing any more.
        number: Option<u64>,
    },
}

/// What pages are told, besides how it is with their own attendee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Told {
    /// The host says something.
    Said { text: String },
    /// The host asks everybody to come to a place in the book.
    Bring { place: String, title: String },
    /// The address that everybody opens, which may have become another one.
    Address { url: String },
    /// Milliseconds that remain of the timer; none if it was taken away.
    Timer {
        label: String,
        remaining: Option<u64>,
    },
    /// Try to connect to another attendee directly. One side offers.
    Reach { number: u64, offers: bool },
    /// What the other side of a try has sent: text of another attendee.
    ReachSignal { number: u64, description: String },
}

/// How it is with an attendee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "you")]
pub(super) struct You {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) ticket: String,
    pub(super) shares: bool,
    pub(super) hand: bool,
    pub(super) waiting: bool,
    pub(super) pair: Option<PairOfYou>,
}

/// Their pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PairOfYou {
    pub(super) name: PairName,
    pub(super) locked: bool,
    pub(super) members: Vec<MemberOfYou>,
}

/// A member of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct MemberOfYou {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) here: bool,
}

/// Who is in the rooms of the attendee's pair.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "peers")]
pub(super) struct Peers {
    /// What the attendee is called behind each id of signaling.
    pub(super) names: BTreeMap<String, String>,
}
