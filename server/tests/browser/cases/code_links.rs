//! A text that is not the book's says so, and a link can carry it to somebody else, who sees it before it runs.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::copies::clipboard;
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

const CODE: &str = "console.log('by link', 6 * 7);\n// «Grüße»";

/// The mark of a demo, with what stands behind it; empty without one.
async fn mark_of(page: &Page<'_>, demo: &Demo<'_>) -> Result<Value> {
    let mark = "return arguments[0].querySelector('.edited-words')?.textContent ?? '';";
    page.evaluate(mark, [demo.region.to_json()?]).await
}

async fn is_marked(page: &Page<'_>, demo: &Demo<'_>, mark: &str) -> Result<()> {
    let mut seen = Value::Null;
    let is_there = eventually(async || {
        seen = mark_of(page, demo).await?;
        Ok((seen == mark).then_some(()))
    });
    is_there
        .await
        .with_context(|| format!("the mark should be {mark:?}, and is {seen}"))
}

const EDITED: &str = "Edited: Reset brings back the text of the book";
const LINKED: &str = "From a link: read it before you run it";
const WAITING: &str = "Edited: a link has other code";
const CHANGED: &str = "Edited: Reset brings back your own";

/// What Copy link gives, behind the address of the server.
async fn copied_link(page: &Page<'_>, demo: &Demo<'_>) -> Result<String> {
    demo.press("Copy link").await?;
    demo.says("A link with your code is in the clipboard")
        .await?;
    let link = clipboard(page).await?;
    let link = link.as_str().context("a text")?;
    let place = link.splitn(4, '/').nth(3).context("a path")?;
    Ok(place.to_owned())
}

async fn link_with(browser: &Browser, code: &str) -> Result<String> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.write(code).await?;
    let link = copied_link(&page, &demo).await?;
    demo.reset().await?;
    page.close().await?;
    Ok(link)
}

/// The same as `code` is packed by a browser that can't compress, for one that has no clipboard to read.
fn plain_link(code: &str) -> String {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let packed = BASE64_URL_SAFE_NO_PAD.encode(json!([code]).to_string());
    format!("{CHAPTER}#demo-{CREATE_OFFER}?code=t{packed}")
}

#[test]
fn a_text_that_is_not_the_books_is_marked_until_reset() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, "").await?;
        demo.write(CODE).await?;
        is_marked(&page, &demo, EDITED).await?;
        is_marked(&page, &page.demo(SINGLE_BROWSER).await?, "").await?;

        page.reload().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, EDITED).await?;
        demo.reset().await?;
        is_marked(&page, &demo, "").await
    });
}

#[test]
fn a_copied_link_shows_the_code_in_its_demo_and_nothing_runs() {
    in_browser(async |browser| {
        let link = link_with(browser, CODE).await?;
        let page = browser.new_tab().await?;
        page.go_to(&link).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, LINKED).await?;
        demo.says("This code came by a link").await?;
        demo.comes_into_view().await?;
        assert_eq!(demo.code().await?, CODE);
        assert_eq!(
            (demo.state().await?.as_str(), demo.frames().await?),
            ("idle", 0)
        );

        demo.run().await?;
        demo.logs("by link 42").await?;
        demo.stop().await?;
        demo.reset().await?;
        assert_ne!(demo.code().await?, CODE);
        is_marked(&page, &demo, "").await?;
        let hash = page.evaluate("return location.hash;", []).await?;
        assert_eq!(hash, json!(format!("#demo-{CREATE_OFFER}")));
        page.reload().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_ne!(demo.code().await?, CODE, "the address has no code any more");
        Ok(())
    });
}

async fn own_edit_stays(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    page.demo(CREATE_OFFER).await?.write("// mine").await?;
    // The page is there already: only its fragment changes.
    page.go_to(&plain_link(CODE)).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    is_marked(&page, &demo, WAITING).await?;
    assert_eq!(demo.code().await?, "// mine");

    demo.press("Show theirs").await?;
    is_marked(&page, &demo, LINKED).await?;
    assert_eq!(demo.code().await?, CODE);
    page.reload().await?;
    let demo = page.demo(CREATE_OFFER).await?;
    is_marked(&page, &demo, WAITING).await?;
    assert_eq!(
        demo.code().await?,
        "// mine",
        "nothing was kept in its place"
    );

    demo.press("Show theirs").await?;
    demo.press("Show mine").await?;
    assert_eq!(demo.code().await?, "// mine");
    demo.press("Show theirs").await?;
    demo.write("// both").await?;
    is_marked(&page, &demo, CHANGED).await?;
    page.reload().await?;
    let demo = page.demo(CREATE_OFFER).await?;
    assert_eq!(demo.code().await?, "// both");
    is_marked(&page, &demo, EDITED).await
}

#[test]
fn an_own_edit_stays_until_the_reader_asks_for_the_links_in_chromium() {
    in_browser_of(Chromium, own_edit_stays);
}

#[test]
fn an_own_edit_stays_until_the_reader_asks_for_the_links_in_firefox() {
    in_browser_of(Firefox, own_edit_stays);
}

#[test]
fn reset_of_a_links_text_goes_back_to_the_own_edit_first() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?.write("// mine").await?;
        page.go_to(&plain_link(CODE)).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, WAITING).await?;
        demo.press("Show theirs").await?;
        is_marked(&page, &demo, LINKED).await?;
        demo.reset().await?;
        is_marked(&page, &demo, WAITING).await?;
        assert_eq!(demo.code().await?, "// mine");

        // Also of one that was changed, and was kept in place of the own.
        demo.press("Show theirs").await?;
        demo.write("// both").await?;
        is_marked(&page, &demo, CHANGED).await?;
        demo.press("Show mine").await?;
        is_marked(&page, &demo, EDITED).await?;
        assert_eq!(demo.code().await?, "// mine");
        page.reload().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(demo.code().await?, "// mine", "it is kept again");
        demo.reset().await?;
        is_marked(&page, &demo, "").await
    });
}

#[test]
fn a_link_over_a_link_is_no_edit_and_leaves_the_own_one() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?;
        page.go_to(&plain_link("// first")).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, LINKED).await?;
        page.go_to(&plain_link("// second")).await?;
        let is_shown = eventually(async || Ok((demo.code().await? == "// second").then_some(())));
        is_shown.await.context("the second link should be shown")?;
        is_marked(&page, &demo, LINKED).await?;
        demo.reset().await?;
        is_marked(&page, &demo, "").await?;

        demo.write("// mine").await?;
        page.go_to(&plain_link("// first")).await?;
        is_marked(&page, &demo, WAITING).await?;
        demo.press("Show theirs").await?;
        is_marked(&page, &demo, LINKED).await?;
        page.go_to(&plain_link("// second")).await?;
        is_marked(&page, &demo, WAITING).await?;
        assert_eq!(demo.code().await?, "// mine");
        Ok(())
    });
}

/// A demo of two files, and the texts that are kept of it.
const NATS: &str = "network/nats.html";
const BESIDE: &str = "nat-beside.js";
const KEPT: &str = "return Object.entries(localStorage).filter(([key]) => key.includes(' edit ')).map(([, text]) => text).sort();";
const SHOWN: &str =
    "return arguments[0].querySelector('.demo-files [aria-selected=true]').textContent;";

#[test]
fn of_several_files_the_changed_ones_are_named_and_kept_together() {
    in_browser(async |browser| {
        use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
        let link = |texts: Value| {
            let packed = BASE64_URL_SAFE_NO_PAD.encode(texts.to_string());
            format!("{NATS}#demo-{BESIDE}?code=t{packed}")
        };
        let page = browser.open(NATS).await?;
        page.demo(BESIDE).await?;
        page.go_to(&link(json!([null, "// theirs"]))).await?;
        let demo = page.demo(BESIDE).await?;
        demo.says("This code of nat-simulator.js came by a link")
            .await?;
        let shown = page.evaluate(SHOWN, [demo.region.to_json()?]).await?;
        assert_eq!(shown, json!("nat-simulator.js"));
        demo.press("Reset nat-simulator.js").await?;
        is_marked(&page, &demo, "").await?;

        page.go_to(&link(json!(["// one", "// two"]))).await?;
        is_marked(&page, &demo, LINKED).await?;
        assert_eq!(page.evaluate(KEPT, []).await?, json!([]));
        let write = "const code = arguments[0].querySelector('textarea[aria-label=\"Code of nat-simulator.js\"]'); code.focus(); code.select(); document.execCommand('insertText', false, '// mine');";
        page.evaluate(write, [demo.region.to_json()?]).await?;
        is_marked(&page, &demo, EDITED).await?;
        assert_eq!(page.evaluate(KEPT, []).await?, json!(["// mine", "// one"]));

        page.go_to(&link(json!(["// alone"]))).await?;
        demo.says("which has other files").await
    });
}

#[test]
fn a_link_to_a_demo_behind_a_tab_shows_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let choose = "document.querySelector('[role=tab]:not([aria-selected=true])').click()";
        page.evaluate(choose, []).await?;
        page.go_to(&plain_link(CODE)).await?;
        is_marked(&page, &demo, LINKED).await?;
        let is_seen = "return arguments[0].checkVisibility();";
        let seen = page.evaluate(is_seen, [demo.region.to_json()?]).await?;
        assert_eq!(seen, json!(true));
        Ok(())
    });
}

#[test]
fn a_link_that_was_cut_off_or_is_of_another_page_says_so() {
    in_browser(async |browser| {
        let link = link_with(browser, CODE).await?;
        let page = browser.new_tab().await?;
        page.go_to(&link[..link.len() - 4]).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.says("not whole").await?;
        is_marked(&page, &demo, "").await?;

        page.go_to(&link.replace(CREATE_OFFER, "no-such-demo.js"))
            .await?;
        let first = page.demos().await?.swap_remove(0);
        first.says("this page does not have").await
    });
}

#[test]
fn code_that_is_too_long_for_a_link_is_told_with_its_length() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let noise = "let seed = 7; return Array.from({ length: 20000 }, () => (seed = (seed * 48271) % 2147483647).toString(36).at(-1)).join('');";
        let noise = page.evaluate(noise, []).await?;
        let code = format!("// {}", noise.as_str().unwrap_or_default());
        demo.write(&code).await?;
        demo.press("Copy link").await?;
        demo.says("too long for a link").await
    });
}

#[test]
fn markup_in_the_code_of_a_link_stays_text() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let code = "<img src=x onerror=\"document.title='owned'\"><b class=owned>";
        page.go_to(&plain_link(code)).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        is_marked(&page, &demo, LINKED).await?;
        assert_eq!(demo.code().await?, code);
        assert_eq!(page.count("section.demo img, b.owned").await?, 0);
        let title = page.evaluate("return document.title;", []).await?;
        assert_ne!(title, json!("owned"));
        Ok(())
    });
}
