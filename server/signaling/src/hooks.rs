//! What a program that mounts signaling is asked and told, and the gate by which that happens.
//!
//! May import: gate, quickconnect::protocol.

use std::fmt;

use quickconnect::protocol::{PeerId, RoomName};

use crate::gate::{Gate, NotAdmitted};

/// Who wants to join a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer<'a> {
    /// Who that is, as [`may_connect`](crate::Builder::may_connect) has said.
    pub who: Option<&'a str>,
    /// The id under which the client announces itself. It has chosen that, and it proves nothing.
    pub id: Option<&'a PeerId>,
}

/// What has happened in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody has joined, perhaps in place of an older connection with the same id.
    Joined {
        /// Who that is, as [`may_connect`](crate::Builder::may_connect) has said.
        who: Option<&'a str>,
        /// Where.
        room: &'a RoomName,
        /// Under which id.
        id: &'a PeerId,
    },
    /// Nobody is in the room under this id any more.
    Left {
        /// Where.
        room: &'a RoomName,
        /// Under which id.
        id: &'a PeerId,
    },
}

type MayJoin = Box<dyn Fn(&Peer<'_>, &RoomName) -> Result<(), NotAdmitted> + Send + Sync>;
type OnEvent = Box<dyn Fn(&Event<'_>) + Send + Sync>;

/// The hooks of the rooms.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) may_join: Option<MayJoin>,
    pub(crate) on_event: Option<OnEvent>,
}

impl Hooks {
    fn tell(&self, event: &Event<'_>) {
        if let Some(on_event) = &self.on_event {
            on_event(event);
        }
    }
}

impl Gate for Hooks {
    fn admits(
        &self,
        who: Option<&str>,
        room: &RoomName,
        id: Option<&PeerId>,
    ) -> Result<(), NotAdmitted> {
        match &self.may_join {
            Some(may_join) => may_join(&Peer { who, id }, room),
            None => Ok(()),
        }
    }

    fn entered(&self, who: Option<&str>, room: &RoomName, id: &PeerId) {
        self.tell(&Event::Joined { who, room, id });
    }

    fn left(&self, room: &RoomName, id: &PeerId) {
        self.tell(&Event::Left { room, id });
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hooks")
    }
}
