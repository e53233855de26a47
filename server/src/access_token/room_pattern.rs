//! Which rooms a token is for: one by its name, or all whose names begin alike.
//!
//! May import: thiserror.

use std::fmt;
use std::str::FromStr;

/// Bytes of the longest pattern: names of rooms are shorter, unless a flag allows longer ones.
const MAX_BYTES: usize = 256;

/// At the end of a pattern: whatever follows, also nothing.
const OPEN_END: char = '*';

/// `lobby` is the room of this name; `demo-*` is every room whose name begins with `demo-`; `*` is every room. Upper and lower case differ.
///
/// A star has no other place, and there is no way to write one that stands for itself: a room whose name ends with a star is named by a pattern
/// that also names others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPattern {
    begin: Box<str>,
    is_open: bool,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPattern {
    /// There is nothing in it.
    #[error("it is empty; * names every room")]
    Empty,
    /// A star that is not its last character.
    #[error("* may only be its last character, as in demo-*")]
    StarInside,
    /// It is no room's.
    #[error("it has more than {MAX_BYTES} bytes")]
    TooLong,
}

impl FromStr for RoomPattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        let (begin, is_open) = match text.strip_suffix(OPEN_END) {
            Some(begin) => (begin, true),
            None => (text, false),
        };
        if text.is_empty() {
            Err(BadPattern::Empty)
        } else if begin.contains(OPEN_END) {
            Err(BadPattern::StarInside)
        } else if text.len() > MAX_BYTES {
            Err(BadPattern::TooLong)
        } else {
            let begin = begin.into();
            Ok(Self { begin, is_open })
        }
    }
}

impl fmt::Display for RoomPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.is_open { "*" } else { "" };
        write!(f, "{}{end}", self.begin)
    }
}

impl RoomPattern {
    /// The pattern of every room.
    pub fn every() -> Self {
        Self {
            begin: Box::default(),
            is_open: true,
        }
    }

    /// Whether it names this room.
    pub fn covers(&self, room: &str) -> bool {
        match self.is_open {
            true => room.starts_with(&*self.begin),
            false => room == &*self.begin,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_pattern_names_one_room_or_all_that_begin_alike() {
        for (pattern, covered, others) in [
            (
                "lobby",
                &["lobby"][..],
                &["lobby2", "Lobby", "", "lobb"][..],
            ),
            (
                "demo-*",
                &["demo-", "demo-1", "demo-a*b"],
                &["demo", "Demo-1", "a-demo-1"],
            ),
            ("*", &["lobby", "#hash", "*"], &[]),
            ("größe/*", &["größe/1"], &["grösse/1", "gro"]),
        ] {
            let text = pattern;
            let pattern: RoomPattern = text.parse().unwrap();
            assert_eq!(pattern.to_string(), text);
            for room in covered {
                assert!(pattern.covers(room), "{pattern:?} {room}");
            }
            for room in others {
                assert!(!pattern.covers(room), "{pattern:?} {room}");
            }
        }
    }

    #[test]
    fn a_star_that_is_not_the_last_character_and_an_empty_pattern_are_refused() {
        for (text, error) in [
            ("", BadPattern::Empty),
            ("**", BadPattern::StarInside),
            ("*-demo", BadPattern::StarInside),
            ("a*b*", BadPattern::StarInside),
            (&"r".repeat(MAX_BYTES + 1), BadPattern::TooLong),
        ] {
            assert_eq!(text.parse::<RoomPattern>(), Err(error), "{text}");
        }
    }
}
