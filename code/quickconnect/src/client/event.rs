//! What a client tells its user: events, and why something went wrong.
//!
//! May import: channel, media, protocol, protocol::peer, serde_json, thiserror.

use serde_json::Value;

use super::channel::{Channel, Message};
use super::media::{RemoteTrack, TooManyTracks};
use crate::protocol::peer::PeerData;
use crate::protocol::{BadName, PeerId};

/// What happens in the room. Each names the event of the JavaScript API that it stands for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// `connected`: the signaling server may be spoken to, for the first time or again.
    Connected,
    /// `disconnected`: the signaling server is gone. Calls go on.
    Disconnected,
    /// `error`: something failed that ends nothing by itself.
    Error(Error),
    /// `local:announce`: our announce is sent, with this in it: we are in the room.
    Announced(PeerData),
    /// `peer:announce`: a peer is in the room. Nothing connects the two of you yet.
    PeerAnnounced(PeerData),
    /// `peer:update`: a known peer has announced itself again.
    PeerUpdated(PeerData),
    /// The server says that a peer has left the room. Whether a call goes on is told by the call.
    PeerLeft(PeerId),
    /// `peer:connect`: a call begins. From here on it ends with `CallEnded`, whether it starts or not.
    CallBegun(PeerId),
    /// `call:started`: you are connected; from here on, bytes flow without the server.
    CallStarted(PeerId),
    /// `call:failing`: the connection is lost, perhaps for a moment only.
    CallFailing(PeerId),
    /// `call:recovered`: it is back.
    CallRecovered(PeerId),
    /// `call:failed`: it could not be made, or did not come back.
    CallFailed(PeerId),
    /// `call:expired`: the other side has been silent for too long.
    CallExpired(PeerId),
    /// `call:ended`: the call is over, for whatever reason.
    CallEnded(PeerId),
    /// `channel:opened`: a data channel is open.
    ChannelOpened(Channel),
    /// `channel:closed`: it is not any more.
    ChannelClosed(Channel),
    /// A data channel's `message`.
    Message(Channel, Message),
    /// `track:detected`: a peer sends a track, and its first packet is here. Not before the call has started. Only with
    /// [`Builder::media`](super::Builder::media).
    TrackDetected(RemoteTrack),
    /// It does so no longer, and no more packets come: the `removetrack` of a stream in JavaScript. Every track that was detected ends with it.
    TrackRemoved(RemoteTrack),
    /// `message:COMMAND`: a peer has sent a command of its own through the server.
    Command {
        /// Lower case, without its slash.
        command: String,
        /// What came with it.
        args: Vec<Value>,
        /// Who sent it.
        peer: PeerId,
    },
}

/// Something failed, and the client goes on.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The socket closed, or a new one was not to be had. The client tries again.
    #[error(
        "The signaling server at {url} went away: calls go on, but nobody new can join. Trying again."
    )]
    ServerAway {
        /// Where it was.
        url: String,
    },
    /// Nobody answered when the client was started. It tries again, unless it shall not reconnect.
    #[error("No signaling server answers at {url}: {reason}. Is it running?")]
    NoServer {
        /// Where it should be.
        url: String,
        /// What happened instead.
        reason: String,
    },
    /// Whoever is asked for an access token has none, or one that cannot be sent. It is asked again, unless the client shall not reconnect.
    #[error("There is no access token for the signaling server: {reason}.")]
    NoToken {
        /// In the words of whoever was asked.
        reason: String,
    },
    /// Another connection announced our id. The client stays away.
    #[error("Another connection has taken our id: this one stays away. Choose another id.")]
    TakenOver,
    /// The server takes no frame of this size. The frame was not sent, or the server closed the socket over it; it is not sent
    /// again.
    #[error(
        "{command} has {bytes} bytes, and the signaling server takes at most {limit} in one frame: it is not sent."
    )]
    TooLarge {
        /// Which command, such as `/announce`.
        command: String,
        /// Bytes of its frame.
        bytes: usize,
        /// The server's limit, or a number above it if the server has named none.
        limit: usize,
    },
    /// A profile is too large, and the one before it stays.
    #[error(
        "The profile is not changed: with it, /announce has {bytes} bytes, and at most {limit} are allowed."
    )]
    ProfileTooLarge {
        /// Bytes of the announce with it.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The server did not do what a frame asked for.
    #[error("The signaling server refused a frame ({code}): {message}")]
    Refused {
        /// A stable name of the fault.
        code: String,
        /// In words.
        message: String,
    },
    /// A peer sent what is of no use: a malformed announce, description, candidate or request.
    #[error("Peer {peer} sent something unusable: {reason}")]
    Unusable {
        /// Who.
        peer: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Our own side of a call could not be made, or could not go on.
    #[error("The call with {peer} is in trouble: {reason}")]
    Call {
        /// With whom.
        peer: PeerId,
        /// What failed.
        reason: String,
    },
    /// A room has more peers than are kept.
    #[error("The room has more than {limit} peers; {peer} is not called.")]
    TooManyPeers {
        /// Who came too late.
        peer: PeerId,
        /// How many are called.
        limit: usize,
    },
}

/// Characters of what is wrong with something that a peer sent. Reasons may quote it, and it may be long.
const LONGEST_REASON: usize = 200;

impl Error {
    pub(super) fn unusable(peer: &PeerId, reason: impl ToString) -> Self {
        let mut reason = reason.to_string();
        if let Some((end, _)) = reason.char_indices().nth(LONGEST_REASON) {
            reason.truncate(end);
            reason.push('…');
        }
        Self::Unusable {
            peer: peer.to_string(),
            reason,
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address is none.
    #[error(
        "{url:?} is not the address of a signaling server. Give one such as http://127.0.0.1:8000."
    )]
    BadUrl {
        /// What was given.
        url: String,
    },
    /// The room's name or the id can't be one.
    #[error(transparent)]
    BadName(#[from] BadName),
    /// The profile is larger than servers take.
    #[error(
        "With this profile /announce has {bytes} bytes, and at most {limit} are allowed. Say less of yourself."
    )]
    ProfileTooLarge {
        /// Bytes of the announce with it.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// There are more tracks than may be sent.
    #[error(transparent)]
    TooManyTracks(#[from] TooManyTracks),
    /// Nobody answers there.
    #[error("No signaling server answers at {url}: {reason}. Is it running?")]
    NoServer {
        /// Where it should be.
        url: String,
        /// What happened instead.
        reason: String,
    },
    /// Whoever is asked for an access token has none, or one that cannot be sent.
    #[error("There is no access token for the signaling server: {reason}.")]
    NoToken {
        /// In the words of whoever was asked.
        reason: String,
    },
}

/// Why a command was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendCommandError {
    /// The client is closed.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// It would be read as something else.
    #[error("{command:?} is no command: it must have a character, and no \"|\" in it.")]
    BadCommand {
        /// What was given.
        command: String,
    },
}

/// The client is closed, and takes no orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The client is closed.")]
pub struct Closed;
