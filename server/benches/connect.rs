//! How long two tabs take to be connected, in a real browser: the second tab from its navigation, and from `peer:announce`,
//! to `call:started`. The demo in it is the book's own, set to run as soon as the stage is ready. `… -- turn` compares it with a server that has no
//! STUN and TURN, by turns.

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

use harness::places::{Mostly, run};
use harness::{Browser, Kind, Page, eventually, in_browser, in_browsers, start_server_with};
use server::config::{Relay, Settings};

const RUNS: usize = 20;
const NAVIGATION_BAR: Duration = Duration::from_millis(200);
const ANNOUNCE_BAR: Duration = Duration::from_millis(100);
/// How much later the second tab may be with TURN than without.
const TURN_BAR: Duration = Duration::from_millis(10);

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
    if std::env::args().any(|argument| argument == "turn") {
        return with_and_without_turn();
    }
    in_browser(async |browser| {
        let mut tabs = Tabs::open(browser).await?;
        let (mut since_navigation, mut since_announce) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let [of_navigation, of_announce] = tabs.call().await?;
            since_navigation.push(of_navigation);
            since_announce.push(of_announce);
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

/// Two browsers at two servers, of which one runs while the other waits.
fn with_and_without_turn() {
    run(Mostly::Works, async {
        let start = async |no_turn: bool| {
            let relay = Relay {
                no_turn,
                ..Relay::default()
            };
            let settings = Settings {
                relay,
                ..Settings::default()
            };
            start_server_with(settings).await.expect("a port is free")
        };
        let [with, without] = [start(false).await, start(true).await];
        in_browsers([Kind::Chromium], with, async |[with]| {
            in_browsers([Kind::Chromium], without, async |[without]| {
                compare(with, without).await
            })
            .await;
            Ok(())
        })
        .await;
    });
}

async fn compare(with: &Browser, without: &Browser) -> Result<()> {
    let mut sides = [Tabs::open(with).await?, Tabs::open(without).await?];
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..RUNS {
        for (tabs, times) in sides.iter_mut().zip(&mut times) {
            let [since_navigation, _] = tabs.call().await?;
            times.push(since_navigation);
        }
    }
    let [with, without] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    let later = with.saturating_sub(without);
    let verdict = if later <= TURN_BAR { "within" } else { "OVER" };
    println!(
        "with TURN {with:?}, without {without:?}; {verdict} the bar: at most {TURN_BAR:?} later"
    );
    Ok(())
}

/// A tab that waits, and others that call it, one after the other.
struct Tabs<'b> {
    browser: &'b Browser,
    first: Page<'b>,
    calls: usize,
}

impl<'b> Tabs<'b> {
    async fn open(browser: &'b Browser) -> Result<Self> {
        let first = browser.new_tab().await?;
        first.go_to(CHAPTER).await?;
        let editor = eventually(async || Ok(first.evaluate(COME_NEAR, []).await?.as_bool())).await;
        editor.context("the demo should get its editor")?;
        first.evaluate(WRITE, [json!(timed())]).await?;
        run_at_once(&first).await?;
        first.reload().await?;
        let calls = 0;
        Ok(Self {
            browser,
            first,
            calls,
        })
    }

    /// How long the next tab takes to `call:started`, from its navigation and from `peer:announce`.
    async fn call(&mut self) -> Result<[Duration; 2]> {
        self.calls += 1;
        let run = self.calls;
        let second = self.browser.new_tab().await?;
        run_at_once(&second).await?;
        second.go_to(CHAPTER).await?;
        let [navigated, announced, started] =
            times(&second).await.with_context(|| format!("run {run}"))?;
        second.close().await?;
        let is_over = eventually(async || {
            Ok((self.first.evaluate(TIMES, []).await?[3] == json!(run)).then_some(()))
        });
        is_over
            .await
            .context("the first tab should see the call end")?;
        Ok([navigated, announced].map(|since| Duration::from_secs_f64((started - since) / 1000.0)))
    }
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
