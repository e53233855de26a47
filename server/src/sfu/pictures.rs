//! The numbers of pictures of what a watcher gets, which go on when its layer changes. A receiver takes a picture whose number it has seen for one that
//! it has, and looks for what a picture is predicted from by number: with those of another layer it drops the keyframe, or decodes what follows on top
//! of the layer before.
//!
//! May import: descriptor.

use std::sync::Arc;

use super::descriptor::Descriptor;

/// Of one track of one watcher.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    begins: bool,
    picture: Numbers,
    base: Numbers,
}

/// Numbers of one kind, which begin anew after their highest.
#[derive(Debug, Default)]
struct Numbers {
    shift: u16,
    last: Option<u16>,
}

impl Pictures {
    /// A layer begins with the next packet.
    pub(super) fn begin(&mut self) {
        self.begins = true;
    }

    /// The payload as the watcher gets it.
    pub(super) fn pass(
        &mut self,
        descriptor: Option<&Descriptor>,
        payload: &Arc<[u8]>,
    ) -> Arc<[u8]> {
        let Some(descriptor) = descriptor else {
            return Arc::clone(payload);
        };
        let picture = descriptor.picture(payload);
        let base = descriptor.base(payload);
        let begins = std::mem::take(&mut self.begins);
        let picture = picture.map(|(number, highest)| self.picture.pass(number, highest, begins));
        let base = base.map(|number| {
            let [_, low] = (self.base)
                .pass(number.into(), u8::MAX.into(), begins)
                .to_be_bytes();
            low
        });
        if self.picture.shift == 0 && self.base.shift == 0 {
            return Arc::clone(payload);
        }
        let mut written = payload.to_vec();
        descriptor.write(&mut written, picture, base);
        written.into()
    }
}

impl Numbers {
    /// What a number becomes, at most `highest`, which is one less than a power of two. If another layer begins with it, it comes next.
    fn pass(&mut self, number: u16, highest: u16, begins: bool) -> u16 {
        if begins {
            let next = self.last.map(|last| last.wrapping_add(1));
            self.shift = next.map_or(0, |next| next.wrapping_sub(number) & highest);
        }
        let passed = number.wrapping_add(self.shift) & highest;
        let is_later = |last: u16| passed.wrapping_sub(last) & highest <= highest / 2;
        if begins || self.last.is_none_or(is_later) {
            self.last = Some(passed);
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use str0m::format::Codec;

    use super::*;

    fn pass(pictures: &mut Pictures, codec: Codec, payload: &Arc<[u8]>) -> Arc<[u8]> {
        pictures.pass(Descriptor::of(codec, payload).as_ref(), payload)
    }

    /// A packet of VP8 with these numbers.
    fn packet(picture: u16, base: u8) -> Arc<[u8]> {
        let [high, low] = picture.to_be_bytes();
        Arc::from([0x90, 0xe0, high | 0x80, low, base, 0x20, 0x00])
    }

    #[test]
    fn another_layer_goes_on_after_the_last_picture_though_its_own_numbers_are_the_same() {
        let mut pictures = Pictures::default();
        pictures.begin();
        let pass = |pictures: &mut Pictures, picture, base| {
            pass(pictures, Codec::Vp8, &packet(picture, base))
        };
        assert_eq!(pass(&mut pictures, 0x2189, 0x89), packet(0x2189, 0x89));
        assert_eq!(pass(&mut pictures, 0x218b, 0x8a), packet(0x218b, 0x8a));
        assert_eq!(pass(&mut pictures, 0x218a, 0x89), packet(0x218a, 0x89));
        pictures.begin();
        assert_eq!(pass(&mut pictures, 0x218b, 0x8a), packet(0x218c, 0x8b));
        assert_eq!(pass(&mut pictures, 0x218c, 0x8a), packet(0x218d, 0x8b));
        pictures.begin();
        assert_eq!(pass(&mut pictures, 3, 200), packet(0x218e, 0x8c));
    }

    #[test]
    fn numbers_begin_anew_after_the_highest() {
        let mut pictures = Pictures::default();
        pictures.begin();
        pass(&mut pictures, Codec::Vp8, &packet(0x7fff, 0xff));
        pictures.begin();
        let next = pass(&mut pictures, Codec::Vp8, &packet(0x1234, 0x12));
        assert_eq!(next, packet(0, 0));
    }

    #[test]
    fn what_has_no_numbers_passes_as_it_is() {
        let mut pictures = Pictures::default();
        for (codec, payload) in [
            (Codec::H264, &[0x67, 1][..]),
            (Codec::Opus, &[1]),
            (Codec::Vp8, &[]),
        ] {
            pictures.begin();
            let payload = Arc::from(payload);
            assert!(Arc::ptr_eq(&pass(&mut pictures, codec, &payload), &payload));
        }
    }
}
