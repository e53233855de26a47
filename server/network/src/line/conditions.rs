//! What a line does to packets, as pages say it, and checked.
//!
//! May import: serde, thiserror.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// In per cent.
const SHARE: RangeInclusive<f64> = 0.0..=100.0;
/// In packets.
const BURST: RangeInclusive<f64> = 1.0..=1_000.0;
/// In milliseconds, of the delay and of the jitter.
const DELAY: RangeInclusive<f64> = 0.0..=10_000.0;
/// In kbit/s. At the lowest a packet of 1,500 bytes takes 12 s.
const RATE: RangeInclusive<f64> = 1.0..=1_000_000.0;
/// In bytes. The shortest holds one packet as browsers send them, the longest is what one line may cost in memory.
const QUEUE: RangeInclusive<f64> = 2_000.0..=1_048_576.0;
/// Of a line of which nobody said how long its queue is, in bytes.
const DEFAULT_QUEUE: usize = 65_536;

/// What a page wants to be different. What is left out stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Share of packets that are lost, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<f64>,
    /// How many packets are lost in a row, on average. Independent losses come in runs of 1 / (1 − loss) already; a smaller number means
    /// these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<f64>,
    /// How long each packet takes, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<f64>,
    /// Up to how much longer it takes, in milliseconds, evenly distributed. Packets stay in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter: Option<f64>,
    /// Share of packets that are held back and overtaken, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder: Option<f64>,
    /// Share of packets that arrive twice, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<f64>,
    /// Bits of IP packets that pass in a millisecond (kbit/s); 0 for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Bytes of IP packets that wait for their turn at most; the packet that finds no room is dropped (tail drop).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<f64>,
    /// Whether nothing passes at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<bool>,
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} is {value}, which is out of range: it may be {least} to {most} {unit}")]
pub struct OutOfRange {
    name: &'static str,
    value: f64,
    least: f64,
    most: f64,
    unit: &'static str,
}

/// What a line does to packets. Its default does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Change", into = "Change")]
pub struct Conditions {
    /// From 0 to 1, like the other shares.
    pub(super) loss: f64,
    pub(super) burst: f64,
    pub(super) delay: Duration,
    pub(super) jitter: Duration,
    pub(super) reorder: f64,
    pub(super) duplicate: f64,
    /// In bits a second.
    pub(super) rate: Option<f64>,
    pub(super) queue: usize,
    pub(super) cut: bool,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            loss: 0.0,
            burst: 1.0,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            reorder: 0.0,
            duplicate: 0.0,
            rate: None,
            queue: DEFAULT_QUEUE,
            cut: false,
        }
    }
}

impl Conditions {
    /// These, with that change.
    ///
    /// # Errors
    /// When a number is out of range. Ranges do not depend on each other: a change that is refused once is always refused.
    pub fn with(self, change: &Change) -> Result<Self, OutOfRange> {
        let share = |name, given, current| {
            checked(name, given, &SHARE, "per cent")
                .map(|new| new.map_or(current, |new| new / 100.0))
        };
        let time = |name, given, current| {
            checked(name, given, &DELAY, "milliseconds")
                .map(|new| new.map_or(current, |new| Duration::from_secs_f64(new / 1_000.0)))
        };
        Ok(Self {
            loss: share("loss", change.loss, self.loss)?,
            burst: checked("burst", change.burst, &BURST, "packets")?.unwrap_or(self.burst),
            delay: time("delay", change.delay, self.delay)?,
            jitter: time("jitter", change.jitter, self.jitter)?,
            reorder: share("reorder", change.reorder, self.reorder)?,
            duplicate: share("duplicate", change.duplicate, self.duplicate)?,
            rate: match change.rate {
                Some(0.0) => None,
                given => checked("rate", given, &RATE, "kbit/s, or 0 for no limit")?
                    .map(|new| new * 1_000.0)
                    .or(self.rate),
            },
            queue: checked("queue", change.queue, &QUEUE, "bytes")?
                .map_or(self.queue, |new| new as usize),
            cut: change.cut.unwrap_or(self.cut),
        })
    }
}

fn checked(
    name: &'static str,
    given: Option<f64>,
    range: &RangeInclusive<f64>,
    unit: &'static str,
) -> Result<Option<f64>, OutOfRange> {
    match given {
        Some(value) if !range.contains(&value) => Err(OutOfRange {
            name,
            value,
            least: *range.start(),
            most: *range.end(),
            unit,
        }),
        given => Ok(given),
    }
}

impl TryFrom<Change> for Conditions {
    type Error = OutOfRange;

    /// What is left out has no effect on packets.
    fn try_from(change: Change) -> Result<Self, OutOfRange> {
        Self::default().with(&change)
    }
}

impl From<Conditions> for Change {
    fn from(conditions: Conditions) -> Self {
        let milliseconds = |time: Duration| Some(time.as_secs_f64() * 1_000.0);
        Self {
            loss: Some(conditions.loss * 100.0),
            burst: Some(conditions.burst),
            delay: milliseconds(conditions.delay),
            jitter: milliseconds(conditions.jitter),
            reorder: Some(conditions.reorder * 100.0),
            duplicate: Some(conditions.duplicate * 100.0),
            rate: Some(conditions.rate.unwrap_or(0.0) / 1_000.0),
            queue: Some(conditions.queue as f64),
            cut: Some(conditions.cut),
        }
    }
}
