//! What can be set, with the defaults of the JavaScript client.
//!
//! May import: backlog, channels, dialing, protocol, protocol::peer, room, serde_json, token, webrtc.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use webrtc::peer_connection::RTCIceServer;

use super::backlog::Backlog;
use super::channels::MAX_CHANNELS;
use super::dialing::Dialing;
use super::room::MAX_PEERS;
use super::token::Tokens;
use crate::protocol::IceServer;
use crate::protocol::peer::PeerData;

/// Who may come in: everybody, unless the user has a say in it.
#[derive(Clone, Default)]
pub(super) struct Filter(Option<Arc<Allows>>);

type Allows = dyn Fn(&PeerData) -> bool + Send + Sync;

impl Filter {
    pub(super) fn new(allows: impl Fn(&PeerData) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(allows)))
    }

    pub(super) fn allows(&self, data: &PeerData) -> bool {
        self.0.as_ref().is_none_or(|allows| allows(data))
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Filter(..)"
        } else {
            "Filter"
        })
    }
}

/// The STUN and TURN servers that the signaling server gave last. Clones share them.
#[derive(Clone, Default)]
pub(super) struct GivenServers(Arc<Mutex<Vec<IceServer>>>);

impl GivenServers {
    pub(super) fn set(&self, servers: Vec<IceServer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = servers;
    }

    fn get(&self) -> Vec<RTCIceServer> {
        let servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let for_connections = |server: &IceServer| RTCIceServer {
            urls: server.urls.clone(),
            username: server.username.clone(),
            credential: server.credential.clone(),
        };
        servers.iter().map(for_connections).collect()
    }
}

/// They hold passwords.
impl fmt::Debug for GivenServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenServers(..)")
    }
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Those that the user named.
    pub(super) ice_servers: Option<Vec<RTCIceServer>>,
    /// Those for whoever names none.
    pub(super) given_servers: GivenServers,
    /// Which of the addresses are tried at which peers say that they may be reached.
    pub(super) dialing: Dialing,
    /// Where peer connections listen.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) profile: Map<String, Value>,
    pub(super) filter: Filter,
    pub(super) manual_join: bool,
    pub(super) heartbeat: Duration,
    pub(super) fail_timeout: Duration,
    pub(super) disconnect_timeout: Duration,
    pub(super) channel_timeout: Duration,
    pub(super) reconnect: bool,
    pub(super) backlog: Backlog,
    pub(super) max_peers: usize,
    pub(super) max_channels: usize,
    /// Whether it takes part in audio and video.
    pub(super) media: bool,
    /// What the signaling server is shown.
    pub(super) tokens: Tokens,
}

impl Default for Settings {
    fn default() -> Self {
        let any_port = |ip: Ipv4Addr| SocketAddr::new(IpAddr::V4(ip), 0);
        Self {
            ice_servers: None,
            given_servers: GivenServers::default(),
            dialing: Dialing::default(),
            // The first stands for every interface but loopback.
            addresses: vec![
                any_port(Ipv4Addr::UNSPECIFIED),
                any_port(Ipv4Addr::LOCALHOST),
            ],
            profile: Map::new(),
            filter: Filter::default(),
            manual_join: false,
            heartbeat: Duration::from_millis(2_500),
            fail_timeout: Duration::from_secs(30),
            disconnect_timeout: Duration::from_secs(10),
            channel_timeout: Duration::from_secs(2),
            reconnect: true,
            backlog: Backlog::default(),
            max_peers: MAX_PEERS,
            max_channels: MAX_CHANNELS,
            media: false,
            tokens: Tokens::default(),
        }
    }
}

impl Settings {
    /// Whether a relay of the signaling server may carry its calls.
    pub(super) fn are_servers_given(&self) -> bool {
        self.ice_servers.is_none() && !self.given_servers.get().is_empty()
    }

    /// The STUN and TURN servers of the next connection.
    pub(super) fn servers(&self) -> Vec<RTCIceServer> {
        let named = self.ice_servers.clone();
        named.unwrap_or_else(|| self.given_servers.get())
    }
}
