//! What a client shall be like, and how its parts are put together.
//!
//! May import: backlog, channels, client, dialing, event, id, media, outbox, protocol, protocol::peer, queue, room, serde_json, settings, signaling, token, tokio,
//! tokio_util.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::backlog::Backlog;
use super::channels::Labels;
use super::dialing::Dialing;
use super::event::ConnectError;
use super::media::{LocalTrack, Tracks, add_track};
use super::outbox::Outbox;
use super::queue::{Events, Queued};
use super::room::Room;
use super::settings::{Filter, Settings};
use super::signaling::{Signaling, Socket};
use super::token::Tokens;
use super::{IceServer, QuickConnect, id};
use crate::protocol::peer::{ChannelConfig, PeerData};
use crate::protocol::{NameLimits, PeerId, RoomName};

/// Commands of the user that wait for the room.
const COMMAND_QUEUE: usize = 64;
/// What the server said and the room has not yet handled.
const HEARD_QUEUE: usize = 16;

/// What a [`QuickConnect`] shall be like.
#[derive(Debug, Clone)]
#[must_use = "nothing happens before `connect`"]
pub struct Builder {
    url: String,
    room: String,
    id: Option<String>,
    labels: Labels,
    tracks: Tracks,
    settings: Settings,
}

impl Builder {
    pub(super) fn at(url: String) -> Self {
        Self {
            url,
            room: String::new(),
            id: None,
            labels: Vec::new(),
            tracks: Vec::new(),
            settings: Settings::default(),
        }
    }

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

    /// Takes part in audio and video: what peers send is [told](super::Event::TrackDetected), and [tracks](QuickConnect::add_track) can be sent. Without
    /// it, calls carry data channels only.
    pub fn media(mut self) -> Self {
        self.settings.media = true;
        self
    }

    /// Sends a track from the beginning of every call on, and takes part in [media](Self::media) (`addTrack`).
    pub fn track(mut self, track: &LocalTrack) -> Self {
        self.tracks.push(track.clone());
        self.media()
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

    /// The access token of a server that lets in nobody without one (`token`). When its session ends, the client comes back with the same one:
    /// give [`token_from`](Self::token_from) a function that gets new ones.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.tokens = Tokens::fixed(token.into());
        self
    }

    /// The same from a function that is asked for a token before each socket: when the client connects, when the session of a token has ended,
    /// and when the server was away. It has 30 s.
    ///
    /// ```no_run
    /// # use quickconnect::QuickConnect;
    /// # async fn ask_my_server() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// # async fn example() -> Result<(), quickconnect::ConnectError> {
    /// let qc = QuickConnect::builder("https://rooms.example")
    ///     .room("friends")
    ///     .token_from(ask_my_server)
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token_from<F, E>(mut self, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.settings.tokens = Tokens::asked(ask);
        self
    }

    /// STUN and TURN servers; otherwise those that the signaling server gives, if it gives any.
    pub fn ice_servers(mut self, servers: Vec<IceServer>) -> Self {
        self.settings.ice_servers = Some(servers);
        self
    }

    /// Sends nothing to any address that a peer names, and takes only peers that reach us by themselves: they become
    /// known by their connectivity checks, which prove that they have read our description
    /// ([RFC 8445, section 7.3.1.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3)). For a program that
    /// strangers may call, and that must not be pointed at others. Two such programs never connect.
    pub fn never_dial(self) -> Self {
        self.dial_only(|_| false)
    }

    /// The same but for the addresses that `admits` says yes to, of candidates over UDP. Names of hosts are never tried.
    pub fn dial_only(
        mut self,
        admits: impl Fn(SocketAddr) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings.dialing = Dialing::only(admits);
        self
    }

    /// Where peer connections listen; otherwise at every address of this machine.
    pub fn addresses(mut self, addresses: Vec<SocketAddr>) -> Self {
        self.settings.addresses = addresses;
        self
    }

    /// How much of what peers send may wait for you; give several clients clones of one backlog to bound them as one.
    pub fn backlog(mut self, backlog: Backlog) -> Self {
        self.settings.backlog = backlog;
        self
    }

    /// How many peers of the room are called; [`MAX_PEERS`](super::MAX_PEERS) if nothing is said. Who comes after them is called once it
    /// announces itself again and there is a place.
    pub fn max_peers(mut self, peers: usize) -> Self {
        self.settings.max_peers = peers;
        self
    }

    /// How many data channels each peer may have open with you; [`MAX_CHANNELS`](super::MAX_CHANNELS) if nothing is said. Further ones are closed at
    /// once, and a peer that makes 16 times as many in the course of a call loses the call.
    pub fn max_channels(mut self, channels: usize) -> Self {
        self.settings.max_channels = channels;
        self
    }

    /// Whether to come back when the server went away, and after [`start`](Self::start) to look for it more than once; it does if
    /// nothing is said.
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.settings.reconnect = reconnect;
        self
    }

    /// How often each peer in a call is asked whether it is there; 2.5 s if nothing is said. After four silent intervals the call
    /// expires. Zero asks never.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.settings.heartbeat = interval;
        self
    }

    /// How long a call may take to start before it is tried anew; 30 s if nothing is said.
    pub fn fail_timeout(mut self, timeout: Duration) -> Self {
        self.settings.fail_timeout = timeout;
        self
    }

    /// How long a call that lost its connection may try to get it back; 10 s if nothing is said.
    pub fn disconnect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.disconnect_timeout = timeout;
        self
    }

    /// How long a data channel of a call that is connected may take to open before it is made anew; 2 s if nothing is said.
    pub fn channel_timeout(mut self, timeout: Duration) -> Self {
        self.settings.channel_timeout = timeout;
        self
    }

    /// Connects to the signaling server, and then joins the room.
    ///
    /// # Errors
    /// When the address or a name is none, when the profile is too large, when there are too many tracks, or when no server answers. Later losses are events, and repaired.
    pub async fn connect(self) -> Result<QuickConnect, ConnectError> {
        let mut parts = self.prepare()?;
        let socket = parts.signaling.connect().await?;
        Ok(parts.run(Some(socket)))
    }

    /// The same for a server that may not be there yet: it is tried more and more seldom until it answers, as after each of its
    /// outages. The first try that fails is an [`Event::Error`](super::Event::Error). Call it within a tokio runtime.
    ///
    /// ```no_run
    /// # use quickconnect::{Event, QuickConnect};
    /// # async fn example() -> Result<(), quickconnect::ConnectError> {
    /// let mut qc = QuickConnect::builder("http://127.0.0.1:8000")
    ///     .room("early")
    ///     .start()?;
    /// while let Some(event) = qc.next().await {
    ///     match event {
    ///         Event::Error(error) => eprintln!("{error}"),
    ///         Event::Connected => println!("the server is there"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the address or a name is none, when the profile is too large, and when there are too many tracks.
    pub fn start(self) -> Result<QuickConnect, ConnectError> {
        Ok(self.prepare()?.run(None))
    }

    fn prepare(self) -> Result<Parts, ConnectError> {
        let limits = NameLimits::DEFAULT;
        let room = RoomName::new(&self.room, &limits)?;
        let id = PeerId::new(&self.id.unwrap_or_else(id::make), &limits)?;
        let tracks = watch::Sender::default();
        for track in &self.tracks {
            add_track(&tracks, track)?;
        }
        let (events, receiver) = Events::new();
        let (outbox, frames) = Outbox::new(events.clone());
        let closing = CancellationToken::new();
        let limit = outbox.limit().clone();
        let servers = self.settings.given_servers.clone();
        let tokens = self.settings.tokens.clone();
        let signaling = Signaling::at(&self.url, tokens, limit, servers, closing.clone())?;
        let reconnect = self.settings.reconnect;
        let has_media = self.settings.media;
        let members = Room::new(
            id.clone(),
            room.clone(),
            self.settings,
            self.labels,
            tracks.subscribe(),
            events,
            outbox,
        );
        members.check_profile()?;
        Ok(Parts {
            id,
            room,
            tracks,
            has_media,
            signaling,
            reconnect,
            members,
            frames,
            events: receiver,
            closing,
        })
    }
}

/// What a client is made of, before it runs.
struct Parts {
    id: PeerId,
    room: RoomName,
    tracks: watch::Sender<Tracks>,
    has_media: bool,
    signaling: Signaling,
    reconnect: bool,
    members: Room,
    /// Those that the room sends.
    frames: mpsc::Receiver<String>,
    events: mpsc::UnboundedReceiver<Queued>,
    closing: CancellationToken,
}

impl Parts {
    /// Begins with a socket, or by looking for the server.
    fn run(self, socket: Option<Socket>) -> QuickConnect {
        let (heard_sender, heard) = mpsc::channel(HEARD_QUEUE);
        let (commands, orders) = mpsc::channel(COMMAND_QUEUE);
        let talk = self
            .signaling
            .run(socket, self.reconnect, self.frames, heard_sender);
        let talking = tokio::spawn(talk);
        let members = self.members;
        // The room ends first, and with it the last that could send a frame.
        let running = tokio::spawn(async move {
            members.run(heard, orders).await;
            let _ = talking.await;
        });
        QuickConnect {
            id: self.id,
            room: self.room,
            tracks: self.tracks,
            has_media: self.has_media,
            events: self.events,
            commands,
            running,
            closing: self.closing.drop_guard(),
        }
    }
}
