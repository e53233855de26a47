//! One-time codes: each opens one session, soon after it was made.
//!
//! May import: secret.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::secret::Secret;

/// How long a code can be used.
pub const LIFETIME: Duration = Duration::from_secs(60);

/// Codes that can be used at once. With one more the oldest is forgotten: whoever asked for the newest wants that one.
pub const MAX_OPEN: usize = 4;

/// 128 bits: a browser is told them in an address.
pub type Code = Secret<16>;

/// The codes that can be used.
#[derive(Debug, Default)]
pub struct Codes {
    /// The oldest is the first.
    open: VecDeque<Open>,
}

#[derive(Debug)]
struct Open {
    /// A copy of what was given away.
    code: Code,
    until: Instant,
}

impl Codes {
    /// A new one; none if the operating system has no random bytes.
    pub(super) fn make(&mut self, now: Instant) -> Option<Code> {
        let code = Code::random().ok()?;
        self.forget_old(now);
        if self.open.len() >= MAX_OPEN {
            self.open.pop_front();
        }
        self.open.push_back(Open {
            code: code.clone(),
            until: now + LIFETIME,
        });
        Some(code)
    }

    /// Whether this is one of them. It is none any more then.
    pub(super) fn take(&mut self, shown: &str, now: Instant) -> bool {
        self.forget_old(now);
        let Some(shown) = Code::shown(shown) else {
            return false;
        };
        let before = self.open.len();
        // Each is compared, wherever the right one is.
        self.open.retain(|open| !open.code.is(&shown));
        self.open.len() < before
    }

    fn forget_old(&mut self, now: Instant) {
        self.open.retain(|open| now < open.until);
    }
}
