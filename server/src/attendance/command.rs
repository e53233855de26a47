//! What the host asks for.
//!
//! May import: serde.

use serde::Deserialize;

/// What the host asks for, as the host's page sends it: `{"type":"pair-everyone","size":2}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum HostCommand {
    /// Pairs of those who are here and have no complete pair. An odd one out makes a three.
    PairEveryone {
        /// Members of a pair: 2 or 3.
        size: usize,
    },
    /// Pairs of everybody who is here, none with a former partner if that is possible.
    Reshuffle {
        /// Members of a pair: 2 or 3.
        size: usize,
    },
    /// One pair of these.
    Pair {
        /// Two or three attendees.
        ids: Vec<String>,
    },
    /// Ends a pair.
    Split {
        /// Its name.
        pair: String,
    },
    /// Lets nobody else join a pair, or lets them again.
    Lock {
        /// Its name.
        pair: String,
        /// Whether nobody may.
        locked: bool,
    },
    /// Gives an attendee another name.
    Rename {
        /// Who.
        id: String,
        /// By the same rules as a name that an attendee chooses.
        name: String,
    },
    /// Takes an attendee out of their pair.
    Remove {
        /// Who.
        id: String,
    },
    /// Tells something to everybody.
    Say {
        /// At most [`MAX_SAID`] characters.
        text: String,
    },
    /// Asks everybody to come to a place in the book. Whether the book has it was checked by then.
    Bring {
        /// Page and fragment, as they stand in addresses behind the root; at most [`MAX_PLACE`] characters.
        place: String,
        /// What it is called; at most [`MAX_TITLE`] characters.
        title: String,
    },
    /// Shows a timer to everybody, in place of a former one.
    Timer {
        /// What it is for; at most [`MAX_TITLE`] characters.
        label: String,
        /// How long; 0 takes the timer away. At most [`MAX_TIMER_SECONDS`].
        seconds: u64,
    },
    /// Finds out who reaches whom directly, of those who share.
    Reach,
    /// Lowers the hand of an attendee.
    LowerHand {
        /// Who.
        id: String,
    },
}

/// Characters of what the host says to everybody.
pub const MAX_SAID: usize = 500;

/// Characters of a place.
pub const MAX_PLACE: usize = 200;

/// Characters of a title, or of the label of a timer.
pub const MAX_TITLE: usize = 100;

/// Seconds of the longest timer: four hours.
pub const MAX_TIMER_SECONDS: u64 = 4 * 3600;
