//! What the room hears: who is there, and who is not any more.
//!
//! May import: backoff, call, event, protocol, protocol::peer, room, serde_json.

use serde_json::Value;

use super::{Entry, FIRST_REDIAL, LONGEST_REDIAL, MAX_DATA, Room};
use crate::client::backoff::Backoff;
use crate::client::call::{Order, Over};
use crate::client::event::{Error, Event};
use crate::protocol::peer::{self, PeerData};
use crate::protocol::{NameLimits, PeerId};

/// What the two sides of a call say to each other.
const CALL_COMMANDS: [&str; 7] = [
    "ready",
    "ping",
    "sdp",
    "candidate",
    "endofcandidates",
    "negotiate",
    "requestoffer",
];

impl Room {
    pub(super) async fn hear_frame(&mut self, text: &str) {
        let Some(frame) = peer::hear(text) else {
            return;
        };
        if frame.command == "error" && frame.sender.is_empty() {
            let word = |name: &str| {
                frame
                    .args
                    .first()
                    .and_then(|data| data[name].as_str())
                    .unwrap_or_default()
            };
            let (code, message) = (word("code").to_owned(), word("message").to_owned());
            self.events
                .emit(Event::Error(Error::Refused { code, message }))
                .await;
            return;
        }
        let is_ours = frame.target.is_none_or(|target| target == self.id.as_str());
        let Ok(sender) = PeerId::new(frame.sender, &NameLimits::DEFAULT) else {
            return;
        };
        if sender == self.id || !is_ours || !self.is_announced {
            return;
        }
        let is_broadcast = frame.target.is_none();
        let mut args = frame.args;
        match frame.command.as_str() {
            "announce" if text.len() > MAX_DATA => {
                let reason = format!("its announce has more than {MAX_DATA} bytes");
                let error = Error::unusable(&sender, reason);
                self.events.emit(Event::Error(error)).await;
            }
            "announce" => self.announced(sender, args, text.len(), is_broadcast).await,
            "leave" => self.left(&sender).await,
            "reconnect" => self.reconnect_asked(&sender).await,
            command if CALL_COMMANDS.contains(&command) => {
                let entry = self.entries.get_mut(&sender);
                if let Some(line) = entry.and_then(|entry| entry.call.as_mut()) {
                    line.has_heard = true;
                    let data = if args.is_empty() {
                        Value::Null
                    } else {
                        args.swap_remove(0)
                    };
                    let _ = line.orders.try_send(Order::Frame(frame.command, data));
                }
            }
            _ => {
                let command = frame.command;
                let event = Event::Command {
                    command,
                    args,
                    peer: sender,
                };
                self.events.emit_large(event, text.len()).await;
            }
        }
    }

    async fn announced(&mut self, id: PeerId, args: Vec<Value>, bytes: usize, is_broadcast: bool) {
        let data = args.into_iter().next().unwrap_or_default();
        let data: PeerData = match serde_json::from_value(data) {
            Ok(data) => data,
            Err(error) => {
                let error = Error::unusable(&id, format!("its announce: {error}"));
                return self.events.emit(Event::Error(error)).await;
            }
        };
        if data.id != id.as_str() {
            let error = Error::unusable(&id, "its announce names another id");
            return self.events.emit(Event::Error(error)).await;
        }
        if data.room != self.name.as_str() || !self.settings.filter.allows(&data) {
            return;
        }
        match self.entries.get(&id) {
            Some(entry) if self.knows_of_us(&id, entry, &data) => {
                self.update(&id, data, bytes, is_broadcast).await
            }
            Some(_) => {
                // It knows of no call.
                self.forget(&id).await;
                self.welcome(id, data, bytes, is_broadcast).await;
            }
            None if self.entries.len() < self.settings.max_peers => {
                self.welcome(id, data, bytes, is_broadcast).await
            }
            None => {
                let limit = self.settings.max_peers;
                self.events
                    .emit(Event::Error(Error::TooManyPeers { peer: id, limit }))
                    .await;
            }
        }
    }

    /// A new page or process knows of nobody. One that has had another socket since may have forgotten whom it has no call with.
    fn knows_of_us(&self, id: &PeerId, known: &Entry, data: &PeerData) -> bool {
        known.data.instance == data.instance
            && (known.data.connection == data.connection || self.is_in_call(id))
    }

    async fn welcome(&mut self, id: PeerId, data: PeerData, bytes: usize, is_broadcast: bool) {
        let entry = Entry {
            data: data.clone(),
            is_present: true,
            ended_by: None,
            call: None,
            call_at: None,
            backoff: Backoff::new(FIRST_REDIAL, LONGEST_REDIAL),
            redial_at: None,
        };
        self.entries.insert(id.clone(), entry);
        if is_broadcast {
            self.announce_to(&id).await;
        }
        self.events
            .emit_large(Event::PeerAnnounced(data), bytes)
            .await;
        self.start_call(&id);
    }

    async fn update(&mut self, id: &PeerId, data: PeerData, bytes: usize, is_broadcast: bool) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let was_present = std::mem::replace(&mut entry.is_present, true);
        let is_back = entry.data.connection != data.connection;
        entry.data = data.clone();
        // Who ended a call on purpose is not called because of a new profile.
        let may_call = match (&entry.call, entry.ended_by) {
            (Some(_), _) | (None, Some(Over::Here)) => false,
            // One begins as soon as it may.
            (None, _) if entry.call_at.is_some() => false,
            (None, Some(Over::There)) => !is_broadcast,
            (None, _) => true,
        };
        if let Some(line) = &entry.call {
            let order = match is_back {
                true => Order::PeerBack,
                false => Order::Resume,
            };
            let _ = line.orders.try_send(order);
        }
        self.events
            .emit_large(Event::PeerUpdated(data), bytes)
            .await;
        if is_broadcast && (!was_present || is_back || may_call) {
            self.announce_to(id).await;
        }
        if may_call {
            self.reconnect_to(id).await;
        }
    }

    async fn left(&mut self, id: &PeerId) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let was_present = std::mem::replace(&mut entry.is_present, false);
        match &entry.call {
            // Either it is forgotten with its call, or it has no call.
            Some(line) => drop(line.orders.try_send(Order::PeerLeft)),
            None => self.forget(id).await,
        }
        if was_present {
            self.events.emit(Event::PeerLeft(id.clone())).await;
        }
    }

    /// The signaling server is gone. What has not started by now fails, or begins anew when the server is back.
    pub(super) async fn away(&mut self) {
        for entry in self.entries.values_mut() {
            entry.is_present = false;
            entry.redial_at = None;
            entry.call_at = None;
        }
        self.entries.retain(|_, entry| entry.call.is_some());
        self.tell_all(|| Order::ServerAway);
    }
}
