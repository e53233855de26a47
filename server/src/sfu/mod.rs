//! The media room: an SFU, to which pages publish by WHIP ([RFC 9725](https://www.rfc-editor.org/rfc/rfc9725)) and from which they watch by WHEP
//! ([draft-ietf-wish-whep](https://datatracker.ietf.org/doc/draft-ietf-wish-whep/)). It forwards what was sent, with numbers that go on when a watcher gets another layer, and decodes nothing.
//!
//! Each session is a peer of str0m. One task has all of them; it gets packets from the ports and orders from the handlers of requests.
//!
//! # Layout
//! - [`refusal`]: why somebody gets no session
//! - [`report`]: what pages are told of a room
//! - [`crypto`]: what str0m computes with
//! - [`term`]: until when a session may last
//! - `key`: what lets clients in that are no page of ours
//! - `port`: where packets come in and go out; `demux`: which of them are ours
//! - `running`: the task; `order`: what it is asked for
//! - `state`: all sessions, and what passes from one to another; pure, as is all that follows
//! - `session`: one of them; `consent`: to which addresses it sends; `addressless`: what it takes besides of peers that leave something out
//! - `publisher`, `layers`: what it sends; `watcher`, `continuity`, `pictures`: what it gets; `capacity`: how much of that
//! - `offer`, `codec`, `descriptor`: what has to be known of offers and of codecs
//!
//! May import: signaling::bucket, config, hex, metrics, place, process, relay, secret, aes, base64, ctr, dimpl, fastrand, hmac, network,
//! quickconnect::protocol, rcgen, ring, serde, sha2, str0m, thiserror, tokio, tokio_util, tracing, x509_parser.

mod addressless;
mod capacity;
mod codec;
mod consent;
mod continuity;
pub mod crypto;
mod demux;
mod descriptor;
mod key;
mod layers;
mod offer;
mod order;
mod pictures;
mod port;
mod publisher;
pub mod refusal;
pub mod report;
mod running;
mod session;
mod state;
pub mod term;
mod watcher;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime};

use network::address::holder;
use quickconnect::protocol::RoomName;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};

use crate::config::{self, Limits};
use crate::metrics::{Metrics, Unforwarded};
use crate::place::{Chosen, Place};
use crate::relay::Neighbour;
use crate::relay::visit::Client;
use crate::secret::Secret;
use key::{Keys, Said};
pub use order::Opened;
use order::Wish;
use port::{Offered, Packet};
use refusal::Refusal;
use report::RoomReport;
pub use running::Running;
use running::{Counts, Order, SHARED};
use term::Term;

/// Orders that wait for the task.
const MAX_ORDERS: usize = 64;
/// Packets that do; a hundredth of a second of a room that is full.
const MAX_PACKETS: usize = 1024;

/// The media room, as the handlers of requests and the reader of the book's UDP port know it.
pub struct Sfu {
    orders: mpsc::Sender<Order>,
    packets: mpsc::Sender<Packet>,
    place: Place,
    keys: Keys,
    key_lifetime: Duration,
    counts: Arc<Counts>,
    metrics: Arc<Metrics>,
}

/// What somebody asks for who wants a session.
#[derive(Debug)]
pub struct Request<'r> {
    /// Where.
    pub room: RoomName,
    /// An offer of [SDP](https://www.rfc-editor.org/rfc/rfc8866).
    pub offer: String,
    /// Who asks, as far as it matters for the way to it.
    pub client: Client<'r>,
    /// Until when the session may last, if it is used that long.
    pub term: Term,
}

/// A key that somebody has shown.
#[derive(Debug, Clone)]
pub struct ShownKey {
    /// Whether its time is not over.
    pub is_good: bool,
    /// Until when sessions may last that begin with it, if it says so.
    pub until: Option<SystemTime>,
    /// The thumbprint of the key that has signed the access token by which it was made, if there was one.
    pub signer: Option<Box<str>>,
}

impl Sfu {
    /// Of the server that listens here. Packets come and go by the socket of STUN and TURN, where there is one; whoever reads that offers them to
    /// this. The second part is to be run. Nothing if the system has no random bytes.
    pub fn new(
        listening: SocketAddr,
        shared: Option<Arc<UdpSocket>>,
        relay: &config::Relay,
        limits: &Arc<Limits>,
        metrics: &Arc<Metrics>,
    ) -> Option<(Arc<Self>, Running)> {
        let (orders, ordered) = mpsc::channel(MAX_ORDERS);
        let (packets, arriving) = mpsc::channel(MAX_PACKETS);
        let shared = shared.and_then(|socket| Some((socket.local_addr().ok()?, socket)));
        let listening = shared.as_ref().map_or(listening, |(address, _)| *address);
        let counts = Arc::<Counts>::default();
        let sfu = Arc::new(Self {
            orders,
            packets: packets.clone(),
            place: Place::new(listening, relay.external_address),
            keys: Keys::random().ok()?,
            key_lifetime: limits.sfu_key_lifetime,
            counts: Arc::clone(&counts),
            metrics: Arc::clone(metrics),
        });
        let running = Running::new(
            running::Inputs {
                ordered,
                arriving,
                packets,
            },
            shared,
            counts,
            limits,
            metrics,
        )?;
        Some((sfu, running))
    }

    /// Begins a session that sends.
    ///
    /// # Errors
    /// When it may not be, or the offer can't be answered.
    pub async fn publish(&self, request: Request<'_>) -> Result<Opened, Refusal> {
        self.open(request, Wish::Publish).await
    }

    /// Begins a session that gets what somebody sends, who is asked for keyframes for it unless that is not wanted.
    ///
    /// # Errors
    /// The same, and when nobody publishes under this id.
    pub async fn watch(
        &self,
        request: Request<'_>,
        id: String,
        passes_keyframes: bool,
    ) -> Result<Opened, Refusal> {
        let wish = Wish::Watch {
            id,
            passes_keyframes,
        };
        self.open(request, wish).await
    }

    async fn open(&self, request: Request<'_>, wish: Wish) -> Result<Opened, Refusal> {
        let chosen = self.place.choose(&request.client, false);
        let at: Chosen = chosen.ok_or(Refusal::NoAddress)?;
        self.order(|reply| {
            Order::Open(
                Box::new(running::Asked {
                    room: request.room,
                    wish,
                    offer: request.offer,
                    client: holder(request.client.address),
                    stay: request.term.begin(SystemTime::now(), Instant::now()),
                    at,
                }),
                reply,
            )
        })
        .await?
    }

    /// Ends a session of this room.
    ///
    /// # Errors
    /// When there is none with this secret.
    pub async fn end(&self, room: RoomName, secret: &str) -> Result<(), Refusal> {
        let secret = Secret::shown(secret).ok_or(Refusal::NoSession)?;
        self.order(|reply| Order::End(room, secret, reply)).await?
    }

    /// Chooses the layer that a session gets which watches; without a name, the server chooses.
    ///
    /// # Errors
    /// When there is no such session, or no such layer.
    pub async fn choose_layer(
        &self,
        room: RoomName,
        secret: &str,
        name: Option<String>,
    ) -> Result<(), Refusal> {
        let secret = Secret::shown(secret).ok_or(Refusal::NoSession)?;
        self.order(|reply| Order::Layer(room, secret, name, reply))
            .await?
    }

    /// Who publishes in a room.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn report(&self, room: RoomName) -> Result<RoomReport, Refusal> {
        self.order(|reply| Order::Report(room, reply)).await
    }

    /// A key for a room, and for how long it is good. Whoever makes one by an access token gives no more than its own session has.
    pub fn make_key(&self, room: &RoomName, term: &Term) -> (String, Duration) {
        let now = since_1970();
        let sessions_until = term.until.map(after_1970);
        let until = (now + self.key_lifetime).min(sessions_until.unwrap_or(Duration::MAX));
        let said = Said {
            until,
            sessions_until,
            signer: term.signer.clone(),
        };
        (self.keys.make(room, &said), until.saturating_sub(now))
    }

    /// A key that was made for this room; nothing if it is none.
    pub fn shown_key(&self, key: &str, room: &RoomName) -> Option<ShownKey> {
        let said = self.keys.read(key, room)?;
        let until = said.sessions_until;
        Some(ShownKey {
            is_good: since_1970() < said.until,
            until: until.and_then(|until| SystemTime::UNIX_EPOCH.checked_add(until)),
            signer: said.signer,
        })
    }

    /// Sessions that publish.
    pub fn publishers(&self) -> usize {
        self.counts.publishers.load(Relaxed)
    }

    /// Sessions that watch.
    pub fn watchers(&self) -> usize {
        self.counts.watchers.load(Relaxed)
    }

    async fn order<R>(
        &self,
        order: impl FnOnce(oneshot::Sender<R>) -> Order,
    ) -> Result<R, Refusal> {
        let (reply, answer) = oneshot::channel();
        let sent = self.orders.send(order(reply)).await;
        sent.map_err(|_| Refusal::Stopping)?;
        answer.await.map_err(|_| Refusal::Stopping)
    }
}

impl Neighbour for Sfu {
    fn takes(&self, packet: &[u8], source: SocketAddr) -> bool {
        match port::offer(&self.packets, SHARED, source, packet) {
            Offered::NotOurs => false,
            Offered::Taken => true,
            Offered::Lost => {
                self.metrics.sfu().dropped(Unforwarded::Overrun);
                true
            }
        }
    }
}

impl std::fmt::Debug for Sfu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sfu")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

fn since_1970() -> Duration {
    after_1970(SystemTime::now())
}

fn after_1970(time: SystemTime) -> Duration {
    (time.duration_since(SystemTime::UNIX_EPOCH)).unwrap_or_default()
}
