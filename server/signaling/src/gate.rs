//! Who may enter which room, as somebody else decides, who is then told who is in it.
//!
//! May import: quickconnect::protocol, thiserror.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use quickconnect::protocol::{PeerId, RoomName};

/// Is ready when a client may be connected no longer.
pub type Ending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Decides who may enter a room, and hears who is there. Is called with the rooms locked, so it must not wait.
pub trait Gate: Send + Sync {
    /// Whether a client may enter, by what its request said of who it is; under this id, where it chooses one.
    ///
    /// # Errors
    /// When it may not.
    fn admits(
        &self,
        who: Option<&str>,
        room: &RoomName,
        id: Option<&PeerId>,
    ) -> Result<(), NotAdmitted>;

    /// A client has entered a room under this id, perhaps in place of one that had the id there.
    fn entered(&self, who: Option<&str>, room: &RoomName, id: &PeerId);

    /// Nobody is in the room under this id any more.
    fn left(&self, room: &RoomName, id: &PeerId);

    /// Until when the client may be connected, in a room or not. It is asked once, when the connection begins; none sets no end.
    fn ending(&self) -> Option<Ending> {
        None
    }
}

/// Waits for an end, for ever if there is none. No `async fn`, whose future would keep the ending a second time for every idle connection.
pub fn ended(ending: &mut Option<Ending>) -> impl Future<Output = ()> + Send + '_ {
    poll_fn(move |context| match ending {
        Some(ending) => ending.as_mut().poll(context),
        None => Poll::Pending,
    })
}

/// Why a client may not enter a room, in the words of whoever decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NotAdmitted {
    /// A stable name, for programs.
    pub code: &'static str,
    /// For a person.
    pub words: &'static str,
}

/// What one client enters rooms with. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pass(Option<Arc<Shown>>);

struct Shown {
    gate: Arc<dyn Gate>,
    who: Option<Box<str>>,
}

impl Pass {
    /// For every room.
    pub fn everywhere() -> Self {
        Self(None)
    }

    /// For the rooms that the gate admits this client to.
    pub fn of(gate: Arc<dyn Gate>, who: Option<&str>) -> Self {
        let who = who.map(Into::into);
        Self(Some(Arc::new(Shown { gate, who })))
    }

    /// Whether the client may enter.
    ///
    /// # Errors
    /// When it may not.
    pub fn admits(&self, room: &RoomName, id: Option<&PeerId>) -> Result<(), NotAdmitted> {
        match &self.0 {
            Some(shown) => shown.gate.admits(shown.who.as_deref(), room, id),
            None => Ok(()),
        }
    }

    /// Until when the client may be connected.
    pub(super) fn ending(&self) -> Option<Ending> {
        self.0.as_ref()?.gate.ending()
    }

    /// The client has entered a room.
    pub(super) fn entered(&self, room: &RoomName, id: &PeerId) {
        if let Some(shown) = &self.0 {
            shown.gate.entered(shown.who.as_deref(), room, id);
        }
    }

    /// The client has left a room, and nobody has taken its id over.
    pub(super) fn left(&self, room: &RoomName, id: &PeerId) {
        if let Some(shown) = &self.0 {
            shown.gate.left(room, id);
        }
    }
}

/// Who the client is may be a secret, and must not get into a log.
impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pass")
    }
}
