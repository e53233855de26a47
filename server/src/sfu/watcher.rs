//! What a session of WHEP gets.
//!
//! May import: capacity, codec, continuity, pictures, publisher, str0m.

use std::time::Instant;

use str0m::Rtc;
use str0m::format::PayloadParams;
use str0m::media::{MediaKind, Mid, Pt, Rid};
use str0m::rtp::{RtpPacket, RtpWrite, SeqNo, Ssrc};

use super::capacity::Capacity;
use super::codec::same_codec;
use super::continuity::Continuity;
use super::pictures::Pictures;
use super::publisher::{Arrived, Publisher};

/// Of one session.
#[derive(Debug)]
pub(super) struct Watcher {
    /// The session of whom it watches.
    pub(super) publisher: u64,
    /// Whether its wishes for keyframes are passed on.
    pub(super) passes_keyframes: bool,
    /// The layer that it has chosen.
    pub(super) wanted: Option<Rid>,
    /// What its line carries.
    pub(super) capacity: Capacity,
    tracks: Vec<Track>,
}

#[derive(Debug)]
struct Track {
    mid: Mid,
    kind: MediaKind,
    /// The layer that it gets, and the one that it is to get from the next keyframe on.
    layer: Option<usize>,
    target: Option<usize>,
    /// The stream of the publisher that it gets: numbers of another one, with which a layer may go on, have nothing to do with those before.
    ssrc: Option<Ssrc>,
    continuity: Option<Continuity>,
    pictures: Pictures,
    /// What the publisher calls a codec, and what the watcher calls it.
    pt: Option<(Pt, Pt)>,
}

/// What becomes of a packet for one watcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    /// It is sent.
    On,
    /// It is of another layer, or of none that this watcher gets.
    Not,
    /// It would be, once a keyframe begins.
    WaitsForKeyframe,
    /// The watcher knows no such codec.
    NoCodec,
}

impl Watcher {
    /// Of this publisher.
    pub(super) fn new(publisher: u64, passes_keyframes: bool) -> Self {
        Self {
            publisher,
            passes_keyframes,
            wanted: None,
            capacity: Capacity::new(),
            tracks: Vec::new(),
        }
    }

    /// A section of its offer has become a track.
    pub(super) fn added(&mut self, mid: Mid, kind: MediaKind) {
        if self.tracks.iter().all(|track| track.mid != mid) {
            self.tracks.push(Track {
                mid,
                kind,
                layer: None,
                target: None,
                ssrc: None,
                continuity: None,
                pictures: Pictures::default(),
                pt: None,
            });
        }
    }

    /// Chooses the layer of each track by what is sent now, and by what the line carries. Which layer of the picture has to begin anew for it, if any.
    pub(super) fn choose(&mut self, publisher: &Publisher, now: Instant) -> Option<usize> {
        let mut waits_for = None;
        for track in &mut self.tracks {
            let Some(source) = publisher.source(track.kind) else {
                continue;
            };
            let bits = |layer: Option<usize>| layer.map(|layer| source.layers[layer].bits());
            let bound = match track.kind {
                MediaKind::Video => self.capacity.bound(bits(track.target), now),
                MediaKind::Audio => None,
            };
            let target = source.choose(self.wanted, track.layer, bound, now);
            if target.is_none() || target == track.target {
                continue;
            }
            if track.kind == MediaKind::Video && track.target.is_some() {
                match bits(target) > bits(track.target) {
                    true => self.capacity.rose(now),
                    false => self.capacity.fell(now),
                }
            }
            track.target = target;
            if track.kind == MediaKind::Video && track.layer != target {
                waits_for = target;
            }
        }
        waits_for
    }

    /// How many bits a second its congestion control is to look for, if that changes: those of the largest layer, while it would get that and does not.
    pub(super) fn looks_for(&mut self, publisher: &Publisher) -> Option<f64> {
        let source = publisher.source(MediaKind::Video)?;
        let largest = source.most_bits();
        let present = source.layers.get(self.layer_of_picture())?.bits();
        self.capacity.looks_for(match self.wanted {
            None if present < largest => largest,
            _ => 0.0,
        })
    }

    /// The layer of the picture that this watcher needs a keyframe of.
    pub(super) fn layer_of_picture(&self) -> usize {
        let video = |track: &&Track| track.kind == MediaKind::Video;
        let track = self.tracks.iter().find(video);
        track.and_then(|track| track.target).unwrap_or(0)
    }

    /// Whether a request for a keyframe is about something that it gets.
    pub(super) fn has(&self, mid: Mid) -> bool {
        self.tracks.iter().any(|track| track.mid == mid)
    }

    /// Passes a packet on.
    pub(super) fn pass(
        &mut self,
        rtc: &mut Rtc,
        arrived: &Arrived,
        packet: &RtpPacket,
        now: Instant,
    ) -> Passed {
        let of_kind = |track: &&mut Track| track.kind == arrived.kind;
        let Some(track) = self.tracks.iter_mut().find(of_kind) else {
            return Passed::Not;
        };
        let Some(pt) = track.payload_type(rtc, &arrived.params) else {
            return Passed::NoCodec;
        };
        let clock_rate = arrived.params.spec().clock_rate.get();
        let continuity = (track.continuity).get_or_insert_with(|| Continuity::new(clock_rate));
        let sequence = *packet.seq_no;
        if track.layer != Some(arrived.layer) {
            if track.target != Some(arrived.layer) {
                return Passed::Not;
            }
            // The first layer is passed on as it is: a decoder waits for a keyframe itself, and asks for one.
            if track.layer.is_some() && !arrived.begins_keyframe {
                return Passed::WaitsForKeyframe;
            }
        }
        let (layer, ssrc) = (Some(arrived.layer), Some(packet.header.ssrc));
        if (track.layer, track.ssrc) != (layer, ssrc) {
            continuity.begin(sequence, packet.header.timestamp, now);
            track.pictures.begin();
            (track.layer, track.ssrc) = (layer, ssrc);
        }
        let Some((number, time)) = continuity.next(sequence, packet.header.timestamp, now) else {
            return Passed::Not;
        };
        let mut extensions = packet.header.ext_vals.clone();
        // These are about the connection to the publisher.
        extensions.mid = None;
        extensions.rid = None;
        extensions.rid_repair = None;
        extensions.transport_cc = None;
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(track.mid, None) else {
            return Passed::Not;
        };
        let write = RtpWrite::new(
            pt,
            SeqNo::from(number),
            time,
            packet.timestamp,
            (track.pictures).pass(arrived.descriptor.as_ref(), &packet.payload),
        );
        stream.write_rtp(
            write
                .marker(packet.header.marker)
                .ext_vals(extensions)
                .nackable(arrived.kind == MediaKind::Video),
        );
        Passed::On
    }
}

impl Track {
    /// What the watcher calls a codec of the publisher.
    fn payload_type(&mut self, rtc: &Rtc, sent: &PayloadParams) -> Option<Pt> {
        if let Some((theirs, ours)) = self.pt
            && theirs == sent.pt()
        {
            return Some(ours);
        }
        let found = in_common(rtc, self.mid, sent)?;
        self.pt = Some((sent.pt(), found));
        Some(found)
    }
}

/// What a peer calls this codec in a section, if it takes it there.
pub(super) fn in_common(rtc: &Rtc, mid: Mid, sent: &PayloadParams) -> Option<Pt> {
    let taken = rtc.media(mid)?.remote_pts();
    let params = rtc.codec_config().params().iter();
    let params = params.filter(|params| taken.contains(&params.pt()));
    same_codec(sent, params).map(PayloadParams::pt)
}
