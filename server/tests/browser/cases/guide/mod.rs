//! The chapters of the guide do what they say: their demos, the edits that they suggest, their exercises. A chapter alone:
//! `cargo test --release -p guidebook --test browser guide::ice`.
//!
//! May import: `expected`, `play`, `harness`, `pages`.

pub(super) mod expected;
mod play;

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox, FirefoxWithAddresses};
use crate::harness::{Kind, in_each_browser};
use crate::pages::{GUIDE, pages};

const SUMMARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/SUMMARY.md");

/// Who plays a chapter.
fn players(chapter: &str) -> [Kind; 2] {
    let firefox = match chapter {
        // One demo is about the names in place of addresses.
        "production/security" => Firefox,
        // With addresses, Firefox takes longer to find that a connection has failed than these demos wait.
        "agreeing/descriptions" | "agreeing/states" => Firefox,
        _ => FirefoxWithAddresses,
    };
    [Chromium, firefox]
}

macro_rules! chapters {
    ($($name:ident = $path:literal),+ $(,)?) => {
        const CHAPTERS: [&str; GUIDE.len()] = [$($path),+];
        $(mod $name {
            use super::*;

            #[test]
            fn does_what_it_says() {
                in_each_browser(players($path), async |browser| play::play(browser, $path).await);
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
    test_media = "media/test-media",
    calls_with_media = "media/quickconnect",
    channels = "data/channels",
    amounts = "data/amounts",
    live_graph = "data/live-graph",
    machines = "rooms/machines",
    meshes = "rooms/meshes",
    tracks = "media/tracks",
    without_a_camera = "media/without-a-camera",
    cameras = "media/cameras",
    black_pictures = "media/black-pictures",
    mute = "media/mute",
    codecs = "media/codecs",
    rates = "media/rates",
    bad_network = "media/bad-network",
    statistics = "media/statistics",
    transforms = "media/transforms",
    voice = "media/voice",
    topologies = "media/topologies",
    whip = "media/whip",
    security = "production/security",
    watching = "production/watching",
    debugging = "production/debugging",
    testing = "production/testing",
    running = "production/running",
    pitfalls = "production/pitfalls",
}

#[test]
fn the_exercises_of_creating_connections_can_be_solved() {
    const CHAPTER: &str = "connecting/index";
    in_each_browser(players(CHAPTER), async |browser| {
        play::play_exercises(browser, CHAPTER).await
    });
}

#[test]
fn no_chapter_goes_unplayed() {
    assert_eq!(CHAPTERS.map(|path| format!("{path}.html")), GUIDE);
}

#[test]
fn no_page_goes_unlooked_at() -> Result<()> {
    let summary = fs::read_to_string(SUMMARY)?;
    let links = summary
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(".md)"));
    let named: BTreeSet<String> = links
        .map(|(path, _)| match path.strip_suffix("index") {
            Some(folder) => folder.to_owned(),
            None => format!("{path}.html"),
        })
        .collect();
    let known: BTreeSet<String> = pages().map(str::to_owned).collect();
    assert_eq!(named, known);
    Ok(())
}
