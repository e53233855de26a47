//! Names that are safe to keep, to log and to put back into a frame: [`PeerId`] and [`RoomName`].
//!
//! May import: invisible, thiserror.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use super::invisible;

/// How long names may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameLimits {
    /// Bytes in the id of a peer.
    pub peer_id_bytes: usize,
    /// Bytes in the name of a room.
    pub room_name_bytes: usize,
}

impl NameLimits {
    /// Original clients make ids of 25 bytes; a UUID has 36.
    pub const DEFAULT: Self = Self {
        peer_id_bytes: 128,
        room_name_bytes: 128,
    };
}

impl Default for NameLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a text can't be a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// The id is empty, begins with `{`, or has a `|` in it.
    #[error(
        "A peer id must not be empty, must not begin with \"{{\", and must have no \"|\" in it. Choose another id."
    )]
    PeerId,
    /// The id has a character in it that can't be seen, or that changes how others are shown.
    #[error(
        "The peer id has the invisible character {} in it. Choose an id without control and format characters.",
        code_point(*.0)
    )]
    InvisibleInPeerId(char),
    /// The id is too long.
    #[error("The peer id has {bytes} bytes, and the limit is {limit}. Choose a shorter id.")]
    PeerIdTooLong {
        /// Its length.
        bytes: usize,
        /// The allowed length.
        limit: usize,
    },
    /// The room name is empty, or has a `|` in it.
    #[error("A room name must not be empty, and must have no \"|\" in it. Choose another name.")]
    RoomName,
    /// The room name has a character in it that can't be seen, or that changes how others are shown.
    #[error(
        "The room name has the invisible character {} in it. Choose a name without control and format characters.",
        code_point(*.0)
    )]
    InvisibleInRoomName(char),
    /// The room name is too long.
    #[error("The room name has {bytes} bytes, and the limit is {limit}. Choose a shorter name.")]
    RoomNameTooLong {
        /// Its length.
        bytes: usize,
        /// The allowed length.
        limit: usize,
    },
}

impl BadName {
    /// A stable name of the fault, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PeerId | Self::InvisibleInPeerId(_) => "bad-peer-id",
            Self::PeerIdTooLong { .. } => "peer-id-too-long",
            Self::RoomName | Self::InvisibleInRoomName(_) => "bad-room-name",
            Self::RoomNameTooLong { .. } => "room-name-too-long",
        }
    }
}

/// The id of a peer, unique within its room. An id of digits only is a string like any other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(Arc<str>);

/// The name of a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomName(Arc<str>);

impl PeerId {
    /// Checks an id that came over the wire.
    pub fn new(text: &str, limits: &NameLimits) -> Result<Self, BadName> {
        let (bytes, limit) = (text.len(), limits.peer_id_bytes);
        if bytes > limit {
            return Err(BadName::PeerIdTooLong { bytes, limit });
        }
        if let Some(character) = invisible::find(text) {
            return Err(BadName::InvisibleInPeerId(character));
        }
        // In a frame of the server itself there is JSON where the sender would be, and that is how clients know it.
        (fits_a_field(text) && !text.starts_with('{'))
            .then(|| Self(text.into()))
            .ok_or(BadName::PeerId)
    }

    /// The id as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RoomName {
    /// Checks a room name that came over the wire.
    pub fn new(text: &str, limits: &NameLimits) -> Result<Self, BadName> {
        let (bytes, limit) = (text.len(), limits.room_name_bytes);
        if bytes > limit {
            return Err(BadName::RoomNameTooLong { bytes, limit });
        }
        if let Some(character) = invisible::find(text) {
            return Err(BadName::InvisibleInRoomName(character));
        }
        fits_a_field(text)
            .then(|| Self(text.into()))
            .ok_or(BadName::RoomName)
    }

    /// The name as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A `|` ends a field, and an empty field is none.
fn fits_a_field(text: &str) -> bool {
    !text.is_empty() && !text.contains('|')
}

/// A character as Unicode writes it: `U+202E`.
fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Members are looked up by the target of a frame, which is borrowed text.
impl Borrow<str> for PeerId {
    fn borrow(&self) -> &str {
        &self.0
    }
}
