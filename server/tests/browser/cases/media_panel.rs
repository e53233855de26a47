//! The “Media” panel and what is diagnosed of media: each track link by link, and why a picture is black.

use anyhow::{Context, Result};
use serde_json::json;

use super::faults::{is_diagnosed, stays_healthy};
use crate::harness::Kind::{Chromium, ChromiumWithRequests, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

const CALL: &str = include_str!("media_panel/call.js");

/// The call, with one thing wrong.
pub(super) fn call(cause: &str) -> String {
    format!("const cause = {};\n{CALL}", json!(cause))
}

/// A page of the book whose demo sends a picture to itself.
const WITH_PICTURE: (&str, &str) = ("media/without-a-camera.html", "camera-age.js");

/// Whether the tab of the panel is offered.
const IS_OFFERED: &str = "return [...arguments[0].querySelectorAll('.instruments [role=tab]')].some(({ textContent, hidden }) => textContent === 'Media' && !hidden);";

async fn offers(page: &Page<'_>, demo: &Demo<'_>, expected: bool) -> Result<()> {
    let is_so = eventually(async || {
        let is_offered = page.evaluate(IS_OFFERED, [demo.region.to_json()?]).await?;
        Ok((is_offered == json!(expected)).then_some(()))
    });
    is_so.await.context("the tab of the panel")
}

/// Opens the instruments and in them the panel, once the run has tracks.
pub(super) async fn open_panel(page: &Page<'_>, demo: &Demo<'_>) -> Result<()> {
    demo.open_instruments().await?;
    offers(page, demo, true).await?;
    demo.choose_instrument("Media").await
}

/// What each link of the first track says, by its name.
const LINKS: &str = "const track = arguments[0].querySelector('.media-track');
    return [...(track?.querySelectorAll('.media-link') ?? [])].map((link) =>
        ['.media-name', '.media-mark > :last-child', '.media-number'].map((part) => link.querySelector(part).textContent));";

/// Waits until the links of the first track say all of this, in this order.
async fn links_say(page: &Page<'_>, demo: &Demo<'_>, expected: &[(&str, &[&str])]) -> Result<()> {
    let mut seen: Vec<[String; 3]> = Vec::new();
    let is_said = eventually(async || {
        let links = page.evaluate(LINKS, [demo.region.to_json()?]).await?;
        seen = serde_json::from_value(links)?;
        let is_said = seen.len() == expected.len()
            && seen
                .iter()
                .zip(expected)
                .all(|([name, word, _], (link, words))| {
                    name == link && words.contains(&word.as_str())
                });
        Ok(is_said.then_some(()))
    });
    is_said
        .await
        .with_context(|| format!("the links should say {expected:?}, and say {seen:?}"))
}

/// A picture is offered and arrives, though no word of the code says so; and what the runner has loaded for it, before and after.
const UNSPOKEN: &str = include_str!("media_panel/unspoken.js");

async fn follows_what_the_code_does_not_speak_of(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(UNSPOKEN).await?;
    demo.logs("at first: nothing").await?;
    demo.logs("then: audio-video").await?;
    open_panel(&page, &demo).await
}

#[test]
fn what_follows_media_comes_with_the_first_track_though_the_code_does_not_speak_of_any() {
    in_browser_of(Chromium, follows_what_the_code_does_not_speak_of);
}

#[test]
fn what_follows_media_comes_with_the_first_track_though_the_code_does_not_speak_of_any_in_firefox()
{
    in_browser_of(Firefox, follows_what_the_code_does_not_speak_of);
}

/// The demo's picture may have been scrolled away.
const SHOWN: [&str; 2] = ["plays", "out of sight"];

async fn shows_a_picture_on_its_way(browser: &Browser) -> Result<()> {
    let (path, name) = WITH_PICTURE;
    let page = browser.open(path).await?;
    let demo = page.demo(name).await?;
    demo.run().await?;
    demo.logs(" ms old, sent with ").await?;
    open_panel(&page, &demo).await?;
    let moving: [(&str, &[&str]); 6] = [
        ("source", &["moves"]),
        ("encoded", &["moves"]),
        ("sent", &["moves"]),
        ("received", &["moves"]),
        ("decoded", &["moves"]),
        ("shown", &SHOWN),
    ];
    links_say(&page, &demo, &moving).await
}

#[test]
fn a_demo_of_the_book_has_its_picture_in_the_panel_from_source_to_screen() {
    in_browser_of(Chromium, shows_a_picture_on_its_way);
}

#[test]
fn a_demo_of_the_book_has_its_picture_in_the_panel_from_source_to_screen_in_firefox() {
    in_browser_of(Firefox, shows_a_picture_on_its_way);
}

async fn shows_where_it_stops(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(&call("not played")).await?;
    demo.logs("negotiated").await?;
    open_panel(&page, &demo).await?;
    let stops: [(&str, &[&str]); 6] = [
        ("source", &["moves"]),
        ("encoded", &["moves"]),
        ("sent", &["moves"]),
        ("received", &["moves"]),
        ("decoded", &["moves"]),
        ("shown", &["paused"]),
    ];
    links_say(&page, &demo, &stops).await
}

#[test]
fn a_picture_that_nobody_plays_stops_at_the_last_link() {
    in_browser_of(Chromium, shows_where_it_stops);
}

#[test]
fn a_picture_that_nobody_plays_stops_at_the_last_link_in_firefox() {
    in_browser_of(Firefox, shows_where_it_stops);
}

/// Each cause that a frame of the book can have, and what it is told by. Its frames may play, so nothing is refused there.
const CAUSES: [(&str, &str); 10] = [
    ("never painted", "no-pictures"),
    ("disabled", "track-disabled"),
    ("both receive", "both-receive"),
    ("the answer is inactive", "answer-inactive"),
    ("no srcObject", "no-source-object"),
    ("not played", "not-played"),
    ("a stream for each track", "stream-replaced"),
    ("without size", "no-size"),
    ("srcObject twice", "play-interrupted"),
    ("a wrong key", "not-decoded"),
];

async fn tells_the_causes_apart(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    for (cause, finding) in CAUSES {
        demo.run_code(&call(cause)).await?;
        demo.logs("negotiated").await.context(cause)?;
        is_diagnosed(&page, CREATE_OFFER, finding)
            .await
            .context(cause)?;
    }
    demo.stop().await?;
    let healthy = browser.open(CHAPTER).await?;
    let demo = healthy.demo(CREATE_OFFER).await?;
    demo.run_code(&call("none")).await?;
    stays_healthy(&healthy, CREATE_OFFER).await
}

#[test]
fn each_cause_of_a_black_picture_is_told_by_its_own_finding_and_a_healthy_call_by_none() {
    in_browser_of(Chromium, tells_the_causes_apart);
}

#[test]
fn each_cause_of_a_black_picture_is_told_by_its_own_finding_and_a_healthy_call_by_none_in_firefox()
{
    in_browser_of(Firefox, tells_the_causes_apart);
}

#[test]
fn only_a_run_with_tracks_has_the_panel() {
    in_browser_of(ChromiumWithRequests, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run().await?;
        demo.logs("gathering: complete").await?;
        demo.open_instruments().await?;
        offers(&page, &demo, false).await?;
        let requests = browser.requests().await?;
        assert!(
            !requests.iter().any(|url| url.contains("instruments/media")),
            "nothing of it is loaded"
        );
        demo.run_code(&call("none")).await?;
        offers(&page, &demo, true).await
    });
}
