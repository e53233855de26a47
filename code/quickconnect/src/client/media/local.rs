//! A track of ours: what the program feeds it goes to every call that sends it.
//!
//! May import: bytes, codec, id, media, packet, thiserror, tokio.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::Instant;

use super::codec::Codec;
use super::packet::{Packetizer, RtpPacket};
use super::{KEY_FRAME_INTERVAL, MAX_PACKETS, MAX_TRACKS};
use crate::client::id;

/// Characters of the longest id of a stream ([RFC 8830, section 2](https://www.rfc-editor.org/rfc/rfc8830#section-2)).
pub const MAX_STREAM_ID: usize = 64;

/// What a client sends, in order.
pub(in crate::client) type Tracks = Vec<LocalTrack>;

/// A track that a program feeds: with encoded frames ([`send_frame`](Self::send_frame)), or with RTP that it has from elsewhere
/// ([`send_rtp`](Self::send_rtp)); not with both. It is sent in every call of each client that
/// [has it](crate::QuickConnect::add_track). Cheap to clone; two are equal if they are the same track.
///
/// Nothing here waits: a source has a clock of its own. A call that sends more slowly than it is fed drops the oldest of
/// [`MAX_PACKETS`] packets. There is no estimate of what a way carries, so the program keeps the rate low enough.
///
/// ```no_run
/// # use std::time::Duration;
/// # use quickconnect::{Codec, LocalTrack, QuickConnect};
/// # async fn encode() -> Vec<u8> { Vec::new() }
/// # async fn example() -> Result<(), quickconnect::ConnectError> {
/// let picture = LocalTrack::new(Codec::Vp8);
/// let qc = QuickConnect::builder("http://127.0.0.1:8000")
///     .room("pictures")
///     .track(&picture)
///     .connect()
///     .await?;
/// let mut at = Duration::ZERO;
/// loop {
///     picture.send_frame(encode().await, at);
///     at += Duration::from_millis(40);
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct LocalTrack(Arc<Source>);

struct Source {
    id: String,
    stream: String,
    codec: Codec,
    packets: broadcast::Sender<RtpPacket>,
    key_frame: Notify,
    /// When a peer has asked for one last.
    asked_at: Mutex<Option<Instant>>,
    /// Held for as long as one frame is cut.
    packetizer: Mutex<Packetizer>,
}

impl LocalTrack {
    /// A track of a stream of its own.
    pub fn new(codec: Codec) -> Self {
        Self::in_stream(codec, "")
    }

    /// A track of the stream with this id: tracks of one stream arrive as one, and are played in step. Of the id only letters, digits and `-_`
    /// count, and at most [`MAX_STREAM_ID`] of them; if none is left, a new one is made.
    pub fn in_stream(codec: Codec, stream: &str) -> Self {
        let may_stand = |char: &char| char.is_ascii_alphanumeric() || "-_".contains(*char);
        let stream: String = stream
            .chars()
            .filter(may_stand)
            .take(MAX_STREAM_ID)
            .collect();
        Self(Arc::new(Source {
            id: id::make(),
            stream: if stream.is_empty() {
                id::make()
            } else {
                stream
            },
            codec,
            packets: broadcast::Sender::new(MAX_PACKETS),
            key_frame: Notify::new(),
            asked_at: Mutex::default(),
            packetizer: Mutex::new(Packetizer::new(codec)),
        }))
    }

    /// By which the other side knows it.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The id of its stream.
    pub fn stream_id(&self) -> &str {
        &self.0.stream
    }

    /// In which codec it is.
    pub fn codec(&self) -> Codec {
        self.0.codec
    }

    /// Sends a frame as its encoder has made it, to be played `at` this time since the track's beginning. A call drops the beginning of a frame of more
    /// than [`MAX_PACKETS`] × 1,200 bytes.
    pub fn send_frame(&self, frame: impl Into<Bytes>, at: Duration) {
        let mut packetizer = self
            .0
            .packetizer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for packet in packetizer.packets(&frame.into(), at) {
            self.send_rtp(packet);
        }
    }

    /// Sends a packet, with the numbers that it has: those of one track should come from one source.
    pub fn send_rtp(&self, packet: RtpPacket) {
        // An error says that no call sends it now.
        let _ = self.0.packets.send(packet);
    }

    /// Waits until somebody needs a key frame: they asked for one, or a call begins to send the track. Several requests at once are one, and so are
    /// those of peers within 300 ms. For one task,
    /// the others would take its answers.
    pub async fn key_frame_wanted(&self) {
        self.0.key_frame.notified().await;
    }

    /// A peer asks for a key frame, as often as it likes.
    pub(super) fn ask_for_key_frame(&self) {
        let mut asked_at = self
            .0
            .asked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if asked_at.is_none_or(|at| now >= at + KEY_FRAME_INTERVAL) {
            *asked_at = Some(now);
            self.want_key_frame();
        }
    }

    pub(super) fn want_key_frame(&self) {
        self.0.key_frame.notify_one();
    }

    /// What is fed from now on.
    pub(super) fn packets(&self) -> broadcast::Receiver<RtpPacket> {
        self.0.packets.subscribe()
    }
}

impl PartialEq for LocalTrack {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for LocalTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalTrack({:?} {:?})", self.0.codec, self.0.id)
    }
}

/// Sends one more of them.
pub(in crate::client) fn add_track(
    tracks: &watch::Sender<Tracks>,
    track: &LocalTrack,
) -> Result<(), TooManyTracks> {
    let mut added = Ok(());
    tracks.send_if_modified(|tracks| {
        let is_new = !tracks.contains(track);
        if is_new && tracks.len() >= MAX_TRACKS {
            added = Err(TooManyTracks { limit: MAX_TRACKS });
        } else if is_new {
            tracks.push(track.clone());
        }
        is_new && added.is_ok()
    });
    added
}

/// A track is not sent, because there are as many as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A client sends at most {limit} tracks, and this is one more. Remove another first.")]
pub struct TooManyTracks {
    /// How many there may be.
    pub limit: usize,
}

/// Why a track is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddTrackError {
    /// The client takes no part in media.
    #[error(
        "This client takes no part in audio and video, so the track is not sent. Build it with `media()`, or with a track."
    )]
    NoMedia,
    /// There are as many as there may be.
    #[error(transparent)]
    TooMany(#[from] TooManyTracks),
}
