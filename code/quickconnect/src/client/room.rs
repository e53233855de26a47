//! The room we are in, a task: what the server and the user say to it, and what it tells the others of us.
//!
//! # Layout
//! - `members`: who is there, as frames tell
//! - `calls`: the call with each of them: when one begins, when it ends, and when it begins anew
//!
//! May import: `call`, `event`, `outbox`, `queue`, `signaling`, `protocol`, tokio.

mod calls;
mod members;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::call::{Order, Over};
use super::channels::Labels;
use super::event::{Error, Event};
use super::outbox::Outbox;
use super::queue::Events;
use super::settings::Settings;
use super::signaling::Heard;
use crate::protocol::peer::{ChannelConfig, PeerData, directed, encode};
use crate::protocol::{PeerId, RoomName};
use calls::Line;

/// Peers of one room that are remembered at once; whoever comes after them is not called.
pub const MAX_PEERS: usize = 256;
/// The first wait before a call that failed is tried again, and the longest.
const FIRST_REDIAL: Duration = Duration::from_secs(1);
const LONGEST_REDIAL: Duration = Duration::from_secs(30);

/// What the user asks for.
pub(super) enum Command {
    Join,
    Declare(String, ChannelConfig),
    EndCall(PeerId),
    Reconnect(PeerId),
    Profile(Map<String, Value>),
    Send(Option<PeerId>, String, Vec<Value>),
}

/// What is known of one peer.
struct Entry {
    data: PeerData,
    /// The signaling server has it in the room, as far as we know.
    is_present: bool,
    /// Who ended the last call on purpose.
    ended_by: Option<Over>,
    call: Option<Line>,
    backoff: Backoff,
    redial_at: Option<Instant>,
}

pub(super) struct Room {
    id: PeerId,
    name: RoomName,
    instance: String,
    url: String,
    settings: Arc<Settings>,
    profile: Map<String, Value>,
    labels: Labels,
    events: Events,
    outbox: Outbox,
    entries: HashMap<PeerId, Entry>,
    calls: JoinSet<(PeerId, u64, Over)>,
    next_number: u64,
    /// Whether we announce ourselves once the server may be spoken to.
    may_join: bool,
    is_connected: bool,
    is_announced: bool,
}

impl Room {
    pub(super) fn new(
        id: PeerId,
        name: RoomName,
        url: String,
        settings: Settings,
        labels: Labels,
        events: Events,
        outbox: Outbox,
    ) -> Self {
        let may_join = !settings.manual_join;
        Self {
            id,
            name,
            instance: super::id::make(),
            url,
            profile: settings.profile.clone(),
            settings: Arc::new(settings),
            labels,
            events,
            outbox,
            entries: HashMap::new(),
            calls: JoinSet::new(),
            next_number: 0,
            may_join,
            is_connected: false,
            is_announced: false,
        }
    }

    /// Runs until there is nobody left to give commands.
    pub(super) async fn run(
        mut self,
        mut heard: mpsc::Receiver<Heard>,
        mut commands: mpsc::Receiver<Command>,
    ) {
        loop {
            let redial_at = self
                .entries
                .values()
                .filter_map(|entry| entry.redial_at)
                .min();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                Some(heard) = heard.recv() => self.hear(heard).await,
                Some(Ok((id, number, why))) = self.calls.join_next() => self.call_over(&id, number, why).await,
                () = sleep_until(redial_at.unwrap_or_else(Instant::now)), if redial_at.is_some() => {
                    self.redial().await;
                }
            }
        }
        if self.is_announced {
            let leave = encode(
                "leave",
                self.id.as_str(),
                &[json!({ "id": self.id.as_str() })],
            );
            self.outbox.send(leave).await;
        }
        self.entries.clear();
        while self.calls.join_next().await.is_some() {}
    }

    async fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Ready => {
                self.outbox.set_up(true);
                self.is_connected = true;
                self.events.emit(Event::Connected).await;
                if self.may_join {
                    self.announce().await;
                }
                self.tell_all(|| Order::Resume);
            }
            Heard::Frame(text) => self.hear_frame(&text).await,
            Heard::Away { is_for_good } => {
                self.outbox.set_up(false);
                self.is_connected = false;
                self.is_announced = false;
                self.away().await;
                self.events.emit(Event::Disconnected).await;
                let url = self.url.clone();
                let error = if is_for_good {
                    Error::TakenOver
                } else {
                    Error::ServerAway { url }
                };
                self.events.emit(Event::Error(error)).await;
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Join => {
                self.may_join = true;
                if self.is_connected && !self.is_announced {
                    self.announce().await;
                }
            }
            Command::Declare(label, config) => {
                self.labels.retain(|(known, _)| *known != label);
                self.labels.push((label, config));
                let labels = self.labels.clone();
                self.tell_all(|| Order::Declare(labels.clone()));
            }
            Command::EndCall(id) => {
                if let Some(entry) = self.entries.get_mut(&id) {
                    entry.ended_by = Some(Over::Here);
                    entry.redial_at = None;
                    self.end_call(&id).await;
                }
            }
            Command::Reconnect(id) => self.reconnect_to(&id).await,
            Command::Profile(profile) => {
                self.profile.extend(profile);
                if self.is_announced {
                    self.announce().await;
                }
            }
            Command::Send(target, command, args) => {
                let frame = encode(&command, self.id.as_str(), &args);
                let frame = match target {
                    Some(target) => directed(target.as_str(), &frame),
                    None => frame,
                };
                self.outbox.send(frame).await;
            }
        }
    }

    fn announcement(&self) -> String {
        let mut data = self.profile.clone();
        for (name, value) in [
            ("id", self.id.as_str()),
            ("room", self.name.as_str()),
            ("instance", &self.instance),
        ] {
            data.insert(name.to_owned(), value.into());
        }
        encode("announce", self.id.as_str(), &[data.into()])
    }

    async fn announce(&mut self) {
        self.is_announced = true;
        self.outbox.send(self.announcement()).await;
    }

    async fn announce_to(&self, id: &PeerId) {
        self.outbox
            .send(directed(id.as_str(), &self.announcement()))
            .await;
    }
}
