//! Files that are read again when they have changed, while the server runs: certificates and keys.
//!
//! May import: tokio, tokio_util.

use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

/// Time between two looks at the files. They are read when two looks have seen the same change, since one file is written after the other.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Looks at what something depends on, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _task: AbortOnDropHandle<()>,
}

impl Watch {
    /// Runs this until then.
    pub fn of(looking: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            _task: AbortOnDropHandle::new(tokio::spawn(looking)),
        }
    }
}

/// By what a file that has changed is known; nothing if it can't be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(Option<(SystemTime, u64)>);

impl Stamp {
    /// Of the file as it is now.
    pub fn of(path: &Path) -> Self {
        let seen = fs::metadata(path).and_then(|data| Ok((data.modified()?, data.len())));
        Self(seen.ok())
    }
}

/// What was seen of the files.
#[derive(Debug)]
pub struct Looks<T> {
    /// When they were read last; nothing if that failed.
    read: Option<T>,
    /// At the last look.
    seen: T,
}

impl<T: Copy + PartialEq> Looks<T> {
    /// When they have just been read, and looked at right before that.
    pub fn new(read: T) -> Self {
        let seen = read;
        Self {
            read: Some(read),
            seen,
        }
    }

    /// Reads them again if they are others than those that were read, and the same at two looks. What fails is tried again at each look: a disk
    /// that was away, or a permission that is given later, changes nothing that a look could see.
    pub fn look<R, E>(
        &mut self,
        now: T,
        read: impl FnOnce() -> Result<R, E>,
    ) -> Option<Result<R, E>> {
        let is_settled = now == self.seen;
        self.seen = now;
        if !is_settled || self.read == Some(now) {
            return None;
        }
        let outcome = read();
        self.read = outcome.is_ok().then_some(now);
        Some(outcome)
    }
}

/// Looks at files every so often, for ever, and tells what was read of them whenever they have changed; why that failed, once for each reason.
pub async fn follow<T: Copy + PartialEq, R, E: Display>(
    every: Duration,
    mut looks: Looks<T>,
    now: impl Fn() -> T,
    read: impl Fn() -> Result<R, E>,
    tell: impl Fn(Result<R, E>),
) {
    let mut said = String::new();
    loop {
        sleep(every).await;
        match looks.look(now(), &read) {
            None => {}
            Some(Ok(read)) => {
                said.clear();
                tell(Ok(read));
            }
            Some(Err(error)) => {
                let says = error.to_string();
                if says != said {
                    said = says;
                    tell(Err(error));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;

    /// At which of these looks files are read, if reading them goes so.
    fn read_at<const N: usize>(seen: [[i32; 2]; N], goes: impl Fn(usize) -> bool) -> [bool; N] {
        let mut looks = Looks::new([1, 1]);
        let mut count = 0;
        seen.map(|now| {
            let read = looks.look(now, || {
                count += 1;
                if goes(count) { Ok(()) } else { Err(()) }
            });
            read.is_some()
        })
    }

    #[test]
    fn files_are_read_again_once_when_two_looks_have_seen_the_same_change() {
        // One file is written, then the other; then nothing; then one is as it was before.
        let seen = [[1, 1], [2, 1], [2, 2], [2, 2], [2, 2], [1, 2], [1, 2]];
        let read = read_at(seen, |_| true);
        assert_eq!(read, [false, false, false, true, false, false, true]);
    }

    #[test]
    fn files_that_could_not_be_read_are_tried_again_until_they_can_be_though_nothing_changes() {
        let seen = [[1, 1], [2, 2], [2, 2], [2, 2], [2, 2], [2, 2]];
        let read = read_at(seen, |count| count == 3);
        assert_eq!(read, [false, false, true, true, true, false]);
        // Those that were there before are back.
        let seen = [[2, 2], [2, 2], [1, 1], [1, 1], [1, 1]];
        let read = read_at(seen, |count| count > 1);
        assert_eq!(read, [false, true, false, true, false]);
    }
}
