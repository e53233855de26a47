//! The companion: the server as a peer in a reader's room, for the reader who is alone. At most one for each room, a
//! bounded number in all, and none with `--no-companion`.
//!
//! It joins over a loopback connection, as any other client would, and knows nothing of the server's rooms.
//!
//! # Layout
//! - `guests`: where it is, and by whose invitation; pure
//! - `route`: the request by which a page invites it
//! - `visit`: what it does in a room, and when it leaves
//!
//! May import: `quickconnect`'s client, `accept` for who asks, `bucket`, `config`, [`App`](crate::App) for the route.

mod guests;
pub mod route;
mod visit;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use quickconnect::{Backlog, ConnectError, QuickConnect};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;
use guests::Guests;

/// What it says of itself in its announce, so that a page can tell it from a person.
const MARK: &str = "companion";

/// All companions of the server.
#[derive(Debug)]
pub struct Companions {
    /// Where it joins: this server.
    url: String,
    limits: Arc<Limits>,
    /// What waits for its echo, in all rooms.
    backlog: Backlog,
    /// A std mutex, because it is held for few lines that never wait.
    guests: Mutex<Guests>,
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

impl Companions {
    /// Of the server that listens here.
    pub fn new(listening: SocketAddr, limits: Arc<Limits>) -> Self {
        let ip = match listening.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self {
            url: format!("http://{}", SocketAddr::new(ip, listening.port())),
            backlog: Backlog::new(
                limits.max_companion_bytes,
                limits.max_companion_bytes_in_all,
            ),
            limits,
            guests: Mutex::default(),
        }
    }

    /// Brings the companion into a room at the wish of an address, unless it is there already, and returns once it has a
    /// connection.
    ///
    /// # Errors
    /// When there is none to spare, in all or for the address, or when it can't join.
    pub async fn invite(
        self: &Arc<Self>,
        room: RoomName,
        address: IpAddr,
        tasks: &TaskTracker,
        closing: CancellationToken,
    ) -> Result<(), Refusal> {
        let Some(place) = self.take_place(room, address)? else {
            return Ok(());
        };
        let joining = QuickConnect::builder(&self.url)
            .room(place.room.as_str())
            .profile(MARK, true)
            .never_dial()
            .backlog(self.backlog.clone())
            .max_peers(self.limits.max_companion_calls)
            .max_channels(self.limits.max_companion_channels)
            .reconnect(false)
            .connect();
        let qc = joining.await?;
        let lifetime = self.limits.companion_lifetime;
        tasks.spawn(async move {
            visit::stay(qc, lifetime, closing).await;
            drop(place);
        });
        Ok(())
    }

    /// `None` where one is already.
    fn take_place(
        self: &Arc<Self>,
        room: RoomName,
        address: IpAddr,
    ) -> Result<Option<Place>, Refusal> {
        let now = Instant::now();
        let is_needed = self
            .guests()
            .invite(room.clone(), address, &self.limits, now)?;
        let companions = Arc::clone(self);
        // Not `then_some`: a place that is not taken must not be given back.
        Ok(is_needed.then(|| Place { companions, room }))
    }

    /// Rooms with a companion.
    pub fn count(&self) -> usize {
        self.guests().count()
    }

    /// Bytes of messages that wait for their echo.
    pub fn waiting_bytes(&self) -> usize {
        self.backlog.waiting()
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places. Dropping it gives it back, however the visit ends.
struct Place {
    companions: Arc<Companions>,
    room: RoomName,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.companions.guests().left(&self.room);
    }
}
