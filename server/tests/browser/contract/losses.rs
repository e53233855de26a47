//! What no page can do to itself: a tab is closed, a whole browser stands still.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, from_value, json};

use super::lab::Client::Current;
use super::lab::Lab;
use super::{in_lab, open};
use crate::harness::Kind::{self, Chromium, Firefox};
use crate::harness::{Page, eventually};

/// How soon, in ms, a call ends once the server has noticed that a tab was closed: a peer that has not answered yet has so long to prove that
/// it is there (60 ms and four round trips, taken for 250 ms each). Silence alone ends a call after 10 s.
const SOON: f64 = 1_060.0;

/// Has a page join a room, and note when what happened, in ms.
async fn join(lab: &Lab, page: &Page<'_>, id: &str, options: Value) -> Result<()> {
    let implementation = lab.module(Current);
    let run = json!({ "implementation": implementation, "signaling": lab.signaling, "id": id, "options": options });
    page.evaluate("contract.watch(arguments[0])", [run]).await?;
    Ok(())
}

/// Waits for an event in a page, and returns everything that the page has noted.
async fn hears(page: &Page<'_>, event: &str) -> Result<Vec<(String, f64)>> {
    eventually(async || {
        let script = "return contract.witness?.heard ?? []";
        let heard: Vec<(String, f64)> = from_value(page.evaluate(script, []).await?)?;
        Ok((time_of(&heard, event).is_some()).then_some(heard))
    })
    .await
    .with_context(|| format!("waiting for {event}"))
}

fn time_of(heard: &[(String, f64)], event: &str) -> Option<f64> {
    let found = heard.iter().find(|(what, _)| what == event);
    found.map(|(_, time)| *time)
}

fn a_closed_tab_ends_the_call_in(kind: Kind) {
    in_lab([kind], async |lab, [browser]| {
        let (stays, goes) = (open(browser).await?, open(browser).await?);
        join(lab, &stays, "stays", json!({})).await?;
        join(lab, &goes, "goes", json!({})).await?;
        hears(&stays, "call:started").await?;
        goes.close().await?;
        let heard = hears(&stays, "call:ended").await?;
        let ended = time_of(&heard, "call:ended").expect("it was heard");
        // A browser may end the call before the server notices anything.
        let noticed = time_of(&heard, "leave").unwrap_or(ended);
        let late = ended - noticed;
        println!("{late:.0} ms after the server's word: {heard:?}");
        ensure!(
            late <= SOON,
            "the call ended {late:.0} ms after the server's word"
        );
        Ok(())
    });
}

#[test]
fn a_closed_tab_of_chromium_ends_the_call_as_soon_as_the_server_has_noticed() {
    a_closed_tab_ends_the_call_in(Chromium);
}

#[test]
fn a_closed_tab_of_firefox_ends_the_call_as_soon_as_the_server_has_noticed() {
    a_closed_tab_ends_the_call_in(Firefox);
}

/// Without heartbeats, so that nothing but ICE notices.
#[test]
fn a_connection_that_is_lost_for_a_while_is_restored_and_the_call_goes_on() {
    in_lab([Chromium, Firefox], async |lab, [chromium, firefox]| {
        let (awake, asleep) = (open(chromium).await?, open(firefox).await?);
        let options = json!({ "heartbeat": 0, "disconnectTimeout": 60_000 });
        join(lab, &awake, "awake", options.clone()).await?;
        join(lab, &asleep, "asleep", options).await?;
        hears(&awake, "call:started").await?;
        hears(&asleep, "call:started").await?;
        firefox.freeze()?;
        let failing = hears(&awake, "call:failing").await;
        firefox.thaw()?;
        failing?;
        hears(&awake, "restart").await?;
        let heard = hears(&awake, "call:recovered").await?;
        asleep.evaluate("contract.witness.say()", []).await?;
        hears(&awake, "message").await?;
        println!("{heard:?}");
        ensure!(
            time_of(&heard, "call:ended").is_none(),
            "the call ended: {heard:?}"
        );
        Ok(())
    });
}
