//! What a client tells, in the terms of its page: the names of the JavaScript client's events.
//!
//! May import: quickconnect.

use quickconnect::{Channel, Error, Event, Message};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The data channels of one client, each with a number by which the page knows it.
#[derive(Default)]
pub(super) struct Channels(Vec<Known>);

struct Known {
    channel: Channel,
    /// What the page sends over it.
    texts: mpsc::UnboundedSender<String>,
}

impl Channels {
    /// What the page is told, if it is told anything.
    pub(super) fn describe(&mut self, event: Event) -> Option<Value> {
        let of = |event: &str, peer: &str| json!({ "event": event, "peer": peer });
        Some(match event {
            Event::Connected => json!({ "event": "connected" }),
            Event::Disconnected => json!({ "event": "disconnected" }),
            Event::Error(error) => {
                json!({ "event": "error", "message": error.to_string(), "peer": peer_of(&error) })
            }
            Event::Announced(data) => json!({ "event": "local:announce", "data": data }),
            Event::PeerAnnounced(data) => json!({ "event": "peer:announce", "data": data }),
            Event::PeerUpdated(data) => json!({ "event": "peer:update", "data": data }),
            Event::PeerLeft(peer) => of("peer:left", peer.as_str()),
            Event::CallBegun(peer) => of("peer:connect", peer.as_str()),
            Event::CallStarted(peer) => of("call:started", peer.as_str()),
            Event::CallFailing(peer) => of("call:failing", peer.as_str()),
            Event::CallRecovered(peer) => of("call:recovered", peer.as_str()),
            Event::CallFailed(peer) => of("call:failed", peer.as_str()),
            Event::CallExpired(peer) => of("call:expired", peer.as_str()),
            Event::CallEnded(peer) => of("call:ended", peer.as_str()),
            Event::ChannelOpened(channel) => json!({
                "event": "channel:opened", "peer": channel.peer().as_str(), "label": channel.label(), "config": channel.config(),
                "number": self.open(channel),
            }),
            Event::ChannelClosed(channel) => {
                json!({ "event": "channel:closed", "number": self.number(&channel)? })
            }
            Event::Message(channel, Message::Text(text)) => {
                json!({ "event": "message", "number": self.number(&channel)?, "text": text })
            }
            Event::Command {
                command,
                args,
                peer,
            } => {
                json!({ "event": format!("message:{command}"), "args": args, "peer": peer.as_str() })
            }
            _ => return None,
        })
    }

    /// The page sends over a channel, or closes it.
    pub(super) fn hear(&self, word: &Value) {
        let number = word["channel"].as_u64().unwrap_or(u64::MAX);
        let Some(known) = self.0.get(number as usize) else {
            return;
        };
        if let Some(text) = word["text"].as_str() {
            let _ = known.texts.send(text.to_owned());
        } else {
            let channel = known.channel.clone();
            tokio::spawn(async move { channel.close().await });
        }
    }

    fn open(&mut self, channel: Channel) -> usize {
        let (texts, mut sent) = mpsc::unbounded_channel::<String>();
        let sending = channel.clone();
        tokio::spawn(async move {
            while let Some(text) = sent.recv().await {
                if sending.send_text(&text).await.is_err() {
                    return;
                }
            }
        });
        self.0.push(Known { channel, texts });
        self.0.len() - 1
    }

    fn number(&self, channel: &Channel) -> Option<usize> {
        self.0.iter().rposition(|known| known.channel == *channel)
    }
}

/// Whose fault it is, or with whom it happened.
fn peer_of(error: &Error) -> Option<&str> {
    match error {
        Error::Unusable { peer, .. } => Some(peer),
        Error::Call { peer, .. } | Error::TooManyPeers { peer, .. } => Some(peer.as_str()),
        _ => None,
    }
}
