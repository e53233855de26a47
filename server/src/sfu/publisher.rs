//! What a session of WHIP sends.
//!
//! May import: signaling::bucket, codec, descriptor, layers, str0m.

use std::time::{Duration, Instant};

use signaling::bucket::{Bucket, Rate};
use str0m::Rtc;
use str0m::format::PayloadParams;
use str0m::media::{KeyframeRequestKind, MediaKind, Mid, Rid};
use str0m::rtp::RtpPacket;

use super::codec::begins_keyframe;
use super::descriptor::Descriptor;
use super::layers::Source;

/// Bytes that a packet counts for at least where bytes are bounded: one with hardly any media costs as much work as another.
pub(super) const LEAST_BYTES: usize = 200;

/// Of one session.
#[derive(Debug)]
pub(super) struct Publisher {
    /// What others watch it by.
    pub(super) id: String,
    /// Whether it offers several layers of its picture.
    pub(super) has_layers: bool,
    /// Its tracks.
    pub(super) sources: Vec<Source>,
    /// The sessions that watch it.
    pub(super) watchers: Vec<u64>,
    /// Packets of RTP that have come.
    pub(super) packets: u64,
    /// Keyframes that it was asked for.
    pub(super) keyframe_requests: u64,
    /// What it sends at present, one of each kind.
    codecs: Vec<PayloadParams>,
    flow: Bucket,
    rate: Rate,
}

/// A packet that is to be forwarded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrived {
    pub(super) kind: MediaKind,
    pub(super) layer: usize,
    pub(super) params: PayloadParams,
    /// What stands before its frame, read once for all who get it.
    pub(super) descriptor: Option<Descriptor>,
    pub(super) begins_keyframe: bool,
    /// Whether the layer was silent before.
    pub(super) is_new: bool,
}

/// What a packet came to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    /// It goes to watchers.
    Forwarded(Arrived),
    /// Nobody knows what it is of.
    Unknown,
    /// The publisher sends more than it may.
    TooMuch,
}

impl Publisher {
    /// Who may send so many bytes a second in the long run, and as many at once.
    pub(super) fn new(id: String, has_layers: bool, bytes_per_second: usize, now: Instant) -> Self {
        Self {
            id,
            has_layers,
            sources: Vec::new(),
            watchers: Vec::new(),
            packets: 0,
            keyframe_requests: 0,
            codecs: Vec::new(),
            flow: Bucket::new(now),
            rate: Rate {
                per_second: bytes_per_second,
                burst: bytes_per_second,
            },
        }
    }

    /// A section of its offer has become a track.
    pub(super) fn added(&mut self, mid: Mid, kind: MediaKind, rids: &[Rid]) {
        if self.sources.iter().all(|source| source.mid != mid) {
            self.sources.push(Source::new(mid, kind, rids));
        }
    }

    /// A packet has come.
    pub(super) fn arrived(&mut self, rtc: &mut Rtc, packet: &RtpPacket, now: Instant) -> Fate {
        self.packets += 1;
        let bytes = packet.payload.len();
        if self.flow.debt(now) >= Duration::from_secs(1) {
            return Fate::TooMuch;
        }
        self.flow.take(bytes.max(LEAST_BYTES), self.rate, now);
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_rx(&packet.header.ssrc) else {
            return Fate::Unknown;
        };
        let (mid, rid) = (stream.mid(), stream.rid());
        let pt = packet.header.payload_type;
        let params = rtc.codec_config().find(|params| params.pt() == pt).copied();
        let source = self.sources.iter_mut().find(|source| source.mid == mid);
        let (Some(params), Some(source)) = (params, source) else {
            return Fate::Unknown;
        };
        let Some(layer) = source.layer(rid) else {
            return Fate::Unknown;
        };
        if self.codecs.iter().all(|known| known.pt() != pt) {
            self.codecs
                .retain(|known| known.spec().codec.kind() != source.kind);
            self.codecs.push(params);
        }
        let codec = params.spec().codec;
        let descriptor = Descriptor::of(codec, &packet.payload);
        let begins_keyframe = begins_keyframe(codec, descriptor.as_ref(), &packet.payload);
        Fate::Forwarded(Arrived {
            kind: source.kind,
            layer,
            params,
            descriptor,
            begins_keyframe,
            is_new: source.layers[layer].heard(bytes, begins_keyframe, now),
        })
    }

    /// What it sends at present, one of each kind.
    pub(super) fn codecs(&self) -> &[PayloadParams] {
        &self.codecs
    }

    /// The track of a kind.
    pub(super) fn source(&self, kind: MediaKind) -> Option<&Source> {
        self.sources.iter().find(|source| source.kind == kind)
    }

    /// Somebody needs a keyframe of a layer of its picture. Whether the publisher is asked now.
    pub(super) fn wants_keyframe(&mut self, rtc: &mut Rtc, layer: usize, now: Instant) -> bool {
        let is_video = |source: &&mut Source| source.kind == MediaKind::Video;
        let Some(source) = self.sources.iter_mut().find(is_video) else {
            return false;
        };
        let mid = source.mid;
        let Some(layer) = source.layers.get_mut(layer) else {
            return false;
        };
        let mut api = rtc.direct_api();
        // Before its first packet a layer has no stream, and begins with a keyframe anyway.
        let Some(stream) = api.stream_rx_by_mid(mid, layer.rid) else {
            return false;
        };
        let is_asked = layer.wants_keyframe(now);
        if is_asked {
            stream.request_keyframe(KeyframeRequestKind::Pli);
            self.keyframe_requests += 1;
        }
        is_asked
    }

    /// Asks for the keyframes whose time has come.
    pub(super) fn ask_again(&mut self, rtc: &mut Rtc, now: Instant) -> bool {
        let due = (self.source(MediaKind::Video)).map_or_else(Vec::new, |video| video.due(now));
        let asked = due
            .into_iter()
            .map(|layer| self.wants_keyframe(rtc, layer, now));
        asked.fold(false, |any, is_asked| any | is_asked)
    }

    /// When that is.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.sources.iter().filter_map(Source::next_due).min()
    }
}
