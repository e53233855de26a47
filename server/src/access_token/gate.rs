//! What a session may do that began with a token: it enters the rooms that the token names, and ends with what the token says, or when its key is
//! taken out of the file.
//!
//! May import: keys, signaling::gate, quickconnect::protocol, tokio.

use std::sync::Arc;
use std::time::SystemTime;

use quickconnect::protocol::{PeerId, RoomName};
use signaling::gate::{Ending, Gate, NotAdmitted, ended};
use tokio::time::{Instant, sleep_until};

use super::keys::{Grant, Keys};

const OTHER_ROOM: NotAdmitted = NotAdmitted {
    code: "token-other-room",
    words: "The access token of this connection is not for this room. Choose a room that the token names (`room`), or get another token.",
};

const OTHER_ID: NotAdmitted = NotAdmitted {
    code: "token-other-id",
    words: "The access token of this connection is for another id. Announce the one that the token names (`id`), or get another token.",
};

/// The gate of one session.
pub struct TokenGate {
    grant: Grant,
    until: Instant,
    keys: Arc<Keys>,
    /// What else has a say.
    inner: Option<Arc<dyn Gate>>,
}

impl TokenGate {
    /// For a session that begins now with a token that was good just now.
    pub fn new(grant: Grant, keys: Arc<Keys>, inner: Option<Arc<dyn Gate>>) -> Self {
        let left = grant.claims.until.duration_since(SystemTime::now());
        Self {
            grant,
            until: Instant::now() + left.unwrap_or_default(),
            keys,
            inner,
        }
    }
}

impl Gate for TokenGate {
    fn admits(
        &self,
        who: Option<&str>,
        room: &RoomName,
        id: Option<&PeerId>,
    ) -> Result<(), NotAdmitted> {
        let claims = &self.grant.claims;
        if !claims.room.covers(room.as_str()) {
            return Err(OTHER_ROOM);
        }
        if let (Some(only), Some(id)) = (&claims.id, id)
            && **only != *id.as_str()
        {
            return Err(OTHER_ID);
        }
        match &self.inner {
            Some(inner) => inner.admits(who, room, id),
            None => Ok(()),
        }
    }

    fn entered(&self, who: Option<&str>, room: &RoomName, id: &PeerId) {
        if let Some(inner) = &self.inner {
            inner.entered(who, room, id);
        }
    }

    fn left(&self, room: &RoomName, id: &PeerId) {
        if let Some(inner) = &self.inner {
            inner.left(room, id);
        }
    }

    fn ending(&self) -> Option<Ending> {
        let (keys, key, until) = (
            Arc::clone(&self.keys),
            Arc::clone(&self.grant.key),
            self.until,
        );
        let mut inner = self.inner.as_ref().and_then(|inner| inner.ending());
        Some(Box::pin(async move {
            let mut changes = keys.changes();
            // It can't be that nothing changes any more: the keys are kept here.
            let taken_out = async { while keys.has(&key) && changes.changed().await.is_ok() {} };
            tokio::select! {
                () = sleep_until(until) => {}
                () = taken_out => {}
                () = ended(&mut inner) => {}
            }
        }))
    }
}
