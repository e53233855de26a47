//! What attendees are called.
//!
//! May import: refusal, words, network, quickconnect::protocol.

use network::random::Random;
use quickconnect::protocol::invisible;

use super::refusal::Refused;
use super::words::TREES;

/// Characters of a name.
const MAX_CHARACTERS: usize = 24;

/// What pages call the companion where they call peers by their names.
pub(super) const COMPANION: &str = "Companion";

/// Nobody is called what pages call others: the companion, the reader, and the host.
const KEPT: [&str; 4] = [COMPANION, "You", "Host", "The host"];

/// A name as it is shown: without spaces around it, with single ones in it.
///
/// # Errors
/// When it is empty or too long, is what pages call others, or has something in it that nobody sees or that changes how others are shown.
pub(super) fn checked(text: &str) -> Result<String, Refused> {
    let text = text.trim();
    if let Some(character) = invisible::find(text) {
        return Err(Refused::bad_name(format!(
            "The name has the invisible character U+{:04X} in it. Choose letters, digits and spaces.",
            u32::from(character)
        )));
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if KEPT.iter().any(|kept| compared(kept) == compared(&name)) {
        let words = format!("Pages call somebody else {name}. Choose another name.");
        return Err(Refused::bad_name(words));
    }
    match name.chars().count() {
        0 => Err(Refused::bad_name("A name has at least one letter.")),
        1..=MAX_CHARACTERS => Ok(name),
        count => Err(Refused::bad_name(format!(
            "The name has {count} characters, and may have {MAX_CHARACTERS}. Choose a shorter one."
        ))),
    }
}

/// A name as it is compared: people would take one for another that is the same but for its case.
pub(super) fn compared(name: &str) -> String {
    name.to_lowercase()
}

/// A tree that nobody is called by; once all are taken, one with a number.
pub(super) fn free(random: &mut Random, is_taken: impl Fn(&str) -> bool) -> String {
    let begin = (random.next_u64() % TREES.len() as u64) as usize;
    let trees = || TREES.iter().cycle().skip(begin).take(TREES.len());
    let free = trees().find(|tree| !is_taken(tree));
    let numbered = |number| {
        let mut names = trees().map(|tree| with_number(tree, number));
        names.find(|name| !is_taken(name))
    };
    free.map(|tree| (*tree).to_owned())
        .or_else(|| (2..usize::MAX).find_map(numbered))
        .expect("numbers don't end")
}

/// The name itself, or the first of "Alder 2", "Alder 3" that nobody has.
pub(super) fn free_like(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let mut names = (2..usize::MAX).map(|number| with_number(name, number));
    names
        .find(|name| !is_taken(name))
        .expect("numbers don't end")
}

/// "Alder 2", cut so that it is no longer than a name may be.
fn with_number(name: &str, number: usize) -> String {
    let number = format!(" {number}");
    let kept = MAX_CHARACTERS.saturating_sub(number.len());
    name.chars().take(kept).chain(number.chars()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_are_trimmed_and_what_nobody_sees_is_refused() {
        assert_eq!(checked("  Ada  Lovelace ").unwrap(), "Ada Lovelace");
        assert_eq!(checked(&"é".repeat(24)).unwrap().chars().count(), 24);
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\u{202e}b",
            "a\u{7}",
            "\u{200b}",
            "a\u{2028}b",
        ] {
            assert_eq!(checked(bad).unwrap_err().code, "bad-name", "{bad:?}");
        }
        assert_eq!(checked(&"e".repeat(25)).unwrap_err().code, "bad-name");
    }

    #[test]
    fn nobody_is_called_what_pages_call_others() {
        for kept in ["Companion", "companion", "YOU", " the  host "] {
            assert_eq!(checked(kept).unwrap_err().code, "bad-name", "{kept}");
        }
        assert_eq!(checked("Young").unwrap(), "Young");
    }

    #[test]
    fn trees_get_numbers_once_all_are_taken() {
        let mut random = Random::new(1);
        let mut taken = Vec::<String>::new();
        for _ in 0..2 * TREES.len() {
            let name = free(&mut random, |name| taken.iter().any(|one| one == name));
            assert!(!taken.contains(&name), "{name}");
            taken.push(name);
        }
        assert!(taken[..TREES.len()].iter().all(|name| !name.contains(' ')));
        assert!(taken[TREES.len()..].iter().all(|name| name.ends_with(" 2")));
    }

    #[test]
    fn a_name_with_a_number_stays_within_its_bound() {
        let long = "e".repeat(24);
        let name = free_like(&long, |name| name == long);
        assert_eq!(name, format!("{} 2", "e".repeat(22)));
    }
}
