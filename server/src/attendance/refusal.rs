//! Why something was not done, in a sentence for whoever asked for it.
//!
//! May import: pair_name, serde.

use std::time::Duration;

use serde::Serialize;

use super::pair_name::PairName;

const NO_SUCH_PAIR: &str = "no-such-pair";

/// An action that was not done. Nothing has changed.
///
/// Is told as `{"type":"refused","code":"pair-full","words":"…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "refused")]
pub struct Refused {
    /// A stable name, for programs.
    pub code: &'static str,
    /// For the reader, or for the host.
    pub words: String,
}

impl Refused {
    fn new(code: &'static str, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { code, words }
    }

    /// A message is none of those that there are, or is beyond a bound.
    pub fn bad_message(why: impl Into<String>) -> Self {
        Self::new("bad-message", why)
    }

    pub(super) fn name_taken(name: &str) -> Self {
        let words = format!("Somebody here is called {name} already. Choose another name.");
        Self::new("name-taken", words)
    }

    pub(super) fn bad_name(why: impl Into<String>) -> Self {
        Self::new("bad-name", why)
    }

    pub(super) fn no_such_pair(name: &str) -> Self {
        let words = format!("No pair is called {name}. Ask your neighbour for both words.");
        Self::new(NO_SUCH_PAIR, words)
    }

    /// Whether it is one for words of no pair.
    pub(super) fn is_of_wrong_words(&self) -> bool {
        self.code == NO_SUCH_PAIR
    }

    pub(super) fn too_many_wrong_words(wait: Duration) -> Self {
        let words = format!(
            "Your address has said the words of no pair too often. Wait {} s, and ask your neighbour for both words.",
            wait.as_secs() + 1
        );
        Self::new("too-many-wrong-words", words)
    }

    pub(super) fn no_pair_of_this_name() -> Self {
        Self::new(NO_SUCH_PAIR, "This pair does not exist any more.")
    }

    pub(super) fn too_many_pages(limit: usize) -> Self {
        let words =
            format!("{limit} pages of this browser are in the workshop already. Close some.");
        Self::new("too-many-pages", words)
    }

    pub(super) fn pair_full(name: PairName, size: usize) -> Self {
        let words = format!(
            "{name} has its {size} members already. Make a pair of your own, or ask the host for a three."
        );
        Self::new("pair-full", words)
    }

    pub(super) fn pair_locked(name: PairName) -> Self {
        let words = format!("The host has locked {name}: nobody joins it now. Ask the host.");
        Self::new("pair-locked", words)
    }

    pub(super) fn workshop_full(limit: usize) -> Self {
        let words = format!(
            "The workshop has its {limit} attendees already. Ask the host to start it with a larger --max-attendees."
        );
        Self::new("workshop-full", words)
    }

    pub(super) fn workshop_full_for_the_address(limit: usize) -> Self {
        let words = format!(
            "{limit} attendees have come from your address already, and other places are kept for others. Ask the host to start the workshop \
             with a larger --max-attendees-per-address."
        );
        Self::new("workshop-full", words)
    }

    pub(super) fn no_such_attendee() -> Self {
        Self::new("no-such-attendee", "This attendee is not here any more.")
    }

    pub(super) fn nobody_to_try() -> Self {
        Self::new(
            "nobody-to-try",
            "There are no two attendees here who share with you: nobody can try it.",
        )
    }

    pub(super) fn does_not_share() -> Self {
        Self::new(
            "does-not-share",
            "You share nothing with the host: switch that on first.",
        )
    }

    pub(super) fn nobody_to_pair() -> Self {
        Self::new(
            "nobody-to-pair",
            "There are no two attendees here who could be paired.",
        )
    }
}
