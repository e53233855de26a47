//! A track of a peer, as a program has it.
//!
//! May import: codec, media, packet, protocol, rtc, tokio, webrtc.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Instant;
use webrtc::media_stream::track_remote::TrackRemote;

use super::KEY_FRAME_INTERVAL;
use super::codec::{Codec, Kind};
use super::packet::RtpPacket;
use crate::protocol::PeerId;

/// A track that a peer sends in a call. Two are equal if they are the same track. A clone has the packets that arrive after it was made.
pub struct RemoteTrack {
    about: Arc<About>,
    packets: broadcast::Receiver<RtpPacket>,
}

/// What is known of it.
pub(super) struct About {
    pub(super) peer: PeerId,
    pub(super) id: String,
    pub(super) stream: String,
    pub(super) codec: Codec,
    pub(super) inner: Arc<dyn TrackRemote>,
    /// The stream of RTP that it comes in.
    pub(super) ssrc: AtomicU32,
    /// When a key frame was asked for last.
    pub(super) asked_at: Mutex<Option<Instant>>,
}

impl RemoteTrack {
    pub(super) fn new(about: Arc<About>, packets: broadcast::Receiver<RtpPacket>) -> Self {
        Self { about, packets }
    }

    /// Who sends it.
    pub fn peer(&self) -> &PeerId {
        &self.about.peer
    }

    /// Its id, which its sender has chosen.
    pub fn id(&self) -> &str {
        &self.about.id
    }

    /// The id of its stream, which its sender has chosen: tracks of one stream belong together.
    pub fn stream_id(&self) -> &str {
        &self.about.stream
    }

    /// What it carries.
    pub fn kind(&self) -> Kind {
        self.about.codec.kind()
    }

    /// In which codec.
    pub fn codec(&self) -> Codec {
        self.about.codec
    }

    /// The next packet, in the order in which they arrive; `None` when no more come. If [`MAX_PACKETS`](crate::MAX_PACKETS) wait, the oldest are gone. Nothing is lost if the
    /// future is dropped.
    pub async fn recv(&mut self) -> Option<RtpPacket> {
        loop {
            match self.packets.recv().await {
                Ok(packet) => return Some(packet),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Asks the sender for a key frame, from which on its pictures can be decoded. It is asked at most every 300 ms, so repeat it until the frame is
    /// there. For pictures only.
    pub async fn request_key_frame(&self) {
        if self.kind() != Kind::Video || !self.about.may_ask() {
            return;
        }
        let request = PictureLossIndication {
            sender_ssrc: 0,
            media_ssrc: self.about.ssrc.load(Relaxed),
        };
        // An error says that the call is over.
        let _ = self.about.inner.write_rtcp(vec![Box::new(request)]).await;
    }
}

impl About {
    /// The same for the next time that it is sent.
    pub(super) fn anew(&self) -> Self {
        Self {
            peer: self.peer.clone(),
            id: self.id.clone(),
            stream: self.stream.clone(),
            codec: self.codec,
            inner: Arc::clone(&self.inner),
            ssrc: AtomicU32::new(self.ssrc.load(Relaxed)),
            asked_at: Mutex::default(),
        }
    }

    fn may_ask(&self) -> bool {
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let may_ask = asked_at.is_none_or(|at| now >= at + KEY_FRAME_INTERVAL);
        if may_ask {
            *asked_at = Some(now);
        }
        may_ask
    }
}

impl Clone for RemoteTrack {
    fn clone(&self) -> Self {
        Self {
            about: Arc::clone(&self.about),
            packets: self.packets.resubscribe(),
        }
    }
}

impl PartialEq for RemoteTrack {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.about, &other.about)
    }
}

impl fmt::Debug for RemoteTrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let About {
            peer, id, codec, ..
        } = &*self.about;
        write!(f, "RemoteTrack({codec:?} {id:?} of {peer})")
    }
}
