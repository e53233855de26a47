//! The companion: the server as a peer in a reader's room, for the reader who is alone. At most one for each room, a
//! bounded number in all, and none with `--no-companion`.
//!
//! It joins over a loopback connection, as any other client would, and knows nothing of the server's rooms.
//!
//! # Layout
//! - `route`: the request by which a page invites it
//! - `visit`: what it does in a room, and when it leaves
//!
//! May import: `quickconnect`'s client, `config`, [`App`](crate::App) for the route.

pub mod route;
mod visit;

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quickconnect::protocol::RoomName;
use quickconnect::{ConnectError, QuickConnect};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;

/// What it says of itself in its announce, so that a page can tell it from a person.
const MARK: &str = "companion";

/// All companions of the server.
#[derive(Debug)]
pub struct Companions {
    /// Where it joins: this server.
    url: String,
    max: usize,
    lifetime: Duration,
    /// Where one is, or is about to be. A std mutex, because it is held for single lines.
    rooms: Mutex<HashSet<RoomName>>,
}

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
    /// It could not join its own server.
    #[error("The server could not join the room. {0}")]
    NotJoined(#[from] ConnectError),
}

impl Companions {
    /// Of the server that listens here.
    pub fn new(listening: SocketAddr, limits: &Limits) -> Self {
        let ip = match listening.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self {
            url: format!("http://{}", SocketAddr::new(ip, listening.port())),
            max: limits.max_companions,
            lifetime: limits.companion_lifetime,
            rooms: Mutex::default(),
        }
    }

    /// Brings the companion into a room, unless it is there already, and returns once it has a connection.
    ///
    /// # Errors
    /// When there is none to spare, or when it can't join.
    pub async fn invite(
        self: &Arc<Self>,
        room: RoomName,
        tasks: &TaskTracker,
        closing: CancellationToken,
    ) -> Result<(), Refusal> {
        let Some(place) = self.take_place(room)? else {
            return Ok(());
        };
        let joining = QuickConnect::builder(&self.url)
            .room(place.room.as_str())
            .profile(MARK, true)
            .never_dial()
            .reconnect(false)
            .connect();
        let qc = joining.await?;
        let lifetime = self.lifetime;
        tasks.spawn(async move {
            visit::stay(qc, lifetime, closing).await;
            drop(place);
        });
        Ok(())
    }

    /// `None` where one is already.
    fn take_place(self: &Arc<Self>, room: RoomName) -> Result<Option<Place>, Refusal> {
        let mut rooms = self.rooms();
        if rooms.contains(&room) {
            return Ok(None);
        }
        if rooms.len() >= self.max {
            return Err(Refusal::Busy { limit: self.max });
        }
        rooms.insert(room.clone());
        let companions = Arc::clone(self);
        Ok(Some(Place { companions, room }))
    }

    fn rooms(&self) -> MutexGuard<'_, HashSet<RoomName>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places. Dropping it gives it back, however the visit ends.
struct Place {
    companions: Arc<Companions>,
    room: RoomName,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.companions.rooms().remove(&self.room);
    }
}
