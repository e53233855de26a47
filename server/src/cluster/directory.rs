//! Which instance a room is at home at, as the broker's keys say: who asks for a room that has no home has it from then on.
//!
//! | key | value | life |
//! |---|---|---|
//! | `NAME:lease:ID` | `1` | 3 s, renewed each second: the instance lives |
//! | `NAME:room:HASH` | the id of the room's home | an hour, refreshed three times in it; counts only while its home lives |
//!
//! A home whose lease was gone may have lost rooms to others: it claims all of them again, and gives up those that another one has. The same is done
//! with rooms that were served while the broker could not be reached, and with all of them when nobody listened to its channel for a moment, since
//! then they were free, too.
//!
//! May import: broker, hex, metrics, redis, quickconnect::protocol, sha2, thiserror, tokio, tracing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, Pipeline};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::broker::{Broker, NoBroker};
use crate::hex;
use crate::metrics::{ClaimOutcome, Metrics};

/// How long a lease lives that is not renewed, in milliseconds.
const LEASE_MILLIS: u64 = 3_000;

/// So often it is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// After a failure the broker is left alone for so long.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// How long a room keeps its home that does not refresh it, in milliseconds.
const HOME_MILLIS: u64 = 3_600_000;

/// So often it is refreshed.
const REFRESH_EVERY: Duration = Duration::from_secs(20 * 60);

/// A room without members keeps its home for so long, so that a page that is loaded again finds it.
const RELEASE_AFTER: Duration = Duration::from_secs(10);

/// Rooms that are claimed, or given up, with one write.
const MAX_BATCH: usize = 256;

/// At the planned end, this is how long the broker has to take back what is given up.
const END_WITHIN: Duration = Duration::from_millis(500);

/// Who has the room? `KEYS[1]` is the room's key; `ARGV` is who asks, what leases and channels begin with, and how long the answer holds. Whoever
/// has it keeps it while its lease lives and it listens; one that was killed does not listen from that moment on.
const CLAIM: &str = "local home = redis.call('GET', KEYS[1]) \
    if not home or home == ARGV[1] or redis.call('EXISTS', ARGV[2] .. home) == 0 \
    or redis.call('PUBSUB', 'NUMSUB', ARGV[3] .. home)[2] == 0 \
    then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4]) return ARGV[1] end \
    return home";

/// Gives a room up, unless another one has it.
const RELEASE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// What the keys and channels of a cluster begin with.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) leases: String,
    pub(super) rooms: String,
    pub(super) channels: String,
}

impl Names {
    /// Those of the cluster of this name.
    pub(super) fn of(cluster: &str) -> Self {
        let of = |what| format!("{cluster}:{what}:");
        Self {
            leases: of("lease"),
            rooms: of("room"),
            channels: of("i"),
        }
    }

    /// By a hash, since a name may be long, or secret.
    fn room(&self, room: &RoomName) -> String {
        let digest = Sha256::digest(room.as_str().as_bytes());
        self.rooms.clone() + &hex::of(&digest[..16])
    }
}

/// A room that is at home here.
#[derive(Debug)]
struct Held {
    /// Whether the broker says so.
    is_claimed: bool,
    /// When somebody came into it, or was seen in it.
    used: Instant,
}

impl Held {
    fn is_unused(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) >= RELEASE_AFTER
    }
}

/// The rooms that are at home here, and the way to find others.
#[derive(Debug)]
pub(super) struct Directory {
    broker: Broker,
    names: Names,
    /// As the keys have it.
    me: String,
    homes: Mutex<HashMap<RoomName, Held>>,
    connection: AsyncMutex<Connection>,
    /// A room is to be claimed.
    due: Notify,
    /// All rooms are to be claimed again.
    is_doubted: AtomicBool,
    metrics: Arc<Metrics>,
}

/// The connection for commands. Several may be under way on it.
#[derive(Default)]
enum Connection {
    #[default]
    None,
    Open(MultiplexedConnection),
    Failed(Instant),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

/// The broker said nothing of use.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error(transparent)]
    NoBroker(#[from] NoBroker),
    #[error(transparent)]
    Failed(#[from] redis::RedisError),
    #[error("it failed a moment ago")]
    Failing,
    #[error("it says that {0:?} is an instance")]
    NoInstance(String),
}

impl Directory {
    /// Of the instance `me`.
    pub(super) fn new(broker: Broker, names: Names, me: u64, metrics: Arc<Metrics>) -> Self {
        Self {
            broker,
            names,
            me: format!("{me:016x}"),
            homes: Mutex::default(),
            connection: AsyncMutex::default(),
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
        let mut pipe = redis::pipe();
        self.lease(&mut pipe, false);
        self.ask::<Vec<Option<String>>>(&pipe).await.map(drop)
    }

    /// Where a room is at home that is not known to be here; `None` is here. Without the broker it is here.
    pub(super) async fn find(&self, room: &RoomName, is_up: bool) -> Option<u64> {
        if !is_up {
            self.metrics.cluster().claimed(ClaimOutcome::Alone);
            self.hold(room, false);
            return None;
        }
        let claimed = self.claim(std::slice::from_ref(room)).await;
        let holder = claimed.as_deref().ok().and_then(|holders| holders.first());
        match holder {
            Some(Some(other)) => {
                self.metrics.cluster().claimed(ClaimOutcome::Other);
                Some(*other)
            }
            Some(None) => {
                self.metrics.cluster().claimed(ClaimOutcome::Mine);
                self.hold(room, true);
                None
            }
            None => {
                self.metrics.cluster().claimed(ClaimOutcome::Failed);
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
        self.homes().contains_key(room)
    }

    /// How many rooms are at home here.
    pub(super) fn count(&self) -> usize {
        self.homes().len()
    }

    /// Whether a room is at home here, into which somebody comes.
    pub(super) fn uses(&self, room: &RoomName) -> bool {
        let mut homes = self.homes();
        let held = homes.get_mut(room);
        held.map(|held| held.used = Instant::now()).is_some()
    }

    fn hold(&self, room: &RoomName, is_claimed: bool) {
        let used = Instant::now();
        let held = Held { is_claimed, used };
        self.homes().entry(room.clone()).or_insert(held);
        if !is_claimed {
            self.due.notify_one();
        }
    }

    fn homes(&self) -> MutexGuard<'_, HashMap<RoomName, Held>> {
        // Nothing in there can panic half-way.
        self.homes.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut pipe = redis::pipe();
        self.lease(&mut pipe, true);
        self.lease(&mut pipe, false);
        let renewed: Vec<Option<String>> = self.ask(&pipe).await?;
        let was_there = renewed.first().is_some_and(Option::is_some);
        if !was_there {
            warn!("The lease of this instance was gone. Its rooms are claimed again");
        }
        Ok(was_there)
    }

    fn lease(&self, pipe: &mut Pipeline, only_if_there: bool) {
        let key = format!("{}{}", self.names.leases, self.me);
        let command = pipe.cmd("SET").arg(key).arg(1);
        if only_if_there {
            command.arg("XX");
        }
        command.arg("PX").arg(LEASE_MILLIS);
    }

    /// Claims the rooms that are at home here; those of which the broker doesn't know that, or all.
    async fn claim_again(&self, all: bool, lost: &impl Fn(Vec<RoomName>)) -> Result<(), NoAnswer> {
        let rooms = self.held(|held| all || !held.is_claimed);
        for batch in rooms.chunks(MAX_BATCH) {
            let holders = self.claim(batch).await?;
            let mut others = Vec::new();
            for (room, holder) in batch.iter().zip(holders) {
                if holder.is_none() {
                    if let Some(held) = self.homes().get_mut(room) {
                        held.is_claimed = true;
                    }
                    continue;
                }
                self.homes().remove(room);
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

    /// Claims rooms, and says who has each; `None` is this instance.
    async fn claim(&self, rooms: &[RoomName]) -> Result<Vec<Option<u64>>, NoAnswer> {
        let mut pipe = redis::pipe();
        for room in rooms {
            let command = pipe
                .cmd("EVAL")
                .arg(CLAIM)
                .arg(1)
                .arg(self.names.room(room));
            let command = command.arg(&self.me).arg(&self.names.leases);
            command.arg(&self.names.channels).arg(HOME_MILLIS);
        }
        let holders: Vec<String> = self.ask(&pipe).await?;
        let parsed = holders.into_iter().map(|holder| {
            let is_another = holder != self.me;
            let number = u64::from_str_radix(&holder, 16);
            let number = number.map_err(|_| NoAnswer::NoInstance(holder))?;
            Ok(is_another.then_some(number))
        });
        parsed.collect()
    }

    async fn release_unused(
        &self,
        have_members: &impl Fn(&[RoomName]) -> Vec<bool>,
    ) -> Result<(), NoAnswer> {
        let now = Instant::now();
        let old = self.held(|held| held.is_unused(now));
        for batch in old.chunks(MAX_BATCH) {
            let released = self.give_up(batch, &have_members(batch), now);
            if released.is_empty() {
                continue;
            }
            let done = self.release(&released).await;
            self.claim_who_came(&released);
            done?;
        }
        Ok(())
    }

    /// Forgets what is not used while the broker can't be told: otherwise more and more would be held. Whoever finds a key that is left over comes
    /// here, and the room is at home here again.
    fn forget_unused(&self, have_members: &impl Fn(&[RoomName]) -> Vec<bool>, now: Instant) {
        let old = self.held(|held| held.is_unused(now));
        for batch in old.chunks(MAX_BATCH) {
            self.give_up(batch, &have_members(batch), now);
        }
    }

    /// Forgets those of some rooms that nobody has come into meanwhile, and that have no members.
    fn give_up<'r>(
        &self,
        rooms: &'r [RoomName],
        have_members: &[bool],
        now: Instant,
    ) -> Vec<&'r RoomName> {
        let mut homes = self.homes();
        let mut given_up = Vec::new();
        for (room, has_members) in rooms.iter().zip(have_members) {
            let Some(held) = homes.get_mut(room).filter(|held| held.is_unused(now)) else {
                continue;
            };
            if *has_members {
                held.used = now;
            } else {
                homes.remove(room);
                given_up.push(room);
            }
        }
        given_up
    }

    /// Whoever came into a room while it was given up may have claimed it just before.
    fn claim_who_came(&self, given_up: &[&RoomName]) {
        let mut homes = self.homes();
        for room in given_up {
            if let Some(held) = homes.get_mut(*room) {
                held.is_claimed = false;
                self.due.notify_one();
            }
        }
    }

    /// The rooms at home here for which this holds.
    fn held(&self, wanted: impl Fn(&Held) -> bool) -> Vec<RoomName> {
        let homes = self.homes();
        let wanted = homes.iter().filter(|(_, held)| wanted(held));
        wanted.map(|(room, _)| room.clone()).collect()
    }

    async fn release(&self, rooms: &[&RoomName]) -> Result<(), NoAnswer> {
        let mut pipe = redis::pipe();
        for room in rooms {
            let command = pipe.cmd("EVAL").arg(RELEASE).arg(1);
            command.arg(self.names.room(room)).arg(&self.me);
        }
        self.ask::<Vec<u64>>(&pipe).await.map(drop)
    }

    /// Gives up everything: the server stops.
    pub(super) async fn end(&self) {
        let rooms: Vec<_> = self.homes().drain().map(|(room, _)| room).collect();
        let giving_up = async {
            let rooms: Vec<_> = rooms.iter().collect();
            for batch in rooms.chunks(MAX_BATCH) {
                self.release(batch).await?;
            }
            let mut pipe = redis::pipe();
            let key = format!("{}{}", self.names.leases, self.me);
            pipe.cmd("DEL").arg(key);
            self.ask::<Vec<u64>>(&pipe).await
        };
        // Otherwise others find out by the lease.
        let _ = timeout(END_WITHIN, giving_up).await;
    }

    async fn ask<T: FromRedisValue>(&self, pipe: &Pipeline) -> Result<T, NoAnswer> {
        let mut connection = self.connection().await?;
        let answer = pipe.query_async(&mut connection).await;
        if answer.is_err() {
            // The next one who asks connects again.
            *self.connection.lock().await = Connection::None;
        }
        Ok(answer?)
    }

    /// A connection. While the broker can't be reached, not everybody who asks waits for it.
    async fn connection(&self) -> Result<MultiplexedConnection, NoAnswer> {
        let mut connection = self.connection.lock().await;
        match &*connection {
            Connection::Open(open) => return Ok(open.clone()),
            Connection::Failed(at) if at.elapsed() < RETRY_AFTER => return Err(NoAnswer::Failing),
            Connection::Failed(_) | Connection::None => {}
        }
        match self.broker.connect().await {
            Ok(open) => {
                *connection = Connection::Open(open.clone());
                Ok(open)
            }
            Err(error) => {
                *connection = Connection::Failed(Instant::now());
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use quickconnect::protocol::NameLimits;

    use super::*;

    #[test]
    fn what_nobody_uses_is_forgotten_without_the_broker_and_what_has_members_is_not() {
        let broker = Broker::at(&"redis://127.0.0.1:1".parse().unwrap(), None).unwrap();
        let directory = Directory::new(broker, Names::of("test"), 1, Arc::default());
        for name in ["empty", "full"] {
            let room = RoomName::new(name, &NameLimits::DEFAULT).unwrap();
            directory.hold(&room, false);
        }
        let is_full = |room: &RoomName| room.as_str() == "full";
        let have_members =
            |rooms: &[RoomName]| -> Vec<bool> { rooms.iter().map(is_full).collect() };
        let now = Instant::now();
        directory.forget_unused(&have_members, now);
        assert_eq!(directory.count(), 2);
        directory.forget_unused(&have_members, now + RELEASE_AFTER);
        let held = directory.held(|_| true);
        assert!(held.iter().all(is_full) && held.len() == 1);
    }
}
