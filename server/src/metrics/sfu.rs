//! What the media room forwards, counted.
//!
//! May import: page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::page::{Page, load};

/// Why the media room did not forward a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unforwarded {
    /// It belongs to no session.
    Stranger,
    /// It is of no track that was offered.
    Unknown,
    /// Its publisher sends more than it may, or the room forwards as much as it may.
    TooMuch,
    /// Whoever watches knows no such codec.
    NoCodec,
    /// Too many waited already.
    Overrun,
    /// The system did not take it.
    NotSent,
}

impl Unforwarded {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Stranger,
        Self::Unknown,
        Self::TooMuch,
        Self::NoCodec,
        Self::Overrun,
        Self::NotSent,
    ];

    /// A stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Unknown => "unknown",
            Self::TooMuch => "too-much",
            Self::NoCodec => "no-codec",
            Self::Overrun => "overrun",
            Self::NotSent => "not-sent",
        }
    }
}

/// All of it since the start.
#[derive(Debug, Default)]
pub struct SfuCounts {
    packets: AtomicU64,
    bytes: AtomicU64,
    keyframe_requests: AtomicU64,
    withheld_requests: AtomicU64,
    dropped: [AtomicU64; Unforwarded::ALL.len()],
}

impl SfuCounts {
    /// A packet went to a watcher.
    pub fn forwarded(&self, bytes: usize) {
        self.packets.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// A publisher was asked for a keyframe.
    pub fn keyframe_requested(&self) {
        self.keyframe_requests.fetch_add(1, Relaxed);
    }

    /// A watcher's wish for one was not passed on, as it had said.
    pub fn keyframe_withheld(&self) {
        self.withheld_requests.fetch_add(1, Relaxed);
    }

    /// A packet came to nothing.
    pub fn dropped(&self, why: Unforwarded) {
        self.dropped[why as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn render(&self, page: &mut Page, publishers: usize, watchers: usize) {
        page.gauge("sfu_publishers", "Sessions of WHIP.", publishers);
        page.gauge("sfu_watchers", "Sessions of WHEP.", watchers);
        for (name, help, counter) in [
            (
                "sfu_packets",
                "Packets of RTP that went to watchers.",
                &self.packets,
            ),
            ("sfu_bytes", "Bytes of media in them.", &self.bytes),
            (
                "sfu_keyframe_requests",
                "Keyframes that publishers were asked for.",
                &self.keyframe_requests,
            ),
            (
                "sfu_withheld_keyframe_requests",
                "Wishes for keyframes that were not passed on, as their watchers had said.",
                &self.withheld_requests,
            ),
        ] {
            page.counter(name, help, counter);
        }
        page.counters(
            "sfu_drops",
            "Packets that the media room did not forward, by reason.",
            "reason",
            Unforwarded::ALL.map(|why| (why.name(), load(&self.dropped[why as usize]))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_counter() {
        for (index, why) in Unforwarded::ALL.into_iter().enumerate() {
            assert_eq!(why as usize, index);
        }
    }
}
