//! What the two sides say over their hidden channel: whether they are there, and which channels the slave asks for.
//!
//! May import: call, negotiation, serde_json, tokio, webrtc.

use tokio::time::Instant;
use webrtc::data_channel::{DataChannelEvent, RTCDataChannelMessage};

use super::{Call, Over};
use crate::client::negotiation::Failure;

impl Call {
    pub(super) async fn hear(&mut self, event: Option<DataChannelEvent>) -> Option<Over> {
        match event {
            Some(DataChannelEvent::OnOpen) => {
                self.is_hidden_open = true;
                self.sockets.channels_are_open();
                if !self.is_active() {
                    self.connected();
                }
                self.ask_whether_it_is_there().await;
                self.ask_for_channels().await;
                self.check_channels_later();
            }
            Some(DataChannelEvent::OnMessage(message)) => self.hear_message(message).await,
            Some(DataChannelEvent::OnClose) | None if self.is_failing => return self.fail(),
            // The other side has closed its peer connection.
            Some(DataChannelEvent::OnClose) | None => return Some(Over::There),
            Some(_) => {}
        }
        None
    }

    async fn hear_message(&mut self, message: RTCDataChannelMessage) {
        self.liveness.touch();
        // It may have lost its way, and found another, without a change of its state.
        if self.is_failing && self.is_connected {
            self.connected();
        }
        match &message.data[..] {
            b"ping" => self.say("pong").await,
            b"pong" => {
                self.liveness.answered(Instant::now());
                self.gone_at = None;
                self.silent_at = None;
            }
            // Nothing that is said here is bytes.
            _ if !message.is_string => {}
            request => match serde_json::from_slice(request) {
                Ok(request) => {
                    let made = self.channels.asked(request).await;
                    self.check(made.map_err(Failure::from));
                }
                Err(error) => self.check(Err(error.into())),
            },
        }
    }

    pub(super) async fn ask_for_channels(&mut self) {
        match self.channels.declare(&self.context.labels).await {
            Ok(requests) if self.is_hidden_open => {
                for request in requests {
                    if let Ok(json) = serde_json::to_string(&request) {
                        self.say(&json).await;
                    }
                }
            }
            made => self.check(made.map(drop).map_err(Failure::from)),
        }
    }

    /// The other side has some time, and the more the farther away it is, to make the channels that it was asked for.
    pub(super) fn check_channels_later(&mut self) {
        let timeout = self.context.settings.channel_timeout + self.liveness.probe_timeout();
        self.channels_at = Some(Instant::now() + timeout);
    }

    pub(super) async fn ask_whether_it_is_there(&mut self) {
        if self.is_hidden_open {
            self.liveness.ask(Instant::now());
            self.say("ping").await;
        }
    }

    /// Never waits: a peer that asks without reading gets no more answers.
    pub(super) async fn say(&self, text: &str) {
        if self.is_hidden_open {
            let _ = self.hidden.try_send_text(text).await;
        }
    }
}
