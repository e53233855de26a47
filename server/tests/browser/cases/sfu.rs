//! The media room in browsers: demos publish test cards and watch each other's, choose layers, and join late.

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::places::Mostly::Works;
use crate::harness::places::run;
use crate::harness::{Browser, in_browser_of, in_browsers, start_server};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

const IMPORT: &str = "import { testCard } from 'test-media';\n";
const EXCHANGE: &str = include_str!("sfu/exchange.js");
const ROOM: &str = include_str!("sfu/room.js");
const LATE: &str = include_str!("sfu/late.js");
const LAYERS: &str = include_str!("sfu/layers.js");
const STRANGERS: &str = include_str!("sfu/strangers.js");

/// How long a late joiner waits for a picture, in ms: a quiet machine needs 300 to 600, a busy one has several encoders and decoders to run.
const FIRST_PICTURE: f64 = 3_000.0;

async fn run_in(demo: &Demo<'_>, program: &str) -> Result<()> {
    demo.run_code(&format!("{IMPORT}{EXCHANGE}{program}")).await
}

/// The JSON behind this word in the console.
async fn logged<T: DeserializeOwned>(demo: &Demo<'_>, word: &str) -> Result<T> {
    let entry = demo.console().has(&format!("{word} "), 1).await?;
    serde_json::from_str(&entry.text[word.len() + 1..]).with_context(|| entry.text.clone())
}

/// Each of these browsers has so many tabs, three in all: each sends once, and sees the two others.
async fn three_meet(browsers: &[(&Browser, usize)]) -> Result<()> {
    let mut pages = Vec::new();
    for (browser, tabs) in browsers {
        for _ in 0..*tabs {
            pages.push(browser.open(CHAPTER).await?);
        }
    }
    let mut ids = Vec::new();
    for page in &pages {
        let demo = page.demo(CREATE_OFFER).await?;
        run_in(&demo, ROOM).await?;
        ids.push(logged::<String>(&demo, "publishes").await?);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for page in &pages {
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(logged::<[u32; 2]>(&demo, "room").await?, [2, 1]);
    }
    Ok(())
}

#[test]
fn three_tabs_send_one_stream_each_and_see_the_two_others() {
    in_browser_of(Chromium, async |browser| three_meet(&[(browser, 3)]).await);
}

#[test]
fn two_tabs_of_chromium_and_one_of_firefox_see_each_other() {
    run(Works, async {
        let address = start_server().await.expect("the server starts");
        in_browsers([Chromium, Firefox], address, async |[chromium, firefox]| {
            three_meet(&[(chromium, 2), (firefox, 1)]).await
        })
        .await;
    });
}

async fn joins_late(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    run_in(&demo, LATE).await?;
    let (decoded, has_asked): (u32, bool) = logged(&demo, "blind").await?;
    assert_eq!(decoded, 0, "packets come, and no picture");
    ensure!(has_asked, "it asks for a keyframe, and nobody hears it");
    let first: f64 = logged(&demo, "first").await?;
    ensure!(first < FIRST_PICTURE, "{first} ms until the first picture");
    demo.logs("both").await?;
    Ok(())
}

#[test]
fn whoever_joins_late_sees_nothing_until_somebody_may_ask_for_a_keyframe() {
    in_browser_of(Chromium, joins_late);
}

#[test]
fn whoever_joins_late_sees_nothing_until_somebody_may_ask_for_a_keyframe_in_firefox() {
    in_browser_of(Firefox, joins_late);
}

async fn chooses_layers(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    run_in(&demo, LAYERS).await?;
    assert_eq!(logged::<Value>(&demo, "layers").await?, json!(["l", "h"]));
    demo.logs("chosen").await?;
    assert_eq!(logged::<Value>(&demo, "ended").await?, json!([200, 0]));
    Ok(())
}

#[test]
fn a_watcher_chooses_one_of_the_layers_that_are_sent() {
    in_browser_of(Chromium, chooses_layers);
}

#[test]
fn a_watcher_chooses_one_of_the_layers_that_are_sent_in_firefox() {
    in_browser_of(Firefox, chooses_layers);
}

/// What a run has begun ends with it: another run finds the room empty.
#[test]
fn a_key_is_for_one_room_and_sessions_end_with_the_run() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        run_in(&demo, STRANGERS).await?;
        let statuses: Value = logged(&demo, "statuses").await?;
        assert_eq!(statuses, json!([201, 401, 401, false]));
        demo.stop().await?;
        let empty =
            "await until('nobody', async () => (await look()).publishers.length === 0, 5_000);
            console.log('nobody is there');";
        run_in(&demo, empty).await?;
        demo.logs("nobody is there").await?;
        Ok(())
    });
}
