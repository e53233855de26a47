//! What *Check this device* has found for an attendee, if they show it to the host.
//!
//! May import: refusal, seen, serde.

use serde::{Deserialize, Serialize};

use super::refusal::Refused;
use super::seen::check;

/// Checks of one device.
const MAX_CHECKS: usize = 16;
/// Characters of the name of one.
const MAX_NAME: usize = 60;
/// Characters of what was found.
const MAX_WORDS: usize = 200;

/// One check. Its texts are an attendee's own words: text, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What was checked.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What was found, in a sentence; empty if it works.
    pub words: String,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It works.
    Works,
    /// It does not.
    Fails,
    /// There was nothing to try, or nobody has.
    Untried,
}

/// Checks the bounds, which are of characters.
///
/// # Errors
/// When there are more checks, or longer texts, than there may be.
pub(super) fn check_bounds(checks: &[Checked]) -> Result<(), Refused> {
    if checks.len() > MAX_CHECKS {
        let words = format!("At most {MAX_CHECKS} checks can be shown.");
        return Err(Refused::bad_message(words));
    }
    checks.iter().try_for_each(|one| {
        check("name", &one.name, MAX_NAME)?;
        check("words", &one.words, MAX_WORDS)
    })
}
