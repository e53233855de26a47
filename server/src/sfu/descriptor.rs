//! Payload descriptors, which stand before the frames of VP8 and VP9: whether a keyframe begins, and where the numbers of pictures stand.
//!
//! May import: str0m.

use str0m::format::Codec;

/// Before a number of two bytes; without it, the number has one.
const IS_LONG: u8 = 0x80;

/// What the descriptor of one packet says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Descriptor {
    /// Whether a keyframe begins here, in the lowest spatial layer.
    pub(super) begins_keyframe: bool,
    picture: Option<PictureId>,
    base: Option<usize>,
}

/// Where the number of the picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PictureId {
    at: usize,
    is_long: bool,
}

impl Descriptor {
    /// Of a packet of this codec. None if the codec has no descriptor, or it is cut off.
    pub(super) fn of(codec: Codec, payload: &[u8]) -> Option<Self> {
        match codec {
            Codec::Vp8 => Self::of_vp8(payload),
            Codec::Vp9 => Self::of_vp9(payload),
            _ => None,
        }
    }

    /// [RFC 7741, section 4.2](https://www.rfc-editor.org/rfc/rfc7741#section-4.2), and the frame's first byte.
    fn of_vp8(payload: &[u8]) -> Option<Self> {
        const EXTENDED: u8 = 0x80;
        const BEGINS_PARTITION: u8 = 0x10;
        const PARTITION: u8 = 0x07;
        const PICTURE_ID: u8 = 0x80;
        const BASE_INDEX: u8 = 0x40;
        const TEMPORAL_OR_KEY_INDEX: u8 = 0x30;
        const NO_KEYFRAME: u8 = 0x01;
        let first = payload.first()?;
        let mut said = Self::default();
        let mut at = 1;
        if first & EXTENDED != 0 {
            let has = payload.get(at)?;
            at += 1;
            if has & PICTURE_ID != 0 {
                at = said.picture_at(at, payload)?;
            }
            if has & BASE_INDEX != 0 {
                said.base = Some(at);
                at += 1;
            }
            at += usize::from(has & TEMPORAL_OR_KEY_INDEX != 0);
        }
        let begins_frame = first & BEGINS_PARTITION != 0 && first & PARTITION == 0;
        said.begins_keyframe = payload.get(at)? & NO_KEYFRAME == 0 && begins_frame;
        Some(said)
    }

    /// [RFC 9628, section 4.2](https://www.rfc-editor.org/rfc/rfc9628#section-4.2): a keyframe is predicted from no other.
    fn of_vp9(payload: &[u8]) -> Option<Self> {
        const PICTURE_ID: u8 = 0x80;
        const PREDICTED: u8 = 0x40;
        const LAYER_INDICES: u8 = 0x20;
        const FLEXIBLE: u8 = 0x10;
        const BEGINS_FRAME: u8 = 0x08;
        const SPATIAL: u8 = 0x0e;
        let first = payload.first()?;
        let mut said = Self::default();
        let mut at = 1;
        if first & PICTURE_ID != 0 {
            at = said.picture_at(at, payload)?;
        }
        let mut is_lowest = true;
        if first & LAYER_INDICES != 0 {
            is_lowest = payload.get(at)? & SPATIAL == 0;
            at += 1;
            if first & FLEXIBLE == 0 {
                payload.get(at)?;
                said.base = Some(at);
            }
        }
        said.begins_keyframe = first & PREDICTED == 0 && first & BEGINS_FRAME != 0 && is_lowest;
        Some(said)
    }

    /// The number of the picture stands here. Where it ends.
    fn picture_at(&mut self, at: usize, payload: &[u8]) -> Option<usize> {
        let is_long = payload.get(at)? & IS_LONG != 0;
        let end = at + 1 + usize::from(is_long);
        payload.get(end - 1)?;
        self.picture = Some(PictureId { at, is_long });
        Some(end)
    }

    /// The number of the picture, and the highest that has room there; after that comes 0.
    pub(super) fn picture(&self, payload: &[u8]) -> Option<(u16, u16)> {
        let PictureId { at, is_long } = self.picture?;
        let first = u16::from(payload.get(at)? & !IS_LONG);
        Some(match is_long {
            true => (first << 8 | u16::from(*payload.get(at + 1)?), 0x7fff),
            false => (first, 0x7f),
        })
    }

    /// The number of the picture of the lowest temporal layer that this one is predicted from or is; after 255 comes 0.
    pub(super) fn base(&self, payload: &[u8]) -> Option<u8> {
        payload.get(self.base?).copied()
    }

    /// Writes other numbers of the same length where these stand.
    pub(super) fn write(&self, payload: &mut [u8], picture: Option<u16>, base: Option<u8>) {
        if let (Some(PictureId { at, is_long }), Some(picture)) = (self.picture, picture) {
            let [high, low] = picture.to_be_bytes();
            if is_long {
                payload[at] = high | IS_LONG;
                payload[at + 1] = low;
            } else {
                payload[at] = low & !IS_LONG;
            }
        }
        if let (Some(at), Some(base)) = (self.base, base) {
            payload[at] = base;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn numbers_are_read_and_written_where_they_stand() {
        for (codec, payload, picture, base, written) in [
            (
                Codec::Vp8,
                &[0x90, 0x80, 0x05, 0x00][..],
                Some((5, 0x7f)),
                None,
                &[0x90, 0x80, 0x23, 0x00][..],
            ),
            (
                Codec::Vp8,
                &[0x90, 0xf0, 0xa1, 0x89, 0x8b, 0x20, 0x00],
                Some((0x2189, 0x7fff)),
                Some(0x8b),
                &[0x90, 0xf0, 0x81, 0x23, 0x45, 0x20, 0x00],
            ),
            (
                Codec::Vp8,
                &[0x90, 0x40, 0x07, 0x00],
                None,
                Some(7),
                &[0x90, 0x40, 0x45, 0x00],
            ),
            (Codec::Vp8, &[0x10, 0x00], None, None, &[0x10, 0x00]),
            (
                Codec::Vp9,
                &[0xa8, 0x85, 0x01, 0x00, 0x09],
                Some((0x0501, 0x7fff)),
                Some(9),
                &[0xa8, 0x81, 0x23, 0x00, 0x45],
            ),
            (
                Codec::Vp9,
                &[0xb8, 0x05, 0x00],
                Some((5, 0x7f)),
                None,
                &[0xb8, 0x23, 0x00],
            ),
        ] {
            let said = Descriptor::of(codec, payload).unwrap();
            assert_eq!(said.picture(payload), picture, "{payload:x?}");
            assert_eq!(said.base(payload), base, "{payload:x?}");
            let mut payload = payload.to_vec();
            said.write(&mut payload, Some(0x0123), Some(0x45));
            assert_eq!(payload, written);
        }
    }

    #[test]
    fn a_descriptor_that_is_cut_off_is_none() {
        let vp8 = [0x90, 0xf0, 0xa1, 0x89, 0x8b, 0x20, 0x00];
        let vp9 = [0xa8, 0x85, 0x01, 0x00, 0x09];
        for (codec, whole) in [(Codec::Vp8, &vp8[..]), (Codec::Vp9, &vp9)] {
            assert!(Descriptor::of(codec, whole).is_some());
            for length in 0..whole.len() {
                assert_eq!(
                    Descriptor::of(codec, &whole[..length]),
                    None,
                    "{codec:?} {length}"
                );
            }
        }
    }
}
