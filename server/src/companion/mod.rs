//! The companion: the server as a peer in a reader's room, for the reader who is alone. At most one for each room, a
//! bounded number in all, and none with `--no-companion`.
//!
//! It joins over a loopback connection, as any other client would, and knows nothing of the server's rooms.
//!
//! # Layout
//! - `guests`: where it is, and by whose invitation; pure
//! - [`refusal`]: why it does not come
//! - `visit`: what it does in a room, and when it leaves
//!
//! May import: signaling::bucket, config, line, network, quickconnect, thiserror, tokio, tokio_util, tracing.

mod guests;
pub mod refusal;
mod visit;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use quickconnect::protocol::RoomName;
use quickconnect::{Backlog, QuickConnect};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;
use crate::line::Lines;
use guests::Guests;
use refusal::Refusal;

/// The field of its announce by which a page can tell it from a person.
const MARK: &str = "companion";

/// All companions of the server.
#[derive(Debug)]
pub struct Companions {
    /// Where it joins: this server.
    url: String,
    limits: Arc<Limits>,
    /// Of this server: theirs are the only addresses that companions dial.
    lines: Option<Arc<Lines>>,
    /// What waits for its echo, in all rooms.
    backlog: Backlog,
    /// A std mutex, because it is held for few lines that never wait.
    guests: Mutex<Guests>,
}

/// The address of this machine at which companions reach a server that listens here, and from which they come.
pub fn dialled(listening: SocketAddr) -> IpAddr {
    match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

impl Companions {
    /// Of the server that listens here.
    pub fn new(listening: SocketAddr, limits: Arc<Limits>, lines: Option<Arc<Lines>>) -> Self {
        Self {
            url: format!(
                "http://{}",
                SocketAddr::new(dialled(listening), listening.port())
            ),
            backlog: Backlog::new(
                limits.max_companion_bytes,
                limits.max_companion_bytes_in_all,
            ),
            limits,
            lines,
            guests: Mutex::default(),
        }
    }

    /// Brings the companion into a room at the wish of an address, unless it is there already, and returns once it has a
    /// connection. Where a room wants a ticket, or the server an access token, it shows these.
    ///
    /// # Errors
    /// When there is none to spare, in all or for the address, or when it can't join.
    pub async fn invite(
        self: &Arc<Self>,
        room: RoomName,
        ticket: Option<String>,
        token: Option<String>,
        address: IpAddr,
        tasks: &TaskTracker,
        closing: CancellationToken,
    ) -> Result<(), Refusal> {
        let Some(place) = self.take_place(room, address)? else {
            return Ok(());
        };
        let lines = self.lines.clone();
        let is_ours = move |address| (lines.as_ref()).is_some_and(|lines| lines.have_port(address));
        let url = match ticket {
            Some(ticket) => format!("{}/?ticket={ticket}", self.url),
            None => self.url.clone(),
        };
        let builder = match token {
            Some(token) => QuickConnect::builder(url).token(token),
            None => QuickConnect::builder(url),
        };
        let joining = builder
            .room(place.room.as_str())
            .profile(MARK, true)
            .dial_only(is_ours)
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
        // Not `then_some`: dropping a place gives it back, also one that was never taken.
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
