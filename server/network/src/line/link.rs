//! A line each way between two ends, A and B.
//!
//! May import: line, serde, timeline.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::timeline::{Step, Timeline};
use super::{Change, Conditions, Exit, Line, OutOfRange};

/// Which way a packet goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From A to B.
    AToB,
    /// From B to A.
    BToA,
}

/// Which way a change counts. A cut of one way is a change of one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Both ways.
    #[default]
    Both,
    /// From A to B only.
    AToB,
    /// From B to A only.
    BToA,
}

impl Way {
    fn covers(self, direction: Direction) -> bool {
        match self {
            Self::Both => true,
            Self::AToB => direction == Direction::AToB,
            Self::BToA => direction == Direction::BToA,
        }
    }
}

/// How a link is at its start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The same seed repeats the run. 32 bits, which JavaScript can say exactly.
    pub seed: u32,
    /// From A to B.
    pub a_to_b: Conditions,
    /// From B to A.
    pub b_to_a: Conditions,
    /// What changes by itself, counted from the start of the link.
    pub timeline: Timeline,
}

/// Two lines, and the changes that are still to come.
#[derive(Debug)]
pub struct Link<P> {
    a_to_b: Line<P>,
    b_to_a: Line<P>,
    /// The next one last.
    steps: Vec<(Duration, Step)>,
}

impl<P: AsRef<[u8]> + Clone> Link<P> {
    /// A link whose clock starts at zero.
    pub fn new(settings: &Settings) -> Self {
        let seed = u64::from(settings.seed);
        let mut link = Self {
            a_to_b: Line::new(settings.a_to_b, seed << 1),
            b_to_a: Line::new(settings.b_to_a, seed << 1 | 1),
            steps: Vec::new(),
        };
        link.run(Duration::ZERO, &settings.timeline);
        link
    }

    /// The line of this direction.
    pub fn line(&self, direction: Direction) -> &Line<P> {
        match direction {
            Direction::AToB => &self.a_to_b,
            Direction::BToA => &self.b_to_a,
        }
    }

    /// Begins a timeline now, in place of the one that may still run.
    pub fn run(&mut self, now: Duration, timeline: &Timeline) {
        self.advance(now);
        self.steps = timeline
            .steps()
            .map(|step| (now + step.at(), *step))
            .rev()
            .collect();
    }

    /// Changes the conditions now.
    ///
    /// # Errors
    /// When a number is out of range. Nothing has changed then.
    pub fn change(&mut self, now: Duration, way: Way, change: &Change) -> Result<(), OutOfRange> {
        self.advance(now);
        self.apply(now, way, change)
    }

    fn apply(&mut self, now: Duration, way: Way, change: &Change) -> Result<(), OutOfRange> {
        for direction in [Direction::AToB, Direction::BToA] {
            if way.covers(direction) {
                let line = self.line_mut(direction);
                let conditions = line.conditions().with(change)?;
                line.set(now, conditions);
            }
        }
        Ok(())
    }

    /// Puts a packet in.
    ///
    /// # Errors
    /// Why it is dropped at once.
    pub fn send(
        &mut self,
        now: Duration,
        direction: Direction,
        packet: P,
    ) -> Result<(), super::DropReason> {
        self.advance(now);
        self.line_mut(direction).send(now, packet)
    }

    /// The next packet that has come to an end of the link by now. To be asked until there is none.
    pub fn poll(&mut self, now: Duration) -> Option<(Direction, Exit<P>)> {
        self.advance(now);
        [Direction::AToB, Direction::BToA]
            .into_iter()
            .find_map(|direction| Some((direction, self.line_mut(direction).poll(now)?)))
    }

    /// When [`poll`](Self::poll) is to be asked again.
    pub fn next_at(&self) -> Option<Duration> {
        let step = self.steps.last().map(|(at, _)| *at);
        let lines = [self.a_to_b.next_at(), self.b_to_a.next_at()];
        lines.into_iter().flatten().chain(step).min()
    }

    fn line_mut(&mut self, direction: Direction) -> &mut Line<P> {
        match direction {
            Direction::AToB => &mut self.a_to_b,
            Direction::BToA => &mut self.b_to_a,
        }
    }

    /// Makes the changes that are due, each at its own time.
    fn advance(&mut self, now: Duration) {
        while let Some((at, step)) = self.steps.pop_if(|(at, _)| *at <= now) {
            let applied = self.apply(at, step.way(), step.change());
            debug_assert!(
                applied.is_ok(),
                "a timeline holds nothing that is out of range"
            );
        }
    }
}
