//! Sessions: what a code is exchanged for. A browser shows the key of its session with each request.
//!
//! May import: secret, tokio_util.

use std::collections::VecDeque;

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::secret::Secret;

/// Sessions at once. With one more the oldest ends.
pub const MAX: usize = 8;

/// 256 bits: a browser keeps them in a cookie for as long as it runs.
pub type Key = Secret<32>;

/// The sessions that are open.
#[derive(Debug, Default)]
pub struct Sessions {
    /// The oldest is the first.
    open: VecDeque<Session>,
}

#[derive(Debug)]
struct Session {
    /// A copy of what was given away.
    key: Key,
    ended: CancellationToken,
    /// Cancels that, however the session ends.
    _ends: DropGuard,
}

impl Sessions {
    /// A new one, by its key; none if the operating system has no random bytes.
    pub(super) fn open(&mut self) -> Option<Key> {
        let key = Key::random().ok()?;
        if self.open.len() >= MAX {
            self.open.pop_front();
        }
        let ended = CancellationToken::new();
        self.open.push_back(Session {
            key: key.clone(),
            ended: ended.clone(),
            _ends: ended.drop_guard(),
        });
        Some(key)
    }

    /// What is cancelled when the session with this key ends.
    pub(super) fn find(&mut self, shown: &str) -> Option<CancellationToken> {
        let place = self.position(shown)?;
        Some(self.open[place].ended.clone())
    }

    /// Ends the session with this key, if there is one.
    pub(super) fn end(&mut self, shown: &str) -> bool {
        let place = self.position(shown);
        place.is_some_and(|place| self.open.remove(place).is_some())
    }

    fn position(&self, shown: &str) -> Option<usize> {
        let shown = Key::shown(shown)?;
        // Each is compared, wherever the right one is.
        let places = 0..self.open.len();
        places.fold(None, |found, place| match self.open[place].key.is(&shown) {
            true => Some(place),
            false => found,
        })
    }
}
