//! The module `test-media`: pictures and sounds without devices, which end with their tracks, and a pair of connections. The pages let
//! their frames play.

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

const CARD: &str = include_str!("test_media/card.js");
const PAIR: &str = include_str!("test_media/pair.js");
const VOICE: &str = include_str!("test_media/voice.js");

/// A wrong bit of the picture's time makes an age of any number of seconds up to 63.
const READABLE: f64 = 5_000.0;

/// The JSON behind this word in the console.
async fn logged<T: DeserializeOwned>(demo: &Demo<'_>, word: &str) -> Result<T> {
    let entry = demo.console().has(&format!("{word} "), 1).await?;
    serde_json::from_str(&entry.text[word.len() + 1..]).with_context(|| entry.text.clone())
}

async fn tells_the_age_of_a_small_picture(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(CARD).await?;
    let before: String = logged(&demo, "before").await?;
    assert_eq!(before, "NaN", "there is no picture yet");
    let age: f64 = logged(&demo, "age").await?;
    ensure!((0.0..READABLE).contains(&age), "{age} ms");
    demo.logs("terminated").await?;
    Ok(())
}

#[test]
fn the_smallest_card_says_how_old_it_is_and_ends_with_its_track() {
    in_browser_of(Chromium, tells_the_age_of_a_small_picture);
}

#[test]
fn the_smallest_card_says_how_old_it_is_and_ends_with_its_track_in_firefox() {
    in_browser_of(Firefox, tells_the_age_of_a_small_picture);
}

/// Only Chromium keeps frames from playing, and only Firefox needs a sound device.
#[test]
fn a_voice_is_heard_in_a_frame_after_a_click_and_ends_with_its_track() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(VOICE).await?;
        let voice: [String; 2] = logged(&demo, "voice").await?;
        assert_eq!(voice, ["audio", "live"]);
        demo.logs("plays").await?;
        demo.logs("closed").await?;
        Ok(())
    });
}

async fn negotiates_for_both(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(PAIR).await?;
    // What A offered, on one side, and with it the channel of B, which has offered at the same time.
    let [direction]: [String; 1] = logged(&demo, "agreed").await?;
    assert_eq!(direction, "sendonly");
    Ok(())
}

#[test]
fn a_pair_negotiates_what_both_sides_need_at_once() {
    in_browser_of(Chromium, negotiates_for_both);
}

#[test]
fn a_pair_negotiates_what_both_sides_need_at_once_in_firefox() {
    in_browser_of(Firefox, negotiates_for_both);
}
