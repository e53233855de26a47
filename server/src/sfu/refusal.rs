//! Why somebody gets no session of the media room.
//!
//! May import: secret, thiserror.

use std::io;
use std::time::Duration;

use crate::secret::NoRandomBytes;

/// Why.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The name of a room has characters that no room's has.
    #[error(
        "A room is named by letters, digits, `-` and `_`, in parts with `/` between them, of {limit} characters at most."
    )]
    RoomName {
        /// Characters.
        limit: usize,
    },
    /// Nobody publishes under this id.
    #[error("Nobody publishes under this id in this room. GET /sfu/ROOM says who does.")]
    NoPublisher,
    /// There is no such session.
    #[error("There is no such session in this room: it has ended, or the server has started anew.")]
    NoSession,
    /// The publisher sends no layer of this name.
    #[error("The publisher offers no layer of this name. GET /sfu/ROOM says which it has.")]
    NoLayer,
    /// A publisher asks for a layer.
    #[error("A session of WHIP sends, and chooses no layer: ask with that of WHEP.")]
    NotAWatcher,
    /// The offer can't be understood.
    #[error("The body is no offer that this server understands: {0}")]
    Malformed(String),
    /// It offers nothing.
    #[error("The offer sends nothing: add a track, or a transceiver with the direction sendonly.")]
    NothingToSend,
    /// It wants nothing.
    #[error("The offer receives nothing: add a transceiver with the direction recvonly.")]
    NothingToReceive,
    /// It offers several sections of a kind.
    #[error(
        "A session has one section of audio and one of video at most: publish others by sessions of their own."
    )]
    ManySections,
    /// It offers something else.
    #[error(
        "A session has audio and video, and no data channel or other section: leave those out."
    )]
    OtherSection,
    /// The two sides have no codec in common.
    #[error(
        "The offer has no codec that the publisher sends: it is in {codec}. Offer that one, or let the publisher send VP8 and Opus, which \
         each browser has."
    )]
    NoCodec {
        /// What is sent.
        codec: String,
    },
    /// There are as many as there may be.
    #[error(
        "There are {limit} {what} already, and there may be no more at once ({flag}). Try again when one has left."
    )]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
        /// Which flag says so.
        flag: &'static str,
    },
    /// There are as many as there may be for one address.
    #[error(
        "Your address has {limit} sessions already, and may have no more at once (--max-sfu-sessions-per-address). Close a tab that \
         publishes or watches."
    )]
    TooManyOfTheAddress {
        /// How many there may be.
        limit: usize,
    },
    /// The address begins too many in a short time.
    #[error(
        "Your address has begun too many sessions in a short time (--max-sfu-openings-per-second). Try again in {} s.",
        wait.as_secs() + 1
    )]
    TooOften {
        /// When it may again.
        wait: Duration,
    },
    /// Somebody does not take loopback candidates, and there is no other address.
    #[error(
        "Firefox connects to no address such as 127.0.0.1, and this machine has no other. Connect it to a network, or open the book in \
         another browser."
    )]
    NoAddress,
    /// The system gives none.
    #[error("The server can open no port for the session: {0}")]
    NoPort(#[from] io::Error),
    /// The system gives none.
    #[error("The server can make no secret for the session: {0}")]
    NoSecret(#[from] NoRandomBytes),
    /// The server ends.
    #[error("The server stops.")]
    Stopping,
}

impl Refusal {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RoomName { .. } => "sfu-room-name",
            Self::NoPublisher => "sfu-no-publisher",
            Self::NoSession => "sfu-no-session",
            Self::NoLayer => "sfu-no-layer",
            Self::NotAWatcher => "sfu-not-a-watcher",
            Self::Malformed(_)
            | Self::NothingToSend
            | Self::NothingToReceive
            | Self::ManySections
            | Self::OtherSection => "sfu-bad-offer",
            Self::NoCodec { .. } => "sfu-no-codec",
            Self::TooMany { what: "rooms", .. } => "too-many-sfu-rooms",
            Self::TooMany {
                what: "publishers", ..
            } => "too-many-sfu-publishers",
            Self::TooMany { .. } => "too-many-sfu-watchers",
            Self::TooManyOfTheAddress { .. } => "too-many-sfu-sessions-per-address",
            Self::TooOften { .. } => "too-many-sfu-openings",
            Self::NoAddress => "no-address-for-sfu",
            Self::NoPort(_) => "no-port-for-sfu",
            Self::NoSecret(_) => "no-secret-for-sfu",
            Self::Stopping => "stopping",
        }
    }
}
