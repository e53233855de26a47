//! From connecting to connected, lost, back again, or over: what the states of the connection and the clock make of a call.
//!
//! May import: [`Call`] and what it may.

use tokio::time::Instant;
use webrtc::peer_connection::RTCPeerConnectionState;

use super::{Call, Over};
use crate::client::connection::Report;
use crate::client::event::Event;
use crate::client::negotiation::Failure;

impl Call {
    pub(super) async fn follow(&mut self, report: Report) -> Option<Over> {
        match report {
            Report::Candidate(event) => {
                let sent = self.negotiation.send_candidate(*event).await;
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

    pub(super) async fn connected(&mut self) {
        self.fails_at = None;
        if !self.is_active {
            self.is_active = true;
            self.liveness.touch();
            self.tell(Event::CallStarted).await;
            self.life.started.cancel();
            self.channels_at = Some(Instant::now() + self.context.settings.channel_timeout);
        } else if self.is_failing {
            self.is_failing = false;
            self.tell(Event::CallRecovered).await;
        }
    }

    /// The connection is lost, perhaps for a moment only. Another way to the other side may be there.
    async fn restore(&mut self) {
        if !self.is_failing {
            self.is_failing = true;
            self.fails_at = Some(Instant::now() + self.context.settings.disconnect_timeout);
            self.tell(Event::CallFailing).await;
        }
        let done = self.negotiation.restart_ice().await;
        self.check(done).await;
    }

    pub(super) async fn fail(&mut self) -> Option<Over> {
        self.tell(Event::CallFailed).await;
        Some(match self.is_active {
            true => Over::Lost,
            false => Over::Failed,
        })
    }

    pub(super) async fn beat(&mut self) -> Option<Over> {
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
        self.tell(Event::CallExpired).await;
        Some(Over::Lost)
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let deadlines = [self.fails_at, self.gone_at, self.channels_at];
        deadlines.into_iter().flatten().min()
    }

    pub(super) async fn on_deadline(&mut self) -> Option<Over> {
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
}
