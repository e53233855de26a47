//! Frames in the order in which they are written. The first one may have been written in part.
//!
//! May import: tungstenite.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};

use tungstenite::Bytes;

/// What a queued frame costs besides its bytes, so that a queue of empty ones is bounded, too.
pub(super) const FRAME_OVERHEAD: usize = 64;

/// Frames that go out in one call.
const FRAMES_AT_ONCE: usize = 16;

/// Capacity that is kept when nothing waits: most connections are idle.
const KEPT_PLACES: usize = 1;

/// Frames that wait for the socket.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    frames: VecDeque<Bytes>,
    /// What the socket has of the first one.
    begun: usize,
}

/// What the transport took.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Whole frames.
    pub(super) frames: u64,
    /// What they cost.
    pub(super) cost: usize,
    /// Bytes, of whole frames and of the one that has begun.
    pub(super) bytes: usize,
}

/// What a frame counts while it waits.
pub(super) fn cost(frame: &Bytes) -> usize {
    FRAME_OVERHEAD + frame.len()
}

impl Backlog {
    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn push(&mut self, frame: Bytes) {
        self.frames.push_back(frame);
    }

    /// Puts what came later behind.
    pub(super) fn extend(&mut self, mut later: Self) {
        self.frames.append(&mut later.frames);
    }

    /// Drops all frames but one that was written in part, and returns what they cost.
    pub(super) fn forget(&mut self) -> usize {
        let kept = usize::from(self.begun > 0);
        self.frames.drain(kept..).map(|frame| cost(&frame)).sum()
    }

    /// Writes until nothing is left, or `write` fails: with `WouldBlock` if the socket takes no more for now.
    pub(super) fn write(
        &mut self,
        mut write: impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>,
    ) -> (Written, io::Result<()>) {
        let mut written = Written::default();
        while !self.frames.is_empty() {
            let mut slices = [IoSlice::new(&[]); FRAMES_AT_ONCE];
            let count = self.frames.len().min(FRAMES_AT_ONCE);
            for (slice, frame) in slices.iter_mut().zip(&self.frames) {
                *slice = IoSlice::new(frame);
            }
            slices[0].advance(self.begun);
            match write(&slices[..count]) {
                Ok(0) => return (written, Err(ErrorKind::WriteZero.into())),
                Ok(bytes) => self.advance(bytes, &mut written),
                Err(error) => return (written, Err(error)),
            }
        }
        self.frames.shrink_to(KEPT_PLACES);
        (written, Ok(()))
    }

    fn advance(&mut self, bytes: usize, written: &mut Written) {
        self.begun += bytes;
        written.bytes += bytes;
        while let Some(first) = self.frames.front()
            && first.len() <= self.begun
        {
            self.begun -= first.len();
            written.cost += cost(first);
            written.frames += 1;
            self.frames.pop_front();
        }
    }

    #[cfg(test)]
    pub(super) fn pop(&mut self) -> Option<Bytes> {
        self.frames.pop_front()
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.frames.capacity()
    }
}
