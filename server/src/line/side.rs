//! The two ends of a line.
//!
//! May import: network, serde.

use network::line::Direction;
use serde::Deserialize;

/// An end of a line, and whoever talks to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// By convention that of whoever opened the line.
    A,
    /// The other.
    B,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The one at the other end.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Which way its packets go.
    pub fn direction(self) -> Direction {
        match self {
            Self::A => Direction::AToB,
            Self::B => Direction::BToA,
        }
    }

    /// Where packets of this direction come out.
    pub fn behind(direction: Direction) -> Self {
        match direction {
            Direction::AToB => Self::B,
            Direction::BToA => Self::A,
        }
    }

    /// As programs say it.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}
