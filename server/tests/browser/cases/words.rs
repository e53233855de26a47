//! The words of the book: explained where they first stand, and nothing promised that is not there.

use serde_json::json;

use crate::harness::in_browser;
use crate::pages::{CHAPTER, INSTRUMENTS, pages};

/// Paragraphs before the first demo of a chapter, at most.
const MAX_BEFORE_RUN: u64 = 3;

#[test]
fn a_chapter_lets_the_reader_run_something_after_three_paragraphs() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demos().await?;
        let before = "const demo = document.querySelector('.demo');
            return [...document.querySelectorAll('main p')].filter((one) => one.compareDocumentPosition(demo) === Node.DOCUMENT_POSITION_FOLLOWING).length;";
        let before = page.evaluate(before, []).await?.as_u64();
        assert!(
            before.is_some_and(|count| (1..=MAX_BEFORE_RUN).contains(&count)),
            "{before:?}"
        );
        Ok(())
    });
}

/// Words that not everybody knows, and where the glossary has them.
const WORDS: &str = "const words = { DTLS: 'dtls', BUNDLE: 'bundle', transceiver: 'transceiver', STUN: 'stun', TURN: 'turn', NAT: 'nat',
        SCTP: 'sctp', glare: 'glare', 'connectivity check': 'connectivity-check', 'perfect negotiation': 'perfect-negotiation' };
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const prose = nodes.filter((node) => !node.parentElement.closest('pre, code, svg, .demo, h1, h2, h3, h4'));
    return Object.entries(words).filter(([word, id]) => {
        const first = prose.find(({ data }) => new RegExp(`\\\\b${word}`).test(data));
        // A link to the chapter about it is as good.
        return first && !first.parentElement.closest('a') && !first.parentElement.closest('p, li').querySelector(`a[href$='glossary.html#${id}']`);
    }).map(([word]) => word);";

#[test]
fn a_word_that_not_everybody_knows_leads_to_the_glossary_where_it_first_stands() {
    in_browser(async |browser| {
        for path in ["", CHAPTER, INSTRUMENTS] {
            let page = browser.open(path).await?;
            page.demos().await?;
            assert_eq!(page.evaluate(WORDS, []).await?, json!([]), "{path}");
        }
        Ok(())
    });
}

/// Reads pages as the server sends them, each once, without the work of showing it.
const READ: &str = "const read = new Map();
    const pageAt = (address) => {
        if (!read.has(address)) read.set(address, fetch(address).then(async (answer) =>
            answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined));
        return read.get(address);
    };
    const pages = arguments[0].map((path) => new URL(path, location.origin).href);";

/// The links inside the book that lead to nothing.
const LOST: &str = "const lost = [];
    for (const at of pages) {
        for (const link of (await pageAt(at)).querySelectorAll('main a[href]')) {
            const { href, origin, hash } = new URL(link.getAttribute('href'), at);
            if (origin !== location.origin) continue;
            const page = await pageAt(href.split('#')[0]);
            if (!page || (hash && !page.getElementById(decodeURIComponent(hash.slice(1))))) lost.push(`${at} leads to ${href}`);
        }
    }
    return lost;";

/// What speaks of chapters by where they stand.
const PROMISES: &str = "const promises = [];
    for (const at of pages) {
        const text = (await pageAt(at)).querySelector('main').textContent;
        promises.push(...(text.match(/(later|next|following|another|coming) chapters?|chapters? (after|that follows?)/gi) ?? []).map((words) => `${at}: ${words}`));
    }
    return promises;";

fn finds_nothing_on_any_page(search: &str) {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        let script = format!("return (async () => {{ {READ} {search} }})();");
        let paths: Vec<&str> = pages().collect();
        assert_eq!(page.evaluate(&script, [json!(paths)]).await?, json!([]));
        Ok(())
    });
}

#[test]
fn every_link_inside_the_book_leads_to_a_section_that_is_there() {
    finds_nothing_on_any_page(LOST);
}

#[test]
fn no_page_promises_a_chapter_that_is_not_there() {
    finds_nothing_on_any_page(PROMISES);
}
