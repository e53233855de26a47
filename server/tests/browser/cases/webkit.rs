//! WebKit, the engine of every iPhone. Debian builds it without WebRTC: every page opens, what needs no connection works, and what needs one says so.

use anyhow::{Context, Result};
use serde_json::json;

use super::looks::{THEMES, choose_theme};
use super::{check, figures, search};
use crate::harness::Kind::WebKit;
use crate::harness::{Browser, OwnBook, eventually, in_browser_of, in_own_book};
use crate::pages::{CHAPTER, CREATE_OFFER, INSTRUMENTS, pages};

/// Keeps what goes wrong in a page, because the driver has no log: errors, what did not load, what the policy refused.
const WATCH: &str = "<script>
globalThis.wentWrong = [];
for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation'])
  addEventListener(type, ({ message, reason, blockedURI, target }) => wentWrong.push(`${type}: ${message ?? reason ?? blockedURI ?? target.src ?? target.href}`), true);
const { error } = console;
console.error = (...words) => {
  wentWrong.push(words.join(' '));
  error(...words);
};
</script>
";

#[test]
fn in_webkit_every_page_opens_without_an_error_and_fits_its_width() {
    let book = OwnBook::new().expect("the checkout can be copied");
    let head = "<script>\n// mdBook sets";
    book.change("book/theme/head.hbs", head, &format!("{WATCH}{head}"))
        .expect("the head begins with a script");
    in_own_book(WebKit, &book, async |browser| {
        let page = browser.new_tab().await?;
        for path in pages() {
            page.go_to(path).await?;
            page.demos().await?;
            for width in [1366, 400] {
                (page.driver().await?)
                    .set_window_rect(0, 0, width, 900)
                    .await?;
                page.fits_its_width().await?;
            }
            let went_wrong = page.evaluate("return wentWrong;", []).await?;
            assert_eq!(went_wrong, json!([]), "{path}");
        }
        Ok(())
    });
}

async fn runs_what_needs_no_connection(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    for demo in page.demos().await? {
        demo.run().await?;
        let missing = demo.logs("has no WebRTC").await?;
        assert_eq!(missing.level, "warn", "{missing:?}");
        demo.stop().await?;
    }
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code("console.log(1);\nconst two = { two: 2 };\nthrow new Error(`no ${two.two}`);")
        .await?;
    let one = demo.console().has("1", 1).await?;
    assert_eq!(one.text, "1", "{one:?}");
    let failure = demo.logs("Uncaught Error: no 2").await?;
    assert!(failure.shown.contains("line 3"), "{failure:?}");
    assert_eq!(demo.marked_lines().await?, [3]);
    assert_eq!(demo.state().await?, "running");
    // The engine itself tells nobody of an error after a top-level `await`.
    demo.run_code("await 1;\nthrow new Error('late');").await?;
    let late = demo.logs("Uncaught Error: late").await?;
    assert!(late.shown.contains("line 2"), "{late:?}");
    assert_eq!(demo.console().entries().await?.len(), 2);
    demo.run_code("document.body.append('shown');").await?;
    demo.shows_content().await?;
    page.reload().await?;
    let demo = page.demo(CREATE_OFFER).await?;
    assert_eq!(demo.code().await?, "document.body.append('shown');");
    demo.reset().await
}

#[test]
fn in_webkit_a_demo_runs_and_one_that_needs_webrtc_says_that_there_is_none() {
    in_browser_of(WebKit, runs_what_needs_no_connection);
}

/// How many rows the recording shows, and the sentence above them.
const RECORDED: &str = "const recorded = document.querySelector('.recorded');
    return [recorded.querySelectorAll('.ladder .row').length, recorded.querySelector('.run-verdict')?.textContent ?? ''];";

async fn shows_a_recording(browser: &Browser) -> Result<()> {
    let page = browser.open(INSTRUMENTS).await?;
    page.demos().await?;
    // It opens at its first event: back from there is the end.
    let back = "const button = [...document.querySelectorAll('.figure-bar button')].find(({ textContent }) => textContent === 'Back');
        button?.click();
        return button !== undefined;";
    eventually(async || {
        let is_pressed = page.evaluate(back, []).await? == json!(true);
        Ok(is_pressed.then_some(()))
    })
    .await
    .context("the figure has its buttons")?;
    eventually(async || {
        let shown = page.evaluate(RECORDED, []).await?;
        let is_shown = shown[0].as_u64() > Some(5)
            && shown[1]
                .as_str()
                .is_some_and(|words| words.contains("onnected"));
        Ok(is_shown.then_some(()))
    })
    .await
    .context("the recording is shown")
}

#[test]
fn in_webkit_a_recording_is_shown_in_the_instruments() {
    in_browser_of(WebKit, shows_a_recording);
}

#[test]
fn in_webkit_the_checks_of_a_device_say_that_there_is_no_webrtc() {
    in_browser_of(WebKit, check::says_that_webrtc_is_missing);
}

#[test]
fn in_webkit_figures_are_walked_through() {
    in_browser_of(WebKit, figures::is_walked_through);
}

#[test]
fn in_webkit_the_search_finds_what_people_look_for_first() {
    in_browser_of(WebKit, search::answers_questions);
}

#[test]
fn in_webkit_each_theme_is_there() {
    in_browser_of(WebKit, async |browser| {
        let page = browser.open("").await?;
        let mut grounds = Vec::new();
        for theme in THEMES {
            choose_theme(&page, theme).await?;
            let ground = "return getComputedStyle(document.documentElement).backgroundColor;";
            let ground = page.evaluate(ground, []).await?;
            assert!(!grounds.contains(&ground), "{theme}: {ground}");
            grounds.push(ground);
        }
        Ok(())
    });
}
