//! What the room tells a call, and what the call does about it.
//!
//! May import: call, channels, client, negotiation, serde_json, tokio.

use serde_json::Value;
use tokio::time::Instant;

use super::{Call, Over};
use crate::client::channels::Labels;
use crate::client::negotiation::Failure;

/// What the room tells a call.
pub(in crate::client) enum Order {
    /// A directed frame of the other side.
    Frame(String, Value),
    /// The signaling server is back, or the peer has said something new of itself: what was said before may be lost.
    Resume,
    /// The peer has another socket. If the server has started anew, its relay has lost what it had.
    PeerBack,
    /// The server says that the peer left. It may have lost its socket only.
    PeerLeft,
    /// The signaling server is gone: a call that has not started can't.
    ServerAway,
    /// Our side has declared more channels.
    Declare(Labels),
}

impl Call {
    pub(super) async fn obey(&mut self, order: Order) -> Option<Over> {
        match order {
            Order::Frame(command, data) => {
                self.liveness.touch();
                if command == "ready" {
                    self.hear_ready().await;
                } else {
                    match self.negotiation.receive(&command, data).await {
                        // It would wait for its answer for ever.
                        Err(excess @ Failure::Sections { .. }) => {
                            return Some(self.exceeded(excess));
                        }
                        done => self.check(done),
                    }
                    if command == "sdp" {
                        self.settle_tracks().await;
                    }
                }
            }
            Order::Resume => self.resume().await,
            Order::PeerBack => {
                self.resume().await;
                if self.is_active() && self.liveness.speaks() {
                    self.ask_whether_it_is_there().await;
                    self.silent_at = Some(Instant::now() + self.liveness.back_timeout());
                }
            }
            Order::PeerLeft
                if self.is_active() && self.liveness.speaks() && self.is_hidden_open =>
            {
                self.ask_whether_it_is_there().await;
                self.gone_at = Some(Instant::now() + self.liveness.probe_timeout());
            }
            Order::PeerLeft => return Some(Over::Gone),
            Order::ServerAway if !self.is_active() => return Some(Over::Gone),
            Order::ServerAway => {}
            Order::Declare(labels) => {
                self.context.labels = labels;
                // Until then they wait: of a channel that is made during the handshake the connection may not say when it opens.
                if self.is_hidden_open {
                    self.ask_for_channels().await;
                    self.check_channels_later();
                }
            }
        }
        None
    }

    async fn resume(&mut self) {
        self.negotiation.resume().await;
        if self.is_failing {
            let done = self.negotiation.restart_ice().await;
            self.check(done);
        }
    }

    async fn hear_ready(&mut self) {
        if self.ready_at.take().is_some() {
            // They may have been deaf until now: an original client hears nothing before it has seen our announce.
            self.context.outbox.send("ready", None).await;
        }
    }
}
