//! Each demo has a twin in Rust, behind a tab.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::prelude::*;

use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, DEMOS};

/// For each pair: the roles and names that a screen reader hears, which tab is chosen, and which panel is seen.
const PAIRS: &str = "return [...document.querySelectorAll('[role=tablist]')].map((list) => {
    const tabs = [...list.children];
    const panels = tabs.map((tab) => document.getElementById(tab.getAttribute('aria-controls')));
    return {
        name: list.ariaLabel,
        chosen: tabs.filter((tab) => tab.ariaSelected === 'true' && tab.tabIndex === 0).map((tab) => tab.textContent),
        seen: panels.filter((panel) => panel.role === 'tabpanel' && panel.checkVisibility())
            .map((panel) => document.getElementById(panel.getAttribute('aria-labelledby')).textContent),
    };
});";

fn all(language: &str) -> Value {
    DEMOS
        .map(|demo| json!({ "name": format!("Language of {demo}"), "chosen": [language], "seen": [language] }))
        .into_iter()
        .collect()
}

async fn pairs(page: &Page<'_>) -> Result<Value> {
    page.demos().await?;
    page.evaluate(PAIRS, []).await
}

#[test]
fn each_demo_has_two_tabs_for_keyboards_and_the_choice_is_remembered() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        assert_eq!(pairs(&page).await?, all("JavaScript"));
        let focus = "document.querySelector('[role=tab][aria-selected=true]').focus()";
        page.evaluate(focus, []).await?;
        for (key, language) in [
            (Key::Right, "Rust"),
            (Key::Right, "JavaScript"),
            (Key::Left, "Rust"),
            (Key::Home, "JavaScript"),
            (Key::End, "Rust"),
        ] {
            page.press_key(key).await?;
            assert_eq!(page.focused().await?, language);
            assert_eq!(pairs(&page).await?, all(language), "{language}");
        }
        page.reload().await?;
        assert_eq!(pairs(&page).await?, all("Rust"));
        Ok(())
    });
}

#[test]
fn the_twin_shows_its_code_the_command_that_runs_it_and_what_it_prints() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demos().await?;
        let choose = "document.querySelector('[role=tab]:not([aria-selected=true])').click()";
        page.evaluate(choose, []).await?;
        let twin = page.driver().await?.find(By::Css(".twin")).await?;
        let text = twin.text().await?;
        for part in [
            "create_offer",
            "$ cargo run --release --example createoffer",
            "signaling state: have-local-offer",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        page.become_phone(320).await?;
        page.fits_its_width().await
    });
}

#[test]
fn a_demo_goes_on_behind_its_tab_and_what_the_reader_chose_stays_in_place() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let last = DEMOS[DEMOS.len() - 1];
        page.demo(last).await?.run().await?;
        let turn = "const tabs = [...document.querySelectorAll('[role=tablist]')].at(-1).children;
            const before = tabs[0].getBoundingClientRect().top;
            tabs[arguments[0]].click();
            return Math.abs(tabs[0].getBoundingClientRect().top - before) < 1;";
        for tab in [1, 0] {
            assert_eq!(page.evaluate(turn, [json!(tab)]).await?, json!(true));
        }
        let demo = page.demo(last).await?;
        assert_eq!(
            (demo.state().await?.as_str(), demo.frames().await?),
            ("running", 1)
        );
        Ok(())
    });
}
