//! The client: join a room, and be connected to everybody in it. Joins the parts below; is what a program sees.
//!
//! May import: everything below, `protocol`.

mod backoff;
mod call;
mod channel;
mod channels;
mod connection;
mod event;
mod id;
mod liveness;
mod negotiation;
mod outbox;
mod queue;
mod room;
mod settings;
mod signaling;
mod sockets;

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::Stream;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub use channel::{Channel, MAX_MESSAGE, Message, SendError};
pub use channels::MAX_CHANNELS;
pub use connection::SEND_BUFFER;
pub use event::{Closed, ConnectError, Error, Event};
pub use negotiation::MAX_EARLY_CANDIDATES;
pub use queue::{EVENT_QUEUE, MESSAGE_QUEUE};
pub use room::MAX_PEERS;
pub use webrtc::peer_connection::RTCIceServer as IceServer;

use crate::protocol::peer::{ChannelConfig, PeerData};
use crate::protocol::{NameLimits, PeerId, RoomName};
use outbox::Outbox;
use queue::{Events, Queued};
use room::{Command, Room};
use settings::{Filter, Settings};

/// Commands of the user that wait for the room.
const COMMAND_QUEUE: usize = 64;
/// What the server said and the room has not yet handled.
const HEARD_QUEUE: usize = 64;

/// A place in a room, and a call with everybody else in it.
///
/// Take its events with [`next`](Self::next), or as a [`Stream`]: what you leave waiting holds up the calls
/// ([`EVENT_QUEUE`]). Dropping it ends everything soon; [`close`](Self::close) waits until it has.
#[derive(Debug)]
pub struct QuickConnect {
    id: PeerId,
    room: RoomName,
    events: mpsc::Receiver<Queued>,
    commands: mpsc::Sender<Command>,
    running: JoinHandle<()>,
}

/// What a [`QuickConnect`] shall be like.
#[derive(Debug, Clone)]
#[must_use = "nothing happens before `connect`"]
pub struct Builder {
    url: String,
    room: String,
    id: Option<String>,
    labels: channels::Labels,
    settings: Settings,
}

impl QuickConnect {
    /// Begins with the address of a signaling server, such as `http://127.0.0.1:8000`.
    pub fn builder(url: impl Into<String>) -> Builder {
        Builder {
            url: url.into(),
            room: String::new(),
            id: None,
            labels: Vec::new(),
            settings: Settings::default(),
        }
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

    /// Changes what others know of us (`profile`).
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn profile(&self, profile: Map<String, Value>) -> Result<(), Closed> {
        self.order(Command::Profile(profile)).await
    }

    /// Sends a command of your own through the server, to one peer or to all (`send`, `to(id).send`). It is dropped
    /// while the server is away.
    ///
    /// # Errors
    /// When the client is closed.
    pub async fn send(
        &self,
        to: Option<&PeerId>,
        command: &str,
        args: Vec<Value>,
    ) -> Result<(), Closed> {
        self.order(Command::Send(to.cloned(), command.to_owned(), args))
            .await
    }

    /// Leaves the room, ends every call, and returns when no task and no socket of it is left.
    pub async fn close(self) {
        let Self {
            mut events,
            commands,
            running,
            ..
        } = self;
        drop(commands);
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

impl Builder {
    /// Where to meet the others. It must be set.
    pub fn room(mut self, room: impl Into<String>) -> Self {
        self.room = room.into();
        self
    }

    /// Who to be; otherwise a new id that sorts by time.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Declares a plain data channel.
    pub fn data_channel(self, label: impl Into<String>) -> Self {
        self.data_channel_with(label, ChannelConfig::default())
    }

    /// Declares a data channel.
    pub fn data_channel_with(mut self, label: impl Into<String>, config: ChannelConfig) -> Self {
        self.labels.push((label.into(), config));
        self
    }

    /// What others shall know of us.
    pub fn profile(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.profile.insert(name.to_owned(), value.into());
        self
    }

    /// Refuses peers: who is not allowed is not called, and no event tells of it (`peer:filter`). It is asked about
    /// every announce, so it must not take long.
    ///
    /// ```no_run
    /// # use quickconnect::QuickConnect;
    /// # async fn example() -> Result<(), quickconnect::ConnectError> {
    /// let qc = QuickConnect::builder("http://127.0.0.1:8000")
    ///     .room("friends")
    ///     .peer_filter(|peer| peer.id != "mallory")
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn peer_filter(
        mut self,
        allows: impl Fn(&PeerData) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings.filter = Filter::new(allows);
        self
    }

    /// Connects to the signaling server, but stays outside the room until [`QuickConnect::join`] (`manualJoin`).
    pub fn manual_join(mut self) -> Self {
        self.settings.manual_join = true;
        self
    }

    /// STUN and TURN servers; otherwise none.
    pub fn ice_servers(mut self, servers: Vec<IceServer>) -> Self {
        self.settings.ice_servers = servers;
        self
    }

    /// Sends nothing to any address that a peer names, and takes only peers that reach us by themselves: they become
    /// known by their connectivity checks, which prove that they have read our description
    /// ([RFC 8445, section 7.3.1.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3)). For a program that
    /// strangers may call, and that must not be pointed at others. Two such programs never connect.
    pub fn never_dial(mut self) -> Self {
        self.settings.dials = false;
        self
    }

    /// Where peer connections listen; otherwise at every address of this machine.
    pub fn addresses(mut self, addresses: Vec<SocketAddr>) -> Self {
        self.settings.addresses = addresses;
        self
    }

    /// Whether to come back when the server went away; it does if nothing is said.
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.settings.reconnect = reconnect;
        self
    }

    /// How long a call may take to start before it is tried anew; 30 s if nothing is said.
    pub fn fail_timeout(mut self, timeout: Duration) -> Self {
        self.settings.fail_timeout = timeout;
        self
    }

    /// Joins the room.
    ///
    /// # Errors
    /// When the address or a name is none, or when no server answers. Later losses are events, and repaired.
    pub async fn connect(self) -> Result<QuickConnect, ConnectError> {
        let limits = NameLimits::DEFAULT;
        let room = RoomName::new(&self.room, &limits)?;
        let id = PeerId::new(&self.id.unwrap_or_else(id::make), &limits)?;
        let urls = signaling::endpoints(&self.url)?;
        let socket = signaling::connect(&urls).await?;

        let (outbox, frames) = Outbox::new();
        let (events, receiver) = Events::new();
        let (heard_sender, heard) = mpsc::channel(HEARD_QUEUE);
        let (commands, orders) = mpsc::channel(COMMAND_QUEUE);
        let reconnect = self.settings.reconnect;
        let members = Room::new(
            id.clone(),
            room.clone(),
            self.url,
            self.settings,
            self.labels,
            events,
            outbox,
        );
        let talk = signaling::run(socket, urls, reconnect, frames, heard_sender);
        let talking = tokio::spawn(talk);
        // The room ends first, and with it the last that could send a frame.
        let running = tokio::spawn(async move {
            members.run(heard, orders).await;
            let _ = talking.await;
        });
        Ok(QuickConnect {
            id,
            room,
            events: receiver,
            commands,
            running,
        })
    }
}
