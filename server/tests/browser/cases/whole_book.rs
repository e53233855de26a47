//! What holds for every page of the book, the printed one and the one for unknown paths included.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::harness::Kind::ChromiumWithRequests;
use crate::harness::{Browser, eventually, in_browser, in_browser_of};
use crate::pages::{CHAPTER, DEMOS, GUIDE, REPAIR};

const PRINT: &str = "print.html";
const UNKNOWN: &str = "no/such/page";

/// The paths of all pages, read off the table of contents.
async fn pages(browser: &Browser) -> Result<BTreeSet<String>> {
    let page = browser.open("").await?;
    let links = "return [...document.querySelectorAll('#mdbook-sidebar a[href]')].map((link) => link.href.split('#')[0]);";
    let links: Vec<String> = eventually(async || {
        let links: Vec<String> = serde_json::from_value(page.evaluate(links, []).await?)?;
        Ok(Some(links).filter(|links| !links.is_empty()))
    })
    .await?;
    let root = format!("{}/", browser.origin);
    Ok(links
        .iter()
        .map(|link| {
            link.strip_prefix(&root)
                .expect("the table of contents stays in the book")
                .to_owned()
        })
        .collect())
}

#[test]
fn no_page_has_a_console_error_or_asks_another_origin() {
    in_browser_of(ChromiumWithRequests, async |browser| {
        let pages = pages(browser).await?;
        assert!(pages.len() >= 2, "{pages:?}");
        for path in pages.iter().map(String::as_str).chain([PRINT]) {
            let page = browser.open(path).await?;
            // Those of the guide have tests of their own, and some of them fail on purpose.
            let is_guide = GUIDE.contains(&path);
            let mut demos = page.demos().await?;
            demos.retain(|demo| !is_guide && demo.name != REPAIR);
            for demo in demos {
                demo.run().await?;
                demo.becomes("running").await?;
                demo.logs("").await?;
                let entries = demo.console().entries().await?;
                assert!(
                    entries.iter().all(|entry| entry.level != "error"),
                    "{path}: {entries:?}"
                );
            }
            assert_eq!(browser.errors().await?, [""; 0], "{path}");
        }
        let socket = browser.origin.replace("http", "ws");
        let own = [&format!("{}/", browser.origin), &socket, "data:", "blob:"];
        let mut strange = browser.requests().await?;
        strange.retain(|url| !own.iter().any(|own| url.starts_with(own)));
        assert_eq!(strange, [""; 0]);
        Ok(())
    });
}

#[test]
fn an_unknown_path_shows_a_page_of_the_book_whose_only_error_is_that_it_is_unknown() {
    in_browser(async |browser| {
        let page = browser.open(UNKNOWN).await?;
        assert_eq!(page.count("main h1").await?, 1);
        assert!(page.count("#mdbook-sidebar a[href]").await? > 0);
        let errors = browser.errors().await?;
        let is_expected = |error: &String| error.contains(UNKNOWN) && error.contains("404");
        assert!(errors.iter().all(is_expected), "{errors:?}");
        Ok(())
    });
}

#[test]
fn the_printed_book_has_the_code_and_starts_no_demo() {
    in_browser(async |browser| {
        let page = browser.open(PRINT).await?;
        let text = page
            .evaluate("return document.querySelector('main').innerText;", [])
            .await?
            .to_string();
        for code in [
            "new RTCPeerConnection()",
            "from 'rtc-quickconnect'",
            "use quickconnect::",
            "$ cargo run",
        ] {
            assert!(text.contains(code), "{text}");
        }
        assert_eq!(page.count("iframe, section.demo").await?, 0);
        Ok(())
    });
}

#[test]
fn without_javascript_the_code_is_simply_there() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let disabled = json!({ "value": true });
        page.ask_chromium("Emulation.setScriptExecutionDisabled", disabled)
            .await?;
        page.go_to(CHAPTER).await?;
        let exercises = 1;
        assert_eq!(page.count("pre code.live").await?, DEMOS.len() + exercises);
        let code = page.driver().await?.find(By::Css("pre code.live")).await?;
        assert!(code.is_displayed().await? && code.text().await?.contains("pc.createOffer()"));
        assert_eq!(page.count("section.demo").await?, 0);
        let twin = page.driver().await?.find(By::Css(".twin")).await?;
        assert!(twin.is_displayed().await? && twin.text().await?.contains("$ cargo run"));
        Ok(())
    });
}

/// Two blocks as mdBook writes them, the second with a line that it hides, given to the highlighter as book.js does.
const COLOURED: &str = "const main = document.querySelector('main');
    const blocks = ['let shown = 1;', '<span class=\"boring\">let hidden = 1;\\n</span>let shown = 1;'].map((html) => {
        const pre = main.appendChild(document.createElement('pre'));
        pre.innerHTML = `<code class=\"language-rust\">${html}</code>`;
        hljs.highlightBlock(pre.firstChild);
        return pre.firstChild;
    });
    globalThis.colours = () => blocks.map((code) => [code.querySelectorAll('.hljs-keyword').length, code.querySelector('.boring')?.textContent ?? '', code.textContent]);";

#[test]
fn code_gets_its_colours_and_keeps_the_lines_that_mdbook_hides() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.evaluate(COLOURED, []).await?;
        let expected = json!([
            [1, "", "let shown = 1;"],
            [2, "let hidden = 1;\n", "let hidden = 1;\nlet shown = 1;"]
        ]);
        let mut seen = json!(null);
        let is_coloured = eventually(async || {
            seen = page.evaluate("return colours();", []).await?;
            Ok((seen == expected).then_some(()))
        });
        is_coloured.await.with_context(|| format!("{seen}"))
    });
}
