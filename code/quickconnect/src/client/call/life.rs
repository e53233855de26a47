//! From connecting to connected, lost, back again, or over: what the states of the connection and the clock make of a call.
//!
//! May import: call, connection, event, negotiation, tokio, webrtc.

use std::sync::atomic::Ordering;

use tokio::time::Instant;
use webrtc::peer_connection::RTCPeerConnectionState;

use super::{Call, LONGEST_READY, Over};
use crate::client::connection::Report;
use crate::client::event::Event;
use crate::client::negotiation::Failure;

impl Call {
    pub(super) async fn follow(&mut self, report: Report) -> Option<Over> {
        if let Report::State(state) = report {
            self.is_connected = state == RTCPeerConnectionState::Connected;
        }
        match report {
            Report::Candidate(event) => {
                let sent = self.negotiation.send_candidate(*event).await;
                self.check(sent);
            }
            Report::Channel(channel) => {
                if let Err(excess) = self.channels.take(channel).await {
                    return Some(self.exceeded(excess));
                }
            }
            Report::Track(track) => {
                if let Err(excess) = self.receiving.take(track).await {
                    return Some(self.exceeded(excess));
                }
            }
            Report::State(RTCPeerConnectionState::Connected) => self.connected(),
            Report::State(RTCPeerConnectionState::Failed) if !self.is_active() => {
                return self.fail();
            }
            Report::State(
                RTCPeerConnectionState::Disconnected | RTCPeerConnectionState::Failed,
            ) if self.is_active() => {
                self.restore().await;
            }
            Report::State(_) => {}
        }
        None
    }

    pub(super) fn connected(&mut self) {
        self.fails_at = None;
        if !self.is_active() {
            self.active_at = Some(Instant::now());
            self.context
                .progress
                .is_active
                .store(true, Ordering::Relaxed);
            self.liveness.touch();
            self.tell(Event::CallStarted);
            self.life.started.cancel();
        } else if self.is_failing {
            self.is_failing = false;
            self.tell(Event::CallRecovered);
        }
    }

    /// The connection is lost, perhaps for a moment only. Another way to the other side may be there.
    async fn restore(&mut self) {
        if !self.is_failing {
            self.is_failing = true;
            self.fails_at = Some(Instant::now() + self.context.settings.disconnect_timeout);
            self.tell(Event::CallFailing);
        }
        let done = self.negotiation.restart_ice().await;
        self.check(done);
    }

    pub(super) fn fail(&mut self) -> Option<Over> {
        self.tell(Event::CallFailed);
        Some(match self.is_active() {
            true => Over::Lost,
            false => Over::Failed,
        })
    }

    pub(super) async fn beat(&mut self) -> Option<Over> {
        self.ask_whether_it_is_there().await;
        if !self.liveness.speaks() {
            self.context.outbox.send("ping", None).await;
        }
        if self.context.events.are_behind() {
            // Its answers wait behind its messages: the silence is ours.
            self.liveness.touch();
        }
        if !self
            .liveness
            .beat(self.is_active(), self.context.outbox.is_up())
        {
            return None;
        }
        self.tell(Event::CallExpired);
        Some(Over::Lost)
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.fails_at,
            self.gone_at,
            self.silent_at,
            self.channels_at,
            self.ready_at,
        ];
        deadlines.into_iter().flatten().min()
    }

    pub(super) async fn on_deadline(&mut self) -> Option<Over> {
        let now = Instant::now();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.gone_at) {
            return Some(Over::Gone);
        }
        if is_due(self.fails_at) {
            return self.fail();
        }
        if is_due(self.silent_at) {
            self.silent_at = None;
            // The webrtc crate 0.21 keeps the relayed ports that it has, whatever ICE does: only another connection gets others.
            if self.context.settings.are_servers_given() {
                return Some(Over::Unrelayed);
            }
            self.restore().await;
        }
        if is_due(self.ready_at) {
            self.ready_at = Some(now + self.ready_wait);
            self.ready_wait = LONGEST_READY.min(2 * self.ready_wait);
            self.context.outbox.send("ready", None).await;
        }
        if is_due(self.channels_at) {
            self.channels_at = None;
            let made = self.channels.make_missing(&self.context.labels).await;
            self.check(made.map_err(Failure::from));
        }
        None
    }
}
