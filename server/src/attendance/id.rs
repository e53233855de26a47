//! The id of an attendee.
//!
//! May import: serde, thiserror.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An attendee, in messages as `a7` with a hexadecimal number. Is a random number: after a restart of the server, nobody may get the id of
/// somebody who has not come back yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Id(pub(super) u32);

/// A text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is the letter a and a hexadecimal number")]
pub struct NoId;

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a{:x}", self.0)
    }
}

impl FromStr for Id {
    type Err = NoId;

    fn from_str(text: &str) -> Result<Self, NoId> {
        let digits = text.strip_prefix('a').ok_or(NoId)?;
        let id = u32::from_str_radix(digits, 16).map(Self);
        // One text for each id: no sign, no zeros in front, no capitals.
        id.ok().filter(|id| id.to_string() == text).ok_or(NoId)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for Id {
    type Error = NoId;

    fn try_from(text: String) -> Result<Self, NoId> {
        text.parse()
    }
}
