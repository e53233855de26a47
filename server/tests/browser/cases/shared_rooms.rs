//! Rooms whose pages share their events: of two browsers, of five peers, of one to whom too much happens, and in a file.

use anyhow::{Context, Result};
use serde_json::json;

use super::sharing::{
    OTHER, THIS, handshake, ladder, ladder_shows, said, says, two_watched, watched,
};
use crate::harness::places::{Mostly, run};
use crate::harness::{Kind, Page, eventually, in_browser, in_browsers, start_server};
use crate::pages::{CHAPTER, QUICKCONNECT};

#[test]
fn chromium_and_firefox_show_the_same_call_on_one_timeline() {
    run(Mostly::Works, async {
        let address = start_server().await.expect("a port is free");
        let kinds = [Kind::Chromium, Kind::Firefox];
        in_browsers(kinds, address, async |[chromium, firefox]| {
            let master = firefox.open(CHAPTER).await?;
            watched(&master).await?;
            let slave = chromium.open(CHAPTER).await?;
            watched(&slave).await?;
            ladder_shows(&master, &handshake(THIS, OTHER)).await?;
            ladder_shows(&slave, &handshake(OTHER, THIS)).await?;
            for page in [&master, &slave] {
                says(page, "On one timeline with another side").await?;
                ladder_shows(page, &[[OTHER, "", "connection: connected"]]).await?;
                ladder_shows(page, &[[THIS, "", "send("], [THIS, OTHER, "message "]]).await?;
            }
            Ok(())
        })
        .await;
    });
}

/// Before anything of the page runs: when it sends how much of what it shares.
const COUNT_SHARED: &str = "window.shared = [];
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (frame) {
        if (frame.includes('/instruments|')) shared.push([performance.now(), frame.length]);
        return send.call(this, frame);
    };";

/// The most frames within any second, and the most characters of one.
const BUSIEST: &str =
    "const within = ([at]) => shared.filter(([other]) => other >= at && other < at + 1000).length;
    return [Math.max(...shared.map(within)), Math.max(...shared.map(([, length]) => length))];";

/// A page may send 20 at once, and 20 in the second after that.
const MOST_FRAMES: u64 = 40;
/// 7,000 of events, and the frame around them.
const MOST_CHARACTERS: u64 = 7_500;

async fn counted(page: &Page<'_>) -> Result<()> {
    let source = json!({ "source": COUNT_SHARED });
    page.ask_chromium("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    page.go_to(CHAPTER).await
}

#[test]
fn five_peers_share_all_that_happens_to_them_within_the_bounds() {
    in_browser(async |browser| {
        let mut tabs = Vec::new();
        for _ in 0..5 {
            let tab = browser.new_tab().await?;
            counted(&tab).await?;
            watched(&tab).await?;
            tabs.push(tab);
        }
        for tab in &tabs {
            tab.demo(QUICKCONNECT)
                .await?
                .console()
                .has("call:started", 4)
                .await?;
        }
        for tab in &tabs {
            says(tab, "On one timeline with 4 other sides").await?;
            let mut seen = json!(null);
            let all_connected = eventually(async || {
                let saved = save(tab).await?;
                seen = tab.evaluate(CONNECTED, [json!(saved)]).await?;
                Ok((seen == json!([4, 4, 4, 4, 4])).then_some(()))
            });
            all_connected
                .await
                .with_context(|| format!("each side should connect four times, and does {seen}"))?;
            let said = said(tab).await?;
            assert!(
                !said.contains("ignored") && !said.contains("not here"),
                "{said}"
            );
            let [frames, characters]: [u64; 2] =
                serde_json::from_value(tab.evaluate(BUSIEST, []).await?)?;
            assert!(frames <= MOST_FRAMES, "{frames} frames in a second");
            assert!(characters <= MOST_CHARACTERS, "{characters} characters");
        }
        Ok(())
    });
}

/// How many connections of each side are connected, in a saved recording.
const CONNECTED: &str = "const { events, sides } = JSON.parse(arguments[0]);
    const isConnected = ({ name, value }) => name === 'connection' && value === 'connected';
    return [events, ...sides.map((side) => side.events)].map((events) => events.filter(isConnected).length);";

/// Keeps what the page offers as a file from becoming one.
const SAVE: &str = "const done = arguments[0];
    HTMLAnchorElement.prototype.click = () => {};
    URL.createObjectURL = (file) => {
        file.text().then(done);
        return '';
    };
    const demo = document.querySelector('[aria-label=\"quickconnect-intro.js\"]');
    [...demo.querySelectorAll('button')].find(({ textContent }) => textContent === 'Save as JSON').click();";

async fn save(page: &Page<'_>) -> Result<String> {
    let saved = page.evaluate_async(SAVE).await?;
    Ok(saved.as_str().context("it is a text")?.to_owned())
}

const OPEN: &str = "const input = arguments[0].querySelector('input[type=file]');
    const files = new DataTransfer();
    files.items.add(new File([arguments[1]], 'saved.json'));
    input.files = files.files;
    input.dispatchEvent(new Event('change'));";

#[test]
fn a_saved_recording_of_both_sides_shows_them_again_where_it_is_opened() {
    in_browser(async |browser| {
        let [first, second] = two_watched(browser).await?;
        for tab in [&first, &second] {
            ladder_shows(tab, &[[OTHER, "", "connection: connected"]]).await?;
        }
        second.close().await?;
        first.demo(QUICKCONNECT).await?.stop().await?;
        says(&first, "Nothing is shared before").await?;
        let saved = save(&first).await?;
        assert!(
            saved.contains("primus::hello") && !saved.contains("primus::hello|"),
            "what proves an id is not saved"
        );

        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        let region = demo.region.to_json()?;
        page.evaluate(OPEN, [region, json!(saved)]).await?;
        ladder_shows(&page, &handshake(THIS, OTHER)).await?;
        let opened = ladder(&page).await?;
        let is_same = eventually(async || Ok((ladder(&first).await? == opened).then_some(())));
        is_same
            .await
            .with_context(|| format!("the other page should have shown {opened:?}"))
    });
}

const FLOOD: &str = include_str!("shared_rooms/flood.js");

#[test]
fn of_a_flood_the_other_side_has_the_beginning_and_the_end_in_order_and_counts_the_rest() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demos().await?;
        let script = format!(
            "const done = arguments[0]; (async () => {{ {FLOOD} }})().then(done, (error) => done(String(error)));"
        );
        let outcome = page.evaluate_async(&script).await?;
        let all = 24_000;
        assert_eq!(
            outcome,
            json!(["new pc1, new ch1", true, all, 2_000, all + 2])
        );
        Ok(())
    });
}
