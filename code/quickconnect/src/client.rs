//! The client: join a room, and be connected to everybody in it. Joins the parts below; is what a program sees.
//!
//! May import: async_trait, bytes, futures_util, protocol, protocol::peer, rand, rtc, serde_json, socket2, thiserror, tokio,
//! tokio_tungstenite, tokio_util, url, webrtc.

mod backlog;
mod backoff;
mod builder;
mod call;
mod channel;
mod channels;
mod connection;
mod dialing;
mod event;
mod id;
mod liveness;
mod media;
mod negotiation;
mod outbox;
mod queue;
mod room;
mod settings;
mod signaling;
mod sockets;
mod token;

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use serde_json::{Map, Value};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

pub use backlog::Backlog;
pub use builder::Builder;
pub use channel::{Channel, MAX_MESSAGE, Message, SendError};
pub use channels::{MAX_CHANNELS, MAX_LABEL};
pub use connection::SEND_BUFFER;
pub use event::{Closed, ConnectError, Error, Event, SendCommandError};
pub use media::{
    AddTrackError, Codec, Kind, LocalTrack, MAX_PACKETS, MAX_STREAM_ID, MAX_TRACKS, RemoteTrack,
    RtpPacket, TooManyTracks,
};
pub use negotiation::{MAX_EARLY_CANDIDATES, MAX_SECTIONS};
pub use queue::EVENT_QUEUE;
pub use room::{MAX_ANNOUNCE, MAX_PEERS, MAX_WAITING};
pub use webrtc::peer_connection::RTCIceServer as IceServer;

use crate::protocol::peer::ChannelConfig;
use crate::protocol::{PeerId, RoomName};
use media::Tracks;
use queue::Queued;
use room::Command;

/// A place in a room, and a call with everybody else in it.
///
/// Take its events with [`next`](Self::next), or as a [`Stream`]: what you leave waiting holds up the room
/// ([`EVENT_QUEUE`]) and those who send you messages ([`Backlog`]). Dropping it ends everything soon;
/// [`close`](Self::close) waits until it has.
#[derive(Debug)]
pub struct QuickConnect {
    id: PeerId,
    room: RoomName,
    events: mpsc::UnboundedReceiver<Queued>,
    commands: mpsc::Sender<Command>,
    tracks: watch::Sender<Tracks>,
    has_media: bool,
    running: JoinHandle<()>,
    closing: DropGuard,
}

impl QuickConnect {
    /// Begins with the address of a signaling server, such as `http://127.0.0.1:8000`.
    pub fn builder(url: impl Into<String>) -> Builder {
        Builder::at(url.into())
    }

    /// Who we are.
    pub fn id(&self) -> &PeerId {
        &self.id
    }

    /// Where we are.
    pub fn room(&self) -> &RoomName {
        &self.room
    }

    /// Whether we make the offer to this peer: the lower id does.
    pub fn is_master(&self, peer: &PeerId) -> bool {
        self.id < *peer
    }

    /// The next event; `None` once the client is closed. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await.map(|queued| *queued.event)
    }

    /// Enters the room, after [`Builder::manual_join`] (`join`). It does nothing for who is in already.
    ///
    /// ```no_run
    /// # use quickconnect::QuickConnect;
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let qc = QuickConnect::builder("http://127.0.0.1:8000")
    ///     .room("waiting")
    ///     .manual_join()
    ///     .connect()
    ///     .await?;
    /// // Here nobody knows of us.
    /// qc.join().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the client is closed; so do all that follow.
    pub async fn join(&self) -> Result<(), Closed> {
        self.order(Command::Join).await
    }

    /// Declares a data channel for every call, those that are running too (`createDataChannel`).
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn create_data_channel(
        &self,
        label: &str,
        config: ChannelConfig,
    ) -> Result<(), Closed> {
        self.order(Command::Declare(label.to_owned(), config)).await
    }

    /// Sends a track in every call, those that are running too: there it is negotiated (`addTrack` of a client that is `reactive`). It does nothing for one
    /// that is sent already.
    ///
    /// # Errors
    /// When the client takes no part in [media](Builder::media), and when it sends [`MAX_TRACKS`] already.
    pub fn add_track(&self, track: &LocalTrack) -> Result<(), AddTrackError> {
        if !self.has_media {
            return Err(AddTrackError::NoMedia);
        }
        Ok(media::add_track(&self.tracks, track)?)
    }

    /// Sends a track no longer, in no call: the others hear so (`removeStream`). It does nothing for one that is not sent.
    pub fn remove_track(&self, track: &LocalTrack) {
        self.tracks.send_if_modified(|tracks| {
            let before = tracks.len();
            tracks.retain(|sent| sent != track);
            tracks.len() < before
        });
    }

    /// Ends the call with a peer, who is not called again until it asks (`endCall`).
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn end_call(&self, peer: &PeerId) -> Result<(), Closed> {
        self.order(Command::EndCall(peer.clone())).await
    }

    /// Begins the call with a peer anew (`reconnectTo`).
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn reconnect_to(&self, peer: &PeerId) -> Result<(), Closed> {
        self.order(Command::Reconnect(peer.clone())).await
    }

    /// Changes what others know of us (`profile`). What would make the announce larger than [`MAX_ANNOUNCE`] bytes, or than the
    /// server takes, is an [`Event::Error`], and changes nothing.
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn profile(&self, profile: Map<String, Value>) -> Result<(), Closed> {
        self.order(Command::Profile(profile)).await
    }

    /// Sends a command of your own through the server, to one peer or to all (`send`, `to(id).send`). Before we are in the room, and
    /// while the server is away, the last [`MAX_WAITING`] of them are kept.
    ///
    /// # Errors
    /// When the client is closed, and for a command that is empty or has a `|` in it. A frame that the server would not take
    /// is an [`Event::Error`].
    pub async fn send(
        &self,
        to: Option<&PeerId>,
        command: &str,
        args: Vec<Value>,
    ) -> Result<(), SendCommandError> {
        let command = command.to_owned();
        if command.is_empty() || command.contains('|') {
            return Err(SendCommandError::BadCommand { command });
        }
        let order = Command::Send(to.cloned(), command, args);
        Ok(self.order(order).await?)
    }

    /// Leaves the room, ends every call, and returns when no task and no socket of it is left.
    pub async fn close(self) {
        let Self {
            mut events,
            commands,
            running,
            closing,
            ..
        } = self;
        drop((commands, closing));
        // The calls tell their end, and must not wait for somebody to hear it.
        events.close();
        while events.recv().await.is_some() {}
        // An error says that it ended some other way.
        let _ = running.await;
    }

    async fn order(&self, command: Command) -> Result<(), Closed> {
        self.commands.send(command).await.map_err(|_| Closed)
    }
}

impl Stream for QuickConnect {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let queued = self.events.poll_recv(context);
        queued.map(|queued| queued.map(|queued| *queued.event))
    }
}
