//! A demo may write its document anew and replace what it finds there: its errors are still seen, and the reason given for an end is the true one.

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Each leaves line 4, which fails, to a later turn.
const REWRITERS: [&str; 9] = [
    "setTimeout(() => document.write('<b>connected</b>'), 0);",
    "setTimeout(() => { document.open(); document.write('<p>hi</p>'); document.close(); }, 0);",
    "setTimeout(() => { document.open(); document.close(); document.writeln('again'); }, 0);",
    "document.documentElement.remove();",
    "document.head.remove(); document.body.replaceWith(document.createElement('body'));",
    "onerror = () => true; onunhandledrejection = (event) => event.preventDefault();",
    "for (const type of ['error', 'unhandledrejection']) addEventListener(type, (event) => event.stopImmediatePropagation(), true);",
    "EventTarget.prototype.addEventListener = Promise.prototype.then = Reflect.apply = JSON.stringify = Array.prototype.shift = null;",
    "for (const { prototype } of [Array, String, Map, WeakMap, RegExp, Function, MessagePort, ErrorEvent]) for (const key of Object.keys(Object.getOwnPropertyDescriptors(prototype))) { try { if (key !== 'constructor') prototype[key] = () => { throw new Error('broken'); }; } catch {} }",
];

async fn errors_are_seen(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    for rewriter in REWRITERS {
        let code = format!("const later = setTimeout;\n{rewriter}\n\nlater(() => missing(), 100);");
        demo.run_code(&code).await?;
        let error = demo.logs("missing is not defined").await?;
        assert!(error.shown.contains("line 4"), "{rewriter}: {error:?}");
        assert_eq!(demo.state().await?, "running", "{rewriter}");
    }
    Ok(())
}

#[test]
fn errors_are_seen_after_everything_was_replaced_in_chromium() {
    in_browser_of(Chromium, errors_are_seen);
}

#[test]
fn errors_are_seen_after_everything_was_replaced_in_firefox() {
    in_browser_of(Firefox, errors_are_seen);
}

/// The frame loads again when the document is closed. It answers, and goes on.
const WRITES_ITS_DOCUMENT: &str = "setTimeout(() => {
  document.open();
  document.write('<p style=\"height: 77px; margin: 0\">hi</p>');
  document.close();
}, 0);
setTimeout(() => console.log('goes on'), 3_000);";

async fn is_stopped_only_when_it_left(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(WRITES_ITS_DOCUMENT).await?;
    demo.logs("goes on").await?;
    assert_eq!(demo.state().await?, "running");
    demo.shows_content().await?;

    for away in ["location.reload()", "location.href = '/'"] {
        demo.run_code(&format!("setTimeout(() => {{ {away}; }}, 0);"))
            .await?;
        demo.says("the code has led its frame to another page")
            .await?;
        assert_eq!(demo.state().await?, "idle", "{away}");
    }
    Ok(())
}

#[test]
fn only_code_that_leads_its_frame_away_is_stopped_for_it_in_chromium() {
    in_browser_of(Chromium, is_stopped_only_when_it_left);
}

#[test]
fn only_code_that_leads_its_frame_away_is_stopped_for_it_in_firefox() {
    in_browser_of(Firefox, is_stopped_only_when_it_left);
}

/// An entry in the history of the page, which Chromium keeps when the frame is gone.
const MAKES_HISTORY: &str =
    "addEventListener('hashchange', () => console.log('at', location.hash));
location.hash = 'one';
setInterval(() => console.log('alive'), 300);";

#[test]
fn back_leads_no_run_away() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for _ in 0..3 {
            demo.run_code(MAKES_HISTORY).await?;
            demo.logs("at #one").await?;
        }
        let driver = page.driver().await?;
        driver.back().await?;
        demo.console().has("at", 2).await?;
        for _ in 0..2 {
            driver.back().await?;
        }
        let entries = demo.console().entries().await?;
        let alive = entries.iter().filter(|entry| entry.text == "alive").count();
        demo.console().has("alive", alive + 5).await?;
        assert_eq!(demo.state().await?, "running");
        Ok(())
    });
}
