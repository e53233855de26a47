//! The calls of the room: when one begins, when it ends, and when it begins anew.
//!
//! May import: call, event, protocol, room, tokio, tokio_util.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Room;
use crate::client::call::{self, Order, Over, Progress};
use crate::client::event::Event;
use crate::protocol::PeerId;

/// Frames of one peer that wait for its call to handle them; of more, the rest is dropped.
const CALL_QUEUE: usize = 256;

/// The way to a running call. Dropping it ends the call.
pub(super) struct Line {
    pub(super) orders: mpsc::Sender<Order>,
    end: DropGuard,
    /// Cancelled once the call is over, whatever happened to it.
    over: CancellationToken,
    number: u64,
    progress: Arc<Progress>,
    /// The other side has said something in this call.
    pub(super) has_heard: bool,
}

impl Room {
    /// Begins a call, now or once one may begin.
    pub(super) fn start_call(&mut self, id: &PeerId) {
        let Some(entry) = self
            .entries
            .get_mut(id)
            .filter(|entry| entry.call.is_none())
        else {
            return;
        };
        entry.ended_by = None;
        entry.redial_at = None;
        let now = Instant::now();
        let free_at = self.paces.free_at(id, now);
        entry.call_at = (free_at > now).then_some(free_at);
        if entry.call_at.is_some() {
            return;
        }
        self.paces.begun(id, now);
        let (orders, receiver) = mpsc::channel(CALL_QUEUE);
        let (end, over) = (CancellationToken::new(), CancellationToken::new());
        let progress = Arc::<Progress>::default();
        let number = self.next_number;
        self.next_number += 1;
        entry.call = Some(Line {
            orders,
            end: end.clone().drop_guard(),
            over: over.clone(),
            number,
            progress: Arc::clone(&progress),
            has_heard: false,
        });
        let backlog = self.settings.backlog.of_a_call();
        let context = call::Context {
            peer: id.clone(),
            is_master: self.id < *id,
            settings: Arc::clone(&self.settings),
            labels: self.labels.clone(),
            tracks: self.tracks.clone(),
            events: self.events.of_a_call(backlog.clone()),
            outbox: self.outbox.to(&self.id, id),
            progress,
        };
        context.events.tell(Event::CallBegun(id.clone()));
        let id = id.clone();
        self.calls.spawn(async move {
            let _guard = over.drop_guard();
            (id, number, call::run(context, backlog, receiver, end).await)
        });
    }

    /// Ends the call, if there is one, and waits until its end has been told.
    pub(super) async fn end_call(&mut self, id: &PeerId) {
        let Some(Line {
            orders,
            end,
            over,
            progress,
            ..
        }) = self.entries.get_mut(id).and_then(|entry| entry.call.take())
        else {
            return;
        };
        drop((orders, end));
        over.cancelled().await;
        if progress.has_lived.load(Ordering::Relaxed) {
            self.paces.lived(id);
        }
        self.forget_if_gone(id);
    }

    /// A call has ended by itself.
    pub(super) async fn call_over(&mut self, id: &PeerId, number: u64, why: Over) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let Some(line) = entry.call.take_if(|line| line.number == number) else {
            return;
        };
        if line.progress.has_lived.load(Ordering::Relaxed) {
            self.paces.lived(id);
            entry.backoff.reset();
        }
        match why {
            Over::There | Over::Here => entry.ended_by = Some(why),
            Over::Refused => entry.ended_by = Some(Over::Here),
            Over::Unrelayed => return self.reconnect_to(id).await,
            Over::Gone => entry.is_present = false,
            Over::Failed | Over::Lost => {
                let now = Instant::now();
                let redial_at = self.paces.free_at(id, now).max(now + entry.backoff.next());
                entry.redial_at = entry.is_present.then_some(redial_at);
            }
        }
        self.forget_if_gone(id);
    }

    fn forget_if_gone(&mut self, id: &PeerId) {
        if self
            .entries
            .get(id)
            .is_some_and(|entry| !entry.is_present && entry.call.is_none())
        {
            self.entries.remove(id);
        }
    }

    pub(super) async fn forget(&mut self, id: &PeerId) {
        self.end_call(id).await;
        self.entries.remove(id);
    }

    /// Begins the calls for which it was too early, and announces us where a call has failed: a peer that hears of us without
    /// a call with us begins one, and one that waits in a call says its offer again.
    pub(super) async fn on_time(&mut self) {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        let mut due = Vec::new();
        for (id, entry) in &mut self.entries {
            if is_due(entry.redial_at) {
                entry.redial_at = Some(now + entry.backoff.next());
                due.push(id.clone());
            } else if is_due(entry.call_at) {
                due.push(id.clone());
            }
        }
        for id in due {
            if self
                .entries
                .get(&id)
                .is_some_and(|entry| is_due(entry.call_at))
            {
                self.start_call(&id);
            }
            self.announce_to(&id).await;
        }
    }

    pub(super) async fn reconnect_to(&mut self, id: &PeerId) {
        if !self.entries.contains_key(id) {
            return;
        }
        self.end_call(id).await;
        self.outbox.to(&self.id, id).send("reconnect", None).await;
        // The slave waits until the master says the same.
        if self.id < *id {
            self.start_call(id);
        } else if let Some(entry) = self.entries.get_mut(id) {
            entry.ended_by = None;
        }
    }

    pub(super) async fn reconnect_asked(&mut self, id: &PeerId) {
        match self.entries.get(id).map(|entry| &entry.call) {
            // Both asked at the same time, and the call is new already.
            Some(Some(line)) if !line.has_heard => return,
            Some(_) => {}
            None => return,
        }
        self.end_call(id).await;
        if self.id < *id {
            self.outbox.to(&self.id, id).send("reconnect", None).await;
        }
        self.start_call(id);
    }

    /// Whether there is a call with this peer that has started.
    pub(super) fn is_in_call(&self, id: &PeerId) -> bool {
        let call = self.entries.get(id).and_then(|entry| entry.call.as_ref());
        call.is_some_and(|line| line.progress.is_active.load(Ordering::Relaxed))
    }

    /// The user wants it, and so at once.
    pub(super) async fn reconnect_now(&mut self, id: &PeerId) {
        self.paces.lived(id);
        self.reconnect_to(id).await;
    }

    pub(super) fn tell_all(&self, order: impl Fn() -> Order) {
        for line in self
            .entries
            .values()
            .filter_map(|entry| entry.call.as_ref())
        {
            let _ = line.orders.try_send(order());
        }
    }
}
