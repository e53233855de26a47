//! The fuzzer's corpus, and what comes of it by small changes: a bounded run for every test. `fuzz/` has the unbounded one.

#[path = "../../fuzz/properties.rs"]
mod properties;

use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;

/// Bytes that mean something in a frame, or are more than one byte.
const PIECES: [&str; 16] = [
    "|",
    "/",
    "{",
    "}",
    "\"",
    "\\",
    ":",
    "\0",
    "é",
    "😀",
    "/to|",
    "/announce|a|",
    "primus",
    "null",
    "/error|",
    "\"room\":",
];

fn corpus() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/frames");
    let seeds: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(seeds.len() > 20);
    seeds
}

/// A cut, and what is put there, or taken away.
type Change = (Index, usize, Option<&'static str>);

fn changed(text: &str, changes: &[Change]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, removed, piece) in changes {
        let begin = place.index(characters.len() + 1);
        let end = characters.len().min(begin + removed);
        characters.splice(begin..end, piece.unwrap_or_default().chars());
    }
    characters.into_iter().collect()
}

#[test]
fn every_frame_of_the_corpus_keeps_the_promises() {
    for text in corpus() {
        properties::hold(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn so_does_every_change_of_one(
        text in prop::sample::select(corpus()),
        changes in prop::collection::vec(
            (any::<Index>(), 0..4_usize, prop::option::of(prop::sample::select(&PIECES[..]))),
            1..6,
        ),
    ) {
        properties::hold(&changed(&text, &changes));
    }

    #[test]
    fn so_does_any_text(text in "\\PC{0,60}") {
        properties::hold(&text);
    }
}
