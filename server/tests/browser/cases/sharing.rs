//! Both sides of a call stand on one timeline, as far as their readers let them.

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

use super::instruments::rows;
use crate::harness::{Browser, Page, eventually, in_browser};
use crate::pages::{CHAPTER, QUICKCONNECT};

/// Columns of the ladder's table.
const TIME: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const WHAT: usize = 3;

pub(super) async fn ladder(page: &Page<'_>) -> Result<Vec<Vec<String>>> {
    rows(page, QUICKCONNECT, "What happened, in order").await
}

/// Waits until the ladder of the demo has these rows in it, in this order: from, to, and what it begins with.
pub(super) async fn ladder_shows(page: &Page<'_>, expected: &[[&str; 3]]) -> Result<()> {
    let mut seen = Vec::new();
    let is_shown = eventually(async || {
        seen = ladder(page).await?;
        let mut rows = seen.iter();
        let is_shown = expected.iter().all(|[from, to, what]| {
            rows.any(|row| {
                row[FROM].starts_with(from)
                    && row[TO].starts_with(to)
                    && row[WHAT].starts_with(what)
            })
        });
        Ok(is_shown.then_some(()))
    });
    is_shown
        .await
        .with_context(|| format!("the ladder should show {expected:?}, and shows {seen:?}"))
}

/// What the page says of the sharing.
pub(super) async fn said(page: &Page<'_>) -> Result<String> {
    let region = page.demo(QUICKCONNECT).await?.region;
    Ok(region
        .find(By::Css(".sharing [role=status]"))
        .await?
        .text()
        .await?)
}

pub(super) async fn says(page: &Page<'_>, part: &str) -> Result<()> {
    let mut seen = String::new();
    let is_said = eventually(async || {
        seen = said(page).await?;
        Ok(seen.contains(part).then_some(()))
    });
    is_said
        .await
        .with_context(|| format!("it should say {part:?}, and says {seen:?}"))
}

/// Where the reader allows it, or refuses.
async fn permission(page: &Page<'_>) -> Result<WebElement> {
    let region = page.demo(QUICKCONNECT).await?.region;
    Ok(region
        .find(By::Css(".sharing input[type=checkbox]"))
        .await?)
}

pub(super) async fn watched(page: &Page<'_>) -> Result<()> {
    let demo = page.demo(QUICKCONNECT).await?;
    demo.run().await?;
    demo.open_instruments().await
}

/// The handshake as `master` and `slave` have it, by the titles of their columns.
pub(super) fn handshake<'a>(master: &'a str, slave: &'a str) -> [[&'a str; 3]; 6] {
    [
        [master, "Server", "sdp offer"],
        ["Server", slave, "sdp offer"],
        [slave, "", "setRemoteDescription(offer)"],
        [slave, "Server", "sdp answer"],
        ["Server", master, "sdp answer"],
        [master, "", "setRemoteDescription(answer)"],
    ]
}

/// Two tabs that watch their call, the one that offers first.
pub(super) async fn two_watched<'b>(browser: &'b Browser) -> Result<[Page<'b>; 2]> {
    let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
    for tab in &tabs {
        watched(tab).await?;
    }
    Ok(tabs)
}

pub(super) const OTHER: &str = "Other side: ";
pub(super) const THIS: &str = "This side: ";

#[test]
fn both_tabs_show_both_sides_in_causal_order() {
    in_browser(async |browser| {
        let [master, slave] = two_watched(browser).await?;
        ladder_shows(&master, &handshake(THIS, OTHER)).await?;
        ladder_shows(&slave, &handshake(OTHER, THIS)).await?;
        for tab in [&master, &slave] {
            says(tab, "On one timeline with another side").await?;
            ladder_shows(tab, &[[THIS, "", "send("], [THIS, OTHER, "message "]]).await?;
            let times: Vec<f64> = ladder(tab)
                .await?
                .iter()
                .map(|row| row[TIME].trim_end_matches(" ms").parse())
                .collect::<Result<_, _>>()?;
            assert!(times.is_sorted(), "{times:?}");
        }
        Ok(())
    });
}

#[test]
fn no_address_and_no_message_of_the_other_side_is_shown() {
    in_browser(async |browser| {
        let [first, second] = two_watched(browser).await?;
        for tab in [&first, &second] {
            ladder_shows(tab, &[[OTHER, "", "found "], [OTHER, "", "send("]]).await?;
            for row in ladder(tab).await? {
                let has_address =
                    [".local", "127.0.0.1"].map(|address| row[WHAT].contains(address));
                let shows_address = row[FROM].starts_with(OTHER) && has_address.contains(&true);
                let [sent, received] = [
                    row[FROM].starts_with(OTHER) && row[WHAT].starts_with("send("),
                    row[TO].starts_with(OTHER) && row[WHAT].starts_with("message "),
                ];
                let shows_text = (sent || received) && row[WHAT].contains('“');
                assert!(!shows_address && !shows_text, "{row:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn a_tab_that_is_closed_is_marked_as_gone() {
    in_browser(async |browser| {
        let [first, second] = two_watched(browser).await?;
        ladder_shows(&first, &handshake(THIS, OTHER)).await?;
        second.close().await?;
        let heads = "return [...arguments[0].querySelectorAll('svg.ladder .head')].map((head) => head.textContent).join();";
        let is_marked = eventually(async || {
            let region = first.demo(QUICKCONNECT).await?.region.to_json()?;
            let heads = first.evaluate(heads, [region]).await?;
            Ok(heads
                .as_str()
                .is_some_and(|heads| heads.contains("(gone)"))
                .then_some(()))
        });
        is_marked.await.context("the column should say so")?;
        says(&first, "Nobody else shares here now.").await
    });
}

/// Somebody without the book in the room beside the demo's: `heard` has what came, `announce` and `say` send.
const RAW_PEER: &str = "const done = arguments[0];
    window.heard = [];
    const socket = new WebSocket(location.origin.replace('http', 'ws'));
    window.announce = () => socket.send('/announce|raw|{\"id\":\"raw\",\"room\":\"instruments:quickconnect-intro\"}');
    window.say = (text) => socket.send(text);
    socket.onmessage = ({ data }) => {
        if (data.startsWith('primus')) announce();
        else heard.push(data);
        if (heard.length === 1) done(heard[0]);
    };";

async fn raw_peer<'b>(browser: &'b Browser) -> Result<Page<'b>> {
    let page = browser.open("").await?;
    let joined = page.evaluate_async(RAW_PEER).await?;
    assert_eq!(joined, json!(r#"/roominfo|{"memberCount":1}"#));
    Ok(page)
}

/// Waits until it has heard something with `part` in it.
async fn hears(page: &Page<'_>, part: &str) -> Result<String> {
    let find = "return heard.find((frame) => frame.includes(arguments[0])) ?? null;";
    let heard = eventually(async || {
        let heard = page.evaluate(find, [json!(part)]).await?;
        Ok(heard.as_str().map(str::to_owned))
    });
    heard
        .await
        .with_context(|| format!("it should hear {part}"))
}

#[test]
fn after_a_refusal_nothing_is_sent_and_the_refusal_is_remembered() {
    in_browser(async |browser| {
        let raw = raw_peer(browser).await?;
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        permission(&page).await?.click().await?;
        demo.run().await?;
        ladder_shows(&page, &[["Server", "Your code", "roominfo"]]).await?;
        // Nobody else is in the room to say anything, nor was.
        raw.evaluate("announce();", []).await?;
        let rooms = eventually(async || {
            let heard = raw.evaluate("return heard;", []).await?;
            Ok(Some(heard).filter(|heard| heard.as_array().is_some_and(|heard| heard.len() > 1)))
        });
        let alone = r#"/roominfo|{"memberCount":1}"#;
        assert_eq!(rooms.await?, json!([alone, alone]));

        page.reload().await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        assert!(!permission(&page).await?.is_selected().await?);
        watched_again(&page).await?;
        permission(&page).await?.click().await?;
        hears(&raw, "/announce|i").await?;
        permission(&page).await?.click().await?;
        hears(&raw, "/leave|i").await?;
        Ok(())
    });
}

async fn watched_again(page: &Page<'_>) -> Result<()> {
    page.demo(QUICKCONNECT).await?.run().await?;
    ladder_shows(page, &[["Server", "Your code", "roominfo"]]).await
}

/// What makes no sense: of the wrong shape, too large, HTML, for ever.
const NONSENSE: &str = "const to = `/to|${arguments[0]}|/instruments|raw|`;
    const batch = (more) => JSON.stringify({ batch: { run: 1, from: 0, to: 600, begin: 0, uncertainty: 1, events: [], ...more } });
    const html = { type: 'new', on: '<img src=x onerror=alert(1)>', at: 1 };
    for (const said of ['', 'x', '<img src=x>', '[[[', '{}', '{\"ask\":\"x\"}', '{\"ask\":1e99}', '7', 'null', 'x'.repeat(60000), batch({ events: [html] }),
        batch({ run: -1 }), batch({ uncertainty: 1e9 }), batch({ begin: null }), batch({ events: Array(501).fill(0) }), batch({ events: 'x' }),
        batch({ from: 601 }), batch({ to: 0, events: [{ type: 'new', on: 'pc1', at: 1 }] })]) say(to + said);
    return 18;";

#[test]
fn a_hostile_peer_changes_nothing_but_a_count() {
    in_browser(async |browser| {
        let raw = raw_peer(browser).await?;
        let page = browser.open(CHAPTER).await?;
        watched(&page).await?;
        let announce = hears(&raw, "/announce|i").await?;
        let id = announce.split('|').nth(1).context("it has an id")?;
        let count = raw.evaluate(NONSENSE, [json!(id)]).await?;
        says(&page, &format!("{count} messages of others were ignored")).await?;
        says(&page, "Nobody else shares here now.").await?;
        let rows = ladder(&page).await?;
        assert!(
            rows.iter()
                .all(|row| row[FROM] == "Your code" || row[FROM] == "Server"),
            "{rows:?}"
        );
        assert_eq!(page.count("section img").await?, 0);
        Ok(())
    });
}

/// The page's clock, but not that of its demos, goes an hour ahead.
const SKEW: &str = "if (window === top) { const { now } = Performance.prototype; const dateNow = Date.now;
    Performance.prototype.now = function () { return now.call(this) + 3600000; }; Date.now = () => dateNow() + 3600000; }";

/// Says between which times, by the clock of the machine, it made its first connection: what the page has to find out.
const CLOCKED: &str = "import quickconnect from 'rtc-quickconnect';
const wall = () => performance.timeOrigin + performance.now();
const before = wall();
new RTCPeerConnection();
console.log('made', before, wall());
quickconnect(location.origin, { room: 'clocked' });";

/// When a tab made its first connection, in ms since 1970: not before, not after.
async fn made(page: &Page<'_>) -> Result<[f64; 2]> {
    let entry = page.demo(QUICKCONNECT).await?.logs("made ").await?;
    let times: Vec<f64> = (entry.text.split(' ').skip(1))
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(times.try_into().expect("it says two times"))
}

/// When the peer of a column made its first connection, by a ladder that shows it.
fn shown(ladder: &[Vec<String>], column: &str) -> Option<f64> {
    // Each side has two connections.
    let what = "[1] new RTCPeerConnection()";
    let mut rows = ladder.iter();
    let row = rows.find(|row| row[FROM].starts_with(column) && row[WHAT] == what)?;
    row[TIME].trim_end_matches(" ms").parse().ok()
}

/// By how much the clocks may be wrong, in ms, as the page says it.
fn stated(said: &str) -> Option<f64> {
    said.split("± ").nth(1)?.split(' ').next()?.parse().ok()
}

#[test]
fn clocks_that_differ_by_an_hour_are_aligned_within_what_is_stated() {
    in_browser(async |browser| {
        let tabs = [browser.new_tab().await?, browser.open(CHAPTER).await?];
        let skew = json!({ "source": SKEW });
        tabs[0]
            .ask_chromium("Page.addScriptToEvaluateOnNewDocument", skew)
            .await?;
        tabs[0].go_to(CHAPTER).await?;
        for tab in &tabs {
            let demo = tab.demo(QUICKCONNECT).await?;
            demo.run_code(CLOCKED).await?;
            demo.open_instruments().await?;
        }
        let [first, second] = &tabs;
        for (here, there) in [(first, second), (second, first)] {
            says(here, "On one timeline with another side").await?;
            let [earliest, latest] = made(there).await?;
            let [own_earliest, own_latest] = made(here).await?;
            let mut seen = String::new();
            // With each answer the page knows the other clock better: what it says may be newer than the ladder that it has drawn.
            let is_aligned = eventually(async || {
                let (said, ladder) = (said(here).await?, ladder(here).await?);
                let times = (shown(&ladder, OTHER), shown(&ladder, THIS), stated(&said));
                let (Some(others), Some(own), Some(stated)) = times else {
                    seen = format!("{said}\n{ladder:?}");
                    return Ok(None);
                };
                let apart = others - own;
                // The processes of a browser agree on the time of the machine to about a millisecond.
                let bound = stated + 1.0;
                seen = format!("{apart} ms apart, ± {bound} ms");
                let possible = earliest - own_latest - bound..=latest - own_earliest + bound;
                Ok(possible.contains(&apart).then_some(()))
            });
            is_aligned.await.with_context(|| {
                format!("made from {own_earliest} to {own_latest} here, from {earliest} to {latest} there; the ladder has {seen}")
            })?;
        }
        Ok(())
    });
}

/// Sides that agree, sides that contradict themselves, and a round trip through a file, in the modules themselves.
const MERGED: &str = "const { eventsOf } = await at('events.js');
    const { merge } = await at('instruments/timeline/merge.js');
    const { sidesOf } = await at('instruments/timeline/exchange.js');
    const says = (side, text, time) => ({ type: 'message', on: 'ws1', side, text, at: time });
    const side = (id, uncertainty, events) => ({ id, name: id, shift: 0, uncertainty, isGone: false, lost: 0, events });
    const own = eventsOf([says('in', '/to|a|/sdp|b|{\"type\":\"offer\"}', 10), says('out', '/to|b|/sdp|a|{\"type\":\"answer\"}', 11)]);
    const other = [says('out', '/to|a|/sdp|b|{\"type\":\"offer\"}', 12), says('in', '/to|b|/sdp|a|{\"type\":\"answer\"}', 12)];
    const order = (uncertainty) => merge(own, sidesOf([side('b', uncertainty, other)])).map(({ peer = 'a', side, at }) => `${peer} ${side} ${at}`).join();
    const circle = [says('in', '/to|b|/sdp|a|{\"type\":\"answer\"}', 9), says('out', '/to|a|/sdp|b|{\"type\":\"offer\"}', 9)];
    const sides = sidesOf([side('b', 3, other)]);
    return [order(3), order(0.5), merge(own, sidesOf([side('b', 9, circle)])).length, JSON.stringify(sidesOf(JSON.parse(JSON.stringify(sides)))) === JSON.stringify(sides)];";

#[test]
fn a_frame_is_received_after_it_was_sent_as_far_as_the_clocks_may_be_wrong() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(MERGED).await?;
        let causal = "b out 12,a in 12,a out 12,b in 12";
        let by_the_clock = "a in 10,a out 11,b out 12,b in 12";
        assert_eq!(outcome, json!([causal, by_the_clock, 4, true]));
        Ok(())
    });
}

#[test]
fn a_page_without_the_signaling_server_says_so() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.ask_chromium("Network.enable", json!({})).await?;
        let blocked = json!({ "urls": ["*/quickconnect/js/signaling.js"] });
        page.ask_chromium("Network.setBlockedURLs", blocked).await?;
        page.go_to(CHAPTER).await?;
        watched(&page).await?;
        says(&page, "this page is served without the signaling server").await
    });
}
