//! What all connections share: the rooms, the list of who is connected, and the counters.
//!
//! May import: account, byte_budget, close_reason, deliveries, elsewhere, limits, counts, outbox, rooms, session, quickconnect::protocol, tokio.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use quickconnect::protocol::{Greeting, NameLimits, RoomName};
use tokio::sync::watch;

use super::close_reason::CloseReason;
use super::deliveries::Deliveries;
use super::deliveries::late::LateDeliveries;
use super::elsewhere::Elsewhere;
use super::limits::Limits;
use super::outbox::Outbox;
use super::rooms::Rooms;
use super::session::Member;
use crate::account::Turn;
use crate::byte_budget::ByteBudget;
use crate::counts::{Counts, Gauges};

/// All rooms, shared by all connections.
#[derive(Debug)]
pub struct Switchboard {
    /// A std mutex, because it is held for a few lines that never wait: queueing a frame doesn't, however slow its receiver is, and nothing is
    /// logged meanwhile. It is held while frames are queued, so that all members of a room get them in the same order.
    rooms: Mutex<Rooms<Member<Outbox>>>,
    /// Everybody who is connected, in a room or not.
    connections: Mutex<Connections>,
    /// Whether the server stops.
    closing: watch::Sender<bool>,
    deliveries: Deliveries<Outbox>,
    late: LateDeliveries<Outbox>,
    max_queued_bytes: usize,
    /// What messages of all clients that have come in part may hold.
    unfinished: Arc<ByteBudget>,
    names: NameLimits,
    greeting: Greeting,
    counts: Arc<Counts>,
    /// The other instances of a cluster, which have this one's rooms; so they are not owned.
    elsewhere: OnceLock<Weak<dyn Elsewhere>>,
}

#[derive(Debug, Default)]
struct Connections {
    outboxes: HashMap<NonZeroU64, Outbox>,
    /// How many there have been.
    count: u64,
    /// The server stops, and nobody takes part any more.
    is_closed: bool,
}

impl Switchboard {
    /// Without rooms, and with these bounds.
    pub fn new(limits: &Limits) -> Arc<Self> {
        let rooms = Mutex::new(Rooms::new(limits.max_rooms, limits.max_room_members));
        Arc::new(Self {
            rooms,
            connections: Mutex::default(),
            closing: watch::Sender::default(),
            deliveries: Deliveries::default(),
            late: LateDeliveries::start(),
            max_queued_bytes: limits.max_queued_bytes_in_all,
            unfinished: ByteBudget::new(limits.max_unfinished_bytes_in_all),
            names: limits.names,
            greeting: Greeting {
                resume: None,
                ping_seconds: Some(limits.ping_period.as_secs_f64()),
                max_frame_bytes: Some(limits.max_frame_bytes),
                ice_servers: Vec::new(),
            },
            counts: Arc::default(),
            elsewhere: OnceLock::new(),
        })
    }

    /// Takes part in a cluster, from before the first connection on.
    pub fn join(&self, elsewhere: Weak<dyn Elsewhere>) {
        // Whoever joins twice stays where it is.
        let _ = self.elsewhere.set(elsewhere);
    }

    /// Whether it takes part in a cluster.
    pub(super) fn is_clustered(&self) -> bool {
        self.elsewhere.get().is_some()
    }

    /// The other instances, until the server stops.
    pub(super) fn elsewhere(&self) -> Option<Arc<dyn Elsewhere>> {
        self.elsewhere.get()?.upgrade()
    }

    /// The members of a room.
    pub fn members_of(&self, room: &RoomName) -> Vec<Outbox> {
        let rooms = self.rooms();
        let members = rooms.members_of(room);
        members.map(|member| member.handle.clone()).collect()
    }

    /// Which of these rooms have members.
    pub fn have_members<'r>(&self, names: impl IntoIterator<Item = &'r RoomName>) -> Vec<bool> {
        let rooms = self.rooms();
        let counts = names.into_iter().map(|room| rooms.member_count(room));
        counts.map(|count| count > 0).collect()
    }

    /// What has been counted so far.
    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    /// What messages of all clients that have come in part may hold.
    pub fn unfinished(&self) -> &Arc<ByteBudget> {
        &self.unfinished
    }

    /// Those to whom something is to be written. [`Deliveries::run`] has to run.
    pub fn deliveries(&self) -> &Deliveries<Outbox> {
        &self.deliveries
    }

    /// Has what is queued for these written. No lock may be held.
    pub fn deliver(&self, receivers: impl IntoIterator<Item = Outbox>) {
        self.deliveries.add(receivers);
        self.bound_queues();
    }

    /// Has what is queued for these written after what everybody else has to say. The turn ends then.
    pub(super) fn deliver_late(&self, receivers: Vec<Outbox>, turn: Option<Turn>) {
        self.late.add(receivers, turn);
        self.bound_queues();
    }

    fn bound_queues(&self) {
        // The client with the longest queue reads most slowly, or is sent most.
        while self.counts.queued_bytes() > self.max_queued_bytes {
            let connections = self.connections();
            let outboxes = connections.outboxes.values();
            let longest = outboxes.max_by_key(|outbox| outbox.queued_bytes());
            if !longest.is_some_and(Outbox::cut) {
                break; // the rest is being written
            }
        }
    }

    /// The numbers as they are now.
    pub fn gauges(&self) -> Gauges {
        let (rooms, members) = self.rooms().count();
        let connections = self.connections();
        let queues = connections.outboxes.values().map(Outbox::queued_bytes);
        Gauges {
            connections: connections.outboxes.len(),
            rooms,
            members,
            queued_bytes: self.counts.queued_bytes(),
            longest_queue_bytes: queues.max().unwrap_or(0),
        }
    }

    /// Ends the connections of those who are in a room that their pass does not admit them to any more.
    pub fn check_passes(&self) {
        let rooms = self.rooms();
        let all = rooms.all();
        let turned_away =
            all.filter(|(room, id, member)| member.pass.admits(room, Some(id)).is_err());
        let turned_away: Vec<_> = turned_away
            .map(|(_, _, member)| member.handle.clone())
            .collect();
        drop(rooms);
        for outbox in turned_away {
            outbox.end(CloseReason::NotAdmitted);
        }
    }

    /// Ends every connection, also those that enter later. Nobody hears that the others leave: they all come back, and a client may end its call
    /// with a peer that has left.
    pub fn close(&self) {
        // Who leaves a room waits for this, and by then nobody in it is told any more.
        let _rooms = self.rooms();
        let mut connections = self.connections();
        connections.is_closed = true;
        for outbox in connections.outboxes.values() {
            outbox.end(CloseReason::Shutdown);
        }
        self.closing.send_replace(true);
    }

    /// Waits until the server stops.
    pub(super) async fn closed(&self) {
        // An error says that nobody can close it any more, and `self` can.
        let _ = self
            .closing
            .subscribe()
            .wait_for(|is_closing| *is_closing)
            .await;
    }

    /// Registers a connection, and returns the number by which it is known here.
    pub(super) fn enter(&self, outbox: Outbox) -> NonZeroU64 {
        self.counts.connected();
        self.connections().add(outbox)
    }

    /// Forgets a connection that has ended.
    pub(super) fn exit(&self, number: NonZeroU64) {
        self.connections().outboxes.remove(&number);
    }

    /// What every client is greeted with, besides a token of its own.
    pub(super) fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// The bounds of ids and names.
    pub fn names(&self) -> &NameLimits {
        &self.names
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        // Nothing in there can panic half-way.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rooms(&self) -> MutexGuard<'_, Rooms<Member<Outbox>>> {
        // Every method of `Rooms` leaves it consistent, and a panic in one connection must not end the others.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    fn add(&mut self, outbox: Outbox) -> NonZeroU64 {
        if self.is_closed {
            outbox.end(CloseReason::Shutdown);
        }
        let number = NonZeroU64::MIN.saturating_add(self.count);
        self.count += 1;
        self.outboxes.insert(number, outbox);
        number
    }
}
