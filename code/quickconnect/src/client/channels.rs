//! The data channels of one call, by label. The master of the pair makes them, so that no label is made twice; the
//! slave asks it to. Each has a task that passes on what it carries.
//!
//! May import: channel, event, protocol, protocol::peer, queue, thiserror, tokio, tokio_util, webrtc.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit};
use webrtc::error::Result;
use webrtc::peer_connection::PeerConnection;

use super::channel::{Channel, Message};
use super::event::Event;
use super::queue::CallEvents;
use crate::protocol::PeerId;
use crate::protocol::peer::{ChannelConfig, ChannelRequest};

/// Channels of one call, if nothing else is said; of more that the other side makes, each is closed at once.
pub const MAX_CHANNELS: usize = 64;
/// Bytes of the longest label or subprotocol that the other side may give a channel.
pub const MAX_LABEL: usize = 1024;
/// How many channels the other side may make in the course of a call, for each that it may have at once. The connection
/// keeps something of every channel until its end.
const MADE_FOR_EACH: usize = 16;

/// What a client declares for all its calls, in order.
pub(super) type Labels = Vec<(String, ChannelConfig)>;

/// What a channel's task reports to the call.
pub(super) enum Note {
    Opened(Channel),
    Closed(Channel),
    /// More waits for the user than may, and the other side goes on.
    Overrun,
}

/// Why a channel of the other side ends the call.
#[derive(Debug, thiserror::Error)]
pub(super) enum Excess {
    #[error("it made more than {limit} data channels")]
    Channels { limit: usize },
    #[error("the label or the subprotocol of a data channel has more than {MAX_LABEL} bytes")]
    Label,
}

pub(super) struct Channels {
    pc: Arc<dyn PeerConnection>,
    peer: PeerId,
    is_master: bool,
    events: CallEvents,
    /// The newest channel of each label, in whatever state.
    newest: HashMap<String, Channel>,
    open: HashMap<String, Channel>,
    notes: mpsc::Sender<Note>,
    tasks: JoinSet<()>,
    life: Life,
    /// At once.
    max: usize,
    /// Those of the other side, since the call began.
    made_there: usize,
}

/// The two moments of a call that its channels wait for.
#[derive(Debug, Clone, Default)]
pub(super) struct Life {
    /// The user has been told that the call started.
    pub(super) started: CancellationToken,
    /// The call is over.
    pub(super) over: CancellationToken,
}

impl Channels {
    pub(super) fn new(
        pc: Arc<dyn PeerConnection>,
        peer: PeerId,
        is_master: bool,
        events: CallEvents,
        life: Life,
        max: usize,
    ) -> (Self, mpsc::Receiver<Note>) {
        // Each channel says two things in its life, and room for both keeps its task from ever waiting here.
        let (notes, receiver) = mpsc::channel(2 * max);
        let channels = Self {
            pc,
            peer,
            is_master,
            events,
            newest: HashMap::new(),
            open: HashMap::new(),
            notes,
            tasks: JoinSet::new(),
            life,
            max,
            made_there: 0,
        };
        (channels, receiver)
    }

    /// The way on which tasks report to the call.
    pub(super) fn notes(&self) -> mpsc::Sender<Note> {
        self.notes.clone()
    }

    /// Makes what is ours to make, and returns what has to be asked for.
    pub(super) async fn declare(&mut self, labels: &Labels) -> Result<Vec<ChannelRequest>> {
        let mut requests = Vec::new();
        for (index, (label, config)) in labels.iter().enumerate() {
            if self.newest.contains_key(label) {
                continue;
            }
            if self.is_master || config.negotiated {
                self.make(label, config, index).await?;
            } else {
                requests.push(ChannelRequest {
                    open: label.clone(),
                    config: config.clone(),
                });
            }
        }
        Ok(requests)
    }

    /// A channel that did not open is made anew, and one that the master did not make is made by the slave: not
    /// every master can be asked.
    pub(super) async fn make_missing(&mut self, labels: &Labels) -> Result<()> {
        for (index, (label, config)) in labels.iter().enumerate() {
            if self.open.contains_key(label) {
                continue;
            }
            if let Some(stuck) = self.newest.remove(label) {
                stuck.close().await;
            }
            self.make(label, config, index).await?;
        }
        Ok(())
    }

    /// The slave asks for a channel.
    pub(super) async fn asked(&mut self, request: ChannelRequest) -> Result<()> {
        let has_place = self.newest.len() < self.max && !self.newest.contains_key(&request.open);
        let fits = [&request.open, &request.config.protocol]
            .into_iter()
            .all(|text| text.len() <= MAX_LABEL);
        if !self.is_master || !has_place || !fits || request.config.negotiated {
            return Ok(());
        }
        self.make(&request.open, &request.config, 0).await
    }

    /// The other side made a channel.
    ///
    /// # Errors
    /// When it has made so many, or one so large, that the call should end.
    pub(super) async fn take(
        &mut self,
        inner: Arc<dyn DataChannel>,
    ) -> std::result::Result<(), Excess> {
        // Both fail for a channel that is gone already.
        let (Ok(label), Ok(config)) = (inner.label().await, config_of(&*inner).await) else {
            return Ok(());
        };
        self.made_there += 1;
        let limit = self.max * MADE_FOR_EACH;
        if self.made_there > limit {
            return Err(Excess::Channels { limit });
        }
        if label.len().max(config.protocol.len()) > MAX_LABEL {
            return Err(Excess::Label);
        }
        if self.newest.len() >= self.max && !self.newest.contains_key(&label) {
            self.tasks.spawn(refuse(inner));
        } else {
            self.watch(label, config, inner);
        }
        Ok(())
    }

    /// A channel's task has reported.
    pub(super) fn note(&mut self, note: Note) {
        // Those of channels that have closed.
        while self.tasks.try_join_next().is_some() {}
        match note {
            // That is for the call.
            Note::Overrun => {}
            Note::Opened(channel) => {
                self.open.insert(channel.label().to_owned(), channel);
            }
            Note::Closed(channel) => {
                for known in [&mut self.newest, &mut self.open] {
                    if known.get(channel.label()) == Some(&channel) {
                        known.remove(channel.label());
                    }
                }
            }
        }
    }

    /// Waits until every channel has said that it is closed. The connection must be closed already.
    pub(super) async fn finish(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    async fn make(&mut self, label: &str, config: &ChannelConfig, index: usize) -> Result<()> {
        let place = u16::try_from(index).unwrap_or(u16::MAX);
        let negotiated = config.negotiated.then_some(config.id.unwrap_or(place));
        let init = RTCDataChannelInit {
            ordered: config.ordered,
            max_packet_life_time: config.max_packet_life_time,
            max_retransmits: config.max_retransmits,
            protocol: config.protocol.clone(),
            negotiated,
        };
        let inner = self.pc.create_data_channel(label, Some(init)).await?;
        let config = ChannelConfig {
            id: negotiated,
            ..config.clone()
        };
        self.watch(label.to_owned(), config, inner);
        Ok(())
    }

    fn watch(&mut self, label: String, config: ChannelConfig, inner: Arc<dyn DataChannel>) {
        let channel = Channel::new(self.peer.clone(), label.clone(), config, inner);
        self.newest.insert(label, channel.clone());
        let (events, notes, life) = (self.events.clone(), self.notes.clone(), self.life.clone());
        self.tasks.spawn(pass_on(channel, events, notes, life));
    }
}

/// How the other side has made a channel.
async fn config_of(channel: &dyn DataChannel) -> Result<ChannelConfig> {
    Ok(ChannelConfig {
        ordered: channel.ordered().await?,
        max_retransmits: channel.max_retransmits().await?,
        max_packet_life_time: channel.max_packet_life_time().await?,
        protocol: channel.protocol().await?,
        ..ChannelConfig::default()
    })
}

/// Closes a channel for which there is no place. What still comes on it is dropped here: the connection would keep the
/// last 256 messages of a channel that nobody listens to.
async fn refuse(channel: Arc<dyn DataChannel>) {
    // An error says that it is closed.
    let _ = channel.close().await;
    while let Some(event) = channel.poll().await {
        if matches!(event, DataChannelEvent::OnClose) {
            break;
        }
    }
}

/// Tells the user what happens on a channel, in order, until it is closed. Once it is open this never waits, so that all that
/// has arrived is counted: the connection's own queues would hold 256 messages for each channel, of whatever size.
async fn pass_on(channel: Channel, events: CallEvents, notes: mpsc::Sender<Note>, life: Life) {
    let mut is_open = false;
    // Of a negotiated channel that is made when the connection is up the connection says nothing: it is open at once.
    let mut first = match channel.config().negotiated && channel.is_open().await {
        true => Some(DataChannelEvent::OnOpen),
        false => None,
    };
    loop {
        let event = match first.take() {
            Some(event) => event,
            None => match channel.poll().await {
                Some(event) => event,
                None => break,
            },
        };
        match event {
            DataChannelEvent::OnOpen if !is_open => {
                tokio::select! {
                    () = life.started.cancelled() => {}
                    () = life.over.cancelled() => break,
                }
                is_open = true;
                let _ = notes.send(Note::Opened(channel.clone())).await;
                events.tell(Event::ChannelOpened(channel.clone()));
            }
            DataChannelEvent::OnMessage(message) => {
                let bytes = message.data.len();
                let message = Event::Message(channel.clone(), Message::from(message));
                if events.message(message, bytes).is_err() {
                    let _ = notes.try_send(Note::Overrun);
                    break;
                }
            }
            DataChannelEvent::OnClose => break,
            _ => {}
        }
    }
    if is_open {
        events.tell(Event::ChannelClosed(channel.clone()));
    }
    let _ = notes.try_send(Note::Closed(channel));
}
