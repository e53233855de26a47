//! Why somebody may not use the host's page, and what to do about it.
//!
//! May import: thiserror.

/// Who is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A code that was never given away, has been used, or is too old.
    #[error(
        "This code opens nothing any more: each works once, within a minute. Press Enter in the terminal of the workshop for a new one."
    )]
    WrongCode,
    /// No key, or that of a session that has ended.
    #[error(
        "This browser has no session as the host. Press Enter in the terminal of the workshop: the host's page opens."
    )]
    NoSession,
    /// An address has shown too many wrong codes and keys.
    #[error(
        "Too many wrong codes came from this address, so that even a right one is refused for {seconds} s more. Press Enter in the terminal of the workshop then."
    )]
    TooManyGuesses {
        /// Until the address may show something again, rounded up.
        seconds: u64,
    },
    /// The operating system has none.
    #[error(
        "This machine has no random bytes, and without them nobody can be told from others. Start the workshop again."
    )]
    NoRandomBytes,
}

impl Refusal {
    /// How it is counted.
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongCode => "host-code",
            Self::NoSession => "host-session",
            Self::TooManyGuesses { .. } => "host-guesses",
            Self::NoRandomBytes => "host-no-random-bytes",
        }
    }
}
