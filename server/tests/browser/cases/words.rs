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

/// The links inside the book that lead to nothing.
const LOST: &str = "const lost = [];
    const links = new Map([...document.querySelectorAll('main a[href]:not(.demo a)')].map((link) => [link.href, link]));
    for (const { href, hash } of links.values()) {
        if (!href.startsWith(location.origin)) continue;
        const answer = await fetch(href);
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        if (!answer.ok || (hash && !page.getElementById(decodeURIComponent(hash.slice(1))))) lost.push(href);
    }
    return lost;";

#[test]
fn every_link_inside_the_book_leads_to_a_section_that_is_there() {
    in_browser(async |browser| {
        for path in pages() {
            let page = browser.open(path).await?;
            assert_eq!(page.in_stage(LOST).await?, json!([]), "{path}");
        }
        Ok(())
    });
}

#[test]
fn no_page_promises_a_chapter_that_is_not_there() {
    in_browser(async |browser| {
        let promise = "return document.querySelector('main').textContent.match(/(later|next|following|another|coming) chapters?|chapters? (after|that follows?)/gi) ?? [];";
        for path in pages() {
            let page = browser.open(path).await?;
            assert_eq!(page.evaluate(promise, []).await?, json!([]), "{path}");
        }
        Ok(())
    });
}
