//! Where the numbers of a chapter's prose stand besides.
//!
//! May import: book, numbers, prose, sentences, shown, workspace.

use std::fs;

use super::{
    book::{Book, places_of},
    numbers::{is_in, numbers_in},
    prose::Chapter,
    sentences::Sentence,
    shown::Place,
};
use crate::workspace::root;

/// Where the standards are.
const STANDARDS: [&str; 6] = [
    "rfc-editor.org",
    "w3.org",
    "datatracker.ietf.org",
    "fetch.spec.whatwg.org",
    "html.spec.whatwg.org",
    "websockets.spec.whatwg.org",
];

/// A sentence with one of these says of itself that its numbers are those of some run.
const EXAMPLES: [&str; 7] = [
    "our runs",
    "one run",
    "In a run",
    "for example",
    "as an example",
    "perhaps",
    "e.g.",
];

/// How long a chapter takes, at its head, is an estimate.
const READING_TIME: &str = "*About ";

/// So many files of the chapter are named.
const MAX_FILES: usize = 3;

pub(crate) fn leads_to_a_standard(link: &str) -> bool {
    STANDARDS.iter().any(|place| link.contains(place))
}

/// A line for each number of the prose: those that stand elsewhere, too, with the places, and the others.
pub(crate) fn numbers(book: &Book, name: &str, chapter: &Chapter) -> (Vec<String>, Vec<String>) {
    let files = files(chapter);
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let said = chapter.sentences.iter();
    for sentence in said.filter(|sentence| !sentence.text.starts_with(READING_TIME)) {
        for number in numbers_in(&sentence.text) {
            let files = files.iter().filter(|(_, text)| is_in(number.value, text));
            let files = files.map(|(file, _)| file.clone()).take(MAX_FILES);
            let places: Vec<String> = files
                .chain(shown(book, name, sentence, number.value))
                .chain(said_of_itself(sentence).map(str::to_owned))
                .collect();
            let line = format!("- {}: {}", sentence.line, number.written);
            if places.is_empty() {
                missing.push(format!("{line} — {}\n", sentence.text));
            } else {
                found.push(format!("{line}: {}\n", places.join(", ")));
            }
        }
    }
    (found, missing)
}

/// Rows and tests that show the sentence, and have the number.
fn shown(book: &Book, name: &str, sentence: &Sentence, number: f64) -> Vec<String> {
    let places = places_of(book, name, &sentence.text);
    let has_number = |place: &&Place| match place {
        Place::Row(name) => {
            let mut rows = book.table.rows();
            rows.any(|row| row.name == *name && is_in(number, &row.returns.join(" ")))
        }
        Place::Demo(stem) => is_in_file(number, &format!("code/{stem}.expected")),
        Place::Test(file) => is_in_file(number, file),
        Place::Constant { value, .. } => is_in_constant(number, value),
        // Why it is no claim says what the number is.
        Place::NoClaim(_) => true,
        Place::NotMeasured(_) => false,
    };
    places.filter(has_number).map(Place::in_words).collect()
}

/// In the same unit or a smaller one: a minute is 60 s, a MiB is 1,024 KiB.
pub(crate) fn is_in_constant(number: f64, value: &str) -> bool {
    [1.0, 60.0, 1_024.0]
        .iter()
        .any(|times| is_in(number * times, value))
}

fn is_in_file(number: f64, file: &str) -> bool {
    fs::read_to_string(root().join(file)).is_ok_and(|text| is_in(number, &text))
}

fn said_of_itself(sentence: &Sentence) -> impl Iterator<Item = &'static str> {
    let has_standard = sentence.links.iter().any(|link| leads_to_a_standard(link));
    let is_example = EXAMPLES.iter().any(|words| sentence.text.contains(words));
    let standard = has_standard.then_some("the standard of its link");
    standard
        .into_iter()
        .chain(is_example.then_some("an example"))
}

/// What may have a number of a chapter: expectations first, then programs and edits.
fn files(chapter: &Chapter) -> Vec<(String, String)> {
    let stems = chapter
        .files
        .iter()
        .filter_map(|file| file.rsplit_once('.'));
    let expected = stems.map(|(stem, _)| format!("code/{stem}.expected"));
    let exercises = chapter.exercises.iter();
    let goals = exercises.map(|exercise| format!("code/{exercise}.goals.js"));
    let included = chapter.files.iter().map(|file| format!("code/{file}"));
    let all = expected.chain(goals).chain(included);
    all.filter_map(|file| {
        let text = fs::read_to_string(root().join(&file)).ok()?;
        Some((file, text))
    })
    .collect()
}
