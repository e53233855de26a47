//! Who is in the room, and the call with each of them: when one begins, when it ends, and when it begins anew.
//!
//! May import: `call`, `event`, `outbox`, `queue`, `signaling`, `protocol`, tokio.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::backoff::Backoff;
use super::call::{self, Order, Over};
use super::channels::Labels;
use super::event::{Error, Event};
use super::outbox::Outbox;
use super::queue::Events;
use super::settings::Settings;
use super::signaling::Heard;
use crate::protocol::peer::{self, ChannelConfig, PeerData, directed, encode};
use crate::protocol::{NameLimits, PeerId, RoomName};

/// Peers of one room that are remembered at once; whoever comes after them is not called.
pub const MAX_PEERS: usize = 256;
/// Frames of one peer that wait for its call to handle them; of more, the rest is dropped.
const CALL_QUEUE: usize = 256;
/// The first wait before a call that failed is tried again, and the longest.
const FIRST_REDIAL: Duration = Duration::from_secs(1);
const LONGEST_REDIAL: Duration = Duration::from_secs(30);
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

/// What the user asks for.
pub(super) enum Command {
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

/// The way to a running call. Dropping it ends the call.
struct Line {
    orders: mpsc::Sender<Order>,
    end: DropGuard,
    /// Cancelled once the call is over, whatever happened to it.
    over: CancellationToken,
    number: u64,
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
                self.events.emit(Event::Connected).await;
                self.announce().await;
                self.tell_all(|| Order::Resume);
            }
            Heard::Frame(text) => self.hear_frame(&text).await,
            Heard::Away { is_for_good } => {
                self.outbox.set_up(false);
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
                if self.outbox.is_up() {
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

    // --- What the room hears

    async fn hear_frame(&mut self, text: &str) {
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
            "announce" => self.announced(sender, args, is_broadcast).await,
            "leave" => self.left(&sender).await,
            "reconnect" => self.reconnect_asked(&sender).await,
            command if CALL_COMMANDS.contains(&command) => {
                if let Some(line) = self
                    .entries
                    .get(&sender)
                    .and_then(|entry| entry.call.as_ref())
                {
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
                self.events
                    .emit(Event::Command {
                        command,
                        args,
                        peer: sender,
                    })
                    .await;
            }
        }
    }

    async fn announced(&mut self, id: PeerId, args: Vec<Value>, is_broadcast: bool) {
        let data = args.into_iter().next().unwrap_or_default();
        let data: PeerData = match serde_json::from_value(data) {
            Ok(data) => data,
            Err(error) => {
                let (peer, reason) = (id.to_string(), format!("its announce: {error}"));
                return self
                    .events
                    .emit(Event::Error(Error::Unusable { peer, reason }))
                    .await;
            }
        };
        if data.id != id.as_str() || data.room != self.name.as_str() {
            return;
        }
        match self.entries.get(&id) {
            Some(entry) if entry.data.instance == data.instance => {
                self.update(&id, data, is_broadcast).await
            }
            Some(_) => {
                // It has come back as a new page, which knows of no call.
                self.forget(&id).await;
                self.welcome(id, data, is_broadcast).await;
            }
            None if self.entries.len() < MAX_PEERS => self.welcome(id, data, is_broadcast).await,
            None => {
                let limit = MAX_PEERS;
                self.events
                    .emit(Event::Error(Error::TooManyPeers { peer: id, limit }))
                    .await;
            }
        }
    }

    async fn welcome(&mut self, id: PeerId, data: PeerData, is_broadcast: bool) {
        let entry = Entry {
            data: data.clone(),
            is_present: true,
            ended_by: None,
            call: None,
            backoff: Backoff::new(FIRST_REDIAL, LONGEST_REDIAL),
            redial_at: None,
        };
        self.entries.insert(id.clone(), entry);
        if is_broadcast {
            self.announce_to(&id).await;
        }
        self.events.emit(Event::PeerAnnounced(data)).await;
        self.start_call(&id);
    }

    async fn update(&mut self, id: &PeerId, data: PeerData, is_broadcast: bool) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        let was_present = std::mem::replace(&mut entry.is_present, true);
        entry.data = data.clone();
        // Who ended a call on purpose is not called because of a new profile.
        let may_call = match (&entry.call, entry.ended_by) {
            (Some(_), _) | (None, Some(Over::Here)) => false,
            (None, Some(Over::There)) => !is_broadcast,
            (None, _) => true,
        };
        if let Some(line) = &entry.call {
            let _ = line.orders.try_send(Order::Resume);
        }
        self.events.emit(Event::PeerUpdated(data)).await;
        if is_broadcast && (!was_present || may_call) {
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
    async fn away(&mut self) {
        for entry in self.entries.values_mut() {
            entry.is_present = false;
            entry.redial_at = None;
        }
        self.entries.retain(|_, entry| entry.call.is_some());
        self.tell_all(|| Order::ServerAway);
    }

    // --- Calls

    fn start_call(&mut self, id: &PeerId) {
        let Some(entry) = self
            .entries
            .get_mut(id)
            .filter(|entry| entry.call.is_none())
        else {
            return;
        };
        entry.ended_by = None;
        entry.redial_at = None;
        let (orders, receiver) = mpsc::channel(CALL_QUEUE);
        let (end, over) = (CancellationToken::new(), CancellationToken::new());
        let number = self.next_number;
        self.next_number += 1;
        entry.call = Some(Line {
            orders,
            end: end.clone().drop_guard(),
            over: over.clone(),
            number,
        });
        let context = call::Context {
            peer: id.clone(),
            is_master: self.id < *id,
            settings: Arc::clone(&self.settings),
            labels: self.labels.clone(),
            events: self.events.clone(),
            outbox: self.outbox.to(&self.id, id),
        };
        let run = call::run(context, receiver, end);
        let id = id.clone();
        self.calls.spawn(async move {
            let _guard = over.drop_guard();
            (id, number, run.await)
        });
    }

    /// Ends the call, if there is one, and waits until its end has been told.
    async fn end_call(&mut self, id: &PeerId) {
        let Some(Line {
            orders, end, over, ..
        }) = self.entries.get_mut(id).and_then(|entry| entry.call.take())
        else {
            return;
        };
        drop((orders, end));
        over.cancelled().await;
        self.forget_if_gone(id);
    }

    /// A call has ended by itself.
    async fn call_over(&mut self, id: &PeerId, number: u64, why: Over) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        if entry.call.as_ref().is_none_or(|line| line.number != number) {
            return;
        }
        entry.call = None;
        match why {
            Over::There | Over::Here => entry.ended_by = Some(why),
            Over::Gone => entry.is_present = false,
            Over::Failed if entry.is_present => {
                entry.redial_at = Some(Instant::now() + entry.backoff.next())
            }
            Over::Failed => {}
        }
        self.forget_if_gone(id);
    }

    fn forget_if_gone(&mut self, id: &PeerId) {
        if self
            .entries
            .get(id)
            .is_some_and(|entry| !entry.is_present && entry.call.is_none())
        {
            self.entries.remove(id);
        }
    }

    async fn forget(&mut self, id: &PeerId) {
        self.end_call(id).await;
        self.entries.remove(id);
    }

    /// A peer that hears of us again without a call with us begins one.
    async fn redial(&mut self) {
        let now = Instant::now();
        let mut due = Vec::new();
        for (id, entry) in &mut self.entries {
            if entry.redial_at.is_some_and(|at| at <= now) {
                entry.redial_at = Some(now + entry.backoff.next());
                due.push(id.clone());
            }
        }
        for id in due {
            self.announce_to(&id).await;
        }
    }

    async fn reconnect_to(&mut self, id: &PeerId) {
        if !self.entries.contains_key(id) {
            return;
        }
        self.end_call(id).await;
        self.outbox.to(&self.id, id).send("reconnect", None).await;
        // The slave waits until the master says the same.
        if self.id < *id {
            self.start_call(id);
        } else if let Some(entry) = self.entries.get_mut(id) {
            entry.ended_by = None;
        }
    }

    async fn reconnect_asked(&mut self, id: &PeerId) {
        if !self.entries.contains_key(id) {
            return;
        }
        self.end_call(id).await;
        if self.id < *id {
            self.outbox.to(&self.id, id).send("reconnect", None).await;
        }
        self.start_call(id);
    }

    fn tell_all(&self, order: impl Fn() -> Order) {
        for line in self
            .entries
            .values()
            .filter_map(|entry| entry.call.as_ref())
        {
            let _ = line.orders.try_send(order());
        }
    }

    // --- What the room is told of us

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
