//! One call: the peer connection to one other peer, a task from the first step of its negotiation to its end. Knows
//! nothing of sockets or rooms.
//!
//! # Layout
//! - `life`: from connecting to connected, lost, back again, or over
//! - `orders`: what the room tells a call
//! - `hidden`: what the two sides say over their hidden channel
//!
//! May import: `channels`, `connection`, `event`, `liveness`, `negotiation`, `outbox`, `queue`, `sockets`, tokio.

mod hidden;
mod life;
mod orders;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;
use webrtc::data_channel::DataChannel;
use webrtc::error::Result;
use webrtc::peer_connection::PeerConnection;

use super::channels::{Channels, Labels, Life};
use super::connection::{self, Connection};
use super::event::{Error, Event};
use super::liveness::Liveness;
use super::negotiation::{Failure, Negotiation};
use super::outbox::PeerOutbox;
use super::queue::Events;
use super::settings::Settings;
use super::sockets::Sockets;
use crate::protocol::PeerId;

pub(super) use orders::Order;

/// How often the other side is told that we are ready, until it says the same.
const READY_INTERVAL: Duration = Duration::from_millis(100);
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
    /// The peer has left.
    Gone,
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
    pub(super) events: Events,
    pub(super) outbox: PeerOutbox,
}

struct Call {
    context: Context,
    pc: Arc<dyn PeerConnection>,
    hidden: Arc<dyn DataChannel>,
    sockets: Sockets,
    negotiation: Negotiation,
    channels: Channels,
    life: Life,
    liveness: Liveness,
    is_active: bool,
    is_failing: bool,
    is_hidden_open: bool,
    peer_is_ready: bool,
    /// For a call that has not started, and later for one that is failing.
    fails_at: Option<Instant>,
    /// When a peer that was asked whether it is there counts as gone.
    gone_at: Option<Instant>,
    /// When channels that are missing are made anew.
    channels_at: Option<Instant>,
}

/// Runs a call until it is over, and says why.
pub(super) async fn run(
    context: Context,
    mut orders: mpsc::Receiver<Order>,
    end: CancellationToken,
) -> Over {
    // Boxed, because it is large, and the call would hold its place to the end.
    let opening = Box::pin(connection::open(&context.settings));
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
                .emit(Event::Error(Error::Call { peer, reason }))
                .await;
            context.events.emit(Event::CallEnded(context.peer)).await;
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
    );
    let mut call = Call {
        negotiation: Negotiation::new(
            Arc::clone(&pc),
            context.is_master,
            context.settings.dials,
            context.outbox.clone(),
        ),
        liveness: Liveness::default(),
        fails_at: Some(Instant::now() + context.settings.fail_timeout),
        gone_at: None,
        channels_at: None,
        is_active: false,
        is_failing: false,
        is_hidden_open: false,
        peer_is_ready: false,
        context,
        pc,
        hidden,
        sockets,
        channels,
        life,
    };
    call.begin().await;

    let mut ready = ticker(READY_INTERVAL);
    let mut nudge = ticker(NUDGE_INTERVAL);
    let mut heartbeat = ticker(call.context.settings.heartbeat);
    let why = loop {
        let hidden = Arc::clone(&call.hidden);
        let deadline = call.next_deadline();
        let over = tokio::select! {
            () = end.cancelled() => Some(Over::Here),
            order = orders.recv() => match order {
                Some(order) => call.obey(order).await,
                None => Some(Over::Here),
            },
            report = reports.recv() => match report {
                Some(report) => call.follow(report).await,
                None => Some(Over::Failed),
            },
            event = hidden.poll() => call.hear(event).await,
            note = notes.recv() => {
                if let Some(note) = note {
                    call.channels.note(note);
                }
                None
            }
            _ = ready.tick(), if !call.peer_is_ready => {
                call.context.outbox.send("ready", None).await;
                None
            }
            _ = nudge.tick(), if !call.is_hidden_open => {
                // It sets what is set already; what counts is that the driver wakes up.
                let _ = call.hidden.set_buffered_amount_low_threshold(0).await;
                None
            }
            _ = heartbeat.tick() => call.beat().await,
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                call.on_deadline().await
            }
        };
        if let Some(why) = over {
            break why;
        }
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
    async fn begin(&mut self) {
        let made = self.channels.declare(&self.context.labels).await;
        // Those of the slave are asked for once it can ask.
        self.check(made.map(drop).map_err(Failure::from)).await;
        if self.context.is_master {
            let offered = self.negotiation.negotiate().await;
            self.check(offered).await;
        }
    }

    /// Tells the user of the call.
    async fn tell(&self, event: fn(PeerId) -> Event) {
        let peer = self.context.peer.clone();
        self.context.events.emit(event(peer)).await;
    }

    /// What fails is told, and the call goes on: it may be the other side's fault, or be repaired by what comes next.
    async fn check(&self, done: std::result::Result<(), Failure>) {
        if let Err(failure) = done {
            let error = Error::Unusable {
                peer: self.context.peer.to_string(),
                reason: failure.to_string(),
            };
            self.context.events.emit(Event::Error(error)).await;
        }
    }

    async fn close(self) {
        // An error says that it is closed.
        let _: Result<()> = self.pc.close().await;
        self.channels.finish().await;
        self.context
            .events
            .emit(Event::CallEnded(self.context.peer))
            .await;
    }
}
