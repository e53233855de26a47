//! Objects in the console unfold, level by level, while the run lasts.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use super::copies::clipboard;
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

/// The lines of an open tree: how deep each is, and its words.
const LINES: &str = "const [demo] = arguments;
    const depthOf = (row) => { let depth = -1; for (let at = row; (at = at.parentElement?.closest('.values ul')); ) depth += 1; return depth; };
    const rows = [...demo.querySelectorAll('.values :is(.value, .value-more, .value-remark)')].filter((row) => row.checkVisibility());
    return rows.map((row) => '  '.repeat(depthOf(row)) + row.textContent);";

async fn lines(page: &Page<'_>, demo: &Demo<'_>) -> Result<Vec<String>> {
    let lines = page.evaluate(LINES, [demo.region.to_json()?]).await?;
    Ok(serde_json::from_value(lines)?)
}

/// Waits until a line of the tree has these words.
async fn shows(page: &Page<'_>, demo: &Demo<'_>, words: &str) -> Result<()> {
    let mut seen = Vec::new();
    let is_there = eventually(async || {
        seen = lines(page, demo).await?;
        Ok(seen.iter().any(|line| line.contains(words)).then_some(()))
    });
    is_there
        .await
        .with_context(|| format!("{words:?} should be among {seen:#?}"))
}

/// Presses the button of the first entry. It is not looked for by its name: browsers give none to what is out of view in a long list (`content-visibility`).
async fn press_values(demo: &Demo<'_>) -> Result<()> {
    let toggle = demo.region.find(By::Css(".unfold")).await?;
    toggle.scroll_into_view().await?;
    toggle.click().await?;
    Ok(())
}

/// Presses the line of the tree that begins with these words.
async fn unfold(page: &Page<'_>, demo: &Demo<'_>, words: &str) -> Result<()> {
    shows(page, demo, words).await?;
    let script = "const [demo, words] = arguments;
        [...demo.querySelectorAll('.values button')].find(({ textContent }) => textContent.startsWith(words)).click();";
    page.evaluate(script, [demo.region.to_json()?, json!(words)])
        .await?;
    Ok(())
}

async fn values_unfold(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(
        "const call = { id: 7, peers: new Map([['ada', { tracks: new Set(['audio']) }]]), get sly() { throw new Error('called'); } };
        call.self = call;
        call.deep = { a: { b: { c: { d: { e: 'the bottom' } } } } };
        console.log('call', call);",
    )
    .await?;
    demo.logs("call").await?;
    press_values(&demo).await?;
    shows(&page, &demo, "sly: [getter]").await?;
    shows(&page, &demo, "self: [circular]").await?;
    unfold(&page, &demo, "peers:").await?;
    unfold(&page, &demo, "\"ada\" =>").await?;
    unfold(&page, &demo, "tracks:").await?;
    shows(&page, &demo, "0: \"audio\"").await?;
    for key in ["deep:", "a:", "b:", "c:", "d:"] {
        unfold(&page, &demo, key).await?;
    }
    shows(&page, &demo, "e: \"the bottom\"").await?;
    assert_eq!(
        demo.console().texts().await?.len(),
        1,
        "nothing was logged by it"
    );

    press_values(&demo).await?;
    assert_eq!(lines(&page, &demo).await?, Vec::<String>::new());
    press_values(&demo).await?;
    shows(&page, &demo, "e: \"the bottom\"").await
}

#[test]
fn values_unfold_to_their_last_level_in_chromium() {
    in_browser_of(Chromium, values_unfold);
}

#[test]
fn values_unfold_to_their_last_level_in_firefox() {
    in_browser_of(Firefox, values_unfold);
}

async fn objects_of_the_browser_unfold(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(
        "const peer = new RTCPeerConnection(); peer.createDataChannel('chat');
        console.log(await peer.getStats(), new Error('outer', { cause: new TypeError('inner') }), peer, Promise.resolve(1));
        Promise.reject(new Error('not handled', { cause: new RangeError('why') }));",
    )
    .await?;
    demo.logs("not handled").await?;
    press_values(&demo).await?;
    unfold(&page, &demo, "RTCStatsReport(").await?;
    // Their names differ from browser to browser.
    shows(&page, &demo, " => {").await?;
    let reports = "for (const report of arguments[0].querySelectorAll('.values ul ul button')) report.click();";
    page.evaluate(reports, [demo.region.to_json()?]).await?;
    shows(&page, &demo, "type: \"peer-connection\"").await?;
    unfold(&page, &demo, "Error: outer").await?;
    shows(&page, &demo, "cause: TypeError: inner").await?;
    shows(&page, &demo, "stack:").await?;
    unfold(&page, &demo, "RTCPeerConnection {").await?;
    shows(&page, &demo, "signalingState: \"stable\"").await?;
    unfold(&page, &demo, "Promise {").await?;
    shows(&page, &demo, "await it").await?;
    let last = "const buttons = arguments[0].querySelectorAll('.unfold'); buttons[buttons.length - 1].click();";
    page.evaluate(last, [demo.region.to_json()?]).await?;
    shows(&page, &demo, "cause: RangeError: why").await
}

#[test]
fn objects_of_the_browser_unfold_in_chromium() {
    in_browser_of(Chromium, objects_of_the_browser_unfold);
}

#[test]
fn objects_of_the_browser_unfold_in_firefox() {
    in_browser_of(Firefox, objects_of_the_browser_unfold);
}

#[test]
fn the_tree_is_walked_with_the_arrow_keys_and_copied_as_text() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(
            "console.log({ first: { x: [1] }, second: { y: 2 } });\nconsole.log('plain');",
        )
        .await?;
        demo.logs("plain").await?;
        press_values(&demo).await?;
        shows(&page, &demo, "second:").await?;
        // From the button that opens it, past that of the line.
        page.press_key(Key::Tab).await?;
        page.press_key(Key::Tab).await?;
        let walk = [
            Key::Down,
            Key::Right,
            Key::Right,
            Key::Right,
            Key::Left,
            Key::Left,
            Key::Down,
        ];
        for (step, key) in walk.into_iter().enumerate() {
            page.press_key(key).await?;
            if step == 1 {
                shows(&page, &demo, "x: [ 1 ]").await?;
            }
            if step == 3 {
                shows(&page, &demo, "0: 1").await?;
            }
        }
        assert_eq!(page.focused().await?, "x: [ 1 ]");
        demo.press("Copy console").await?;
        let copied = clipboard(&page).await?;
        let copied = copied.as_str().unwrap_or_default();
        ensure!(
            copied.contains("\n    first: { x: [array of 1] }\n      x: [ 1 ]\n")
                && copied.contains("second: { y: 2 }"),
            "{copied}"
        );
        Ok(())
    });
}

/// Presses the button for more, which has the keyboard.
const SHOW_MORE: &str =
    "const more = arguments[0].querySelector('.value-more'); more.focus(); more.click();";

/// The words of what has the keyboard.
const FOCUSED: &str = "return document.activeElement.textContent;";

#[test]
fn a_long_list_comes_in_parts_and_after_the_run_the_reader_is_told_to_run_again() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(
            "console.log(Array.from({ length: 250 }, (_, i) => ({ i })), { b: { c: 1 } });",
        )
        .await?;
        demo.logs("i: 0").await?;
        press_values(&demo).await?;
        unfold(&page, &demo, "[array of 250]").await?;
        shows(&page, &demo, "Show 100 (of 150 more)").await?;
        page.evaluate(SHOW_MORE, [demo.region.to_json()?]).await?;
        shows(&page, &demo, "199: { i: 199 }").await?;
        let is_on_the_first = eventually(async || {
            let focused = page.evaluate(FOCUSED, []).await?;
            Ok((focused == json!("100: { i: 100 }")).then_some(()))
        });
        is_on_the_first
            .await
            .context("the first of those that came should have the keyboard")?;
        unfold(&page, &demo, "Show 50").await?;
        shows(&page, &demo, "249: { i: 249 }").await?;

        demo.stop().await?;
        unfold(&page, &demo, "{ b: [Object] }").await?;
        shows(&page, &demo, "The run is over").await
    });
}

/// A frame that answers what it likes.
const HOSTILE: &str = "const { createTree } = await at('value-tree.js');
    const items = Array.from({ length: 100000 }, (_, i) => ({ key: '<b>\\u202e', text: '<img src=x>' + 'x'.repeat(50000), node: i }));
    const answers = [{ items, rest: NaN, remark: { toString: null }, elapsed: 'x' }, { items: 'none' }, null, { items: [null, 7, { key: {}, text: [], node: 'a' }], rest: -1 }];
    const found = [];
    for (const answer of answers) {
        const { element, toggle } = createTree(async () => answer);
        document.body.append(element);
        toggle();
        while (!element.querySelector('li') || element.textContent.includes('Waiting')) await new Promise((done) => setTimeout(done, 20));
        found.push([element.querySelectorAll('li').length, element.querySelectorAll('img, b').length, element.textContent.length]);
        element.remove();
    }
    return found;";

#[test]
fn what_a_frame_answers_becomes_text_within_bounds() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let found = page.in_stage(HOSTILE).await?;
        let counts: Vec<(u64, u64, u64)> = serde_json::from_value(found)?;
        assert_eq!((counts[0].0, counts[0].1), (100, 0));
        assert!(counts[0].2 < 100 * 10_500, "{counts:?}");
        assert_eq!(counts[1].0, 1, "a remark");
        assert_eq!(counts[2].0, 1, "a remark");
        assert_eq!(counts[3].0, 3, "three empty lines");
        Ok(())
    });
}
