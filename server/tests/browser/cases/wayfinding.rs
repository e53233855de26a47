//! Finding one's way: the contents of a page, the pages before and after it, the end of a chapter, and what was read.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::harness::{Page, eventually, in_browser};
use crate::pages::{CHAPTER, GUIDE, INSTRUMENTS, KINDS, REFERENCE, pages};

/// Waits until a script says so.
async fn comes(page: &Page<'_>, script: &str, expected: Value) -> Result<()> {
    let mut seen = Value::Null;
    let is_there = eventually(async || {
        seen = page.evaluate(script, []).await?;
        Ok((seen == expected).then_some(()))
    });
    is_there
        .await
        .with_context(|| format!("{expected} should come, and there is {seen}"))
}

/// Whether there are contents, and whether they stand beside the text, the demos and all else.
const BESIDE: &str = "const contents = document.querySelector('.page-contents');
    if (!contents?.checkVisibility()) return false;
    const { left } = contents.getBoundingClientRect();
    return [...document.querySelectorAll('main > *, .tab-panel > *, .nav-wrapper')].every((one) => one.getBoundingClientRect().right <= left);";

/// Whether code and result of a demo stand side by side.
const SIDE_BY_SIDE: &str = "const [code, result] = ['.demo-editor', '.demo-status'].map((one) => document.querySelector(one).getBoundingClientRect());
    return code.right <= result.left + 1;";

#[test]
fn the_contents_stand_beside_the_page_where_a_demo_keeps_its_room() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, has_contents) in [(1920, true), (1366, false), (390, false)] {
            page.become_screen(width, 900, width < 600).await?;
            page.go_to(CHAPTER).await?;
            page.demos().await?;
            comes(&page, BESIDE, json!(has_contents))
                .await
                .with_context(|| format!("at {width} px"))?;
            if width > 600 {
                comes(&page, SIDE_BY_SIDE, json!(true)).await?;
            }
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

/// The section that the contents mark.
const CURRENT: &str = "return [...document.querySelectorAll('.page-contents [aria-current=location]')].map(({ textContent }) => textContent).join();";

#[test]
fn the_contents_mark_the_section_that_the_reader_is_in() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(1920, 900, false).await?;
        page.go_to(INSTRUMENTS).await?;
        let scroll = "document.getElementById(arguments[0]).scrollIntoView();";
        for (id, title) in [
            ("sdp", "SDP"),
            ("ladder", "Ladder"),
            ("a-bad-line", "A bad line"),
        ] {
            page.evaluate(scroll, [json!(id)]).await?;
            comes(&page, CURRENT, json!(title)).await?;
        }
        page.evaluate("scrollTo(0, document.body.scrollHeight);", [])
            .await?;
        comes(&page, CURRENT, json!("You can now…")).await
    });
}

#[test]
fn the_links_at_the_foot_name_the_pages_they_lead_to() {
    in_browser(async |browser| {
        let page = browser.open(INSTRUMENTS).await?;
        let names = "return [...document.querySelectorAll('.nav-wrapper > a')].map((link) => [link.ariaLabel, link.innerText.trim().replace(/\\s+/g, ' ')]);";
        let expected = json!([
            [null, "Previous Creating Connections"],
            [null, "Next Session descriptions"]
        ]);
        comes(&page, names, expected).await?;
        page.become_screen(320, 640, true).await?;
        page.fits_its_width().await
    });
}

#[test]
fn a_chapter_ends_with_what_one_can_do_now_and_where_to_go_on() {
    in_browser(async |browser| {
        for path in [CHAPTER, INSTRUMENTS] {
            let page = browser.open(path).await?;
            let end = page.driver().await?.find(By::Css(".chapter-end")).await?;
            let text = end.text().await?;
            ensure!(
                text.starts_with("You can now…") && text.contains("Next:"),
                "{path}: {text}"
            );
            let last = "return document.querySelector('main').lastElementChild.className;";
            assert_eq!(page.evaluate(last, []).await?, json!("chapter-end"));
        }
        Ok(())
    });
}

/// The pages that the table of contents marks as read, and what it says below.
const READ: &str = "const links = [...document.querySelectorAll('#mdbook-sidebar .chapter a')];
    return [links.filter((link) => link.querySelector('.read-mark')).map((link) => link.href.replace(`${location.origin}/`, '')), document.querySelector('.read-count')?.textContent];";

const SCROLL_TO_END: &str = "scrollTo(0, document.body.scrollHeight);";

#[test]
fn a_page_that_was_read_to_its_end_is_marked_and_the_mark_stays() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        comes(&page, READ, json!([[], ""])).await?;
        page.evaluate(SCROLL_TO_END, []).await?;
        let read = json!([
            ["connecting/index.html"],
            format!("1 of {} pages read", pages().count())
        ]);
        comes(&page, READ, read.clone()).await?;
        page.go_to(REFERENCE).await?;
        comes(&page, READ, read).await
    });
}

#[test]
fn a_browser_that_keeps_nothing_marks_the_page_all_the_same() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let refuse = json!({ "source": "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });" });
        page.ask_chromium("Page.addScriptToEvaluateOnNewDocument", refuse)
            .await?;
        page.go_to(CHAPTER).await?;
        comes(&page, READ, json!([[], ""])).await?;
        page.evaluate(SCROLL_TO_END, []).await?;
        comes(
            &page,
            READ,
            json!([
                ["connecting/index.html"],
                format!("1 of {} pages read", pages().count())
            ]),
        )
        .await
    });
}

/// Keeps what moves on its own from the beginning of each page (https://wicg.github.io/layout-instability/).
const WATCH: &str = "globalThis.shifts = [];
    new PerformanceObserver((list) => {
        const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
        for (const { value, startTime, sources } of list.getEntries())
            for (const { node, previousRect, currentRect } of sources)
                shifts.push(`${value} after ${Math.round(startTime)} ms: ${node?.nodeName} ${node?.className} from ${box(previousRect)} to ${box(currentRect)}`);
    }).observe({ type: 'layout-shift', buffered: true });";

/// A link so slow that a page whose style is already there is drawn before all of it has arrived, in bytes a second.
const SLOW_LINK: u32 = 50_000;

/// What has moved, once everything is drawn that there is.
const SHIFTS: &str = "const done = arguments[0];
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shifts))));";

/// Tables whose columns are as wide as what has arrived of their rows would have it: each with the widths of all rows and of the first.
const ROWS_THAT_MOVE: &str = "return [...document.querySelectorAll('.content .table-wrapper table')].map((table) => {
        const widths = () => [...table.querySelectorAll('th')].map((head) => Math.round(head.getBoundingClientRect().width)).join(' ');
        const late = [...table.querySelectorAll('tbody tr')].slice(1);
        const all = widths();
        for (const row of late) row.hidden = true;
        const first = widths();
        for (const row of late) row.hidden = false;
        return [all, first];
    }).filter(([all, first]) => all !== first);";

/// Whether everything is there that comes after the demos.
const FURNISHED: &str = "return document.querySelector('.read-count') !== null
    && document.querySelector('.playable:not(:has(.figure-bar)), .card:not(:has(.card-bar)), .exercise:not(:has(.goal)), .device-check:not(:has(.check-bar)), [data-dial]:not(:has(.dial))') === null;";

#[test]
fn nothing_moves_while_a_page_comes() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.ask_chromium(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": WATCH }),
        )
        .await?;
        page.go_to(CHAPTER).await?;
        page.demos().await?;
        let slow = json!({ "offline": false, "latency": 0, "downloadThroughput": SLOW_LINK, "uploadThroughput": SLOW_LINK });
        page.ask_chromium("Network.emulateNetworkConditions", slow)
            .await?;
        let kinds = || KINDS.into_iter();
        let guide = GUIDE.into_iter().filter(|path| !KINDS.contains(path));
        let screens = [320, 1920].map(|width| (width, kinds().collect::<Vec<_>>()));
        for (width, paths) in (screens.into_iter()).chain([(1366, kinds().chain(guide).collect())])
        {
            page.become_screen(width, 900, width < 600).await?;
            for path in paths {
                // By an address of its own, no page comes out of the browser's cache.
                page.go_to(&format!("{path}?{width}")).await?;
                page.demos().await?;
                comes(&page, FURNISHED, json!(true)).await?;
                let moved = page.evaluate_async(SHIFTS).await?;
                assert_eq!(moved, json!([]), "{path} at {width} px");
                let moving = page.evaluate(ROWS_THAT_MOVE, []).await?;
                assert_eq!(moving, json!([]), "tables of {path} at {width} px");
            }
        }
        Ok(())
    });
}
