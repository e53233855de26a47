//! Changes at given times: "cut at 2 s, mend at 5 s".
//!
//! May import: line, link, serde, thiserror.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::link::Way;
use super::{Change, Conditions, OutOfRange};

/// Steps that a timeline has at most.
pub const MAX_STEPS: usize = 100;
/// The latest time of a step, in seconds.
pub const MAX_SECONDS: f64 = 3_600.0;

/// A change and its time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// In seconds from the start of the timeline.
    at: f64,
    #[serde(default)]
    way: Way,
    set: Change,
}

impl Step {
    /// When, from the start of the timeline.
    pub fn at(&self) -> Duration {
        Duration::from_secs_f64(self.at)
    }

    /// Which way it counts.
    pub fn way(&self) -> Way {
        self.way
    }

    /// What becomes different.
    pub fn change(&self) -> &Change {
        &self.set
    }
}

/// Steps in the order of their times. In JSON: `[{"at": 2, "set": {"cut": true}}, {"at": 5, "set": {"cut": false}}]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Step>", into = "Vec<Step>")]
pub struct Timeline(Vec<Step>);

/// Why a timeline is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    /// It has too many steps.
    #[error("the timeline has {0} steps, and may have {MAX_STEPS}")]
    Long(usize),
    /// A step's time is out of range.
    #[error("step {number} is at {at} s, which is out of range: it may be at 0 to {MAX_SECONDS} s")]
    Time {
        /// Counted from 1.
        number: usize,
        /// The time that was given.
        at: f64,
    },
    /// A step is earlier than the one before it.
    #[error("step {0} is earlier than the one before it: put them in the order of their times")]
    Order(usize),
    /// A step's change is refused.
    #[error("step {number}: {reason}")]
    Change {
        /// Counted from 1.
        number: usize,
        /// Why.
        reason: OutOfRange,
    },
}

impl Timeline {
    /// In the order of their times.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &Step> {
        self.0.iter()
    }
}

impl TryFrom<Vec<Step>> for Timeline {
    type Error = Refused;

    fn try_from(steps: Vec<Step>) -> Result<Self, Refused> {
        if steps.len() > MAX_STEPS {
            return Err(Refused::Long(steps.len()));
        }
        let mut last = 0.0;
        for (number, step) in (1..).zip(&steps) {
            if !(0.0..=MAX_SECONDS).contains(&step.at) {
                return Err(Refused::Time {
                    number,
                    at: step.at,
                });
            }
            if step.at < last {
                return Err(Refused::Order(number));
            }
            last = step.at;
            Conditions::default()
                .with(&step.set)
                .map_err(|reason| Refused::Change { number, reason })?;
        }
        Ok(Self(steps))
    }
}

impl From<Timeline> for Vec<Step> {
    fn from(timeline: Timeline) -> Self {
        timeline.0
    }
}
