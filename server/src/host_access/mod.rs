//! Who may use the host's page of a workshop: whoever shows a one-time code that this process gave away, and from then on the session that
//! the code was exchanged for. Pure; the clock is an argument.
//!
//! # Layout
//! - [`codes`]: one-time codes
//! - [`sessions`]: what a code is exchanged for
//! - [`guesses`]: how many wrong ones an address may show
//! - [`refusal`]: why somebody may not use the page
//!
//! May import: secret, network, thiserror, tokio, tokio_util.

pub mod codes;
pub mod guesses;
pub mod refusal;
pub mod sessions;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use codes::{Code, Codes};
use guesses::Guesses;
use refusal::Refusal;
use sessions::{Key, Sessions};

/// WebSockets of all hosts at once.
pub const MAX_SOCKETS: usize = 16;

/// All codes and sessions of a server.
#[derive(Debug)]
pub struct HostAccess {
    /// A std mutex, held for a few lines that never wait.
    state: Mutex<State>,
    sockets: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct State {
    codes: Codes,
    sessions: Sessions,
    guesses: Guesses,
}

impl Default for HostAccess {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            sockets: Arc::new(Semaphore::new(MAX_SOCKETS)),
        }
    }
}

impl HostAccess {
    /// A new one-time code; none if the operating system has no random bytes.
    pub fn make_code(&self, now: Instant) -> Option<Code> {
        self.state().codes.make(now)
    }

    /// Exchanges a code for the key of a new session. The code is used up, whatever comes of it.
    ///
    /// # Errors
    /// When the code is not one that can be used now, or the address has shown too many wrong ones.
    pub fn open_session(&self, code: &str, from: IpAddr, now: Instant) -> Result<Key, Refusal> {
        let state = &mut *self.state();
        state.guesses.check(from, now)?;
        if !state.codes.take(code, now) {
            state.guesses.wrong(from, now);
            return Err(Refusal::WrongCode);
        }
        state.sessions.open().ok_or(Refusal::NoRandomBytes)
    }

    /// What is cancelled when the session with one of these keys ends.
    ///
    /// # Errors
    /// When none of the keys is that of a session, or the address has shown too many wrong ones. Without any key nothing is guessed.
    pub fn session(
        &self,
        keys: &[&str],
        from: IpAddr,
        now: Instant,
    ) -> Result<CancellationToken, Refusal> {
        self.look_up(keys, from, now, |sessions, key| sessions.find(key))
    }

    /// Ends the session with one of these keys.
    ///
    /// # Errors
    /// As [`session`](Self::session).
    pub fn end_session(&self, keys: &[&str], from: IpAddr, now: Instant) -> Result<(), Refusal> {
        self.look_up(keys, from, now, |sessions, key| {
            sessions.end(key).then_some(())
        })
    }

    /// A place for a WebSocket of a host, until it is dropped; none if all are taken.
    pub fn socket(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.sockets).try_acquire_owned().ok()
    }

    fn look_up<T>(
        &self,
        keys: &[&str],
        from: IpAddr,
        now: Instant,
        mut find: impl FnMut(&mut Sessions, &str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let state = &mut *self.state();
        state.guesses.check(from, now)?;
        let found = keys.iter().find_map(|key| find(&mut state.sessions, key));
        found.ok_or_else(|| {
            if !keys.is_empty() {
                state.guesses.wrong(from, now);
            }
            Refusal::NoSession
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
