//! Where a demo stands: nothing moves when it comes, what a run logs is seen where the reader has pressed Run, and links scroll boxes, never the page.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::{Browser, eventually, in_browser, in_workshop};
use crate::pages::{CHAPTER, INSTRUMENTS, REFERENCE, SINGLE_BROWSER};

/// Common screens of a laptop and of a phone: width, height, and whether it is a phone.
const SCREENS: [(u32, u32, bool); 2] = [(1366, 768, false), (390, 844, true)];

/// Whether a line that the console of a demo has is in the window, in the console itself or in the strip, with nothing above it.
const SEES_A_LINE: &str = "const texts = [...arguments[0].querySelectorAll('.entry .text')];
    const strip = arguments[0].querySelector('.strip-line');
    const isOfConsole = texts.some((text) => strip.textContent && text.textContent.startsWith(strip.textContent));
    const log = arguments[0].querySelector('[role=log]').getBoundingClientRect();
    const seen = (element, within) => {
        const { left, top, bottom } = element.getBoundingClientRect();
        const [from, to] = [Math.max(top, within.top, 0), Math.min(bottom, within.bottom, innerHeight)];
        return to - from >= 8 && element.contains(document.elementFromPoint(left + 4, (from + to) / 2));
    };
    return texts.some((text) => seen(text, log)) || (isOfConsole && seen(strip, strip.getBoundingClientRect()));";

#[test]
fn after_run_a_line_of_the_console_is_in_the_window() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in SCREENS {
            page.become_screen(width, height, is_phone).await?;
            for path in [CHAPTER, REFERENCE] {
                page.go_to(path).await?;
                for demo in page.demos().await? {
                    demo.run().await?;
                    let scrolled = page.evaluate("return scrollY;", []).await?;
                    let region = demo.region.to_json()?;
                    eventually(async || {
                        let sees = page.evaluate(SEES_A_LINE, [region.clone()]).await?;
                        Ok((sees == json!(true)).then_some(()))
                    })
                    .await
                    .with_context(|| format!("a line of {} at {width} × {height}", demo.name))?;
                    assert_eq!(page.evaluate("return scrollY;", []).await?, scrolled);
                    demo.stop().await?;
                }
            }
        }
        Ok(())
    });
}

/// The sizes of all blocks that become demos, or of the demos.
const BLOCKS: &str = "return [...document.querySelectorAll('pre:has(> code.live), .demo:not(.recorded)')]
    .map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height].map(Math.round));";

async fn code_blocks_have_the_size_of_their_demos(browser: &Browser) -> Result<()> {
    let page = browser.new_tab().await?;
    page.ask_chromium("Network.enable", json!({})).await?;
    let others = [(320, 640, true), (768, 1024, true), (1920, 1080, false)];
    for (width, height, is_phone) in SCREENS.into_iter().chain(others) {
        page.become_screen(width, height, is_phone).await?;
        for path in [CHAPTER, REFERENCE] {
            let block = |urls| page.ask_chromium("Network.setBlockedURLs", json!({ "urls": urls }));
            block(json!(["*/stage/stage.js"])).await?;
            page.go_to(path).await?;
            let before = page.evaluate(BLOCKS, []).await?;
            block(json!([])).await?;
            page.go_to(path).await?;
            let demos = page.demos().await?;
            let same = async |state: &str| {
                let now = page.evaluate(BLOCKS, []).await?;
                ensure!(
                    now == before,
                    "{path} at {width} px, {state}: {now}, not {before}"
                );
                Ok(())
            };
            same("mounted").await?;
            for demo in demos {
                demo.editor().await?;
            }
            same("with its editors").await?;
        }
    }
    Ok(())
}

#[test]
fn a_code_block_has_the_size_of_the_demo_that_it_becomes() {
    in_browser(code_blocks_have_the_size_of_their_demos);
}

#[test]
fn in_a_workshop_too_where_demos_have_one_control_more() {
    in_workshop(code_blocks_have_the_size_of_their_demos);
}

/// Whether the side bar stands beside the demo, whether its mark is there, and what in the bar of the demo stands on something else.
const IN_THE_BAR: &str = "const [demo] = arguments;
    const rects = [...demo.querySelectorAll('.demo-bar :is(.demo-name, .edited-word, button)')].map((one) => [one.textContent, one.getBoundingClientRect()]);
    const isOn = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const pairs = rects.flatMap(([one, a], i) => rects.slice(i + 1).filter(([, b]) => isOn(a, b)).map(([other]) => `${one} and ${other}`));
    return [demo.getBoundingClientRect().left > 250, rects.some(([words]) => words === 'Edited'), pairs];";

/// Opens the side bar, if it is not open.
const OPEN_SIDE_BAR: &str = "const toggle = document.getElementById('mdbook-sidebar-toggle');
    if (toggle.getAttribute('aria-expanded') !== 'true') toggle.click();";

#[test]
fn beside_the_side_bar_no_control_of_a_demo_stands_on_another() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for width in [641, 700, 800, 900, 1000, 1366] {
            page.become_screen(width, 768, false).await?;
            page.go_to(CHAPTER).await?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            demo.write("console.log('mine');").await?;
            page.evaluate(OPEN_SIDE_BAR, []).await?;
            let region = demo.region.to_json()?;
            let mut seen = json!(null);
            let is_apart = eventually(async || {
                seen = page.evaluate(IN_THE_BAR, [region.clone()]).await?;
                Ok((seen == json!([true, true, []])).then_some(()))
            });
            is_apart
                .await
                .with_context(|| format!("at {width} px: {seen}"))?;
        }
        Ok(())
    });
}

/// The highlighted line in the box of the code, and the page's own scrolling. The ladder is at its top before.
const CHOOSE_LAST_ROW: &str = "const rows = [...arguments[0].querySelectorAll('.ladder .has-line')];
    rows.at(-1).dispatchEvent(new MouseEvent('click', { bubbles: true }));
    const [code, line] = ['.prism-code-editor', '.lit-line'].map((one) => arguments[0].querySelector(one).getBoundingClientRect());
    return [line.top >= code.top - 1 && line.bottom <= code.bottom + 1, scrollY];";

/// Puts the cursor in the line with these words.
const GO: &str = "const code = arguments[0].querySelector('textarea');
    code.focus({ preventScroll: true });
    code.setSelectionRange(code.value.indexOf(arguments[1]), code.value.indexOf(arguments[1]));";

/// Whether a highlighted row is in the box of the ladder, and the page's own scrolling.
const SEES_A_ROW: &str = "const boxes = ['.ladder-box', '.instruments'].map((one) => arguments[0].querySelector(one).getBoundingClientRect());
    const isIn = ({ top, bottom }) => boxes.every((box) => top >= box.top - 1 && bottom <= box.bottom + 1);
    return [[...arguments[0].querySelectorAll('.ladder .lit')].some((row) => isIn(row.getBoundingClientRect())), scrollY];";

#[test]
fn beside_the_code_links_scroll_their_boxes_and_never_the_page() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(1366, 768, false).await?;
        page.go_to(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.editor().await?;
        demo.run_handshake().await?;
        let region = demo.region.to_json()?;
        page.evaluate("arguments[0].scrollIntoView();", [region.clone()])
            .await?;
        let scrolled = page.evaluate("return scrollY;", []).await?;
        assert_eq!(
            page.evaluate(CHOOSE_LAST_ROW, [region.clone()]).await?,
            json!([true, scrolled])
        );
        for words in ["const caller = new", "await caller.setRemoteDescription"] {
            page.evaluate(GO, [region.clone(), json!(words)]).await?;
            let seen = eventually(async || {
                let seen = page.evaluate(SEES_A_ROW, [region.clone()]).await?;
                Ok((seen == json!([true, scrolled])).then_some(()))
            });
            seen.await.context(words)?;
        }
        Ok(())
    });
}

/// What of a demo or of the code is wider than its place, and what is there of a demo besides its code.
const PRINTED: &str = "const there = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    const wide = there('pre, pre > code, .prism-code-editor, .demo').filter((one) => one.scrollWidth > one.clientWidth + 1);
    const rest = there('.demo :is(button, a, iframe, textarea, .console), .recorded');
    return [...wide, ...rest].map((one) => `${one.localName} ${one.className}`);";

#[test]
fn on_paper_no_code_is_cut_off_and_no_box_is_empty() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(500, 700, false).await?;
        for path in [CHAPTER, INSTRUMENTS, "print.html"] {
            page.go_to(path).await?;
            for demo in page.demos().await? {
                demo.editor().await?;
            }
            if let Some(demo) = page.demos().await?.first() {
                demo.run().await?;
            }
            let print =
                |media| page.ask_chromium("Emulation.setEmulatedMedia", json!({ "media": media }));
            print("print").await?;
            assert_eq!(page.evaluate(PRINTED, []).await?, json!([]), "{path}");
            print("").await?;
        }
        Ok(())
    });
}
