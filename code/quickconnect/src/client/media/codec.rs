//! Which codecs there are: the two that every browser has
//! ([RFC 7742, section 5](https://www.rfc-editor.org/rfc/rfc7742#section-5), [RFC 7874, section 3](https://www.rfc-editor.org/rfc/rfc7874#section-3)).
//!
//! May import: requests, rtc, webrtc.

use rtc::interceptor::{Registry, Slot};
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::{
    MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine,
};
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use webrtc::error::Result;

use super::requests::KeyFrameRequests;

/// Behind all interceptors that act on RTCP themselves: those of the crate have slots up to 13,000.
const LAST_SLOT: usize = 14_000;

/// What a track carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// In which codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// Sound, [RFC 6716](https://www.rfc-editor.org/rfc/rfc6716).
    Opus,
    /// Pictures, [RFC 6386](https://www.rfc-editor.org/rfc/rfc6386).
    Vp8,
}

impl Codec {
    const ALL: [Self; 2] = [Self::Opus, Self::Vp8];

    /// What it carries.
    pub fn kind(self) -> Kind {
        match self {
            Self::Opus => Kind::Audio,
            Self::Vp8 => Kind::Video,
        }
    }

    /// How far a timestamp of RTP counts in one second ([RFC 7587, section 4.1](https://www.rfc-editor.org/rfc/rfc7587#section-4.1),
    /// [RFC 7741, section 4.1](https://www.rfc-editor.org/rfc/rfc7741#section-4.1)).
    pub fn clock_rate(self) -> u32 {
        match self {
            Self::Opus => 48_000,
            Self::Vp8 => 90_000,
        }
    }

    /// That with this name in a description.
    pub(super) fn named(mime_type: &str) -> Option<Self> {
        let is_it = |codec: &Self| {
            codec
                .description()
                .mime_type
                .eq_ignore_ascii_case(mime_type)
        };
        Self::ALL.into_iter().find(is_it)
    }

    /// The same in the words of the crate.
    pub(super) fn media(self) -> RtpCodecKind {
        match self.kind() {
            Kind::Audio => RtpCodecKind::Audio,
            Kind::Video => RtpCodecKind::Video,
        }
    }

    pub(super) fn description(self) -> RTCRtpCodec {
        let (mime_type, channels, parameters) = match self {
            // What browsers say of it.
            Self::Opus => (MIME_TYPE_OPUS, 2, "minptime=10;useinbandfec=1"),
            Self::Vp8 => (MIME_TYPE_VP8, 0, ""),
        };
        RTCRtpCodec {
            mime_type: mime_type.to_owned(),
            clock_rate: self.clock_rate(),
            channels,
            sdp_fmtp_line: parameters.to_owned(),
            rtcp_feedback: Vec::new(),
        }
    }

    /// Its number in offers of ours; those of a peer may have another.
    fn payload_type(self) -> u8 {
        match self {
            Self::Opus => 111,
            Self::Vp8 => 96,
        }
    }
}

/// For a connection that takes part in media: the codecs, and what acts on RTCP: lost packets are asked for and sent again, reports are made, and
/// the other side is told what arrived, so that it finds its rate. No RTX: what is lost comes again in its own stream.
pub(in crate::client) fn engine() -> Result<(MediaEngine, Registry)> {
    let mut engine = MediaEngine::default();
    for codec in Codec::ALL {
        let parameters = RTCRtpCodecParameters {
            rtp_codec: codec.description(),
            payload_type: codec.payload_type(),
        };
        engine.register_codec(parameters, codec.media())?;
    }
    let registry = register_default_interceptors(Registry::new(), &mut engine)?;
    let registry = registry.with(Slot::from(LAST_SLOT), KeyFrameRequests::default());
    Ok((engine, registry))
}
