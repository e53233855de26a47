//! Messages to instances, each on a channel of its own, at most once: those under way are lost when a connection to the broker is. What repairs
//! that is `link`.
//!
//! Two connections: one publishes, one is subscribed to this instance's channel. The bus is up while both work. It publishes to its own channel,
//! too: if that does not come back, the subscription is one in name only, and is made anew.
//!
//! May import: broker, futures_util, redis, tokio, tracing.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use redis::aio::MultiplexedConnection;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::coop::consume_budget;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{info, warn};

use super::broker::{Broker, NoBroker};

/// Messages that are published with one write.
const MAX_BATCH: usize = 64;

/// After a failure, the broker is left alone for so long.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// So often it publishes to itself.
const ECHO_EVERY: Duration = Duration::from_millis(250);

/// If nothing has come for so long twice in a row, the subscription is deaf. Together less than the time after which other instances count as gone.
/// Twice, since a process that was stopped wakes up after the first time and has what came meanwhile still to read.
const SILENCE: Duration = Duration::from_millis(750);

/// Bytes that may wait to be published; who has more to say waits.
const MAX_QUEUED_BYTES: usize = 8 * 1024 * 1024;

/// What the bus says.
#[derive(Debug)]
pub(super) enum Event<'m> {
    /// It works again, and what was under way before may be lost; or it works no more.
    Changed,
    /// A message came.
    Message(&'m [u8]),
    /// Nobody listens to the channel of this instance.
    Absent(u64),
}

/// Whoever is told. It must not wait.
pub(super) type Listener = Arc<dyn Fn(Event<'_>) + Send + Sync>;

/// A way to all instances.
pub(super) struct Bus {
    queue: UnboundedSender<(u64, Vec<u8>)>,
    shared: Arc<Shared>,
    echo: Vec<u8>,
}

/// What is to run for it.
pub(super) struct Running {
    broker: Broker,
    queue: UnboundedReceiver<(u64, Vec<u8>)>,
    shared: Arc<Shared>,
    channels: String,
    me: u64,
    echo: Vec<u8>,
    listener: Listener,
}

#[derive(Debug)]
struct Shared {
    works: Mutex<Works>,
    is_up: AtomicBool,
    queued_bytes: AtomicUsize,
}

/// What of it works. In a std mutex, because that is held for a few lines.
#[derive(Debug)]
struct Works {
    publishes: bool,
    hears: bool,
    /// Since when it has been as it is.
    since: Instant,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shared.fmt(f)
    }
}

impl Bus {
    /// Of the instance `me`, whose channel is named after it behind this prefix. `echo` is what it publishes to itself.
    pub(super) fn new(
        broker: Broker,
        channels: String,
        me: u64,
        echo: Vec<u8>,
        listener: Listener,
    ) -> (Self, Running) {
        let (sender, queue) = mpsc::unbounded_channel();
        let works = Works {
            publishes: false,
            hears: false,
            since: Instant::now(),
        };
        let shared = Arc::new(Shared {
            works: Mutex::new(works),
            is_up: AtomicBool::default(),
            queued_bytes: AtomicUsize::default(),
        });
        let running = Running {
            broker,
            queue,
            shared: Arc::clone(&shared),
            channels,
            me,
            echo: echo.clone(),
            listener,
        };
        let bus = Self {
            queue: sender,
            shared,
            echo,
        };
        (bus, running)
    }

    /// Whether messages are taken, and come.
    pub(super) fn is_up(&self) -> bool {
        self.shared.is_up.load(Relaxed)
    }

    /// How long it has been down, if it is.
    pub(super) fn down_for(&self) -> Option<Duration> {
        let works = self.shared.works();
        (!self.is_up()).then(|| works.since.elapsed())
    }

    /// Whether so much waits to be published that no more should.
    pub(super) fn is_congested(&self) -> bool {
        self.shared.queued_bytes.load(Relaxed) > MAX_QUEUED_BYTES
    }

    /// Whether a message is one that this instance has sent to itself.
    pub(super) fn is_echo(&self, message: &[u8]) -> bool {
        message == self.echo
    }

    /// Has a message published.
    pub(super) fn publish(&self, instance: u64, message: Vec<u8>) {
        self.shared.queued_bytes.fetch_add(message.len(), Relaxed);
        // Nobody takes it once the server stops.
        let _ = self.queue.send((instance, message));
    }
}

impl Running {
    /// Runs until it is dropped.
    pub(super) async fn run(self) {
        let Self {
            broker,
            queue,
            shared,
            channels,
            me,
            echo,
            listener,
        } = self;
        let own = channel(&channels, me);
        tokio::join!(
            subscribe(&broker, &own, &shared, &listener),
            publish(&broker, queue, &channels, (me, echo), &shared, &listener)
        );
    }
}

fn channel(channels: &str, instance: u64) -> String {
    format!("{channels}{instance:016x}")
}

async fn subscribe(broker: &Broker, own: &str, shared: &Shared, listener: &Listener) {
    let mut failures = Failures::default();
    loop {
        match broker.subscribe(own).await {
            Ok(mut messages) => {
                failures.end();
                shared.set(listener, |works| works.hears = true);
                let mut silences = 0;
                while silences < 2 {
                    match timeout(SILENCE, messages.next()).await {
                        Ok(Some(message)) => {
                            silences = 0;
                            listener(Event::Message(message.get_payload_bytes()));
                            consume_budget().await;
                        }
                        Ok(None) => break,
                        Err(_) => silences += 1,
                    }
                }
                shared.set(listener, |works| works.hears = false);
            }
            Err(error) => failures.add(&error),
        }
        sleep(RETRY_AFTER).await;
    }
}

async fn publish(
    broker: &Broker,
    mut queue: UnboundedReceiver<(u64, Vec<u8>)>,
    channels: &str,
    echo: (u64, Vec<u8>),
    shared: &Shared,
    listener: &Listener,
) {
    let mut failures = Failures::default();
    let mut connection = None;
    let mut batch = Vec::new();
    let mut echoes = interval(ECHO_EVERY);
    echoes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            count = queue.recv_many(&mut batch, MAX_BATCH) => {
                if count == 0 {
                    return; // nobody will say any more
                }
                let bytes = batch.iter().map(|(_, message)| message.len()).sum();
                shared.queued_bytes.fetch_sub(bytes, Relaxed);
            }
            _ = echoes.tick() => batch.push(echo.clone()),
        }
        match publish_all(broker, &mut connection, channels, &batch).await {
            Ok(receivers) => {
                failures.end();
                shared.set(listener, |works| works.publishes = true);
                for (count, (instance, _)) in receivers.into_iter().zip(&batch) {
                    if count == 0 {
                        listener(Event::Absent(*instance));
                    }
                }
            }
            // What is in the batch may be lost: the links send it again, and what is behind it, too.
            Err(error) => {
                failures.add(&error);
                connection = None;
                while let Ok((_, message)) = queue.try_recv() {
                    shared.queued_bytes.fetch_sub(message.len(), Relaxed);
                }
                shared.set(listener, |works| works.publishes = false);
                sleep(RETRY_AFTER).await;
            }
        }
        batch.clear();
    }
}

/// Publishes all of a batch, and says how many have received each.
async fn publish_all(
    broker: &Broker,
    connection: &mut Option<MultiplexedConnection>,
    channels: &str,
    batch: &[(u64, Vec<u8>)],
) -> Result<Vec<u64>, NoBroker> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(broker.connect().await?),
    };
    let mut pipe = redis::pipe();
    for (instance, message) in batch {
        let command = pipe.cmd("PUBLISH").arg(channel(channels, *instance));
        command.arg(&message[..]);
    }
    Ok(pipe.query_async(connection).await?)
}

impl Shared {
    fn set(&self, listener: &Listener, change: impl FnOnce(&mut Works)) {
        let mut works = self.works();
        change(&mut works);
        let is_up = works.publishes && works.hears;
        let has_changed = self.is_up.swap(is_up, Relaxed) != is_up;
        if has_changed {
            works.since = Instant::now();
        }
        drop(works);
        if has_changed {
            listener(Event::Changed);
        }
    }

    fn works(&self) -> MutexGuard<'_, Works> {
        // Nothing in there can panic half-way.
        self.works.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says once that something fails, and once that it works again.
#[derive(Debug, Default)]
struct Failures(bool);

impl Failures {
    fn add(&mut self, error: &NoBroker) {
        if !std::mem::replace(&mut self.0, true) {
            warn!(%error, "{error}. Rooms are served here alone until it is back");
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.0) {
            info!("The broker can be used again");
        }
    }
}
