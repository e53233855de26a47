//! The calls of the room: when one begins, when it ends, and when it begins anew.
//!
//! May import: [`Room`] and what it may.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Room;
use crate::client::call::{self, Order, Over};
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
    /// The other side has said something in this call.
    pub(super) has_heard: bool,
}

impl Room {
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
        let (orders, receiver) = mpsc::channel(CALL_QUEUE);
        let (end, over) = (CancellationToken::new(), CancellationToken::new());
        let number = self.next_number;
        self.next_number += 1;
        entry.call = Some(Line {
            orders,
            end: end.clone().drop_guard(),
            over: over.clone(),
            number,
            has_heard: false,
        });
        let context = call::Context {
            peer: id.clone(),
            is_master: self.id < *id,
            settings: Arc::clone(&self.settings),
            labels: self.labels.clone(),
            events: self.events.clone(),
            outbox: self.outbox.to(&self.id, id),
        };
        let id = id.clone();
        self.calls.spawn(async move {
            let _guard = over.drop_guard();
            (id, number, call::run(context, receiver, end).await)
        });
    }

    /// Ends the call, if there is one, and waits until its end has been told.
    pub(super) async fn end_call(&mut self, id: &PeerId) {
        let Some(Line {
            orders, end, over, ..
        }) = self.entries.get_mut(id).and_then(|entry| entry.call.take())
        else {
            return;
        };
        drop((orders, end));
        over.cancelled().await;
        self.forget_if_gone(id);
    }

    /// A call has ended by itself.
    pub(super) async fn call_over(&mut self, id: &PeerId, number: u64, why: Over) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        if entry.call.as_ref().is_none_or(|line| line.number != number) {
            return;
        }
        entry.call = None;
        match why {
            Over::There | Over::Here => entry.ended_by = Some(why),
            Over::Gone => entry.is_present = false,
            Over::Failed | Over::Lost => {
                if why == Over::Lost {
                    entry.backoff.reset();
                }
                let redial_at = Instant::now() + entry.backoff.next();
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

    /// A peer that hears of us again without a call with us begins one.
    pub(super) async fn redial(&mut self) {
        let now = Instant::now();
        let mut due = Vec::new();
        for (id, entry) in &mut self.entries {
            if entry.redial_at.is_some_and(|at| at <= now) {
                entry.redial_at = Some(now + entry.backoff.next());
                due.push(id.clone());
            }
        }
        for id in due {
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
