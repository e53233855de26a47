//! What has to be known of codecs to forward what is never decoded: where a keyframe begins, and which payload type means the same to somebody else.
//!
//! May import: descriptor, str0m.

use str0m::format::{Codec, PayloadParams};

use super::descriptor::Descriptor;

/// Whether a keyframe begins in this packet, of which the codec's payload descriptor says this, if it has one. A decoder can begin there, and nowhere
/// else. Of audio, everywhere.
pub(super) fn begins_keyframe(
    codec: Codec,
    descriptor: Option<&Descriptor>,
    payload: &[u8],
) -> bool {
    match (codec, descriptor) {
        (_, Some(said)) => said.begins_keyframe,
        (Codec::H264, None) => begins_h264_keyframe(payload).unwrap_or(false),
        (codec, None) => codec.is_audio(),
    }
}

/// One unit, several, or the first part of one ([RFC 6184, section 5.2](https://www.rfc-editor.org/rfc/rfc6184#section-5.2)): parameters stand before a
/// keyframe.
fn begins_h264_keyframe(payload: &[u8]) -> Option<bool> {
    const KIND: u8 = 0x1f;
    const IDR: u8 = 5;
    const PARAMETERS: u8 = 7;
    const STAP_A: u8 = 24;
    const FU_A: u8 = 28;
    const BEGINS_UNIT: u8 = 0x80;
    let is_key = |header: u8| matches!(header & KIND, IDR | PARAMETERS);
    let first = payload.first()?;
    Some(match first & KIND {
        // The length of the first unit stands before it.
        STAP_A => is_key(*payload.get(3)?),
        FU_A => payload.get(1)? & BEGINS_UNIT != 0 && is_key(*payload.get(1)?),
        _ => is_key(*first),
    })
}

/// Of what somebody takes, what is the same as that which is sent. With another profile of H.264 many decoders cope, so it is better than nothing.
pub(super) fn same_codec<'t>(
    sent: &PayloadParams,
    taken: impl Iterator<Item = &'t PayloadParams>,
) -> Option<&'t PayloadParams> {
    let spec = sent.spec();
    let of_codec = |other: &&PayloadParams| other.spec().codec == spec.codec;
    taken.filter(of_codec).max_by_key(|other| {
        let (a, b) = (spec.format, other.spec().format);
        let same_mode = a.packetization_mode.unwrap_or(0) == b.packetization_mode.unwrap_or(0);
        let profile = |level_id: Option<u32>| level_id.map(|id| id >> 16);
        let same_profile = profile(a.profile_level_id) == profile(b.profile_level_id)
            && a.profile_id.unwrap_or(0) == b.profile_id.unwrap_or(0);
        (same_mode, same_profile)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins_keyframe(codec: Codec, payload: &[u8]) -> bool {
        super::begins_keyframe(codec, Descriptor::of(codec, payload).as_ref(), payload)
    }

    #[test]
    fn a_keyframe_of_vp8_is_told_by_its_first_byte_behind_a_descriptor_of_any_length() {
        for (payload, expected) in [
            (&[0x10, 0x00][..], true),
            (&[0x10, 0x01], false),
            (&[0x11, 0x00], false),
            (&[0x00, 0x00], false),
            (&[0x90, 0x80, 0x05, 0x00], true),
            (&[0x90, 0x80, 0x85, 0x01, 0x00], true),
            (&[0x90, 0xf0, 0x85, 0x01, 0x07, 0x20, 0x00], true),
            (&[0x90, 0xf0, 0x85, 0x01, 0x07, 0x20, 0x01], false),
            (&[0x90, 0x80], false),
            (&[], false),
        ] {
            assert_eq!(
                begins_keyframe(Codec::Vp8, payload),
                expected,
                "{payload:x?}"
            );
        }
    }

    #[test]
    fn a_keyframe_of_vp9_is_predicted_from_none_and_in_the_lowest_layer() {
        for (payload, expected) in [
            (&[0x08][..], true),
            (&[0x48], false),
            (&[0x00], false),
            (&[0xa8, 0x05, 0x00, 0x07], true),
            (&[0xa8, 0x85, 0x01, 0x02, 0x07], false),
            (&[0xa8], false),
        ] {
            assert_eq!(
                begins_keyframe(Codec::Vp9, payload),
                expected,
                "{payload:x?}"
            );
        }
    }

    #[test]
    fn a_keyframe_of_h264_begins_with_its_parameters_alone_in_a_packet_or_not() {
        for (payload, expected) in [
            (&[0x67, 0x42][..], true),
            (&[0x65], true),
            (&[0x61], false),
            (&[0x78, 0x00, 0x04, 0x67], true),
            (&[0x78, 0x00], false),
            (&[0x7c, 0x85], true),
            (&[0x7c, 0x05], false),
            (&[0x7c, 0x81], false),
        ] {
            assert_eq!(
                begins_keyframe(Codec::H264, payload),
                expected,
                "{payload:x?}"
            );
        }
    }

    #[test]
    fn any_bytes_are_looked_at_without_a_panic() {
        for codec in [Codec::Vp8, Codec::Vp9, Codec::H264, Codec::Opus] {
            for a in 0..=u8::MAX {
                for b in [0, 0x7f, 0x80, 0xff] {
                    for length in 0..=3 {
                        begins_keyframe(codec, &[a, b, b][..length]);
                    }
                }
            }
        }
    }
}
