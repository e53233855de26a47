//! One session of signaling.
//!
//! May import: id.

use crate::attendance::id::Id;

/// A session of signaling in a room of a pair.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) room: String,
    /// The id that it has announced.
    pub(super) peer: String,
    pub(super) whose: Whose,
}

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::attendance) enum Whose {
    Attendee(Id),
    Companion,
}
