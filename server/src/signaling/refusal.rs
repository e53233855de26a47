//! Why a frame did nothing, in words for who sent it, and what stands in an announce's way.
//!
//! May import: outbox, rooms, switchboard, quickconnect::protocol, thiserror.

use quickconnect::protocol::{BadFrame, PeerId};

use super::outbox::Outbox;
use super::rooms::{Full, NoSeat, Occupant};
use super::switchboard::Member;

/// Why a frame did nothing. Its sender is told, and nobody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The frame isn't one.
    #[error(transparent)]
    BadFrame(#[from] BadFrame),
    /// The room or the server is full.
    #[error(transparent)]
    Full(#[from] Full),
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
            Self::NotAnnounced => "not-announced",
            Self::WrongSender { .. } => "wrong-sender",
            Self::IdTaken => "id-taken",
            Self::Binary => "binary-frame",
        }
    }
}

/// Why a frame did nothing, or nothing yet.
#[derive(Debug)]
pub(super) enum Undone {
    Refused(Refusal),
    /// It has to be found out whether the other is still there.
    Occupied(Occupied),
}

/// Who has the id that somebody announces.
#[derive(Debug)]
pub struct Occupied {
    /// How to find out whether it is alive.
    pub outbox: Outbox,
    pub(super) ticket: u64,
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BadFrame> for Undone {
    fn from(bad: BadFrame) -> Self {
        Self::Refused(bad.into())
    }
}

impl From<NoSeat<Member>> for Undone {
    fn from(no_seat: NoSeat<Member>) -> Self {
        match no_seat {
            NoSeat::Full(full) => Self::Refused(full.into()),
            NoSeat::Occupied(Occupant { member, ticket }) => Self::Occupied(Occupied {
                outbox: member.outbox,
                ticket,
            }),
        }
    }
}
