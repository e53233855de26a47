//! A connection of a hostile member: it says what it has to say, again and again, and hears nothing of what comes, or refuses to read.

use std::fmt;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use crate::wire;

/// How long a connection may take to come about. A server that is full may not accept any more.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// The least time from the beginning of one connection to that of its successor, unless a script says otherwise.
const RETURNS_AFTER: Duration = Duration::from_millis(100);
/// From the beginning of one slot to that of the next. A network, too, would not deliver a thousand connections at the same moment.
const STAGGER: Duration = Duration::from_millis(4);
/// The kernel's buffer of who doesn't read: as little as it allows.
const DEAF_BUFFER_BYTES: u32 = 4096;

/// What the load has done.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) connections: AtomicU64,
    /// That did not come about.
    pub(crate) unconnected: AtomicU64,
    /// That the other end granted a WebSocket, as far as it was read.
    pub(crate) upgrades: AtomicU64,
    /// That the other end closed.
    pub(crate) closed: AtomicU64,
    pub(crate) bytes_said: AtomicU64,
    pub(crate) bytes_heard: AtomicU64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [connections, unconnected, upgrades, closed, said, heard] = [
            &self.connections,
            &self.unconnected,
            &self.upgrades,
            &self.closed,
            &self.bytes_said,
            &self.bytes_heard,
        ]
        .map(|counter| counter.load(Relaxed));
        write!(
            f,
            "{connections} connections ({unconnected} more failed), {upgrades} WebSockets, {closed} closed by the server, {said} bytes \
             said, {heard} heard"
        )
    }
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64, amount: usize) {
        counter.fetch_add(amount as u64, Relaxed);
    }
}

/// One of the addresses from which the load comes.
#[derive(Debug, Clone)]
pub(crate) struct Attacker {
    pub(crate) from: Ipv4Addr,
    /// Which of the addresses it is, from 0.
    pub(crate) number: usize,
    pub(crate) target: SocketAddr,
    pub(crate) tally: Arc<Tally>,
}

/// What a connection says and does.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// Said at once.
    pub(super) opening: Arc<[u8]>,
    /// Said again and again, if it is something. At `every` tick, or later where the other end takes it slowly.
    pub(super) refrain: Arc<[u8]>,
    pub(super) every: Duration,
    /// The connection is closed then, if the other end hasn't closed it.
    pub(super) lasts: Duration,
    /// The least time from its beginning to that of its successor.
    pub(super) returns_after: Duration,
    /// Whether it never reads.
    pub(super) is_deaf: bool,
}

impl Script {
    /// Says this once, and stays for so long.
    pub(super) fn once(opening: impl Into<Arc<[u8]>>, lasts: Duration) -> Self {
        Self {
            opening: opening.into(),
            refrain: Arc::default(),
            every: Duration::ZERO,
            lasts,
            returns_after: RETURNS_AFTER,
            is_deaf: false,
        }
    }

    /// Goes on to say this.
    pub(super) fn repeating(self, refrain: impl Into<Arc<[u8]>>, every: Duration) -> Self {
        Self {
            refrain: refrain.into(),
            every,
            ..self
        }
    }

    pub(super) fn returns_after(self, returns_after: Duration) -> Self {
        Self {
            returns_after,
            ..self
        }
    }

    pub(super) fn deaf(self) -> Self {
        Self {
            is_deaf: true,
            ..self
        }
    }
}

impl Attacker {
    /// What a member says first.
    pub(super) fn join(&self, id: &str, room: &str) -> Vec<u8> {
        [wire::upgrade(self.target), wire::announce(id, room)].concat()
    }

    /// Keeps up one connection at a time, each with the next script; `next` is told how many there were.
    pub(super) fn keep_up(
        &self,
        tasks: &mut JoinSet<()>,
        mut next: impl FnMut(usize) -> Script + Send + 'static,
    ) {
        let attacker = self.clone();
        let begins_at = Instant::now() + STAGGER * tasks.len() as u32;
        tasks.spawn(async move {
            sleep_until(begins_at).await;
            for number in 0.. {
                let script = next(number);
                let earliest = Instant::now() + script.returns_after;
                // How it ends is all the same.
                let _ = attacker.play(&script).await;
                sleep_until(earliest).await;
            }
        });
    }

    /// One connection, from its beginning to its end.
    pub(super) async fn play(&self, script: &Script) -> io::Result<()> {
        let mut stream = self.connect(script.is_deaf).await?;
        let (mut reading, mut writing) = stream.split();
        let talks = async {
            writing.write_all(&script.opening).await?;
            Tally::add(&self.tally.bytes_said, script.opening.len());
            if script.refrain.is_empty() {
                return pending().await;
            }
            let mut ticks = interval(script.every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                writing.write_all(&script.refrain).await?;
                Tally::add(&self.tally.bytes_said, script.refrain.len());
            }
        };
        let hears = async {
            let mut buffer = [0; 16 * 1024];
            if script.is_deaf {
                return pending().await;
            }
            let mut is_first = true;
            loop {
                let bytes = reading.read(&mut buffer).await.unwrap_or(0);
                if bytes == 0 {
                    return;
                }
                Tally::add(&self.tally.bytes_heard, bytes);
                let is_upgrade =
                    std::mem::take(&mut is_first) && buffer.starts_with(b"HTTP/1.1 101");
                Tally::add(&self.tally.upgrades, usize::from(is_upgrade));
            }
        };
        tokio::select! {
            broken = talks => return broken,
            () = hears => Tally::add(&self.tally.closed, 1),
            () = sleep(script.lasts) => {}
        }
        Ok(())
    }

    /// From this attacker's address.
    pub(super) async fn connect(&self, is_deaf: bool) -> io::Result<TcpStream> {
        let connecting = async {
            let socket = TcpSocket::new_v4()?;
            if is_deaf {
                socket.set_recv_buffer_size(DEAF_BUFFER_BYTES)?;
            }
            socket.bind((self.from, 0).into())?;
            socket.connect(self.target).await
        };
        let connected = tokio::time::timeout(CONNECT_PATIENCE, connecting).await;
        let counter = match connected {
            Ok(Ok(_)) => &self.tally.connections,
            _ => &self.tally.unconnected,
        };
        Tally::add(counter, 1);
        connected?
    }
}
