//! RTP as a program has it, and how encoded frames become packets.
//!
//! May import: bytes, codec, rtc.

use std::time::Duration;

use bytes::Bytes;
use rtc::rtp::packetizer::Payloader;
use rtc::rtp::{Header, Packet};

use super::codec::{Codec, Kind};

/// Bytes of the largest payload that frames are cut into: with all that stands around it, it fits into what nearly every way carries.
const MAX_PAYLOAD: usize = 1_200;

/// A packet of RTP, without what differs from call to call: which numbers the codec and the stream have there, and the header's extensions
/// ([RFC 3550, section 5.1](https://www.rfc-editor.org/rfc/rfc3550#section-5.1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RtpPacket {
    /// One more for each packet. Whatever is missing was lost, or comes later.
    pub sequence_number: u16,
    /// When it was sampled, in steps of the [clock](Codec::clock_rate); the same for all packets of a frame.
    pub timestamp: u32,
    /// Of pictures: the last packet of a frame. Of sounds: the first one after a silence.
    pub marker: bool,
    /// What the codec has made ([RFC 7741](https://www.rfc-editor.org/rfc/rfc7741#section-4) for VP8,
    /// [RFC 7587](https://www.rfc-editor.org/rfc/rfc7587#section-4.2) for Opus).
    pub payload: Bytes,
}

impl RtpPacket {
    /// As it is sent in one call.
    pub(super) fn addressed(self, ssrc: u32, payload_type: u8) -> Packet {
        Packet {
            header: Header {
                version: 2,
                marker: self.marker,
                payload_type,
                sequence_number: self.sequence_number,
                timestamp: self.timestamp,
                ssrc,
                ..Header::default()
            },
            payload: self.payload,
        }
    }
}

impl From<Packet> for RtpPacket {
    fn from(packet: Packet) -> Self {
        Self {
            sequence_number: packet.header.sequence_number,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            payload: packet.payload,
        }
    }
}

/// Makes packets of frames. Both of its counters begin anywhere ([RFC 3550, section 5.1](https://www.rfc-editor.org/rfc/rfc3550#section-5.1)).
#[derive(Debug)]
pub(super) struct Packetizer {
    codec: Codec,
    /// None for a codec that the crate can't cut into payloads.
    payloader: Option<Box<dyn Payloader>>,
    sequence_number: u16,
    first_timestamp: u32,
}

impl Packetizer {
    pub(super) fn new(codec: Codec) -> Self {
        Self {
            codec,
            payloader: codec.description().payloader().ok(),
            sequence_number: rand::random(),
            first_timestamp: rand::random(),
        }
    }

    /// The packets of a frame that is to be played at this time.
    pub(super) fn packets(&mut self, frame: &Bytes, at: Duration) -> Vec<RtpPacket> {
        let steps = at.as_nanos() * u128::from(self.codec.clock_rate()) / 1_000_000_000;
        // It begins anew after 2^32 steps.
        let timestamp = self.first_timestamp.wrapping_add(steps as u32);
        let payloads = self
            .payloader
            .as_mut()
            .and_then(|payloader| payloader.payload(MAX_PAYLOAD, frame).ok())
            .unwrap_or_default();
        let last = payloads.len().saturating_sub(1);
        let packets = payloads.into_iter().enumerate().map(|(index, payload)| {
            self.sequence_number = self.sequence_number.wrapping_add(1);
            RtpPacket {
                sequence_number: self.sequence_number,
                timestamp,
                marker: self.codec.kind() == Kind::Video && index == last,
                payload,
            }
        });
        packets.collect()
    }
}
