//! Several instances of the server, which are one to their clients: a peer finds the others of its room, whichever instance it is connected to.
//!
//! Each room is at home at one instance, that of its first member. A client of another instance is passed on: its own instance, the edge, has its
//! connection, its queue and its rates; the home has its session, so that ids, limits and order are decided at one place, as without a cluster.
//! Instances speak to each other over a broker, which also knows which room is at home where. Without `--cluster` nothing of this runs.
//!
//! # Layout
//! - `message`: what instances say to each other, byte by byte; pure
//! - `link`: what repairs the way between two instances; pure
//! - `seal`: what proves that a message is an instance's
//! - `broker`: connections to the broker
//! - `bus`: messages to instances, at most once
//! - `directory`: where a room is at home
//! - `homes`: those that are at home here; pure
//! - `registry`: what the broker knows of them
//! - `guest`: a client of another instance
//! - `way`: the way to another instance
//! - `peer`: another instance, and whom it is about
//! - `receiving`: what comes from others, and what it does
//! - `running`: what runs; `tasks`: how it ends
//!
//! May import: config, file_watch, hex, metrics, owner_only, secret, signaling, quickconnect::protocol, futures_util, redis, ring, rustls, sha2, thiserror,
//! tokio, tokio_util, tracing, tungstenite.

mod broker;
mod bus;
mod directory;
mod guest;
mod homes;
mod link;
mod message;
mod peer;
mod receiving;
mod registry;
mod running;
mod seal;
mod tasks;
mod way;

use std::collections::HashMap;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use quickconnect::protocol::RoomName;
use tracing::{info, warn};
use tungstenite::Bytes;

pub use broker::{BadAuthorities, NoBroker, check_authorities};
use broker::{Broker, is_refusal};
use bus::{Bus, Event, Listener};
use directory::Directory;
use guest::{Guest, Opening};
use link::{Down, Link};
use message::{Head, Kind};
use peer::Peer;
use registry::{Names, NoAnswer, Registry};
pub use seal::NoKey;
use seal::Seal;
use signaling::elsewhere::{Away, Elsewhere, Home};
use signaling::outbox::Outbox;
use signaling::switchboard::Switchboard;
use signaling::token::Token;
use tasks::Tasks;

use crate::config::Cluster as Settings;
use crate::file_watch::LOOK_EVERY;
use crate::metrics::{ClusterGauges, Metrics};
use crate::secret::{NoRandomBytes, random_bytes};

/// Instances to which there is a link at most. Without a key, whoever may publish can make up any number of them.
const MAX_PEERS: usize = 1000;

/// Why an instance takes no part in a cluster.
#[derive(Debug, thiserror::Error)]
pub enum NotJoined {
    /// The broker says no. One that can't be reached is waited for.
    #[error(transparent)]
    NoBroker(#[from] NoBroker),
    /// The broker understands something else.
    #[error(
        "The broker that --cluster names refuses what a cluster needs: {0}. See the ACL in the README."
    )]
    Refused(redis::RedisError),
    /// The file of the key gives none.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// Without a number of its own the instance could not be told from others.
    #[error("An instance needs a number of its own: {0}. Start it again.")]
    NoNumber(#[from] NoRandomBytes),
}

/// How many keys of a cluster a file gives.
///
/// # Errors
/// When it gives none.
pub fn check_keys(path: &Path) -> Result<usize, NoKey> {
    seal::read(path).map(|keys| keys.len())
}

/// This instance, and all others that it knows.
#[derive(Debug)]
pub struct Cluster {
    /// Which instance this is: a new number at each start.
    me: u64,
    switchboard: Arc<Switchboard>,
    metrics: Arc<Metrics>,
    directory: Directory,
    bus: Bus,
    seal: Seal,
    /// Those to which there is a link. A std mutex, held for a few lines that never wait.
    peers: Mutex<HashMap<u64, Arc<Peer>>>,
    epochs: AtomicU64,
    clients: AtomicU64,
    /// It was said that a message can't be read. Others are only counted.
    has_warned: AtomicBool,
    ourselves: Weak<Self>,
    tasks: Tasks,
    /// Keeps the rooms that are at home here; ends before the others.
    keeping: Tasks,
}

impl Cluster {
    /// Takes part in the cluster that is named; none if none is. While the broker can't be reached, rooms are served here alone.
    ///
    /// # Errors
    /// When a person has to change something.
    pub async fn join(
        settings: &Settings,
        switchboard: &Arc<Switchboard>,
        metrics: &Arc<Metrics>,
    ) -> Result<Option<Arc<Self>>, NotJoined> {
        let Some(url) = &settings.cluster else {
            return Ok(None);
        };
        let seal = Seal::open_file(settings.cluster_key.as_deref())?;
        let broker = Broker::at(url, settings.cluster_ca.as_deref())?;
        let me = u64::from_le_bytes(random_bytes()?);
        let names = Names::of(settings.cluster_name.as_str());
        let registry = Registry::new(broker.clone(), names.clone(), me);
        let directory = Directory::new(registry, Arc::clone(metrics));
        match directory.begin().await {
            Ok(()) => {}
            Err(NoAnswer::NoBroker(error)) if error.is_fault() => return Err(error.into()),
            Err(NoAnswer::Failed(error)) if is_refusal(&error) => {
                return Err(NotJoined::Refused(error));
            }
            Err(error) => {
                warn!(%error, "{error}. Rooms are served here alone until it is there");
            }
        }
        let mut running = None;
        let cluster = Arc::new_cyclic(|ourselves: &Weak<Self>| {
            let listener = listener(ourselves.clone());
            let echo = Head {
                from: me,
                to: me,
                epoch: 0,
                peer_epoch: 0,
                seq: 0,
                ack: 0,
            };
            let echo = seal.seal(echo.write(&[], seal.len()));
            let (bus, runs) = Bus::new(broker, names.channels, me, echo, listener);
            running = Some(runs);
            Self {
                me,
                switchboard: Arc::clone(switchboard),
                metrics: Arc::clone(metrics),
                directory,
                bus,
                seal,
                peers: Mutex::default(),
                epochs: AtomicU64::new(1),
                clients: AtomicU64::new(1),
                has_warned: AtomicBool::default(),
                ourselves: ourselves.clone(),
                tasks: Tasks::default(),
                keeping: Tasks::default(),
            }
        });
        let ourselves = Arc::downgrade(&cluster);
        switchboard.join(ourselves);
        if let Some(running) = running {
            cluster.tasks.spawn(running.run());
        }
        cluster.keeping.spawn(Arc::clone(&cluster).keep());
        let looking = Arc::clone(&cluster);
        cluster.tasks.spawn(async move {
            let counts = looking.metrics().cluster();
            looking.seal.follow(LOOK_EVERY, counts).await;
        });
        info!(
            cluster.instance = format!("{me:016x}"),
            "Takes part in a cluster"
        );
        Ok(Some(cluster))
    }

    /// The numbers as they are now.
    pub fn gauges(&self) -> ClusterGauges {
        let mut gauges = ClusterGauges {
            is_up: self.bus.is_up(),
            homes: self.directory.count(),
            ..ClusterGauges::default()
        };
        for peer in self.peers().values() {
            let [guests, away] = peer.counts();
            let [queued, unacknowledged] = peer.way.link().held_bytes();
            gauges.peers += 1;
            gauges.guests += guests;
            gauges.away += away;
            gauges.queued_bytes = gauges.queued_bytes.max(queued);
            gauges.unacknowledged_bytes = gauges.unacknowledged_bytes.max(unacknowledged);
        }
        gauges
    }

    fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The instance of this number. If there is no link to it, one is begun, which takes the epoch of the other side; 0 if that is not known.
    fn peer(&self, instance: u64, adopts: u64) -> Arc<Peer> {
        let mut peers = self.peers();
        if let Some(peer) = peers.get(&instance) {
            return Arc::clone(peer);
        }
        let epoch = self.epochs.fetch_add(1, Relaxed);
        let seal_bytes = self.seal.len();
        let link = Link::new(self.me, instance, epoch, seal_bytes, Instant::now());
        let peer = Peer::new(instance, link.adopting(adopts));
        peers.insert(instance, Arc::clone(&peer));
        if let Some(ourselves) = self.ourselves.upgrade() {
            self.tasks.spawn(ourselves.drive(Arc::clone(&peer)));
        }
        peer
    }

    /// Whether a message of this instance is one too many to begin a link for.
    fn is_crowded(&self, instance: u64) -> bool {
        let peers = self.peers();
        peers.len() >= MAX_PEERS && !peers.contains_key(&instance)
    }

    /// The link to an instance has ended: its clients leave the rooms here, at once unless it stops, and ours that were there come back.
    fn end(&self, peer: &Arc<Peer>, why: Down) {
        let Some((guests, away)) = self.cut(peer, why) else {
            return;
        };
        match why {
            Down::Bye => self.keep_seats(guests),
            _ => guests.iter().for_each(|guest| guest.ends(false)),
        }
        self.send_back(away);
    }

    /// Ends the link to an instance. Returns its clients that are in rooms here, and ours that are in rooms there; `None` if it had ended before.
    fn cut(&self, peer: &Arc<Peer>, why: Down) -> Option<(Vec<Arc<Guest>>, Vec<Outbox>)> {
        let mut peers = self.peers();
        if peers
            .get(&peer.way.instance)
            .is_some_and(|known| Arc::ptr_eq(known, peer))
        {
            peers.remove(&peer.way.instance);
        }
        drop(peers);
        let (guests, away) = peer.end()?;
        self.metrics().cluster().link_down(why.name());
        info!(
            cluster.peer = format!("{:016x}", peer.way.instance),
            cluster.guests = guests.len(),
            cluster.away = away.len(),
            reason = why.name(),
            "The link to another instance has ended"
        );
        Some((guests, away))
    }

    /// Tells all other instances that this one stops, and gives its rooms up, so that their clients find new homes at once. Then all clients of
    /// this instance are told, and everything ends that [`join`](Self::join) has begun. Nobody hears that anybody has left: they all come back.
    pub async fn leave(&self) {
        self.keeping.end().await;
        self.directory.end().await;
        let peers: Vec<_> = self.peers().values().cloned().collect();
        self.says_goodbye(&peers).await;
        let ended = peers.iter().filter_map(|peer| self.cut(peer, Down::Bye));
        let ended: Vec<_> = ended.collect();
        // Before guests leave their rooms: whoever is told to go hears no more of them.
        self.switchboard.close();
        for guest in ended.iter().flat_map(|(guests, _)| guests) {
            guest.ends(false);
        }
        self.tasks.end().await;
    }

    fn peers(&self) -> MutexGuard<'_, HashMap<u64, Arc<Peer>>> {
        // Nothing in there can panic half-way.
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Elsewhere for Cluster {
    fn find<'a>(&'a self, room: &'a RoomName) -> Pin<Box<dyn Future<Output = Home> + Send + 'a>> {
        Box::pin(async {
            if self.directory.uses(room) {
                return None;
            }
            self.bus_is_back().await;
            self.directory.find(room, self.bus.is_up()).await
        })
    }

    fn open(
        &self,
        instance: u64,
        outbox: Outbox,
        tokens: [Option<Token>; 2],
        announce: &Bytes,
    ) -> Box<dyn Away> {
        let client = self.clients.fetch_add(1, Relaxed);
        let peer = self.peer(instance, 0);
        let part = peer.add_own(client, outbox.clone());
        match part.is_over() {
            true => self.send_back(vec![outbox]),
            false => peer
                .way
                .push(Kind::Open, client, Opening::write(tokens, announce)),
        }
        part
    }
}

fn listener(cluster: Weak<Cluster>) -> Listener {
    Arc::new(move |event| {
        let Some(cluster) = cluster.upgrade() else {
            return;
        };
        match event {
            Event::Changed => {
                if cluster.bus.is_up() {
                    cluster.directory.doubts();
                }
                for peer in cluster.peers().values() {
                    peer.way.due.notify_one();
                }
            }
            Event::Message(message) => cluster.receive(message),
            Event::Absent(instance) => {
                if let Some(peer) = cluster.peers().get(&instance) {
                    peer.way.link().is_absent(Instant::now());
                }
            }
        }
    })
}
