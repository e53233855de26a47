//! What the clients promise, tried with every pair of browsers, and with the Rust client: one suite, which takes the implementation as its
//! argument.
//!
//! # Layout
//! - `suite/`: the cases, as sentences, in JavaScript
//! - `original/`: the published client, which must not notice the difference
//! - [`lab`]: a page for them, a signaling server that they may stop, and two other ways to it: one that they may freeze or cut, one that
//!   is slow, too
//! - [`rust_side`]: the Rust client as a side
//! - [`with_rust`]: the cases with it, and the table of those that it can't hold
//! - `coverage`: every name of the API is in a case
//! - `negotiation`: two sides whose steps interleave at random, without a server
//! - `endings`: what `close()` leaves behind
//! - `losses`: what no page can do to itself: a tab is closed, a browser stands still
//!
//! `CONTRACT_CASE=words` plays only the cases whose sentences have these words.
//!
//! May import: [`harness`](crate::harness), [`slow_link`](crate::slow_link).

mod coverage;
mod endings;
mod lab;
mod losses;
mod negotiation;
mod rust_side;
mod with_rust;

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, from_value, json};
use server::config::Limits;

use crate::harness::eventually::eventually_within;
use crate::harness::places::{Mostly, run};
use crate::harness::{Browser, Kind, Page, eventually, in_browsers};
use Kind::{Chromium, Firefox};
use lab::Client::{Current, Original};
use lab::{Client, Lab, PING_PERIOD};

const ONLY: &str = "CONTRACT_CASE";

/// A case as the suite describes it.
#[derive(Debug, Deserialize)]
struct Case {
    it: String,
    sides: usize,
    /// It holds when one of two sides is the original client.
    original: bool,
    /// It holds when none is.
    current: bool,
    /// Once is enough: between two browsers, in one order.
    slow: bool,
    not_in_rust: Option<NotInRust>,
}

/// What the Rust client can't hold.
#[derive(Debug, Deserialize)]
struct NotInRust {
    /// The sides that it can't take.
    sides: Vec<usize>,
    because: String,
}

impl Case {
    /// Every step of a case has its own end; this is for all of them.
    fn patience(&self) -> Duration {
        Duration::from_secs(if self.slow { 60 } else { 20 })
    }
}

/// Gives a test a lab, and browsers.
fn in_lab<const N: usize>(
    kinds: [Kind; N],
    test: impl AsyncFnOnce(&Lab, &[Browser; N]) -> Result<()>,
) {
    run(Mostly::Waits, async {
        let lab = Lab::start()
            .await
            .expect("ports on the loopback address are free");
        in_browsers(kinds, lab.address, async |browsers| {
            test(&lab, browsers).await
        })
        .await;
    });
}

/// Opens a page of the suite and waits until it can be used.
async fn open(browser: &Browser) -> Result<Page<'_>> {
    let page = browser.open("").await?;
    eventually(async || {
        let ready = page.evaluate("return 'contract' in window", []).await?;
        Ok((ready == json!(true)).then_some(()))
    })
    .await?;
    Ok(page)
}

/// Tries every case that holds among the current clients, its sides in these pages by turns, with the first side as the master and
/// then as the slave.
async fn holds(lab: &Lab, pages: &[Page<'_>]) -> Result<()> {
    let mut failures = Vec::new();
    for case in (cases(&pages[0]).await?.iter()).filter(|case| case.current) {
        let orders: &[&str] = match case {
            Case { slow: true, .. } if !are_different(pages) => &[],
            Case { sides: 1, .. } => &["only"],
            Case { slow: true, .. } => &["first as master"],
            _ => &["first as master", "first as slave"],
        };
        for (number, order) in orders.iter().enumerate() {
            let clients = vec![Current; case.sides];
            failures.extend(attempt(lab, pages, case, &clients, order, number == 1).await);
        }
    }
    ensure_none(&failures)
}

/// Tries every case that holds with an original client, which is each of the two sides, as the master and as the slave.
async fn holds_with_original(lab: &Lab, pages: &[Page<'_>]) -> Result<()> {
    let mut failures = Vec::new();
    for case in (cases(&pages[0]).await?.iter()).filter(|case| case.original) {
        for (order, clients, reversed) in [
            ("original second, as slave", [Current, Original], false),
            ("original second, as master", [Current, Original], true),
            ("original first, as master", [Original, Current], false),
            ("original first, as slave", [Original, Current], true),
        ] {
            failures.extend(attempt(lab, pages, case, &clients, order, reversed).await);
        }
    }
    ensure_none(&failures)
}

/// The cases that are wanted.
async fn cases(page: &Page<'_>) -> Result<Vec<Case>> {
    let cases = page.evaluate("return contract.cases", []).await?;
    let mut cases: Vec<Case> = from_value(cases)?;
    ensure!(cases.len() > 10, "the suite has only {} cases", cases.len());
    let wanted = env::var(ONLY).unwrap_or_default();
    cases.retain(|case| case.it.contains(&wanted));
    Ok(cases)
}

fn ensure_none(failures: &[String]) -> Result<()> {
    let (count, list) = (failures.len(), failures.join("\n"));
    ensure!(failures.is_empty(), "{count} failed:\n{list}");
    Ok(())
}

/// Plays a case, and returns how it failed.
async fn attempt(
    lab: &Lab,
    pages: &[Page<'_>],
    case: &Case,
    clients: &[Client],
    order: &str,
    reversed: bool,
) -> Option<String> {
    let started = Instant::now();
    let outcome = play(lab, pages, case, clients, order, reversed).await;
    println!("{:>6.0?}  {} ({order})", started.elapsed(), case.it);
    let error = outcome.err()?;
    Some(format!("{} ({order}): {error:#}", case.it))
}

/// Whether the pages are in two different browsers.
fn are_different(pages: &[Page<'_>]) -> bool {
    matches!(pages, [one, other] if one.browser.kind != other.browser.kind)
}

async fn play(
    lab: &Lab,
    pages: &[Page<'_>],
    case: &Case,
    clients: &[Client],
    order: &str,
    reversed: bool,
) -> Result<()> {
    let mut ids: Vec<String> = (0..case.sides).map(|side| format!("peer-{side}")).collect();
    if reversed {
        ids.reverse();
    }
    let room = format!("{} {order}", case.it);
    let room = room.replace(|letter: char| !letter.is_alphanumeric(), "-");
    let longest = Limits::default().max_room_name_bytes;
    ensure!(
        room.len() <= longest,
        "the sentence is too long for a room's name: {} bytes, and {longest} are allowed",
        room.len()
    );
    let implementations: Vec<String> = clients.iter().map(|client| lab.module(*client)).collect();
    let places = pages.len().min(case.sides);
    for (place, page) in pages[..places].iter().enumerate() {
        let here: Vec<usize> = (place..case.sides).step_by(pages.len()).collect();
        let run = json!({
            "it": case.it, "room": room, "signaling": lab.signaling, "ids": ids, "here": here,
            "detour": format!("http://{}", lab.detour.address), "slow": format!("http://{}", lab.slow.address),
            "brisk": lab.brisk, "halfOpen": format!("http://{}", lab.half_open.address), "pingPeriod": PING_PERIOD.as_millis(),
            "implementations": implementations,
        });
        page.evaluate("contract.start(arguments[0])", [run]).await?;
    }
    for page in &pages[..places] {
        succeeds(page, &room, case.patience()).await?;
    }
    Ok(())
}

/// Waits for the outcome of what a page has begun under a name.
async fn succeeds(page: &Page<'_>, name: &str, patience: Duration) -> Result<()> {
    let outcome = eventually_within(patience, async || {
        let script = "return contract.outcomes[arguments[0]] ?? null";
        let outcome = page.evaluate(script, [json!(name)]).await?;
        Ok((outcome != Value::Null).then_some(outcome))
    })
    .await?;
    ensure!(
        outcome == json!({}),
        "{}",
        outcome["error"].as_str().unwrap_or("it failed")
    );
    Ok(())
}

#[test]
fn the_contract_holds_in_one_page_of_chromium() {
    in_lab([Chromium], async |lab, [chromium]| {
        holds(lab, &[open(chromium).await?]).await
    });
}

#[test]
fn the_contract_holds_in_one_page_of_firefox() {
    in_lab([Firefox], async |lab, [firefox]| {
        holds(lab, &[open(firefox).await?]).await
    });
}

#[test]
fn the_contract_holds_in_two_tabs_of_chromium() {
    in_lab([Chromium], async |lab, [chromium]| {
        holds(lab, &[open(chromium).await?, open(chromium).await?]).await
    });
}

#[test]
fn the_contract_holds_in_two_tabs_of_firefox() {
    in_lab([Firefox], async |lab, [firefox]| {
        holds(lab, &[open(firefox).await?, open(firefox).await?]).await
    });
}

#[test]
fn the_contract_holds_between_chromium_and_firefox() {
    in_lab([Chromium, Firefox], async |lab, [chromium, firefox]| {
        holds(lab, &[open(chromium).await?, open(firefox).await?]).await
    });
}

#[test]
fn the_contract_holds_between_firefox_and_chromium() {
    in_lab([Chromium, Firefox], async |lab, [chromium, firefox]| {
        holds(lab, &[open(firefox).await?, open(chromium).await?]).await
    });
}

#[test]
fn the_contract_holds_with_the_original_client_in_chromium() {
    in_lab([Chromium], async |lab, [chromium]| {
        holds_with_original(lab, &[open(chromium).await?]).await
    });
}
