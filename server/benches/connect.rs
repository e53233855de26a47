//! How long two tabs take to be connected, in a real browser: the second tab from its navigation, and from `peer:announce`,
//! to `call:started`. The demo in it is the book's own, set to run as soon as the stage is ready.

#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;
mod report;

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use harness::{Page, eventually, in_browser};

const RUNS: usize = 20;
const NAVIGATION_BAR: Duration = Duration::from_millis(200);
const ANNOUNCE_BAR: Duration = Duration::from_millis(100);

const CHAPTER: &str = "connecting/";
const DEMO: &str = include_str!("../../code/connecting/quickconnect-intro.js");

/// Presses Run as soon as the stage is ready.
const RUN_AT_ONCE: &str = "if (self === top) new MutationObserver((_, observer) => {
    if (document.documentElement?.dataset.stage !== 'ready') return;
    observer.disconnect();
    document.querySelector('section[aria-label=\"quickconnect-intro.js\"] button').click();
}).observe(document, { subtree: true, childList: true, attributes: true });";

/// Puts a text into the editor in place of what is there; the page keeps it for every tab.
const WRITE: &str = "const editor = document.querySelector('section[aria-label=\"quickconnect-intro.js\"] textarea');
    editor.focus(); editor.select(); document.execCommand('insertText', false, arguments[0]);";
/// The page makes the editor when somebody comes near.
const COME_NEAR: &str =
    "const demo = document.querySelector('section[aria-label=\"quickconnect-intro.js\"]');
    demo?.scrollIntoView(); return demo?.querySelector('textarea') ? true : null;";

/// When the page's navigation began, and when each event was logged, all in ms of one clock.
const TIMES: &str = "const logged = (event) => [...document.querySelectorAll('section[aria-label=\"quickconnect-intro.js\"] .entry .text')]
        .map((text) => text.textContent).filter((text) => text.startsWith(event)).map((text) => Number(text.split(' at ')[1]));
    return [performance.timeOrigin, logged('peer:announce')[0], logged('call:started')[0], logged('call:ended').length];";

fn main() {
    in_browser(async |browser| {
        let first = browser.new_tab().await?;
        first.go_to(CHAPTER).await?;
        let editor = eventually(async || Ok(first.evaluate(COME_NEAR, []).await?.as_bool())).await;
        editor.context("the demo should get its editor")?;
        first.evaluate(WRITE, [json!(timed())]).await?;
        run_at_once(&first).await?;
        first.reload().await?;

        let (mut since_navigation, mut since_announce) = (Vec::new(), Vec::new());
        for run in 1..=RUNS {
            let second = browser.new_tab().await?;
            run_at_once(&second).await?;
            second.go_to(CHAPTER).await?;
            let [navigated, announced, started] =
                times(&second).await.with_context(|| format!("run {run}"))?;
            since_navigation.push(Duration::from_secs_f64((started - navigated) / 1000.0));
            since_announce.push(Duration::from_secs_f64((started - announced) / 1000.0));

            second.close().await?;
            let is_over = eventually(async || {
                Ok((first.evaluate(TIMES, []).await?[3] == json!(run)).then_some(()))
            });
            is_over
                .await
                .context("the first tab should see the call end")?;
        }
        report::report(
            "from navigation to call:started",
            since_navigation,
            NAVIGATION_BAR,
        );
        report::report(
            "from peer:announce to call:started",
            since_announce,
            ANNOUNCE_BAR,
        );
        Ok(())
    });
}

/// The demo, with the time in each of its entries.
fn timed() -> String {
    DEMO.replace(
        ");\n});",
        ", 'at', performance.timeOrigin + performance.now());\n});",
    )
}

/// From its next navigation on, the tab runs the demo by itself.
async fn run_at_once(tab: &Page<'_>) -> Result<()> {
    tab.ask_chromium(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": RUN_AT_ONCE }),
    )
    .await
}

async fn times(page: &Page<'_>) -> Result<[f64; 3]> {
    let times = eventually(async || {
        let times = page.evaluate(TIMES, []).await?;
        Ok((times[0].as_f64())
            .zip(times[1].as_f64())
            .zip(times[2].as_f64())
            .map(|((navigated, announced), started)| [navigated, announced, started]))
    });
    times.await.context("the second tab should be connected")
}
