//! Until when a session may last, as that says by which somebody was let in.
//!
//! May import: nothing.

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// Whether that by which somebody was let in is good still. It is asked twice a second for each session.
pub type Holds = Arc<dyn Fn() -> bool + Send + Sync>;

/// What an access token says of the sessions that begin with it, and of those that begin with keys that its bearer has made. Without one, nothing.
#[derive(Clone, Default)]
pub struct Term {
    /// When they end.
    pub until: Option<SystemTime>,
    /// The thumbprint of the key that the token was signed with.
    pub signer: Option<Box<str>>,
    /// Whether that key is one of the server's still. Sessions end when it is not.
    pub holds: Option<Holds>,
}

/// The same for one session that has begun, by the clock that sessions go by.
#[derive(Clone, Default)]
pub(super) struct Stay {
    until: Option<Instant>,
    holds: Option<Holds>,
}

impl Term {
    pub(super) fn begin(self, today: SystemTime, now: Instant) -> Stay {
        let left = |until: SystemTime| until.duration_since(today).unwrap_or_default();
        Stay {
            until: self.until.map(|until| now + left(until)),
            holds: self.holds,
        }
    }
}

impl Stay {
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now >= until)
            || self.holds.as_ref().is_some_and(|holds| !holds())
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Term")
            .field("until", &self.until)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Stay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stay")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
