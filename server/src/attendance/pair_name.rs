//! The name of a pair: two words, such as `amber-otter`, which neighbours can say to each other.
//!
//! May import: words, serde, thiserror.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::{ADJECTIVES, ANIMALS};

/// The name of a pair, as the places of its words in their lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PairName {
    adjective: u8,
    animal: u8,
}

/// A text is no name of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a pair has two words that this server knows, such as amber-otter")]
pub struct NoPairName;

impl PairName {
    /// How many there are.
    pub(super) const COUNT: usize = ADJECTIVES.len() * ANIMALS.len();

    /// The one of this number, which is below [`COUNT`](Self::COUNT).
    pub(super) fn numbered(number: usize) -> Self {
        Self {
            adjective: (number / ANIMALS.len()) as u8,
            animal: (number % ANIMALS.len()) as u8,
        }
    }

    /// The pair whose room this is: what stands before the first slash. `None` if it is no pair's room, whether or not such a pair exists.
    pub fn of_room(room: &str) -> Option<Self> {
        let (name, _) = room.split_once('/')?;
        name.parse().ok()
    }

    /// As somebody types it who was told two words: in any case, with a space in place of the hyphen.
    pub(super) fn typed(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || c == '-');
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_lowercase().parse().ok()
    }
}

impl fmt::Display for PairName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let adjective = ADJECTIVES[usize::from(self.adjective)];
        write!(f, "{adjective}-{}", ANIMALS[usize::from(self.animal)])
    }
}

impl FromStr for PairName {
    type Err = NoPairName;

    fn from_str(text: &str) -> Result<Self, NoPairName> {
        let (adjective, animal) = text.split_once('-').ok_or(NoPairName)?;
        let place = |words: &[&str], word| words.binary_search(&word).map_err(|_| NoPairName);
        Ok(Self {
            adjective: place(&ADJECTIVES, adjective)? as u8,
            animal: place(&ANIMALS, animal)? as u8,
        })
    }
}

impl From<PairName> for String {
    fn from(name: PairName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for PairName {
    type Error = NoPairName;

    fn try_from(text: String) -> Result<Self, NoPairName> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_name_is_read_as_itself_and_no_two_are_the_same() {
        let names = (0..PairName::COUNT).map(PairName::numbered);
        let mut count = 0;
        for (name, next) in names.clone().zip(names.skip(1)) {
            assert_eq!(name.to_string().parse(), Ok(name));
            assert_ne!(name, next);
            count += 1;
        }
        assert_eq!(count, 128 * 128 - 1);
    }

    #[test]
    fn only_what_stands_before_a_slash_makes_a_room_that_of_a_pair() {
        let amber_otter = "amber-otter".parse().unwrap();
        for room in [
            "amber-otter/quickconnect-intro",
            "amber-otter/",
            "amber-otter//x/y",
        ] {
            assert_eq!(PairName::of_room(room), Some(amber_otter), "{room}");
        }
        for room in [
            "amber-otter",
            "amber-otters/x",
            "Amber-Otter/x",
            " amber-otter/x",
            "amber-otter /x",
            "amber-otter\u{2215}x",
            "\u{430}mber-otter/x",
            "amber/otter",
            "x/amber-otter/x",
            "",
            "/",
        ] {
            assert_eq!(PairName::of_room(room), None, "{room}");
        }
    }

    #[test]
    fn two_words_are_understood_however_they_are_typed() {
        for text in [
            "amber-otter",
            " Amber  Otter ",
            "AMBER-OTTER",
            "amber - otter",
        ] {
            assert_eq!(PairName::typed(text), "amber-otter".parse().ok(), "{text}");
        }
        for text in ["", "-", "amber", "otter amber", "amber otter otter"] {
            assert_eq!(PairName::typed(text), None, "{text}");
        }
    }
}
