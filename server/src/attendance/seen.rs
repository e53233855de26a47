//! What an attendee shares with the host: what is in view, and how it goes.
//!
//! May import: refusal, serde.

use serde::{Deserialize, Serialize};

use super::refusal::Refused;

/// Characters of the path of a page.
const MAX_PAGE: usize = 200;
/// Characters of its title, or of the name of a demo.
const MAX_TITLE: usize = 100;
/// Characters of an error.
const MAX_ERROR: usize = 300;
/// Exercises.
const MAX_SOLVED: usize = 100;
/// Characters of the name of one.
const MAX_EXERCISE: usize = 60;

/// The latest that an attendee's pages said. It is an attendee's own words: text, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Seen {
    /// The page in view, as it stands in addresses behind the root.
    pub page: String,
    /// What it is called.
    pub title: String,
    /// The demo in view.
    #[serde(default)]
    pub demo: Option<String>,
    /// Whether it runs.
    #[serde(default)]
    pub running: bool,
    /// Its last error, in a sentence.
    #[serde(default)]
    pub error: Option<String>,
    /// How the attendee is connected with a peer.
    #[serde(default)]
    pub way: Option<Way>,
    /// Exercises that were solved.
    #[serde(default)]
    pub solved: Vec<String>,
}

/// How two peers are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Without anybody in between.
    Direct,
    /// By TURN.
    Relay,
}

impl Seen {
    /// Checks the bounds, which are of characters.
    ///
    /// # Errors
    /// When something is longer than it may be.
    pub(super) fn check(&self) -> Result<(), Refused> {
        check("page", &self.page, MAX_PAGE)?;
        check("title", &self.title, MAX_TITLE)?;
        check("demo", self.demo.as_deref().unwrap_or_default(), MAX_TITLE)?;
        check(
            "error",
            self.error.as_deref().unwrap_or_default(),
            MAX_ERROR,
        )?;
        if self.solved.len() > MAX_SOLVED {
            let words = format!("At most {MAX_SOLVED} exercises can be told as solved.");
            return Err(Refused::bad_message(words));
        }
        let mut solved = self.solved.iter();
        solved.try_for_each(|exercise| check("solved", exercise, MAX_EXERCISE))
    }
}

/// Whether a text has at most so many characters.
pub(super) fn check(field: &str, text: &str, limit: usize) -> Result<(), Refused> {
    match text.chars().nth(limit) {
        None => Ok(()),
        Some(_) => Err(Refused::bad_message(format!(
            "The field {field} may have {limit} characters."
        ))),
    }
}
