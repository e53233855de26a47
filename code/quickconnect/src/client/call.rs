//! One call: the peer connection to one other peer, a task from the first step of its negotiation to its end. Knows
//! nothing of sockets or rooms.
//!
//! # Layout
//! - `life`: from connecting to connected, lost, back again, or over
//! - `orders`: what the room tells a call
//! - `hidden`: what the two sides say over their hidden channel
//!
//! May import: backlog, channels, client, connection, event, liveness, media, negotiation, outbox, protocol, queue, room, serde_json, settings,
//! sockets, tokio, tokio_util, webrtc.

mod hidden;
mod life;
mod orders;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;
use webrtc::data_channel::DataChannel;
use webrtc::error::Result;
use webrtc::peer_connection::PeerConnection;

use super::backlog::CallBacklog;
use super::channels::{Channels, Labels, Life, Note};
use super::connection::{self, Connection, Report};
use super::event::{Error, Event};
use super::liveness::Liveness;
use super::media::{LocalTrack, Receiving, Sending, Tracks};
use super::negotiation::{Failure, Negotiation};
use super::outbox::PeerOutbox;
use super::queue::CallEvents;
use super::room::LIVED;
use super::settings::Settings;
use super::sockets::Sockets;
use crate::protocol::PeerId;

pub(super) use orders::Order;

/// How soon the other side is told again that we are ready, until it says the same; twice as long each time, up to the longest.
const FIRST_READY: Duration = Duration::from_millis(100);
const LONGEST_READY: Duration = Duration::from_secs(1);
/// How often the connection is woken until its first channel is open: the driver writes only what was there before it
/// handled events, and would otherwise sleep on what they caused.
const NUDGE_INTERVAL: Duration = Duration::from_millis(5);
/// Why a call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Our side ended it.
    Here,
    /// The other side closed it.
    There,
    /// It could not be made.
    Failed,
    /// It had started, and is lost.
    Lost,
    /// It had started, and the relay that carried it is lost: the next one may begin at once.
    Unrelayed,
    /// The peer has left.
    Gone,
    /// The signaling server does not take a frame that it needs. The next call would need the same.
    Refused,
}

/// What a call is made of.
pub(super) struct Context {
    /// The other side.
    pub(super) peer: PeerId,
    /// Whether we make the first offer.
    pub(super) is_master: bool,
    pub(super) settings: Arc<Settings>,
    /// The data channels that our side declares.
    pub(super) labels: Labels,
    /// The tracks that our side sends.
    pub(super) tracks: watch::Receiver<Tracks>,
    pub(super) events: CallEvents,
    pub(super) outbox: PeerOutbox,
    pub(super) progress: Arc<Progress>,
}

/// How far a call got, for the room.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// It has started.
    pub(super) is_active: AtomicBool,
    /// It is over, and was connected for [`LIVED`].
    pub(super) has_lived: AtomicBool,
}

struct Call {
    context: Context,
    pc: Arc<dyn PeerConnection>,
    hidden: Arc<dyn DataChannel>,
    sockets: Sockets,
    negotiation: Negotiation,
    channels: Channels,
    sending: Sending,
    receiving: Receiving,
    life: Life,
    liveness: Liveness,
    /// When it started.
    active_at: Option<Instant>,
    is_failing: bool,
    /// What the connection says of itself.
    is_connected: bool,
    is_hidden_open: bool,
    /// When the other side is told again that we are ready, and how long after that. None once it is.
    ready_at: Option<Instant>,
    ready_wait: Duration,
    /// For a call that has not started, and later for one that is failing.
    fails_at: Option<Instant>,
    /// When a peer that was asked whether it is there counts as gone.
    gone_at: Option<Instant>,
    /// When a peer that was asked whether it still hears us counts as silent.
    silent_at: Option<Instant>,
    /// When channels that are missing are made anew.
    channels_at: Option<Instant>,
}

/// Runs a call until it is over, and says why.
pub(super) async fn run(
    context: Context,
    backlog: CallBacklog,
    mut orders: mpsc::Receiver<Order>,
    end: CancellationToken,
) -> Over {
    // Boxed, because it is large, and the call would hold its place to the end.
    let opening = Box::pin(connection::open(&context.settings, backlog));
    let Connection {
        pc,
        hidden,
        sockets,
        mut reports,
    } = match opening.await {
        Ok(connection) => connection,
        Err(error) => {
            let peer = context.peer.clone();
            let reason = format!("no peer connection could be made: {error}");
            context
                .events
                .tell(Event::Error(Error::Call { peer, reason }));
            context.events.tell(Event::CallEnded(context.peer));
            return Over::Failed;
        }
    };
    let life = Life::default();
    let (channels, mut notes) = Channels::new(
        Arc::clone(&pc),
        context.peer.clone(),
        context.is_master,
        context.events.clone(),
        life.clone(),
        context.settings.max_channels,
    );
    let receiving = Receiving::new(
        Arc::clone(&pc),
        context.peer.clone(),
        context.events.clone(),
        channels.notes(),
        life.clone(),
    );
    let mut tracks = context.tracks.clone();
    let mut call = Call {
        sending: Sending::new(Arc::clone(&pc), life.clone()),
        receiving,
        negotiation: Negotiation::new(
            Arc::clone(&pc),
            context.is_master,
            Arc::clone(&context.settings),
            context.outbox.clone(),
        ),
        liveness: Liveness::default(),
        fails_at: Some(Instant::now() + context.settings.fail_timeout),
        gone_at: None,
        silent_at: None,
        channels_at: None,
        active_at: None,
        is_failing: false,
        is_connected: false,
        is_hidden_open: false,
        ready_at: Some(Instant::now()),
        ready_wait: FIRST_READY,
        context,
        pc,
        hidden,
        sockets,
        channels,
        life,
    };
    let why = tokio::select! {
        biased; // whatever step the call is at, and whatever that waits for
        () = end.cancelled() => Over::Here,
        why = call.go_on(&mut orders, &mut reports, &mut notes, &mut tracks) => why,
    };
    call.life.over.cancel();
    call.close().await;
    why
}

fn ticker(period: Duration) -> Interval {
    let mut ticker = interval(period);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticker
}

impl Call {
    /// From the first step until it is over, or the room has dropped it.
    async fn go_on(
        &mut self,
        orders: &mut mpsc::Receiver<Order>,
        reports: &mut mpsc::Receiver<Report>,
        notes: &mut mpsc::Receiver<Note>,
        tracks: &mut watch::Receiver<Tracks>,
    ) -> Over {
        let first = tracks.borrow_and_update().clone();
        self.begin(&first).await;
        let mut nudge = ticker(NUDGE_INTERVAL);
        let heartbeat = self.context.settings.heartbeat;
        let beats = !heartbeat.is_zero();
        // A ticker can't have no period.
        let mut heartbeat = ticker(heartbeat.max(NUDGE_INTERVAL));
        loop {
            let hidden = Arc::clone(&self.hidden);
            let deadline = self.next_deadline();
            let over = tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => Some(Over::Here),
                },
                report = reports.recv() => match report {
                    Some(report) => self.follow(report).await,
                    None => Some(Over::Failed),
                },
                event = hidden.poll() => self.hear(event).await,
                note = notes.recv() => note.and_then(|note| self.note(note)),
                Ok(()) = tracks.changed() => {
                    let now = tracks.borrow_and_update().clone();
                    self.send_tracks(&now).await;
                    None
                }
                _ = nudge.tick(), if !self.is_hidden_open => {
                    // It sets what is set already; what counts is that the driver wakes up.
                    let _ = self.hidden.set_buffered_amount_low_threshold(0).await;
                    None
                }
                _ = heartbeat.tick(), if beats => self.beat().await,
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    self.on_deadline().await
                }
            };
            if let Some(why) = over {
                return why;
            }
            if self.context.outbox.is_refused() && !self.is_active() {
                self.tell(Event::CallFailed);
                return Over::Refused;
            }
        }
    }

    async fn begin(&mut self, tracks: &[LocalTrack]) {
        let added = self.sending.set(tracks).await;
        self.check(added.map_err(Failure::from));
        let made = self.channels.declare(&self.context.labels).await;
        // Those of the slave are asked for once it can ask.
        self.check(made.map(drop).map_err(Failure::from));
        if self.context.is_master {
            let offered = self.negotiation.negotiate().await;
            self.check(offered);
        }
    }

    /// What we send has changed.
    async fn send_tracks(&mut self, tracks: &[LocalTrack]) {
        let set = self.sending.set(tracks).await;
        self.check(set.map_err(Failure::from));
        let negotiated = self.negotiation.renegotiate().await;
        self.check(negotiated);
    }

    /// A description may have taken effect.
    async fn settle_tracks(&self) {
        self.sending.settle().await;
        self.receiving.settle().await;
    }

    fn is_active(&self) -> bool {
        self.active_at.is_some()
    }

    /// Tells the user of the call.
    fn tell(&self, event: fn(PeerId) -> Event) {
        self.context.events.tell(event(self.context.peer.clone()));
    }

    fn note(&mut self, note: Note) -> Option<Over> {
        if let Note::Overrun = note {
            return Some(self.exceeded("it sends more than is taken"));
        }
        self.channels.note(note);
        None
    }

    /// Says why the other side is not to be had any longer.
    fn exceeded(&self, reason: impl ToString) -> Over {
        let error = Error::unusable(&self.context.peer, reason);
        self.context.events.tell(Event::Error(error));
        Over::Failed
    }

    /// What fails is told, and the call goes on: it may be the other side's fault, or be repaired by what comes next.
    fn check(&self, done: std::result::Result<(), Failure>) {
        if let Err(failure) = done {
            let error = Error::unusable(&self.context.peer, failure);
            self.context.events.offer(Event::Error(error));
        }
    }

    async fn close(self) {
        let has_lived = self.active_at.is_some_and(|at| at.elapsed() >= LIVED);
        self.context
            .progress
            .has_lived
            .store(has_lived, Ordering::Relaxed);
        // An error says that it is closed.
        let _: Result<()> = self.pc.close().await;
        self.channels.finish().await;
        self.receiving.finish().await;
        self.context
            .events
            .tell(Event::CallEnded(self.context.peer));
    }
}
