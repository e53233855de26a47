//! One call: the peer connection to one other peer, a task from the first step of its negotiation to its end. Knows
//! nothing of sockets or rooms.
//!
//! May import: `channels`, `connection`, `event`, `liveness`, `negotiation`, `outbox`, `queue`, tokio.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;
use webrtc::data_channel::{
    DataChannel, DataChannelEvent, RTCDataChannelInit, RTCDataChannelMessage,
};
use webrtc::error::Result;
use webrtc::peer_connection::{PeerConnection, RTCPeerConnectionState};

use super::channels::{Channels, Labels, Life};
use super::connection::{self, Report};
use super::event::{Error, Event};
use super::liveness::Liveness;
use super::negotiation::{Failure, Negotiation};
use super::outbox::PeerOutbox;
use super::queue::Events;
use super::settings::Settings;
use crate::protocol::PeerId;
use crate::protocol::peer::{HIDDEN_CHANNEL, HIDDEN_CHANNEL_ID};

/// How often the other side is told that we are ready, until it says the same.
const READY_INTERVAL: Duration = Duration::from_millis(100);
/// How often the connection is woken until its first channel is open: the driver writes only what was there before it
/// handled events, and would otherwise sleep on what they caused.
const NUDGE_INTERVAL: Duration = Duration::from_millis(5);
/// How long a peer that the server has lost has to show that it is there.
const PROBE_TIMEOUT: Duration = Duration::from_millis(60);

/// What the room tells a call.
pub(super) enum Order {
    /// A directed frame of the other side.
    Frame(String, Value),
    /// The signaling server, or the peer, is back: what was said meanwhile may be lost.
    Resume,
    /// The server says that the peer left. It may have lost its socket only.
    PeerLeft,
    /// The signaling server is gone: a call that has not started can't.
    ServerAway,
    /// Our side has declared more channels.
    Declare(Labels),
}

/// Why a call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Our side ended it.
    Here,
    /// The other side closed it.
    There,
    /// It is lost.
    Failed,
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
    let (pc, hidden, mut reports) = match connect(&context.settings).await {
        Ok(connected) => connected,
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

/// A peer connection with its hidden channel.
async fn connect(
    settings: &Settings,
) -> Result<(
    Arc<dyn PeerConnection>,
    Arc<dyn DataChannel>,
    mpsc::Receiver<Report>,
)> {
    let (pc, reports) = connection::open(settings.ice_servers.clone(), &settings.addresses).await?;
    let init = RTCDataChannelInit {
        negotiated: Some(HIDDEN_CHANNEL_ID),
        ..Default::default()
    };
    let hidden = pc.create_data_channel(HIDDEN_CHANNEL, Some(init)).await?;
    Ok((pc, hidden, reports))
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

    async fn obey(&mut self, order: Order) -> Option<Over> {
        match order {
            Order::Frame(command, data) => {
                self.liveness.touch();
                if command == "ready" {
                    self.hear_ready().await;
                } else {
                    let done = self.negotiation.receive(&command, data).await;
                    self.check(done).await;
                }
            }
            Order::Resume => {
                self.negotiation.resume().await;
                if self.is_failing {
                    let done = self.negotiation.restart_ice().await;
                    self.check(done).await;
                }
            }
            Order::PeerLeft if self.is_active && self.liveness.speaks() && self.is_hidden_open => {
                self.say("ping").await;
                self.gone_at = Some(Instant::now() + PROBE_TIMEOUT);
            }
            Order::PeerLeft => return Some(Over::Gone),
            Order::ServerAway if !self.is_active => return Some(Over::Gone),
            Order::ServerAway => {}
            Order::Declare(labels) => {
                self.context.labels = labels;
                self.ask_for_channels().await;
                if self.is_active {
                    self.channels_at = Some(Instant::now() + self.context.settings.channel_timeout);
                }
            }
        }
        None
    }

    async fn hear_ready(&mut self) {
        if !self.peer_is_ready {
            self.peer_is_ready = true;
            // They may have been deaf until now: an original client hears nothing before it has seen our announce.
            self.context.outbox.send("ready", None).await;
        }
    }

    async fn follow(&mut self, report: Report) -> Option<Over> {
        match report {
            Report::Candidate(event) => {
                let sent = self.negotiation.send_candidate(event).await;
                self.check(sent).await;
            }
            Report::Channel(channel) => {
                let taken = self.channels.take(channel).await;
                self.check(taken.map_err(Failure::from)).await;
            }
            Report::State(RTCPeerConnectionState::Connected) => self.connected().await,
            Report::State(RTCPeerConnectionState::Failed) if !self.is_active => {
                return self.fail().await;
            }
            Report::State(
                RTCPeerConnectionState::Disconnected | RTCPeerConnectionState::Failed,
            ) if self.is_active => {
                self.restore().await;
            }
            Report::State(_) => {}
        }
        None
    }

    async fn connected(&mut self) {
        self.fails_at = None;
        if !self.is_active {
            self.is_active = true;
            self.liveness.touch();
            self.context
                .events
                .emit(Event::CallStarted(self.context.peer.clone()))
                .await;
            self.life.started.cancel();
            self.channels_at = Some(Instant::now() + self.context.settings.channel_timeout);
        } else if self.is_failing {
            self.is_failing = false;
            self.context
                .events
                .emit(Event::CallRecovered(self.context.peer.clone()))
                .await;
        }
    }

    /// The connection is lost, perhaps for a moment only. Another way to the other side may be there.
    async fn restore(&mut self) {
        if !self.is_failing {
            self.is_failing = true;
            self.fails_at = Some(Instant::now() + self.context.settings.disconnect_timeout);
            self.context
                .events
                .emit(Event::CallFailing(self.context.peer.clone()))
                .await;
        }
        let done = self.negotiation.restart_ice().await;
        self.check(done).await;
    }

    async fn fail(&mut self) -> Option<Over> {
        self.context
            .events
            .emit(Event::CallFailed(self.context.peer.clone()))
            .await;
        Some(Over::Failed)
    }

    async fn hear(&mut self, event: Option<DataChannelEvent>) -> Option<Over> {
        match event {
            Some(DataChannelEvent::OnOpen) => {
                self.is_hidden_open = true;
                if !self.is_active {
                    self.connected().await;
                }
                self.say("ping").await;
                self.ask_for_channels().await;
            }
            Some(DataChannelEvent::OnMessage(message)) => self.hear_message(message).await,
            Some(DataChannelEvent::OnClose) | None if self.is_failing => return self.fail().await,
            // The other side has closed its peer connection.
            Some(DataChannelEvent::OnClose) | None => return Some(Over::There),
            Some(_) => {}
        }
        None
    }

    async fn hear_message(&mut self, message: RTCDataChannelMessage) {
        self.liveness.touch();
        match &message.data[..] {
            b"ping" => self.say("pong").await,
            b"pong" => {
                self.liveness.answered();
                self.gone_at = None;
            }
            request => match serde_json::from_slice(request) {
                Ok(request) => {
                    let made = self.channels.asked(request).await;
                    self.check(made.map_err(Failure::from)).await;
                }
                Err(error) => self.check(Err(error.into())).await,
            },
        }
    }

    async fn ask_for_channels(&mut self) {
        match self.channels.declare(&self.context.labels).await {
            Ok(requests) if self.is_hidden_open => {
                for request in requests {
                    if let Ok(json) = serde_json::to_string(&request) {
                        self.say(&json).await;
                    }
                }
            }
            made => self.check(made.map(drop).map_err(Failure::from)).await,
        }
    }

    /// Never waits: a peer that asks without reading gets no more answers.
    async fn say(&self, text: &str) {
        if self.is_hidden_open {
            let _ = self.hidden.try_send_text(text).await;
        }
    }

    async fn beat(&mut self) -> Option<Over> {
        self.say("ping").await;
        if !self.liveness.speaks() {
            self.context.outbox.send("ping", None).await;
        }
        if !self
            .liveness
            .beat(self.is_active, self.context.outbox.is_up())
        {
            return None;
        }
        self.context
            .events
            .emit(Event::CallExpired(self.context.peer.clone()))
            .await;
        Some(Over::Failed)
    }

    fn next_deadline(&self) -> Option<Instant> {
        let deadlines = [self.fails_at, self.gone_at, self.channels_at];
        deadlines.into_iter().flatten().min()
    }

    async fn on_deadline(&mut self) -> Option<Over> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.gone_at) {
            return Some(Over::Gone);
        }
        if is_due(self.fails_at) {
            return self.fail().await;
        }
        if is_due(self.channels_at) {
            self.channels_at = None;
            let made = self.channels.make_missing(&self.context.labels).await;
            self.check(made.map_err(Failure::from)).await;
        }
        None
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
