//! Another instance, for as long as one link to it lasts: whose clients are guests here, and which of ours are there.
//!
//! May import: guest, link, message, way, signaling, tungstenite.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use signaling::elsewhere::Away;
use signaling::outbox::Outbox;
use signaling::session::price::Price;
use tungstenite::Bytes;

use super::guest::Guest;
use super::link::Link;
use super::message::Kind;
use super::way::Way;

/// The other instance. When the link ends, everybody who depends on it does, and a new one is made.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) way: Arc<Way>,
    clients: Mutex<Clients>,
}

/// Whom it is about, by the number that a client has at its edge.
#[derive(Debug, Default)]
struct Clients {
    /// Clients of the other instance, in rooms here.
    guests: HashMap<u64, Arc<Guest>>,
    /// Clients of this instance, in rooms there.
    away: HashMap<u64, OwnClient>,
    /// The link has ended.
    is_over: bool,
}

/// A client of this instance, in a room of the other one.
#[derive(Debug, Clone)]
pub(super) struct OwnClient {
    pub(super) outbox: Outbox,
    debts: Arc<Debts>,
}

/// What frames of a client have cost at the home beyond what was charged here.
#[derive(Debug, Default)]
struct Debts {
    deliveries: AtomicU64,
    joins: AtomicU64,
}

impl OwnClient {
    /// Has it pay more with its next frame.
    pub(super) fn owes(&self, deliveries: u32, joins: u32) {
        self.debts.deliveries.fetch_add(deliveries.into(), Relaxed);
        self.debts.joins.fetch_add(joins.into(), Relaxed);
    }
}

impl Peer {
    pub(super) fn new(instance: u64, link: Link) -> Arc<Self> {
        Arc::new(Self {
            way: Way::new(instance, link),
            clients: Mutex::default(),
        })
    }

    /// Has a client of the other instance take part here. If the link has ended meanwhile, it does not.
    pub(super) fn add_guest(&self, client: u64, guest: Arc<Guest>) {
        let mut clients = self.clients();
        let replaced = match clients.is_over {
            true => None,
            false => clients.guests.insert(client, guest),
        };
        drop(clients);
        // It leaves its room, for which that has to be locked.
        drop(replaced);
    }

    pub(super) fn guest(&self, client: u64) -> Option<Arc<Guest>> {
        self.clients().guests.get(&client).cloned()
    }

    pub(super) fn remove_guest(&self, client: u64) -> Option<Arc<Guest>> {
        self.clients().guests.remove(&client)
    }

    /// A client of this instance that takes part there.
    pub(super) fn own(&self, client: u64) -> Option<OwnClient> {
        self.clients().away.get(&client).cloned()
    }

    /// The same for several.
    pub(super) fn outboxes(&self, clients: impl Iterator<Item = u64>) -> Vec<Outbox> {
        let known = self.clients();
        let found = clients.filter_map(|client| known.away.get(&client));
        found.map(|own| own.outbox.clone()).collect()
    }

    pub(super) fn remove_own(&self, client: u64) -> Option<OwnClient> {
        self.clients().away.remove(&client)
    }

    /// Has a client of this instance take part there. If the link has ended, its connection does.
    pub(super) fn add_own(self: &Arc<Self>, client: u64, outbox: Outbox) -> Box<dyn Away> {
        let own = OwnClient {
            outbox,
            debts: Arc::default(),
        };
        let debts = Arc::clone(&own.debts);
        let mut clients = self.clients();
        let is_over = clients.is_over;
        if !is_over {
            clients.away.insert(client, own);
        }
        drop(clients);
        Box::new(Part {
            peer: Arc::clone(self),
            client,
            debts,
            is_cut_off: false,
        })
    }

    /// How many guests of it there are, and how many of ours are there.
    pub(super) fn counts(&self) -> [usize; 2] {
        let clients = self.clients();
        [clients.guests.len(), clients.away.len()]
    }

    /// Whether the link has ended.
    pub(super) fn is_over(&self) -> bool {
        self.clients().is_over
    }

    /// The link has ended. Returns the guests, and our clients that were there; `None` if it had ended before.
    pub(super) fn end(&self) -> Option<(Vec<Arc<Guest>>, Vec<Outbox>)> {
        let mut clients = self.clients();
        if mem::replace(&mut clients.is_over, true) {
            return None;
        }
        let guests = mem::take(&mut clients.guests).into_values().collect();
        let away = mem::take(&mut clients.away).into_values();
        let outboxes = away.map(|own| own.outbox).collect();
        drop(clients);
        self.way.link().close();
        self.way.due.notify_one();
        Some((guests, outboxes))
    }

    fn clients(&self) -> MutexGuard<'_, Clients> {
        // Nothing in there can panic half-way.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of one of our clients in a room of the other instance.
#[derive(Debug)]
struct Part {
    peer: Arc<Peer>,
    client: u64,
    debts: Arc<Debts>,
    is_cut_off: bool,
}

impl Away for Part {
    fn instance(&self) -> u64 {
        self.peer.way.instance
    }

    fn is_over(&self) -> bool {
        self.peer.own(self.client).is_none()
    }

    fn send(&self, frame: Bytes) {
        self.peer.way.push(Kind::Frame, self.client, frame);
    }

    fn takes_debts(&self) -> Price {
        let take = |debt: &AtomicU64| match debt.load(Relaxed) {
            0 => 0,
            _ => usize::try_from(debt.swap(0, Relaxed)).unwrap_or(usize::MAX),
        };
        Price {
            deliveries: take(&self.debts.deliveries),
            joins: take(&self.debts.joins),
        }
    }

    fn cut_off(&mut self) {
        self.is_cut_off = true;
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.peer.remove_own(self.client);
        let body: &[u8] = if self.is_cut_off { &[1] } else { &[] };
        self.peer
            .way
            .push(Kind::Gone, self.client, Bytes::from_static(body));
    }
}
