//! Both sides select the line's pair and know of no other.

use anyhow::{Result, ensure};
use serde::Deserialize;
use server::config::{Relay, Settings};

use super::{PAIR, logged, switch_on};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::places::{Mostly, run};
use crate::harness::{Browser, Kind, in_browser_of, in_browsers, start_server_with};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT};

/// How a side is connected: ports of candidates.
#[derive(Debug, Deserialize)]
struct Way {
    local: Vec<u16>,
    remote: Vec<u16>,
    selected: u16,
    r#type: String,
}

impl Way {
    /// It knows of one candidate of the other side, which is not the other side's own.
    fn leads_over_a_line(&self, other: &Way) -> Result<()> {
        let is_one = self.remote == [self.selected] && self.r#type == "host";
        ensure!(
            is_one && !other.local.contains(&self.selected),
            "{self:?}, and the other side: {other:?}"
        );
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
struct Pair {
    /// ICE servers of both sides.
    servers: usize,
    given: Vec<u16>,
    a: Way,
    b: Way,
}

/// Those that the server lends.
const LENT: &str = "(await (await fetch('/ice', { method: 'POST' })).json()).iceServers";

/// Neither gathers any more when it is said how they are connected: no candidate of a relay can come later.
async fn connected(demo: &Demo<'_>, word: &str, servers: &str) -> Result<Pair> {
    let pair = PAIR.replace("RTCPeerConnection()", "RTCPeerConnection({ iceServers })");
    ensure!(pair != PAIR, "it makes connections in other words: {PAIR}");
    let code = format!(
        "const iceServers = {servers};
        {pair}await negotiate();
        await opened;
        while (a.iceGatheringState !== 'complete' || b.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 50));
        console.log('{word}', JSON.stringify({{ servers: iceServers.length, given: [...given], a: await wayOf(a), b: await wayOf(b) }}));"
    );
    demo.run_code(&code).await?;
    let pair: Pair = logged(demo, word, 1).await?;
    pair.a.leads_over_a_line(&pair.b)?;
    pair.b.leads_over_a_line(&pair.a)?;
    // What b gives away is replaced where a gets it.
    ensure!(pair.given.contains(&pair.b.selected), "{word}: {pair:?}");
    Ok(pair)
}

async fn of_one_page(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    switch_on(&page, &demo).await?;
    connected(&demo, "alone", "[]").await?;
    // Firefox takes no server at a loopback address, and is lent none.
    if browser.kind == Chromium {
        let pair = connected(&demo, "with-turn", LENT).await?;
        ensure!(pair.servers > 0, "the server should lend one: {pair:?}");
    }
    Ok(())
}

#[test]
fn in_one_page_both_sides_know_only_the_lines_ports() {
    in_browser_of(Chromium, of_one_page);
}

#[test]
fn in_one_page_both_sides_know_only_the_lines_ports_in_firefox() {
    in_browser_of(Firefox, of_one_page);
}

/// Says by which pair each call is connected.
const CALL: &str = "import quickconnect from 'rtc-quickconnect';
const wayOf = WAY_OF;
const qc = quickconnect(location.origin, { room: 'over-a-line' });
qc.createDataChannel('words');
qc.on('channel:opened:words', async (id, channel, data, pc) => {
  channel.onmessage = async ({ data }) => console.log('way', JSON.stringify(await wayOf(pc)));
  channel.send('hello');
});
console.log('ready');";

/// The program of one side.
fn call() -> String {
    let way_of = PAIR.split_once("const wayOf = ").expect("it has").1;
    CALL.replace("WAY_OF", way_of.trim_end().trim_end_matches(';'))
}

/// Runs the call in both, with the line switched on where it is said.
async fn of_two_tabs(browsers: [&Browser; 2], is_on: [bool; 2]) -> Result<()> {
    let code = call();
    let tabs = [
        browsers[0].open(CHAPTER).await?,
        browsers[1].open(CHAPTER).await?,
    ];
    let mut ways: Vec<Way> = Vec::new();
    for (tab, is_on) in tabs.iter().zip(is_on) {
        let demo = tab.demo(QUICKCONNECT).await?;
        if is_on {
            switch_on(tab, &demo).await?;
        }
        demo.run_code(&code).await?;
        demo.logs("ready").await?;
    }
    for tab in &tabs {
        ways.push(logged(&tab.demo(QUICKCONNECT).await?, "way", 1).await?);
    }
    ways[0].leads_over_a_line(&ways[1])?;
    ways[1].leads_over_a_line(&ways[0])?;
    for tab in &tabs {
        tab.demo(QUICKCONNECT).await?.stop().await?;
    }
    Ok(())
}

/// Whichever of the two tabs has switched it on, or both.
async fn of_two_tabs_whoever_is_on(browsers: [&Browser; 2]) -> Result<()> {
    for is_on in [[true, false], [false, true], [true, true]] {
        of_two_tabs(browsers, is_on)
            .await
            .map_err(|error| error.context(format!("switched on: {is_on:?}")))?;
    }
    Ok(())
}

#[test]
fn two_tabs_know_only_the_lines_ports_whoever_has_switched_it_on_with_turn_on() {
    in_browser_of(Chromium, async |browser| {
        of_two_tabs_whoever_is_on([browser, browser]).await
    });
}

fn between<const N: usize>(
    kinds: [Kind; N],
    no_turn: bool,
    test: impl AsyncFnOnce(&[Browser; N]) -> Result<()>,
) {
    run(Mostly::Works, async {
        let relay = Relay {
            no_turn,
            ..Relay::default()
        };
        let settings = Settings {
            relay,
            ..Settings::default()
        };
        let address = start_server_with(settings).await.expect("a port is free");
        in_browsers(kinds, address, test).await;
    });
}

#[test]
fn two_tabs_know_only_the_lines_ports_whoever_has_switched_it_on_with_turn_off() {
    between([Chromium], true, async |[browser]| {
        of_two_tabs_whoever_is_on([browser, browser]).await
    });
}

#[test]
fn chromium_and_firefox_know_only_the_lines_ports_whoever_has_switched_it_on() {
    between([Chromium, Firefox], false, async |[chromium, firefox]| {
        of_two_tabs_whoever_is_on([chromium, firefox]).await
    });
}

/// Of the addresses that a page names, the companion tries only those of lines.
#[test]
fn the_server_as_a_peer_is_connected_over_the_line_as_well() {
    in_browser_of(Chromium, async |browser| {
        let tab = browser.open(CHAPTER).await?;
        let demo = tab.demo(QUICKCONNECT).await?;
        switch_on(&tab, &demo).await?;
        let code = call().replace("over-a-line", "alone-over-a-line");
        demo.run_code(&code).await?;
        demo.logs("ready").await?;
        demo.press("Invite the server").await?;
        let way: Way = logged(&demo, "way", 1).await?;
        ensure!(
            way.remote == [way.selected] && way.r#type == "host",
            "{way:?}"
        );
        Ok(())
    });
}
