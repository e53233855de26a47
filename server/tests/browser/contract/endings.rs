//! `close()` leaves nothing behind: no timer, no socket, no peer connection, however often a page connects.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::lab::Client::Current;
use super::lab::Lab;
use super::{in_lab, open, succeeds};
use crate::harness::Kind::{self, Chromium, Firefox};
use crate::harness::Page;

/// A page of Chromium may have 500 peer connections. Closed ones count until they are collected, and of those that were connected
/// it keeps some for good, with no library too: so it is asked to collect them.
const ROUNDS_BETWEEN_COLLECTIONS: u32 = 100;
/// For those rounds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Has the client of a page do something, and waits until it is done.
async fn does(page: &Page<'_>, what: &str, count: u32) -> Result<()> {
    let name = format!("{what} {count}");
    let script = "delete contract.outcomes[arguments[0]]; contract.end(...arguments)";
    page.evaluate(script, [json!(name), json!(what), json!(count)])
        .await?;
    succeeds(page, &name, PATIENCE).await
}

async fn watched<'b>(lab: &Lab, page: Page<'b>) -> Result<Page<'b>> {
    let implementation = lab.module(Current);
    let run = json!({ "implementation": implementation, "signaling": lab.signaling });
    page.evaluate("return contract.watchEndings(arguments[0])", [run])
        .await?;
    Ok(page)
}

/// One tab connects to another and closes, again and again.
fn nothing_is_left_after(rounds: u32, kind: Kind) {
    in_lab([kind], async |lab, [browser]| {
        let host = watched(lab, open(browser).await?).await?;
        let guest = watched(lab, open(browser).await?).await?;
        does(&host, "stay", 0).await?;
        for round in (0..rounds).step_by(ROUNDS_BETWEEN_COLLECTIONS as usize) {
            does(&guest, "comeAndGo", ROUNDS_BETWEEN_COLLECTIONS)
                .await
                .with_context(|| format!("after {round} rounds"))?;
            does(&host, "beAlone", round).await?;
            if kind == Chromium {
                for page in [&host, &guest] {
                    page.ask_chromium("HeapProfiler.collectGarbage", json!({}))
                        .await?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn six_hundred_connections_of_one_tab_leave_nothing_behind_in_chromium() {
    nothing_is_left_after(600, Chromium);
}

/// Fewer, because each takes longer here.
#[test]
fn a_hundred_connections_of_one_tab_leave_nothing_behind_in_firefox() {
    nothing_is_left_after(100, Firefox);
}

fn a_listener_may_end_it_in(kind: Kind) {
    in_lab([kind], async |lab, [browser]| {
        let host = watched(lab, open(browser).await?).await?;
        let guest = watched(lab, open(browser).await?).await?;
        does(&host, "stay", 0).await?;
        does(&guest, "closeAnywhere", 0).await?;
        does(&guest, "endAnywhere", 0).await
    });
}

#[test]
fn what_a_listener_closes_or_ends_is_silent_and_leaves_nothing_behind_in_chromium() {
    a_listener_may_end_it_in(Chromium);
}

#[test]
fn what_a_listener_closes_or_ends_is_silent_and_leaves_nothing_behind_in_firefox() {
    a_listener_may_end_it_in(Firefox);
}
