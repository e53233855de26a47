//! The instruments lead into the book.

use serde_json::json;

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Where cards and panels lead inside the book, with whether the section is there.
const LINKS: &str = "const [{ FINDINGS }, { MEDIA_FINDINGS }] = await Promise.all(['findings.js', 'media-findings.js'].map((name) => at(`instruments/diagnosis/${name}`)));
    const cards = Object.values({ ...FINDINGS, ...MEDIA_FINDINGS }).flatMap(({ links }) => links.map(({ href }) => href)).filter((href) => href.startsWith(location.origin));
    const panels = [...document.querySelectorAll('.instruments [role=tabpanel] > .note a')].map(({ href }) => href);
    const isThere = async (href) => {
        const answer = await fetch(href);
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        return answer.ok && page.getElementById(new URL(href).hash.slice(1)) !== null;
    };
    const links = [...new Set([...cards, ...panels])];
    const missing = [];
    for (const href of links) if (!await isThere(href)) missing.push(href);
    return [cards.length > 0, panels.length, missing];";

#[test]
fn every_section_that_a_card_or_a_panel_names_is_in_the_book() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?.open_instruments().await?;
        let found = page.in_stage(LINKS).await?;
        assert_eq!(found, json!([true, 9, []]));
        Ok(())
    });
}
