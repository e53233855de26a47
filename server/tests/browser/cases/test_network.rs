//! The module `test-network`: a demo's own code opens lines and labs, and leads its connections over them.

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

const IMPORT: &str = "import { openLab, openLine, withoutCandidates } from 'test-network';\n";
const PAIR: &str = include_str!("test_network/pair.js");
const LINE: &str = include_str!("test_network/line.js");
const LAB: &str = include_str!("test_network/lab.js");
const MISTAKES: &str = include_str!("test_network/mistakes.js");
const PRIVATE: &str = include_str!("test_network/private.js");

/// Runs a program that has the module and two connections.
async fn run(demo: &Demo<'_>, program: &str) -> Result<()> {
    demo.run_code(&format!("{IMPORT}{PAIR}{program}")).await
}

/// The JSON behind this word in the console.
async fn logged<T: DeserializeOwned>(demo: &Demo<'_>, word: &str) -> Result<T> {
    let entry = demo.console().has(&format!("{word} "), 1).await?;
    serde_json::from_str(&entry.text[word.len() + 1..]).with_context(|| entry.text.clone())
}

async fn leads_connections_over_a_line(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    run(&demo, LINE).await?;
    let connected: Value = logged(&demo, "connected").await?;
    let told = connected["told"].as_array().context("two ports")?;
    let told: Vec<_> = told.iter().map(ToString::to_string).collect();
    assert_eq!(connected["known"], json!(told), "and of no other way");
    let delayed: f64 = logged(&demo, "delayed").await?;
    ensure!(delayed >= 150.0, "{delayed} ms there and back");
    let (up, down, changed): (f64, f64, f64) = logged(&demo, "changed").await?;
    assert_eq!((up, down), (300.0, 50.0));
    ensure!(changed >= 350.0, "{changed} ms there and back");
    let cut: Value = logged(&demo, "cut").await?;
    assert_eq!(cut, json!({ "isCut": true, "isHeld": true }));
    logged::<f64>(&demo, "mended").await?;
    let packets: Value = logged(&demo, "packets").await?;
    let expected = json!({
        "dropped": 0, "first": 1, "behind": 6, "isMany": true, "isRead": true,
        "protocols": ["dtls", "stun"], "ways": ["a-to-b", "b-to-a"], "fates": ["cut", "delivered"],
    });
    assert_eq!(packets, expected);
    let rebound: Value = logged(&demo, "rebound").await?;
    assert_eq!(rebound, json!([true, "connected", "connected"]));
    let closed: String = logged(&demo, "closed").await?;
    assert_eq!(
        closed,
        "line.read: There is no such line: it has ended, or the server has started anew."
    );
    Ok(())
}

#[test]
fn code_leads_its_connections_over_a_line() {
    in_browser_of(Chromium, leads_connections_over_a_line);
}

#[test]
fn code_leads_its_connections_over_a_line_in_firefox() {
    in_browser_of(Firefox, leads_connections_over_a_line);
}

async fn leads_connections_through_a_lab(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    run(&demo, LAB).await?;
    let read: Value = logged(&demo, "read").await?;
    let expected = json!({
        "nats": ["a", "b", "carrier"], "mapping": "address-and-port-dependent", "hasTable": true, "isLocked": true,
    });
    assert_eq!(read, expected);
    let packets: Value = logged(&demo, "packets").await?;
    let hops = json!(["a", "b", "carrier", "null"]);
    assert_eq!(
        packets,
        json!({ "dropped": 0, "behind": 1, "isDelivered": true, "hops": hops })
    );
    assert!(logged::<bool>(&demo, "reflexive").await?);
    let closed: String = logged(&demo, "closed").await?;
    ensure!(closed.starts_with("lab.read: There is no such lab"), closed);
    Ok(())
}

#[test]
fn code_leads_its_connections_through_the_nats_of_a_lab() {
    in_browser_of(Chromium, leads_connections_through_a_lab);
}

#[test]
fn code_leads_its_connections_through_the_nats_of_a_lab_in_firefox() {
    in_browser_of(Firefox, leads_connections_through_a_lab);
}

/// What each mistake of `mistakes.js` is answered, in its order.
const SAID: [&str; 12] = [
    "Error: openLine: loss is 200, which is out of range: it may be 0 to 100 per cent",
    "Error: openLine: unknown field `dealy`, expected one of `loss`, `burst`, `delay`, `jitter`, `reorder`, `duplicate`, `rate`, `queue`, `cut`",
    "Error: openLine: unknown variant `moon`, expected one of `perfect`, `good-wifi`, `train`, `hotel`, `3g`, `satellite`",
    "SyntaxError: openLine: “cut in 2 s” is not understood. Write, for example, “cut at 2 s, mend at 5 s” or “out loss 20 % at 3 s, rate 500 \
     kbit/s at 8 s”.",
    "Error: openLab: unknown variant `round`, expected one of `open`, `full-cone`, `restricted`, `port-restricted`, `symmetric`",
    "Error: openLab: missing field `a`",
    "Error: line.set: delay is -1, which is out of range: it may be 0 to 10000 milliseconds",
    "SyntaxError: line.play: “mend” is not understood. Write, for example, “cut at 2 s, mend at 5 s” or “out loss 20 % at 3 s, rate 500 kbit/s \
     at 8 s”.",
    "TypeError: The description of A has no ICE credentials (a=ice-ufrag, a=ice-pwd).",
    "TypeError: line.join: A is no RTCPeerConnection.",
    "Error: line.join: A has not both descriptions yet. Exchange offer and answer first.",
    "Error: line.join: the description that B was given has candidates in it, so that the connection may go around the line. Give B \
     withoutCandidates(description).",
];

async fn tells_mistakes(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    run(&demo, MISTAKES).await?;
    let said: Vec<String> = logged(&demo, "said").await?;
    assert_eq!(said, SAID);
    Ok(())
}

#[test]
fn mistakes_are_told_in_words() {
    in_browser_of(Chromium, tells_mistakes);
}

#[test]
fn mistakes_are_told_in_words_in_firefox() {
    in_browser_of(Firefox, tells_mistakes);
}

/// The secret by which iframes prove themselves.
async fn proof(page: &Page<'_>) -> Result<String> {
    let script = "return document.querySelector('meta[name=guidebook-proof]').content";
    let proof = page.evaluate(script, []).await?;
    Ok(proof.as_str().context("a secret")?.to_owned())
}

async fn shows_no_proof(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(PRIVATE).await?;
    let fetched: Value = logged(&demo, "fetch").await?;
    let expected = json!([
        [],
        true,
        "AbortError",
        "AbortError",
        "TypeError",
        404,
        false
    ]);
    assert_eq!(fetched, expected);
    let seen = demo.console().has("seen ", 1).await?.text;
    let proof = proof(&page).await?;
    ensure!(proof.len() == 32 && !seen.contains(&proof), seen);
    Ok(())
}

#[test]
fn requests_of_code_are_answered_and_show_it_no_proof() {
    in_browser_of(Chromium, shows_no_proof);
}

#[test]
fn requests_of_code_are_answered_and_show_it_no_proof_in_firefox() {
    in_browser_of(Firefox, shows_no_proof);
}

/// What the server answers to a look at a line and at a lab.
async fn statuses(page: &Page<'_>, paths: &[String; 2]) -> Result<Value> {
    let script = "return Promise.all([...arguments].map((path) => fetch(path).then(({ status }) => status)));";
    page.evaluate(script, paths.clone().map(Value::from)).await
}

async fn ends_them_with_the_run(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    let program = "const [line, lab] = [await openLine(), await openLab({ a: 'open', b: 'open' })];
        console.log('opened', JSON.stringify([`/line/${line.id}`, `/lab/${lab.id}`]));";
    run(&demo, program).await?;
    let paths: [String; 2] = logged(&demo, "opened").await?;
    assert_eq!(statuses(&page, &paths).await?, json!([200, 200]));
    demo.stop().await?;
    let ended = eventually(async || {
        let ended = statuses(&page, &paths).await? == json!([404, 404]);
        Ok(ended.then_some(()))
    });
    ended.await.context("both should end with the run")
}

#[test]
fn lines_and_labs_of_code_end_with_its_run() {
    in_browser_of(Chromium, ends_them_with_the_run);
}

#[test]
fn lines_and_labs_of_code_end_with_its_run_in_firefox() {
    in_browser_of(Firefox, ends_them_with_the_run);
}
