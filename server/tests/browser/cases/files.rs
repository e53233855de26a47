//! A demo of two files: each is edited, kept and put back for itself, the first imports the second, and an error says in which of them it is.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;

const PAGE: &str = "network/nats.html";
const FIRST: &str = "nat-beside.js";
const SECOND: &str = "nat-simulator.js";

/// Shows a file by its tab, and says whether there is one.
const SHOW: &str = "const tab = [...arguments[0].querySelectorAll('.demo-files [role=tab]')].find(({ textContent }) => textContent === arguments[1]);
    tab?.click();
    return tab?.getAttribute('aria-selected');";

/// The text of a file, once it has its editor.
const TEXT: &str = "return arguments[0].querySelector(`textarea[aria-label=\"Code of ${arguments[1]}\"]`)?.value ?? null;";

/// Puts a text into the editor of a file, the way a paste does.
const WRITE: &str =
    "const code = arguments[0].querySelector(`textarea[aria-label=\"Code of ${arguments[1]}\"]`);
    code.focus();
    code.select();
    document.execCommand('insertText', false, arguments[2]);
    return code.value;";

/// The file that is shown.
const SHOWN: &str =
    "return arguments[0].querySelector('.demo-files [aria-selected=true]').textContent;";

/// Shows a file, and gives its text.
async fn look_at(page: &Page<'_>, demo: &Demo<'_>, file: &str) -> Result<String> {
    page.evaluate("arguments[0].scrollIntoView();", [demo.region.to_json()?])
        .await?;
    let arguments = [demo.region.to_json()?, json!(file)];
    let is_chosen = page.evaluate(SHOW, arguments.clone()).await?;
    ensure!(is_chosen == json!("true"), "{file} should have a tab");
    let text = eventually(async || {
        let text = page.evaluate(TEXT, arguments.clone()).await?;
        Ok(text.as_str().map(str::to_owned))
    });
    text.await
        .with_context(|| format!("{file} should get its editor"))
}

async fn write(page: &Page<'_>, demo: &Demo<'_>, file: &str, code: &str) -> Result<()> {
    look_at(page, demo, file).await?;
    let arguments = [demo.region.to_json()?, json!(file), json!(code)];
    let written = page.evaluate(WRITE, arguments).await?;
    ensure!(written == json!(code), "{file} took {written}");
    Ok(())
}

const CALLER: &str = "import { n } from './nat-simulator.js';
console.log('n is', n());
setTimeout(() => console.log('and later', n()));";

async fn imports_and_says_where(browser: &Browser) -> Result<()> {
    let page = browser.open(PAGE).await?;
    let demo = page.demo(FIRST).await?;
    write(&page, &demo, FIRST, CALLER).await?;
    write(&page, &demo, SECOND, "export const n = () => 42;").await?;
    demo.run().await?;
    demo.logs("n is 42").await?;
    demo.logs("and later 42").await?;

    // It says where, in the console, in the status, and by a way there.
    let throws = "export function n() {\n  return null.x;\n}";
    write(&page, &demo, SECOND, throws).await?;
    look_at(&page, &demo, FIRST).await?;
    demo.run().await?;
    let entry = demo.logs("Uncaught TypeError").await?;
    ensure!(
        entry.shown.contains("line 2 of nat-simulator.js"),
        "{entry:?}"
    );
    demo.says("An error in line 2 of nat-simulator.js").await?;
    // Chromium names no control in an entry that is out of sight.
    let arguments = [demo.region.to_json()?];
    page.evaluate(
        "arguments[0].querySelector('[role=log]').scrollIntoView({ block: 'center' });",
        arguments,
    )
    .await?;
    demo.press("Go to line 2 of nat-simulator.js").await?;
    let shown = page.evaluate(SHOWN, [demo.region.to_json()?]).await?;
    assert_eq!(shown, json!(SECOND));
    assert_eq!(page.focused().await?, "Code of nat-simulator.js");

    // Of code that can't be parsed, too.
    write(&page, &demo, SECOND, "\nexport const n = (;").await?;
    demo.run().await?;
    let entry = demo.logs("Uncaught SyntaxError").await?;
    ensure!(
        entry.shown.contains("line 2 of nat-simulator.js"),
        "{entry:?}"
    );

    // A name that the other file does not have: the browser's words with the file's name.
    write(&page, &demo, SECOND, "export const m = 1;").await?;
    demo.run().await?;
    let entry = demo.logs("./nat-simulator.js").await?;
    ensure!(!entry.text.contains("blob:"), "{entry:?}");

    // What the first file does is said as ever.
    write(&page, &demo, FIRST, "console.log('here');").await?;
    demo.run().await?;
    let entry = demo.logs("here").await?;
    ensure!(entry.shown.ends_with("line 1"), "{entry:?}");
    Ok(())
}

#[test]
fn the_first_file_imports_the_second_and_an_error_says_its_file_and_line() {
    in_browser_of(Chromium, imports_and_says_where);
}

#[test]
fn the_first_file_imports_the_second_and_an_error_says_its_file_and_line_in_firefox() {
    in_browser_of(Firefox, imports_and_says_where);
}

#[test]
fn each_file_is_kept_and_put_back_for_itself() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(PAGE).await?;
        let demo = page.demo(FIRST).await?;
        let book = look_at(&page, &demo, SECOND).await?;
        write(&page, &demo, FIRST, "// mine").await?;
        write(&page, &demo, SECOND, "// mine too").await?;
        page.reload().await?;
        let demo = page.demo(FIRST).await?;
        demo.says("Your edited versions of nat-beside.js and nat-simulator.js are shown.")
            .await?;
        assert_eq!(look_at(&page, &demo, SECOND).await?, "// mine too");
        demo.press("Reset nat-simulator.js").await?;
        demo.says("nat-simulator.js has the text of the book again.")
            .await?;
        assert_eq!(look_at(&page, &demo, SECOND).await?, book);
        assert_eq!(look_at(&page, &demo, FIRST).await?, "// mine");
        demo.press("Reset nat-beside.js").await?;
        demo.says("nat-beside.js has the text of the book again.")
            .await?;
        Ok(())
    });
}

/// The size of the block, or of the demo that it became.
const SIZE: &str =
    "const [box] = [...document.querySelectorAll('pre.with-part, .demo:has(.demo-files)')]
    .map((one) => one.getBoundingClientRect());
    return box && [Math.round(box.width), Math.round(box.height)];";

#[test]
fn its_block_has_the_size_of_the_demo_that_it_becomes() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.new_tab().await?;
        page.ask_chromium("Network.enable", json!({})).await?;
        for (width, height, is_phone) in [(1366, 768, false), (768, 1024, true), (320, 640, true)] {
            page.become_screen(width, height, is_phone).await?;
            let block = |urls| page.ask_chromium("Network.setBlockedURLs", json!({ "urls": urls }));
            block(json!(["*/stage/stage.js"])).await?;
            page.go_to(PAGE).await?;
            let before = page.evaluate(SIZE, []).await?;
            ensure!(before.is_array(), "there is a block with a further file");
            block(json!([])).await?;
            page.go_to(PAGE).await?;
            page.demo(FIRST).await?;
            let after = page.evaluate(SIZE, []).await?;
            assert_eq!(after, before, "at {width} px");
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

/// What is there on paper: names of files, and whether both have their code.
const ON_PAPER: &str = "const there = (selector) => [...arguments[0].querySelectorAll(selector)].filter((one) => one.checkVisibility());
    return [there('.file-name').map(({ textContent }) => textContent), there('.demo-editor').length, there('[role=tab]').length];";

#[test]
fn on_paper_both_files_follow_each_other() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(PAGE).await?;
        let demo = page.demo(FIRST).await?;
        page.ask_chromium("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await?;
        let seen = page.evaluate(ON_PAPER, [demo.region.to_json()?]).await?;
        assert_eq!(seen, json!([[FIRST, SECOND], 2, 0]));
        Ok(())
    });
}
