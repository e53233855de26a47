//! Why a message did nothing, in words for who sent it.
//!
//! May import: gate, rooms, quickconnect::protocol, thiserror.

use quickconnect::protocol::{BadFrame, PeerId};

use super::gate::NotAdmitted;
use super::rooms::Full;

/// Why a message did nothing. Its sender is told, and nobody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The frame isn't one.
    #[error(transparent)]
    BadFrame(#[from] BadFrame),
    /// The room or the server is full.
    #[error(transparent)]
    Full(#[from] Full),
    /// The gate does not let the sender into the room.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// The sender is in no room.
    #[error(
        "You are in no room, so there is nobody to relay this to. Send \"/announce|yourId|{{…}}\" first."
    )]
    NotAnnounced,
    /// The frame's sender is not the id that this connection announced.
    #[error(
        "The frame's sender is not \"{announced}\", the id that this connection announced; it was not relayed. Use one id per connection."
    )]
    WrongSender {
        /// The id it should have.
        announced: PeerId,
    },
    /// Another connection has the id, and is alive.
    #[error("Another connection has this id in the room, and is alive. Choose another id.")]
    IdTaken,
    /// A binary frame.
    #[error("A frame must be text; this binary one was not relayed. Send a text frame.")]
    Binary,
}

impl Refusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::BadFrame(bad) => bad.code(),
            Self::Full(Full::Room { .. }) => "room-full",
            Self::Full(Full::Server { .. }) => "too-many-rooms",
            Self::NotAdmitted(not_admitted) => not_admitted.code,
            Self::NotAnnounced => "not-announced",
            Self::WrongSender { .. } => "wrong-sender",
            Self::IdTaken => "id-taken",
            Self::Binary => "binary-frame",
        }
    }
}
