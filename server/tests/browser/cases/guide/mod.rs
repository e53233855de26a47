//! The chapters of the guide do what they say: their demos, the edits that they suggest, their exercises. A chapter alone:
//! `cargo test --release -p guidebook --test browser guide::ice`.
//!
//! May import: `expected`, `play`, `harness`.

mod expected;
mod play;

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::in_browser_of;

const SUMMARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/SUMMARY.md");

/// What needs two browsers, or no program of its own, and has tests of its own.
const ELSEWHERE: [&str; 9] = [
    "appendix/browsers",
    "appendix/questions",
    "appendix/stack",
    "appendix/standards",
    "connecting/index",
    "connecting/instruments",
    "quickconnect/reference",
    "quickconnect/how-to",
    "quickconnect/migration",
];

macro_rules! chapters {
    ($($name:ident = $path:literal),+ $(,)?) => {
        const CHAPTERS: &[&str] = &[$($path),+];
        $(mod $name {
            use super::*;

            #[test]
            fn does_what_it_says_in_chromium() {
                in_browser_of(Chromium, async |browser| play::play(browser, $path).await);
            }

            #[test]
            fn does_what_it_says_in_firefox() {
                in_browser_of(Firefox, async |browser| play::play(browser, $path).await);
            }
        })+
    };
}

chapters! {
    begin = "begin/what-webrtc-is",
    descriptions = "agreeing/descriptions",
    states = "agreeing/states",
    changing = "agreeing/changing",
    ice = "network/ice",
    nats = "network/nats",
    stun = "network/stun",
    turn = "network/turn",
    breaking = "network/breaking",
    test_network = "network/test-network",
    channels = "data/channels",
    amounts = "data/amounts",
    meshes = "rooms/meshes",
    security = "production/security",
    watching = "production/watching",
    pitfalls = "production/pitfalls",
}

#[test]
fn the_exercises_of_creating_connections_can_be_solved_in_chromium() {
    in_browser_of(Chromium, async |browser| {
        play::play_exercises(browser, "connecting/index").await
    });
}

#[test]
fn the_exercises_of_creating_connections_can_be_solved_in_firefox() {
    in_browser_of(Firefox, async |browser| {
        play::play_exercises(browser, "connecting/index").await
    });
}

#[test]
fn no_chapter_goes_unplayed() -> Result<()> {
    let summary = fs::read_to_string(SUMMARY)?;
    let links = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)"));
    let named: BTreeSet<&str> = links
        .map(|(path, _)| path)
        .filter(|path| path.contains('/'))
        .collect();
    let known: BTreeSet<&str> = CHAPTERS.iter().chain(&ELSEWHERE).copied().collect();
    assert_eq!(named, known);
    Ok(())
}
