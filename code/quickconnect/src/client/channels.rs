//! The data channels of one call, by label. The master of the pair makes them, so that no label is made twice; the
//! slave asks it to. Each has a task that passes on what it carries.
//!
//! May import: `event`, `queue`, `protocol`, webrtc, tokio.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use webrtc::data_channel::{
    DataChannel, DataChannelEvent, RTCDataChannelInit, RTCDataChannelMessage,
};
use webrtc::error::Result;
use webrtc::peer_connection::PeerConnection;

use super::event::{Event, Message, SendError};
use super::queue::Events;
use crate::protocol::PeerId;
use crate::protocol::peer::{ChannelConfig, ChannelRequest};

/// Channels of one call; of more that the other side makes, each is closed at once.
pub const MAX_CHANNELS: usize = 64;
/// Bytes of the largest message that every implementation takes
/// ([RFC 8841](https://www.rfc-editor.org/rfc/rfc8841#section-6.1)).
pub const MAX_MESSAGE: usize = 65_536;

/// What a client declares for all its calls, in order.
pub(super) type Labels = Vec<(String, ChannelConfig)>;

/// An open data channel. Cheap to clone; two are equal if they are the same channel.
#[derive(Clone)]
pub struct Channel {
    peer: PeerId,
    label: String,
    inner: Arc<dyn DataChannel>,
}

impl Channel {
    /// The other side.
    pub fn peer(&self) -> &PeerId {
        &self.peer
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Sends a text. Waits while [`SEND_BUFFER`](super::SEND_BUFFER) bytes are on their way.
    ///
    /// # Errors
    /// When the channel is closed, and for more than [`MAX_MESSAGE`] bytes.
    pub async fn send_text(&self, text: &str) -> std::result::Result<(), SendError> {
        self.check(text.len())?;
        let sent = self.inner.send_text(text).await;
        sent.map_err(|_| self.closed())
    }

    /// Sends bytes; otherwise as [`send_text`](Self::send_text).
    ///
    /// # Errors
    /// The same.
    pub async fn send(&self, bytes: &[u8]) -> std::result::Result<(), SendError> {
        self.check(bytes.len())?;
        let sent = self.inner.send(BytesMut::from(bytes)).await;
        sent.map_err(|_| self.closed())
    }

    /// Closes it. The other side hears so.
    pub async fn close(&self) {
        // An error says that it is closed.
        let _ = self.inner.close().await;
    }

    fn check(&self, bytes: usize) -> std::result::Result<(), SendError> {
        let limit = MAX_MESSAGE;
        (bytes <= limit)
            .then_some(())
            .ok_or(SendError::TooLarge { bytes, limit })
    }

    fn closed(&self) -> SendError {
        SendError::Closed {
            label: self.label.clone(),
        }
    }
}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({:?} with {})", self.label, self.peer)
    }
}

/// What a channel's task reports to the call.
pub(super) enum Note {
    Opened(Channel),
    Closed(Channel),
}

pub(super) struct Channels {
    pc: Arc<dyn PeerConnection>,
    peer: PeerId,
    is_master: bool,
    events: Events,
    /// The newest channel of each label, in whatever state.
    newest: HashMap<String, Channel>,
    open: HashMap<String, Channel>,
    notes: mpsc::Sender<Note>,
    tasks: JoinSet<()>,
    life: Life,
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
        events: Events,
        life: Life,
    ) -> (Self, mpsc::Receiver<Note>) {
        // Each channel says two things in its life, and room for both keeps its task from ever waiting here.
        let (notes, receiver) = mpsc::channel(2 * MAX_CHANNELS);
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
        };
        (channels, receiver)
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
        let has_place =
            self.newest.len() < MAX_CHANNELS && !self.newest.contains_key(&request.open);
        if !self.is_master || !has_place || request.config.negotiated {
            return Ok(());
        }
        self.make(&request.open, &request.config, 0).await
    }

    /// The other side made a channel.
    pub(super) async fn take(&mut self, inner: Arc<dyn DataChannel>) -> Result<()> {
        let label = inner.label().await?;
        if self.newest.len() >= MAX_CHANNELS && !self.newest.contains_key(&label) {
            return inner.close().await;
        }
        self.watch(label, inner);
        Ok(())
    }

    /// A channel's task has reported.
    pub(super) fn note(&mut self, note: Note) {
        // Those of channels that have closed.
        while self.tasks.try_join_next().is_some() {}
        match note {
            Note::Opened(channel) => {
                self.open.insert(channel.label.clone(), channel);
            }
            Note::Closed(channel) => {
                for known in [&mut self.newest, &mut self.open] {
                    if known.get(&channel.label) == Some(&channel) {
                        known.remove(&channel.label);
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
        let negotiated = config
            .negotiated
            .then(|| u16::try_from(index).unwrap_or(u16::MAX));
        let init = RTCDataChannelInit {
            ordered: config.ordered,
            max_packet_life_time: config.max_packet_life_time,
            max_retransmits: config.max_retransmits,
            protocol: config.protocol.clone(),
            negotiated,
        };
        let inner = self.pc.create_data_channel(label, Some(init)).await?;
        self.watch(label.to_owned(), inner);
        Ok(())
    }

    fn watch(&mut self, label: String, inner: Arc<dyn DataChannel>) {
        let channel = Channel {
            peer: self.peer.clone(),
            label: label.clone(),
            inner,
        };
        self.newest.insert(label, channel.clone());
        let (events, notes, life) = (self.events.clone(), self.notes.clone(), self.life.clone());
        self.tasks.spawn(pass_on(channel, events, notes, life));
    }
}

/// Tells the user what happens on a channel, in order, until it is closed.
async fn pass_on(channel: Channel, events: Events, notes: mpsc::Sender<Note>, life: Life) {
    let mut is_open = false;
    while let Some(event) = channel.inner.poll().await {
        match event {
            DataChannelEvent::OnOpen if !is_open => {
                tokio::select! {
                    () = life.started.cancelled() => {}
                    () = life.over.cancelled() => break,
                }
                is_open = true;
                let _ = notes.send(Note::Opened(channel.clone())).await;
                events.emit(Event::ChannelOpened(channel.clone())).await;
            }
            DataChannelEvent::OnMessage(message) => {
                let message = Event::Message(channel.clone(), read(message));
                tokio::select! {
                    biased; // a message that has a place is not lost to the end of the call
                    () = events.emit_message(message) => {}
                    () = life.over.cancelled() => break,
                }
            }
            DataChannelEvent::OnClose => break,
            _ => {}
        }
    }
    if is_open {
        events.emit(Event::ChannelClosed(channel.clone())).await;
    }
    let _ = notes.try_send(Note::Closed(channel));
}

fn read(message: RTCDataChannelMessage) -> Message {
    if message.is_string {
        Message::Text(String::from_utf8_lossy(&message.data).into_owned())
    } else {
        Message::Binary(message.data.freeze())
    }
}
