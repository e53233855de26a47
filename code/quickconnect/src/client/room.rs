//! The room we are in, a task: what the server and the user say to it, and what it tells the others of us.
//!
//! # Layout
//! - `members`: who is there, as frames tell
//! - `calls`: the call with each of them: when one begins, when it ends, and when it begins anew
//! - `pace`: how often one may begin; pure
//!
//! May import: backoff, call, channels, client, event, media, outbox, protocol, protocol::peer, queue, serde_json, settings, signaling, tokio,
//! tokio_util.

mod calls;
mod members;
mod pace;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::call::{Order, Over};
use super::channels::Labels;
use super::event::{ConnectError, Error, Event};
use super::media::Tracks;
use super::outbox::Outbox;
use super::queue::Events;
use super::settings::Settings;
use super::signaling::Heard;
use crate::protocol::peer::{ChannelConfig, PeerData, directed, encode};
use crate::protocol::{PeerId, RoomName};
use calls::Line;
pub(super) use pace::LIVED;
use pace::Paces;

/// Peers of one room that are remembered at once, if nothing else is said; whoever comes after them is not called.
pub const MAX_PEERS: usize = 256;
/// Bytes of our announce, and so of a profile: the smallest frame that servers take by default is a little larger.
pub const MAX_ANNOUNCE: usize = 61_440;
/// Bytes of another's that are read.
const MAX_DATA: usize = 65_536;
/// Commands of the user that wait until we are in the room; of more the oldest are dropped.
pub const MAX_WAITING: usize = 64;
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
    /// When a call begins for which it is too early.
    call_at: Option<Instant>,
    backoff: Backoff,
    redial_at: Option<Instant>,
}

pub(super) struct Room {
    id: PeerId,
    name: RoomName,
    instance: String,
    /// Sockets that we have had. The others see by it that we may have forgotten them.
    connection: u64,
    settings: Arc<Settings>,
    profile: Map<String, Value>,
    labels: Labels,
    /// Those that we send.
    tracks: watch::Receiver<Tracks>,
    events: Events,
    outbox: Outbox,
    /// Frames of the user that were sent before we were in the room.
    waiting: VecDeque<String>,
    entries: HashMap<PeerId, Entry>,
    paces: Paces,
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
        settings: Settings,
        labels: Labels,
        tracks: watch::Receiver<Tracks>,
        events: Events,
        outbox: Outbox,
    ) -> Self {
        let may_join = !settings.manual_join;
        Self {
            id,
            name,
            instance: super::id::make(),
            connection: 0,
            profile: settings.profile.clone(),
            paces: Paces::new(settings.max_peers),
            settings: Arc::new(settings),
            labels,
            tracks,
            events,
            outbox,
            waiting: VecDeque::new(),
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
            let timers = self.entries.values();
            let due = timers
                .flat_map(|entry| [entry.redial_at, entry.call_at])
                .flatten()
                .min();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                Some(heard) = heard.recv() => self.hear(heard).await,
                Some(Ok((id, number, why))) = self.calls.join_next() => self.call_over(&id, number, why).await,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.on_time().await;
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
                self.connection += 1;
                self.events.emit(Event::Connected).await;
                if self.may_join {
                    self.announce().await;
                }
                self.tell_all(|| Order::Resume);
            }
            Heard::Frame(text) => self.hear_frame(&text).await,
            Heard::Unanswered(why) => self.events.emit(Event::Error(why)).await,
            Heard::Away(why) => {
                self.outbox.set_up(false);
                self.is_connected = false;
                self.is_announced = false;
                self.away().await;
                self.events.emit(Event::Disconnected).await;
                if let Some(why) = why {
                    self.events.emit(Event::Error(why)).await;
                }
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
                    entry.call_at = None;
                    self.end_call(&id).await;
                }
            }
            Command::Reconnect(id) => self.reconnect_now(&id).await,
            Command::Profile(profile) => self.change_profile(profile).await,
            Command::Send(target, command, args) => {
                let frame = encode(&command, self.id.as_str(), &args);
                let frame = match target {
                    Some(target) => directed(target.as_str(), &frame),
                    None => frame,
                };
                self.post(frame).await;
            }
        }
    }

    /// Sends a frame of the user, once we are in the room.
    async fn post(&mut self, frame: String) {
        if self.is_announced {
            self.outbox.send(frame).await;
            return;
        }
        if self.waiting.len() == MAX_WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(frame);
    }

    /// Takes on a profile that servers would take.
    async fn change_profile(&mut self, profile: Map<String, Value>) {
        let former = self.profile.clone();
        self.profile.extend(profile);
        let bytes = self.announcement().len();
        let limit = MAX_ANNOUNCE.min(self.outbox.limit().bytes());
        if bytes > limit {
            self.profile = former;
            let error = Error::ProfileTooLarge { bytes, limit };
            self.events.emit(Event::Error(error)).await;
        } else if self.is_announced {
            self.announce().await;
        }
    }

    /// # Errors
    /// When the profile is larger than servers take.
    pub(super) fn check_profile(&self) -> Result<(), ConnectError> {
        let (bytes, limit) = (self.announcement().len(), MAX_ANNOUNCE);
        match bytes <= limit {
            true => Ok(()),
            false => Err(ConnectError::ProfileTooLarge { bytes, limit }),
        }
    }

    /// What others know of us.
    fn attributes(&self) -> PeerData {
        let mut profile = self.profile.clone();
        // These are not for the user to say.
        for name in ["id", "room", "instance", "connection"] {
            profile.remove(name);
        }
        PeerData {
            id: self.id.to_string(),
            room: self.name.as_str().to_owned(),
            instance: Some(self.instance.as_str().into()),
            connection: Some(self.connection.into()),
            profile,
        }
    }

    fn announcement(&self) -> String {
        let data = serde_json::to_value(self.attributes()).unwrap_or_default();
        encode("announce", self.id.as_str(), &[data])
    }

    async fn announce(&mut self) {
        self.is_announced = true;
        if !self.outbox.send(self.announcement()).await {
            // Better without a profile than not at all.
            self.profile.clear();
            self.outbox.send(self.announcement()).await;
        }
        for frame in std::mem::take(&mut self.waiting) {
            self.outbox.send(frame).await;
        }
        self.events.emit(Event::Announced(self.attributes())).await;
    }

    async fn announce_to(&self, id: &PeerId) {
        self.outbox
            .send(directed(id.as_str(), &self.announcement()))
            .await;
    }
}
