//! What the broker knows: which instances live, and which room is at home at which of them. Who asks for a room that has no home has it from then on.
//!
//! | key | value | life |
//! |---|---|---|
//! | `NAME:lease:ID` | `1` | 3 s, renewed each second: the instance lives |
//! | `NAME:room:HASH` | the id of the room's home | an hour, refreshed three times in it; counts only while its home lives |
//!
//! May import: broker, hex, redis, quickconnect::protocol, sha2, thiserror, tokio.

use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, Pipeline};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::broker::{Broker, NoBroker};
use crate::hex;

/// How long a lease lives that is not renewed, in milliseconds.
const LEASE_MILLIS: u64 = 3_000;

/// After a failure the broker is left alone for so long.
pub(super) const RETRY_AFTER: Duration = Duration::from_millis(100);

/// How long a room keeps its home that does not refresh it, in milliseconds.
const HOME_MILLIS: u64 = 3_600_000;

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

/// What an instance asks of it.
#[derive(Debug)]
pub(super) struct Registry {
    broker: Broker,
    names: Names,
    /// As the keys have it.
    me: String,
    connection: Mutex<Connection>,
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

impl Registry {
    /// For the instance `me`.
    pub(super) fn new(broker: Broker, names: Names, me: u64) -> Self {
        Self {
            broker,
            names,
            me: format!("{me:016x}"),
            connection: Mutex::default(),
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

    /// Renews the lease, and says whether it was still there.
    ///
    /// # Errors
    /// When the broker can't be used.
    pub(super) async fn renew(&self) -> Result<bool, NoAnswer> {
        let mut pipe = redis::pipe();
        self.lease(&mut pipe, true);
        self.lease(&mut pipe, false);
        let renewed: Vec<Option<String>> = self.ask(&pipe).await?;
        Ok(renewed.first().is_some_and(Option::is_some))
    }

    fn lease(&self, pipe: &mut Pipeline, only_if_there: bool) {
        let key = format!("{}{}", self.names.leases, self.me);
        let command = pipe.cmd("SET").arg(key).arg(1);
        if only_if_there {
            command.arg("XX");
        }
        command.arg("PX").arg(LEASE_MILLIS);
    }

    /// Claims rooms, and says who has each; `None` is this instance.
    ///
    /// # Errors
    /// When the broker can't be used.
    pub(super) async fn claim(&self, rooms: &[RoomName]) -> Result<Vec<Option<u64>>, NoAnswer> {
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

    /// Gives rooms up that this instance has.
    ///
    /// # Errors
    /// When the broker can't be used.
    pub(super) async fn release(&self, rooms: &[&RoomName]) -> Result<(), NoAnswer> {
        let mut pipe = redis::pipe();
        for room in rooms {
            let command = pipe.cmd("EVAL").arg(RELEASE).arg(1);
            command.arg(self.names.room(room)).arg(&self.me);
        }
        self.ask::<Vec<u64>>(&pipe).await.map(drop)
    }

    /// Ends the lease.
    ///
    /// # Errors
    /// When the broker can't be used.
    pub(super) async fn end(&self) -> Result<(), NoAnswer> {
        let mut pipe = redis::pipe();
        let key = format!("{}{}", self.names.leases, self.me);
        pipe.cmd("DEL").arg(key);
        self.ask::<Vec<u64>>(&pipe).await.map(drop)
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
