//! Where rooms are at home: it finds the home of a room, and keeps what is at home here.
//!
//! A home whose lease was gone may have lost rooms to others: it claims all of them again, and gives up those that another one has. The same is done
//! with rooms that were served while the broker could not be reached, and with all of them when nobody listened to its channel for a moment, since
//! then they were free, too.
//!
//! May import: homes, registry, metrics, quickconnect::protocol, tokio, tracing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::homes::Homes;
use super::registry::{NoAnswer, RETRY_AFTER, Registry};
use crate::metrics::{ClaimOutcome, Metrics};

/// So often the lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// So often the homes of rooms are refreshed.
const REFRESH_EVERY: Duration = Duration::from_secs(20 * 60);

/// Rooms that are claimed, or given up, with one write.
const MAX_BATCH: usize = 256;

/// At the planned end, this is how long the broker has to take back what is given up.
const END_WITHIN: Duration = Duration::from_millis(500);

/// The rooms that are at home here, and the way to find others.
#[derive(Debug)]
pub(super) struct Directory {
    registry: Registry,
    homes: Homes,
    /// A room is to be claimed.
    due: Notify,
    /// All rooms are to be claimed again.
    is_doubted: AtomicBool,
    metrics: Arc<Metrics>,
}

impl Directory {
    /// Of the instance for which the registry is asked.
    pub(super) fn new(registry: Registry, metrics: Arc<Metrics>) -> Self {
        Self {
            registry,
            homes: Homes::default(),
            due: Notify::new(),
            is_doubted: AtomicBool::default(),
            metrics,
        }
    }

    /// Begins the lease.
    ///
    /// # Errors
    /// When the broker can't be used.
    pub(super) async fn begin(&self) -> Result<(), NoAnswer> {
        self.registry.begin().await
    }

    /// Where a room is at home that is not known to be here; `None` is here. Without the broker it is here.
    pub(super) async fn find(&self, room: &RoomName, is_up: bool) -> Option<u64> {
        let counts = self.metrics.cluster();
        if !is_up {
            counts.claimed(ClaimOutcome::Alone);
            self.hold(room, false);
            return None;
        }
        let begin = Instant::now();
        let claimed = self.registry.claim(std::slice::from_ref(room)).await;
        // Whoever asks right after a failure is not kept waiting, and the broker is not asked.
        if claimed.is_ok() {
            counts.claim_took(begin.elapsed());
        }
        let holder = claimed.as_deref().ok().and_then(|holders| holders.first());
        match holder {
            Some(Some(other)) => {
                counts.claimed(ClaimOutcome::Other);
                Some(*other)
            }
            Some(None) => {
                counts.claimed(ClaimOutcome::Mine);
                self.hold(room, true);
                None
            }
            None => {
                counts.claimed(ClaimOutcome::Failed);
                self.hold(room, false);
                None
            }
        }
    }

    /// A client of another instance comes into a room that it found here. If it is here no more, it is claimed again.
    pub(super) fn receives_guest_of(&self, room: &RoomName) {
        if !self.uses(room) {
            self.hold(room, false);
        }
    }

    /// Others may have claimed rooms that are at home here, though the lease was there all the time: nobody listened to the channel of this instance.
    pub(super) fn doubts(&self) {
        self.is_doubted.store(true, Relaxed);
        self.due.notify_one();
    }

    /// Whether a room is at home here.
    pub(super) fn holds(&self, room: &RoomName) -> bool {
        self.homes.has(room)
    }

    /// How many rooms are at home here.
    pub(super) fn count(&self) -> usize {
        self.homes.count()
    }

    /// Whether a room is at home here, into which somebody comes.
    pub(super) fn uses(&self, room: &RoomName) -> bool {
        self.homes.uses(room, Instant::now())
    }

    fn hold(&self, room: &RoomName, is_claimed: bool) {
        self.homes.add(room, is_claimed, Instant::now());
        if !is_claimed {
            self.due.notify_one();
        }
    }

    /// Keeps the lease, and what is at home here. `have_members` says which of some rooms have members, `lost` is told of those that turned out
    /// to be another instance's. Neither may wait. Runs until it is dropped.
    pub(super) async fn keep(
        &self,
        have_members: impl Fn(&[RoomName]) -> Vec<bool>,
        lost: impl Fn(Vec<RoomName>),
    ) {
        let mut refreshed = Instant::now();
        // What has to be done stays to be done when it fails.
        let mut claims_all = false;
        loop {
            let renewed = self.renew().await;
            claims_all |= self.is_doubted.swap(false, Relaxed);
            claims_all |= !matches!(renewed, Ok(true)) || refreshed.elapsed() >= REFRESH_EVERY;
            let done = match renewed {
                Ok(_) => self.claim_again(claims_all, &lost).await,
                Err(error) => Err(error),
            };
            let done = match done {
                Ok(()) => {
                    if std::mem::take(&mut claims_all) {
                        refreshed = Instant::now();
                    }
                    self.release_unused(&have_members).await
                }
                Err(error) => {
                    self.forget_unused(&have_members, Instant::now());
                    Err(error)
                }
            };
            let pause = match done {
                Ok(()) => RENEW_EVERY,
                Err(_) => RETRY_AFTER,
            };
            tokio::select! {
                () = sleep(pause) => {}
                // Nobody claims while the broker is out of reach.
                () = self.due.notified(), if done.is_ok() => {}
            }
        }
    }

    /// Renews the lease, and says whether it was still there.
    async fn renew(&self) -> Result<bool, NoAnswer> {
        let was_there = self.registry.renew().await?;
        if !was_there {
            self.metrics.cluster().lease_was_late();
            warn!("The lease of this instance was gone. Its rooms are claimed again");
        }
        Ok(was_there)
    }

    /// Claims the rooms that are at home here; those of which the broker doesn't know that, or all.
    async fn claim_again(&self, all: bool, lost: &impl Fn(Vec<RoomName>)) -> Result<(), NoAnswer> {
        let rooms = match all {
            true => self.homes.all(),
            false => self.homes.unclaimed(),
        };
        for batch in rooms.chunks(MAX_BATCH) {
            let holders = self.registry.claim(batch).await?;
            let mut others = Vec::new();
            for (room, holder) in batch.iter().zip(holders) {
                if holder.is_none() {
                    self.homes.confirm(room);
                    continue;
                }
                self.homes.remove(room);
                self.metrics.cluster().fenced();
                info!(room.name = %room, "A room is at home at another instance");
                others.push(room.clone());
            }
            if !others.is_empty() {
                lost(others);
            }
        }
        Ok(())
    }

    async fn release_unused(
        &self,
        have_members: &impl Fn(&[RoomName]) -> Vec<bool>,
    ) -> Result<(), NoAnswer> {
        let now = Instant::now();
        for batch in self.homes.unused(now).chunks(MAX_BATCH) {
            let released = self.homes.give_up(batch, &have_members(batch), now);
            if released.is_empty() {
                continue;
            }
            let done = self.registry.release(&released).await;
            if self.homes.doubt(&released) {
                self.due.notify_one();
            }
            done?;
        }
        Ok(())
    }

    /// Forgets what is not used while the broker can't be told: otherwise more and more would be held. Whoever finds a key that is left over comes
    /// here, and the room is at home here again.
    fn forget_unused(&self, have_members: &impl Fn(&[RoomName]) -> Vec<bool>, now: Instant) {
        for batch in self.homes.unused(now).chunks(MAX_BATCH) {
            self.homes.give_up(batch, &have_members(batch), now);
        }
    }

    /// Gives up everything: the server stops.
    pub(super) async fn end(&self) {
        let rooms = self.homes.take();
        let giving_up = async {
            let rooms: Vec<_> = rooms.iter().collect();
            for batch in rooms.chunks(MAX_BATCH) {
                self.registry.release(batch).await?;
            }
            self.registry.end().await
        };
        // Otherwise others find out by the lease.
        let _ = timeout(END_WITHIN, giving_up).await;
    }
}
