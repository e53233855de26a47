//! Why the companion does not come.
//!
//! May import: quickconnect, thiserror.

use std::time::Duration;

use quickconnect::ConnectError;

/// Why it does not come.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// All of them are elsewhere.
    #[error(
        "The server is a guest in {limit} rooms already, and in no more at once (--max-companions). Try again in a few minutes."
    )]
    Busy {
        /// How many there may be.
        limit: usize,
    },
    /// As many as one address may have are elsewhere.
    #[error(
        "The server is a guest in {limit} rooms by invitation of your address, and in no more at once (--max-companions-per-address). \
         It leaves a room with the last peer."
    )]
    BusyForTheAddress {
        /// How many there may be for an address.
        limit: usize,
    },
    /// The address has invited it too often.
    #[error(
        "Your address has invited the server too often (--max-invitations-per-second). Try again in {} s.",
        wait.as_secs() + 1
    )]
    TooOften {
        /// When it may again.
        wait: Duration,
    },
    /// It could not join its own server.
    #[error("The server could not join the room. {0}")]
    NotJoined(#[from] ConnectError),
}

impl Refusal {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy { .. } => "too-many-companions",
            Self::BusyForTheAddress { .. } => "too-many-companions-per-address",
            Self::TooOften { .. } => "too-many-invitations",
            Self::NotJoined(_) => "companion-not-joined",
        }
    }
}
