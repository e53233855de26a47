//! Limits the lines of one kind that are logged in a second, because clients cause most lines and none of them may fill a disk. A
//! kind is one place in the code.
//!
//! May import: signaling::bucket, lost, tracing, tracing_subscriber.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use signaling::bucket::{Bucket, Rate};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::lost::Lost;

/// Characters of the example in a report of lines that were left out.
const EXAMPLE_CHARS: usize = 80;

/// Decides of each event whether it is logged.
#[derive(Debug)]
pub struct Throttle {
    rate: Rate,
    /// One entry for each place in the code that has logged: bounded by the program's text. A std mutex, held for a few lines
    /// that neither wait nor format.
    kinds: Mutex<HashMap<&'static str, Kind>>,
    lost: &'static Lost,
}

#[derive(Debug)]
struct Kind {
    lines: Bucket,
    left_out: u64,
    example: String,
}

/// Lines of one kind that were not logged.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// How many since this was asked the last time.
    pub lines: u64,
    /// How one of them began.
    pub example: String,
}

impl Throttle {
    /// The same rate for each kind.
    pub fn new(rate: Rate, lost: &'static Lost) -> Self {
        Self {
            rate,
            kinds: Mutex::default(),
            lost,
        }
    }

    /// What was left out since the last call.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let mut kinds = self.kinds();
        let left_out = kinds.values_mut().filter(|kind| kind.left_out > 0);
        left_out
            .map(|kind| LeftOut {
                lines: std::mem::take(&mut kind.left_out),
                example: kind.example.clone(),
            })
            .collect()
    }

    /// Counts an event of this kind, and says whether it may be logged. `example` is called for the first that may not.
    fn admits(&self, kind: &'static str, now: Instant, example: impl FnOnce() -> String) -> bool {
        let needs_example = {
            let mut kinds = self.kinds();
            let kind = kinds.entry(kind).or_insert_with(|| Kind {
                lines: Bucket::new(now),
                left_out: 0,
                example: String::new(),
            });
            let mut lines = kind.lines;
            if lines.take(1, self.rate, now) == Duration::ZERO {
                kind.lines = lines;
                return true;
            }
            kind.left_out += 1;
            kind.example.is_empty()
        };
        self.lost.left_out();
        if needs_example {
            // Not under the lock: a panic while it is formatted is logged as well.
            let example = example();
            if let Some(kind) = self.kinds().get_mut(kind) {
                kind.example = example;
            }
        }
        false
    }

    fn kinds(&self) -> MutexGuard<'_, HashMap<&'static str, Kind>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A newtype, because a `Layer` can't be implemented for an `Arc`.
#[derive(Debug)]
pub struct ThrottleLayer(pub Arc<Throttle>);

impl<S: Subscriber> Layer<S> for ThrottleLayer {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let now = Instant::now();
        let ThrottleLayer(throttle) = self;
        // Its name is the file and the line.
        throttle.admits(metadata.name(), now, || example(event, metadata))
    }
}

fn example(event: &Event<'_>, metadata: &Metadata<'_>) -> String {
    let mut message = Message(format!("{} {}: ", metadata.level(), metadata.target()));
    event.record(&mut message);
    message.0.chars().take(EXAMPLE_CHARS).collect()
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").expect("a string takes everything");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PER_SECOND: usize = 10;

    fn throttle() -> Throttle {
        static LOST: Lost = Lost::new();
        Throttle::new(crate::config::Limits::default().log_lines(), &LOST)
    }

    #[test]
    fn no_second_has_more_than_its_lines_of_a_kind_and_the_rest_is_counted() {
        let throttle = throttle();
        let begin = Instant::now();
        let mut logged = Vec::new();
        for millis in 0..5_000 {
            let now = begin + Duration::from_millis(millis);
            if throttle.admits("joins", now, || "Peer joined".to_owned()) {
                logged.push(millis);
            }
        }
        for millis in &logged {
            let second = logged
                .iter()
                .filter(|other| (*millis..millis + 1000).contains(other));
            assert!(second.count() <= PER_SECOND);
        }
        assert!(logged.len() >= 5 * PER_SECOND / 2, "{}", logged.len());
        let left_out = LeftOut {
            lines: 5_000 - logged.len() as u64,
            example: "Peer joined".to_owned(),
        };
        assert_eq!(throttle.left_out(), [left_out]);
        assert_eq!(throttle.left_out(), []);
    }

    #[test]
    fn one_kind_takes_nothing_from_another() {
        let throttle = throttle();
        let now = Instant::now();
        for _ in 0..1000 {
            throttle.admits("joins", now, String::new);
        }
        assert!(throttle.admits("mistakes", now, String::new));
    }
}
